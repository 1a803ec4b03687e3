//! What a person does with sessions, as callbacks.

use gloo_timers::future::TimeoutFuture;
use transom_protocol::{Command, ErrorCode, Phase, Target};
use yew::{Callback, hook};
use yew_router::hooks::use_navigator;
use yew_router::navigator::Navigator;

use crate::hook::{Provided, use_provided};
use crate::route::Route;
use crate::service::{pane, place};
use crate::state::actions::Deed;
use crate::state::connection::{Connection, ConnectionId};
use crate::state::settings::SettingsAction;
use crate::state::tabs::{Tab, TabId};
use crate::state::workspace::Action;

/// Where to connect.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) target: Target,
    /// `SHA256:…` of the only host key to accept.
    pub(crate) pinned: Option<String>,
}

/// Connects, and shows the new session.
#[hook]
pub(crate) fn use_connect() -> Callback<Wish> {
    let (provided, navigator) = (use_provided(), use_navigator());
    Callback::from(move |wish: Wish| {
        let Some(provided) = &provided else { return };
        let id = start(provided, wish);
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Session {
                id: id.0.to_string(),
            });
        }
    })
}

/// Connects.
pub(crate) fn start(provided: &Provided, wish: Wish) -> ConnectionId {
    let Wish { target, pinned } = wish;
    let id = provided.sessions.fresh();
    provided.workspace.dispatch(Action::Started {
        id: id.clone(),
        target: target.clone(),
        pinned: pinned.clone(),
    });
    send_connect(provided, &id, target, pinned);
    id
}

fn send_connect(provided: &Provided, id: &ConnectionId, target: Target, pinned: Option<String>) {
    let relay = place::relay(&provided.settings);
    let command = Command::Connect {
        target,
        relay,
        pinned,
    };
    provided.sessions.send(id, &command);
}

/// Opens a new shell in a tab whose shell ended; connects again first where that is needed.
#[hook]
pub(crate) fn use_restart() -> Callback<TabId> {
    let (provided, connect) = (use_provided(), use_connect());
    Callback::from(move |tab: TabId| {
        let Some(provided) = &provided else { return };
        let workspace = &provided.workspace;
        let connection = workspace
            .tabs()
            .get(tab)
            .and_then(|tab| workspace.connection(&tab.connection));
        let Some(connection) = connection else { return };
        if is_crashed(connection) {
            // Its worker is beyond repair; the old tab keeps its scrollback.
            if let Some(target) = connection.target.clone() {
                let pinned = connection.pinned.clone();
                connect.emit(Wish { target, pinned });
            }
            return;
        }
        let ended = !connection.is_connecting() && connection.phase != Phase::Open;
        if ended && let Some(target) = connection.target.clone() {
            send_connect(provided, &connection.id, target, connection.pinned.clone());
        }
        workspace.dispatch(Action::TabRestarted(tab));
    })
}

/// Does what an entry of the command palette says.
#[hook]
pub(crate) fn use_deed() -> Callback<Deed> {
    let (provided, navigator) = (use_provided(), use_navigator());
    let (raise, connect) = (use_raise(), use_connect());
    Callback::from(move |deed: Deed| match deed {
        Deed::Go(route) => {
            if let Some(navigator) = &navigator {
                navigator.push(&route);
            }
        }
        Deed::Raise(tab) => raise.emit(tab),
        Deed::Connect(target) => connect.emit(Wish {
            target,
            pinned: None,
        }),
        // The palette gives the keyboard back first.
        Deed::Press(chord) => wasm_bindgen_futures::spawn_local(async move {
            TimeoutFuture::new(0).await;
            pane::press(chord);
        }),
        Deed::LockVault => {
            if let Some(provided) = &provided {
                provided.safe.lock();
            }
        }
        Deed::Choose(theme) => {
            if let Some(provided) = &provided {
                provided
                    .settings
                    .dispatch(SettingsAction::ThemeChosen(theme));
            }
        }
    })
}

fn is_crashed(connection: &Connection) -> bool {
    connection
        .failure()
        .is_some_and(|failure| failure.code == ErrorCode::EngineCrashed)
}

/// Brings a tab to the front, and its connection into the address.
#[hook]
pub(crate) fn use_raise() -> Callback<TabId> {
    let (provided, navigator) = (use_provided(), use_navigator());
    Callback::from(move |id: TabId| {
        let Some(provided) = &provided else { return };
        provided.workspace.dispatch(Action::TabRaised(id));
        go_to(navigator.as_ref(), provided.workspace.tabs().get(id));
    })
}

/// Shows the connection of `tab` in the address; Home where there is no tab.
fn go_to(navigator: Option<&Navigator>, tab: Option<&Tab>) {
    if let Some(navigator) = navigator {
        navigator.push(&tab.map_or(Route::Home, |tab| Route::Session {
            id: tab.connection.0.to_string(),
        }));
    }
}

/// Closes a tab and its shell; with the last tab of a connection, the connection.
#[hook]
pub(crate) fn use_close_tab() -> Callback<TabId> {
    let (provided, navigator) = (use_provided(), use_navigator());
    Callback::from(move |id: TabId| {
        let Some(provided) = &provided else { return };
        let tabs = provided.workspace.tabs();
        let Some(tab) = tabs.get(id) else { return };
        let connection = &tab.connection;
        if tabs.of(connection).count() > 1 {
            if let Some(shell) = tab.shell {
                provided
                    .sessions
                    .send(connection, &Command::CloseShell { shell });
            }
        } else {
            provided.sessions.send(connection, &Command::Disconnect);
            provided.sessions.leave(connection);
        }
        provided.workspace.dispatch(Action::TabClosed(id));
        let mut left = tabs.clone();
        left.close(id);
        go_to(navigator.as_ref(), left.front());
    })
}
