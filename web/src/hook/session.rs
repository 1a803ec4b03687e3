//! What a person does with sessions, as callbacks.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use transom_protocol::{Command, ErrorCode, Phase, ShellId, Target};
use yew::{Callback, Reducible, hook};
use yew_router::hooks::use_navigator;
use yew_router::navigator::Navigator;

use crate::hook::{Provided, use_provided};
use crate::route::Route;
use crate::service::{pane, place};
use crate::state::actions::Deed;
use crate::state::closed::Renewed;
use crate::state::connection::{Connection, ConnectionId};
use crate::state::groups::GroupId;
use crate::state::settings::{Settings, SettingsAction};
use crate::state::tabs::{Tab, TabId};
use crate::state::workspace::{Action, Workspace};

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
    let id = provided.sessions.fresh();
    provided.workspace.dispatch(Action::Started {
        id: id.clone(),
        target: wish.target.clone(),
        pinned: wish.pinned.clone(),
    });
    send_connect(provided, &provided.settings, &id, wish);
    id
}

/// - `settings`: as they are now, which may be newer than those that are provided.
fn send_connect(provided: &Provided, settings: &Settings, id: &ConnectionId, wish: Wish) {
    let Wish { target, pinned } = wish;
    let relay = place::relay(settings);
    let saved = provided.hosts.of(&target);
    let forward_agent = saved.is_some_and(|host| host.forward_agent);
    let command = Command::Connect {
        target,
        relay,
        pinned,
        trust: settings.trust(),
        forward_agent,
    };
    provided.sessions.send(id, &command);
}

/// Opens a new shell in a tab whose shell ended; connects again first where that is needed.
#[hook]
pub(crate) fn use_restart() -> Callback<TabId> {
    let (provided, connect) = (use_provided(), use_connect());
    Callback::from(move |tab: TabId| {
        if let Some(provided) = &provided {
            restart(provided, &provided.settings, &connect, tab);
        }
    })
}

/// Lets a host, as known_hosts writes it, agree on weak algorithms, and connects again.
#[hook]
pub(crate) fn use_legacy() -> Callback<(TabId, String)> {
    let (provided, connect) = (use_provided(), use_connect());
    Callback::from(move |(tab, host): (TabId, String)| {
        let Some(provided) = &provided else { return };
        let action = SettingsAction::LegacyAllowed(host);
        provided.settings.dispatch(action.clone());
        let settings = Rc::new((*provided.settings).clone()).reduce(action);
        restart(provided, &settings, &connect, tab);
    })
}

fn restart(provided: &Provided, settings: &Settings, connect: &Callback<Wish>, tab: TabId) {
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
        let pinned = connection.pinned.clone();
        send_connect(provided, settings, &connection.id, Wish { target, pinned });
    }
    workspace.dispatch(Action::TabRestarted(tab));
}

