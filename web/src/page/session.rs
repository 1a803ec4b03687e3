//! The sessions: tabs, terminals, and what stands before them.

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::{Callback, Html, Properties, classes, component, html, use_callback};
use yew_router::prelude::use_navigator;

use crate::component::key_bar::KeyBar;
use crate::component::panes::Panes;
use crate::component::status_line::StatusLine;
use crate::component::tab_strip::TabStrip;
use crate::hook::listener::use_window_event;
use crate::hook::{Provided, use_provided, use_title};
use crate::route::Route;
use crate::service::{keyboard, pane, place};
use crate::state::hosts::label;
use crate::state::key_press::Chord;
use crate::state::message::tabs as words;
use crate::xterm::press;

/// Whether the sessions are in front.
#[derive(PartialEq, Properties)]
pub(crate) struct SessionPageProps {
    pub(crate) front: bool,
}

/// Whether a key counts in all of the sessions' page, not in a terminal only.
fn is_anywhere(chord: Chord) -> bool {
    matches!(
        chord,
        Chord::Arrange(_) | Chord::StepTab(_) | Chord::Tab(_) | Chord::Files | Chord::Transfers
    )
}

/// Shows the sessions. It stays on the page, hidden, while another page is in front, because
/// terminals live in it.
#[component]
pub(crate) fn SessionPage(props: &SessionPageProps) -> Html {
    let provided = use_provided();
    use_title(title(provided.as_ref(), props.front));
    let navigator = use_navigator();
    let on_key: Callback<Event> = use_callback(
        (props.front, navigator),
        |event: Event, (front, navigator)| {
            let Ok(event) = event.dyn_into::<KeyboardEvent>() else {
                return;
            };
            // The terminal stops the keys that it takes itself.
            match keyboard::map().chord(&press(&event), false) {
                Some(chord @ (Chord::NextRegion | Chord::PreviousRegion)) => {
                    event.prevent_default();
                    place::focus_region(chord == Chord::NextRegion);
                }
                Some(Chord::Connect) => {
                    event.prevent_default();
                    // On Home its field is there already.
                    if !place::focus_address()
                        && let Some(navigator) = navigator
                    {
                        navigator.push(&Route::Home);
                    }
                }
                // In a field they may mean something else: Ctrl+Shift+→ selects a word.
                Some(chord)
                    if *front
                        && is_anywhere(chord)
                        && !event.default_prevented()
                        && !place::is_for_text(&event) =>
                {
                    event.prevent_default();
                    pane::press(chord);
                }
                _ => {}
            }
        },
    );
    use_window_event("keydown", on_key);
    let front = provided
        .as_ref()
        .and_then(|provided| provided.workspace.tabs().front());
    let typing = front.is_some_and(|tab| tab.used);
    html! {
        <main class={classes!("sessions", (!props.front).then_some("away"))}
            aria-hidden={(!props.front).then_some("true")}>
            <h1 class="unseen">{ words::SESSIONS.say() }</h1>
            <TabStrip />
            <Panes front={props.front} />
            <KeyBar shown={typing} />
            <StatusLine />
        </main>
    }
}

/// The host first: a stranger's title never stands alone.
fn title(provided: Option<&Provided>, front: bool) -> String {
    let named = provided.filter(|_| front).and_then(|provided| {
        let tab = provided.workspace.tabs().front()?;
        let connection = provided.workspace.front()?;
        let saved = connection
            .target
            .as_ref()
            .and_then(|target| provided.hosts.of(target));
        let environment = saved.map_or("", |host| label(host.environment));
        let host = match environment {
            "" => connection.host().to_owned(),
            words => format!("{words}: {}", connection.host()),
        };
        let host = if tab.taped {
            format!("● {host}")
        } else {
            host
        };
        Some(if tab.title.is_empty() {
            format!("{host} · Transom")
        } else {
            format!("{host} · {} · Transom", tab.title)
        })
    });
    named.unwrap_or_else(|| "Transom".to_owned())
}
