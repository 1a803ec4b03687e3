//! The sessions: tabs, terminals, and what stands before them.

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::{Callback, Html, Properties, classes, component, html, use_callback};

use crate::component::cover::Cover;
use crate::component::files::FilesHost;
use crate::component::held::Held;
use crate::component::saved_password::SaveOffer;
use crate::component::status_line::StatusLine;
use crate::component::tab_strip::TabStrip;
use crate::component::terminal_notice::TerminalNotice;
use crate::component::terminal_pane::TerminalPane;
use crate::hook::listener::use_window_event;
use crate::hook::{Provided, use_provided, use_title};
use crate::service::place;
use crate::state::hosts::label;
use crate::state::tabs::Tab;

/// Whether the sessions are in front.
#[derive(PartialEq, Properties)]
pub(crate) struct SessionPageProps {
    pub(crate) front: bool,
}

/// Shows the sessions. It stays on the page, hidden, while another page is in front, because
/// terminals live in it.
#[component]
pub(crate) fn SessionPage(props: &SessionPageProps) -> Html {
    let provided = use_provided();
    use_title(title(provided.as_ref(), props.front));
    let on_key: Callback<Event> = use_callback((), |event: Event, ()| {
        // The terminal stops the keys that it takes itself.
        if let Ok(event) = event.dyn_into::<KeyboardEvent>()
            && event.key() == "F6"
        {
            event.prevent_default();
            place::focus_next_region();
        }
    });
    use_window_event("keydown", on_key);
    let Some(provided) = provided else {
        return Html::default();
    };
    let workspace = &provided.workspace;
    let front_tab = workspace.tabs().front().map(|tab| tab.id);
    let panes = workspace.tabs().open().iter().filter_map(|tab| {
        let connection = workspace.connection(&tab.connection)?.clone();
        let front = props.front && front_tab == Some(tab.id);
        let covered = !tab.used || !connection.questions.is_empty();
        let settings = (*provided.settings).clone();
        Some(html! {
            <TerminalPane key={tab.id.0} tab={tab.clone()} {connection} {front} {covered}
                {settings} />
        })
    });
    // A list of its own: among other children Yew would match the panes by their place, and
    // take down a terminal whenever a tab comes or goes.
    let panes: Html = panes.collect();
    html! {
        <main class={classes!("sessions", (!props.front).then_some("away"))}
            aria-hidden={(!props.front).then_some("true")}>
            <TabStrip />
            <div class="panes">
                { panes }
                if props.front { { over(&provided, workspace.tabs().front()) } }
                <FilesHost front={workspace.front().filter(|_| props.front).cloned()} />
            </div>
            <StatusLine />
        </main>
    }
}

/// What stands before the tab in front.
fn over(provided: &Provided, tab: Option<&Tab>) -> Html {
    let Some((tab, connection)) =
        tab.and_then(|tab| Some((tab, provided.workspace.connection(&tab.connection)?)))
    else {
        return Html::default();
    };
    let connection = connection.clone();
    if tab.used {
        html! {
            <>
                <Held connection={connection.clone()} />
                <SaveOffer connection={connection.clone()} />
                <TerminalNotice {connection} tab={tab.clone()} />
            </>
        }
    } else {
        html! { <Cover {connection} tab={tab.id} /> }
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