/// Does what an entry of the command palette says.
#[hook]
pub(crate) fn use_deed() -> Callback<Deed> {
    let (provided, navigator) = (use_provided(), use_navigator());
    let (raise, connect, reopen) = (use_raise(), use_connect(), use_reopen());
    Callback::from(move |deed: Deed| match deed {
        Deed::Reopen => reopen.emit(()),
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

/// Gives a terminal of the tab in front the keyboard. The address follows where its connection is
/// another one, without a step in the history.
#[hook]
pub(crate) fn use_focus() -> Callback<TabId> {
    let (provided, navigator) = (use_provided(), use_navigator());
    Callback::from(move |id: TabId| {
        let Some(provided) = &provided else { return };
        let workspace = &provided.workspace;
        let before = workspace.tabs().front().map(|tab| &tab.connection);
        let after = workspace.tabs().get(id).map(|tab| &tab.connection);
        workspace.dispatch(Action::TabRaised(id));
        if let (Some(navigator), Some(after), true) = (&navigator, after, before != after) {
            navigator.replace(&Route::Session {
                id: after.0.to_string(),
            });
        }
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

/// Closes a terminal and its shell; with the last one of a connection, the connection.
#[hook]
pub(crate) fn use_close_tab() -> Callback<TabId> {
    let close = use_close();
    Callback::from(move |id: TabId| close.emit(Closing::Pane(id)))
}

/// Closes a tab of the strip, with all terminals in it.
#[hook]
pub(crate) fn use_close_group() -> Callback<GroupId> {
    let close = use_close();
    Callback::from(move |id: GroupId| close.emit(Closing::Group(id)))
}

/// What is closed.
#[derive(Clone, Copy)]
enum Closing {
    Pane(TabId),
    Group(GroupId),
}

#[hook]
fn use_close() -> Callback<Closing> {
    let (provided, navigator) = (use_provided(), use_navigator());
    Callback::from(move |closing: Closing| {
        let Some(provided) = &provided else { return };
        let tabs = provided.workspace.tabs();
        let (ids, action) = match closing {
            Closing::Pane(id) => (vec![id], Action::TabClosed(id)),
            Closing::Group(id) => {
                let group = tabs.groups().get(id);
                let leaves = group.map(|group| group.tree.leaves());
                (leaves.unwrap_or_default(), Action::GroupClosed(id))
            }
        };
        if let Some(unsaved) = unsaved(provided, &ids) {
            provided.workspace.dispatch(Action::TabRaised(unsaved));
            return;
        }
        end_shells(provided, &ids);
        provided.workspace.dispatch(action);
        let mut left = tabs.clone();
        for id in &ids {
            left.close(*id);
        }
        let front = left.front();
        if front.map(|tab| &tab.connection) != tabs.front().map(|tab| &tab.connection) {
            go_to(navigator.as_ref(), front);
        }
    })
}

/// The tab of a connection that would end with these tabs although a text of it is not saved; the
/// person is asked about that.
fn unsaved(provided: &Provided, ids: &[TabId]) -> Option<TabId> {
    let tabs = provided.workspace.tabs();
    ids.iter().copied().find(|id| {
        let connection = tabs.get(*id).map(|tab| &tab.connection);
        let ends = |connection| tabs.of(connection).all(|tab| ids.contains(&tab.id));
        let files = connection.filter(|connection| ends(connection));
        let files = files.and_then(|connection| provided.sessions.files(connection));
        files.is_some_and(|files| files.ask_about_unsaved())
    })
}

/// Ends the shells of terminals that are closed, and the connections that no other one shows.
fn end_shells(provided: &Provided, ids: &[TabId]) {
    let tabs = provided.workspace.tabs();
    for connection in provided.workspace.connections() {
        let (closed, kept): (Vec<&Tab>, Vec<&Tab>) = tabs
            .of(&connection.id)
            .partition(|tab| ids.contains(&tab.id));
        if closed.is_empty() {
            continue;
        }
        let shells: Vec<ShellId> = closed.iter().filter_map(|tab| tab.shell).collect();
        // Another window may show shells of it; the engine ends with the last one.
        let others = provided.workspace.windows().may_use(&connection.id) && !shells.is_empty();
        if kept.is_empty() && !others {
            provided.sessions.send(&connection.id, &Command::Disconnect);
            provided.sessions.leave(&connection.id);
            continue;
        }
        for shell in shells {
            let command = Command::CloseShell { shell };
            provided.sessions.send(&connection.id, &command);
        }
    }
}

/// Opens the tab again that was closed last: new shells on the connections that are still there,
/// new connections for the others.
#[hook]
pub(crate) fn use_reopen() -> Callback<()> {
    let (provided, navigator) = (use_provided(), use_navigator());
    Callback::from(move |()| {
        let Some(provided) = &provided else { return };
        let gone = provided.workspace.closed().gone(&provided.workspace);
        let renewed: Vec<Renewed> = gone
            .into_iter()
            .map(|gone| Renewed {
                old: gone.id,
                connection: provided.sessions.fresh(),
                target: gone.target,
                pinned: gone.pinned,
            })
            .collect();
        let action = Action::Reopened(renewed.clone());
        let next = Rc::new(Workspace::clone(&provided.workspace)).reduce(action.clone());
        provided.workspace.dispatch(action);
        for new in renewed {
            let Renewed { target, pinned, .. } = new;
            let wish = Wish { target, pinned };
            send_connect(provided, &provided.settings, &new.connection, wish);
        }
        go_to(navigator.as_ref(), next.tabs().front());
    })
}
