//! How terminals behave.

use yew::{Callback, Html, MouseEvent, html};

use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act, number, one_of, switch, value};
use crate::state::choice::Consent;
use crate::state::message::{setting_words as find, settings as words};
use crate::state::settings::{MAX_SCROLLBACK_LINES, SettingsAction};

/// The settings of the screen.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    let scrolled = act(settings, |event| {
        Some(SettingsAction::ScrollbackSet(value(&event).parse().ok()?))
    });
    vec![
        Row {
            name: words::SCROLLBACK.say(),
            words: find::SCROLLBACK,
            control: number(
                words::SCROLLBACK.say(),
                words::SCROLLBACK_HINT.say(),
                settings.scrollback,
                (0, MAX_SCROLLBACK_LINES),
                scrolled,
            ),
        },
        Row {
            name: words::CURSOR.say(),
            words: find::CURSOR,
            control: one_of(
                settings,
                words::CURSOR.say(),
                settings.cursor,
                SettingsAction::CursorChosen,
            ),
        },
        Row {
            name: words::BLINK.say(),
            words: find::BLINK,
            control: switch(
                settings,
                words::BLINK.say(),
                settings.cursor_blink,
                SettingsAction::CursorBlinkSet,
            ),
        },
        Row {
            name: words::SCREEN_READER.say(),
            words: find::SCREEN_READER,
            control: switch(
                settings,
                words::SCREEN_READER.say(),
                settings.screen_reader,
                SettingsAction::ScreenReaderSet,
            ),
        },
    ]
}

/// The settings of recordings.
pub(super) fn recording_rows(settings: &SettingsHandle) -> Vec<Row> {
    vec![Row {
        name: words::RECORD_INPUT.say(),
        words: find::RECORD_INPUT,
        control: switch(
            settings,
            words::RECORD_INPUT.say(),
            settings.record_input,
            SettingsAction::RecordInputSet,
        ),
    }]
}

/// The settings of the mouse.
pub(super) fn mouse_rows(settings: &SettingsHandle) -> Vec<Row> {
    vec![
        Row {
            name: words::COPY_ON_SELECT.say(),
            words: find::COPY_ON_SELECT,
            control: switch(
                settings,
                words::COPY_ON_SELECT.say(),
                settings.copy_on_select,
                SettingsAction::CopyOnSelectSet,
            ),
        },
        Row {
            name: words::CLIPBOARD.say(),
            words: find::CLIPBOARD,
            control: clipboard_hosts(settings),
        },
        Row {
            name: words::RIGHT.say(),
            words: find::RIGHT,
            control: one_of(
                settings,
                words::RIGHT.say(),
                settings.right_click,
                SettingsAction::RightClickChosen,
            ),
        },
        Row {
            name: words::MIDDLE.say(),
            words: find::MIDDLE,
            control: one_of(
                settings,
                words::MIDDLE.say(),
                settings.middle_click,
                SettingsAction::MiddleClickChosen,
            ),
        },
    ]
}

/// What was answered about hosts whose programs want to fill the clipboard.
fn clipboard_hosts(settings: &SettingsHandle) -> Html {
    let hosts = &settings.clipboard_hosts;
    let allowed = hosts.values().filter(|it| **it == Consent::Allow).count();
    let refused = hosts.len() - allowed;
    let dispatcher = settings.dispatcher();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(SettingsAction::ClipboardForgotten);
    });
    html! {
        <div class="field">
            <span>{ words::CLIPBOARD.say() }</span>
            <span class="hint">{ words::CLIPBOARD_HINT.with(&[
                ("allowed", &allowed.to_string()), ("refused", &refused.to_string())]) }</span>
            <div><button type="button" class="quiet" disabled={hosts.is_empty()} {onclick}>
                { words::CLIPBOARD_AGAIN.say() }
            </button></div>
        </div>
    }
}
