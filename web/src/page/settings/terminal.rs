//! How terminals behave.

use yew::{Callback, Html, MouseEvent, html};

use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act, number, one_of, switch, value};
use crate::state::choice::Consent;
use crate::state::settings::{MAX_SCROLLBACK_LINES, SettingsAction};

/// The settings of the screen.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    let scrolled = act(settings, |event| {
        Some(SettingsAction::ScrollbackSet(value(&event).parse().ok()?))
    });
    vec![
        Row {
            words: "Scrollback lines history",
            control: number(
                "Scrollback",
                "Lines that stay readable above the screen.",
                settings.scrollback,
                (0, MAX_SCROLLBACK_LINES),
                scrolled,
            ),
        },
        Row {
            words: "Cursor shape block bar underline",
            control: one_of(
                settings,
                "Cursor",
                settings.cursor,
                SettingsAction::CursorChosen,
            ),
        },
        Row {
            words: "Blinking cursor blink",
            control: switch(
                settings,
                "Blinking cursor",
                settings.cursor_blink,
                SettingsAction::CursorBlinkSet,
            ),
        },
        Row {
            words: "Screen reader mode accessibility",
            control: switch(
                settings,
                "Screen reader mode",
                settings.screen_reader,
                SettingsAction::ScreenReaderSet,
            ),
        },
    ]
}

/// The settings of recordings.
pub(super) fn recording_rows(settings: &SettingsHandle) -> Vec<Row> {
    vec![Row {
        words: "Recording recordings input typed passwords privacy",
        control: switch(
            settings,
            "Record what is typed, too (also passwords)",
            settings.record_input,
            SettingsAction::RecordInputSet,
        ),
    }]
}

/// The settings of the mouse.
pub(super) fn mouse_rows(settings: &SettingsHandle) -> Vec<Row> {
    vec![
        Row {
            words: "Copy on select selection",
            control: switch(
                settings,
                "Copy what is selected at once",
                settings.copy_on_select,
                SettingsAction::CopyOnSelectSet,
            ),
        },
        Row {
            words: "Clipboard programs hosts OSC 52 ask consent",
            control: clipboard_hosts(settings),
        },
        Row {
            words: "Right click button paste copy menu",
            control: one_of(
                settings,
                "Right click",
                settings.right_click,
                SettingsAction::RightClickChosen,
            ),
        },
        Row {
            words: "Middle click button paste",
            control: one_of(
                settings,
                "Middle click",
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
    let dispatcher = settings.dispatcher();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(SettingsAction::ClipboardForgotten);
    });
    html! {
        <div class="field">
            <span>{ "Programs that fill the clipboard" }</span>
            <span class="hint">{ format!("Each host is asked about once. Allowed: {allowed}, \
                refused: {}. No program can ever read it.", hosts.len() - allowed) }</span>
            <div><button type="button" class="quiet" disabled={hosts.is_empty()} {onclick}>
                { "Ask again for every host" }
            </button></div>
        </div>
    }
}
