//! A terminal on the page: a leaf whose element is drawn once and never changed.

mod seat;

use std::rc::Rc;

use transom_protocol::{Environment, Phase};
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{
    AttrValue, Callback, Html, Properties, classes, component, html, use_effect_with, use_memo,
    use_node_ref, use_state, use_state_eq,
};

use crate::component::broadcast::{BroadcastBar, BroadcastDialog};
use crate::component::clipboard_guard::ClipboardGuard;
use crate::component::panes::PaneBar;
use crate::component::paste_guard::PasteGuard;
use crate::component::quick_select::{Choice, QuickSelect};
use crate::component::recording_badge::RecordingBadge;
use crate::component::search_bar::SearchBar;
use crate::component::snippets::Snippets;
use crate::hook::area::use_area;
use crate::hook::drag::Dragged;
use crate::hook::media::{use_needs, use_palette};
use crate::hook::session::{use_close_tab, use_focus, use_raise, use_restart};
use crate::hook::use_provided;
use crate::service::pane::{Live, Wants};
use crate::service::place;
use crate::state::connection::Connection;
use crate::state::find::{Found, Searching};
use crate::state::hosts::label;
use crate::state::message::terminal as words;
use crate::state::recording::Taping;
use crate::state::settings::Settings;
use crate::state::tabs::{Tab, TabId};
pub(crate) use seat::Seat;
use seat::frame_class;

/// Which terminal.
#[derive(PartialEq, Properties)]
pub(crate) struct TerminalPaneProps {
    pub(crate) tab: Tab,
    pub(crate) connection: Connection,
    pub(crate) seat: Seat,
    /// Something stands before it.
    pub(crate) covered: bool,
    pub(crate) settings: Settings,
    pub(crate) on_drag: Callback<(TabId, Dragged)>,
}

/// Shows a shell. Its output never passes through here: it goes from the engine's port straight
/// to the terminal.
#[component]
pub(crate) fn TerminalPane(props: &TerminalPaneProps) -> Html {
    let (pane, frame, host) = (use_node_ref(), use_node_ref(), use_node_ref());
    let seat = props.seat;
    use_area(&pane, seat.area);
    let searching = use_state(|| None::<Searching>);
    let found = use_state_eq(Found::default);
    let snippets = use_state(|| false);
    let clipping = use_state(|| None::<AttrValue>);
    let broadcasting = use_state(|| false);
    let choices = use_state(|| None::<Vec<Choice>>);
    let notice = use_state(|| None::<AttrValue>);
    let taping = use_state(Taping::default);
    let pasting = use_state(|| None::<AttrValue>);
    let link = use_state(|| None::<AttrValue>);
    let rang = use_state_eq(|| false);
    let live = use_memo((), |()| {
        Live::new(props.connection.id.clone(), props.tab.id)
    });
    let provided = use_provided();
    let saved = provided.as_ref().and_then(|provided| {
        let target = props.connection.target.as_ref()?;
        provided.hosts.of(target).cloned()
    });
    let environment = saved
        .as_ref()
        .map(|host| host.environment)
        .unwrap_or_default();
    let broadcast_count = provided.as_ref().map_or(0, |provided| {
        let tabs = provided.workspace.tabs().open().iter();
        tabs.filter(|tab| tab.broadcast).count()
    });
    live.follow(Wants {
        provided,
        restart: use_restart(),
        close: use_close_tab(),
        raise: use_raise(),
        searching: searching.setter(),
        found: found.setter(),
        snippets: snippets.setter(),
        notice: notice.setter(),
        broadcasting: broadcasting.setter(),
        choices: choices.setter(),
        clipping: clipping.setter(),
        taping: taping.setter(),
        pasting: pasting.setter(),
        link: link.setter(),
        rang: rang.setter(),
        frame: frame.clone(),
        ended: props.tab.ended.is_some(),
        shell: props.tab.shell,
        saved,
    });
    let (palette, needs) = (use_palette(props.settings.theme), use_needs());
    let (opened, element, settings) = (Rc::clone(&live), host.clone(), props.settings.clone());
    use_effect_with((), move |()| {
        if let Some(element) = element.cast::<HtmlElement>() {
            opened.open(&element, &settings, palette);
        }
        move || opened.close()
    });
    let applied = Rc::clone(&live);
    use_effect_with(
        (props.settings.clone(), palette, needs),
        move |(settings, palette, _)| {
            applied.apply(settings, *palette);
        },
    );
    let shown = Rc::clone(&live);
    use_effect_with(props.tab.shell, move |shell| {
        shown.show(*shell);
        let hidden = shell.map(|shell| (shown, shell));
        move || {
            if let Some((shown, shell)) = hidden {
                shown.hide(shell);
            }
        }
    });
    let connection = &props.connection;
    let alive = connection.is_connecting() || connection.phase == Phase::Open;
    let tab = &props.tab;
    let waits = tab.shell.is_none() && tab.ended.is_none() && tab.expects.is_none();
    let asks =
        (alive && waits && connection.is_usable()).then_some((connection.attempt, props.tab.asks));
    let asking = Rc::clone(&live);
    use_effect_with(asks, move |asks| {
        if asks.is_some() {
            asking.ask_for_shell();
        }
    });
    let ruled = Rc::clone(&live);
    let kept = props.tab.kept.clone();
    let end = (props.tab.ended.clone(), props.tab.lost);
    use_effect_with(end, move |(ended, lost)| match (ended, lost) {
        (_, Some(lost)) => ruled.shell_lost(*lost, kept.as_deref()),
        (Some(status), None) => ruled.shell_ended(status),
        (None, None) => {}
    });
    let focused = Rc::clone(&live);
    let takes_focus = seat.focused && !props.covered;
    use_effect_with((takes_focus, props.tab.shell), move |(takes_focus, _)| {
        if *takes_focus {
            focused.raise();
        }
    });
    // The notice of a broken link goes, and with it the button that may have had the keyboard.
    let resumed = Rc::clone(&live);
    let rests = takes_focus && !connection.is_held();
    use_effect_with(rests, move |rests| {
        if *rests && place::nothing_has_focus() {
            resumed.focus();
        }
    });
    let entered = Rc::clone(&live);
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let on_frame = event
            .target()
            .is_some_and(|target| entered.is_frame(&target));
        if on_frame && event.key() == "Enter" {
            event.prevent_default();
            entered.focus();
        }
    });
    let help = format!("terminal-help-{}", props.tab.id.0);
    let (focus, id) = (use_focus(), props.tab.id);
    let focus = move || (!seat.focused).then(|| focus.emit(id));
    let (on_focus, on_enter) = (focus.clone(), focus);
    html! {
        <div ref={pane} class={classes!("pane", (!seat.seen).then_some("behind"),
            rang.then_some("rang"), (seat.count > 1).then_some("shared"),
            seat.focused.then_some("focused"), props.tab.broadcast.then_some("broadcasting"),
            frame_class(environment))} onfocusin={move |_| { on_focus(); }}
            ondragenter={move |_| { on_enter(); }}>
            if seat.count > 1 {
                <PaneBar tab={props.tab.clone()} host={props.connection.host().to_owned()}
                    zoomed={seat.zoomed} on_drag={props.on_drag.clone()} />
            }
            if props.tab.broadcast {
                <BroadcastBar count={broadcast_count} on_leave={live.broadcast_leaver()}
                    on_stop={live.broadcast_stopper()} />
            }
            <div class="pane-body">
            <section ref={frame} class="terminal-region" aria-label={seat.name()} tabindex="0"
                data-region="" aria-describedby={help.clone()} inert={props.covered} {onkeydown}>
                <div ref={host} class="screen"></div>
            </section>
            if environment != Environment::Development {
                <p class="environment">{ label(environment) }</p>
            }
            <p id={help} class="unseen">
                { label(environment) }{ " " }
                if seat.count > 1 {
                    { format!("{} {}. ", props.connection.host(), props.tab.title) }
                }
                { words::HELP.say() }
            </p>
            if let Some(searching) = (*searching).clone() {
                <SearchBar {searching} found={(*found).clone()} on_find={live.finder()}
                    on_close={live.search_closer()} />
            }
            <p class="pane-notice" role="status">{ (*notice).clone() }</p>
            <RecordingBadge taping={(*taping).clone()} on_stop={live.recording_stopper()}
                on_close={live.recording_closer()} />
            if *snippets {
                <Snippets on_done={live.snippet_taker()} />
            }
            if let Some(address) = (*link).clone() {
                <p class="link-target">{ address }</p>
            }
            if *broadcasting {
                <BroadcastDialog tab={props.tab.id} on_done={live.broadcaster()} />
            }
            if let Some(choices) = (*choices).clone() {
                <QuickSelect {choices} on_done={live.quick_taker()} />
            }
            if let Some(text) = (*clipping).clone() {
                <ClipboardGuard host={props.connection.host().to_owned()} text={text.clone()}
                    on_answer={live.clipboard_answerer(text)} />
            }
            if let Some(text) = (*pasting).clone() {
                <PasteGuard text={text.clone()}
                    careful={environment == Environment::Production} on_verdict={live.paster(text)} />
            }
            </div>
        </div>
    }
}
