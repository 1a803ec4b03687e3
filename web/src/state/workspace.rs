//! All connections of this page and the tabs that show them.

#[cfg(test)]
pub(crate) mod acts;
mod share;

use std::rc::Rc;

use transom_protocol::{ErrorCode, Event, Failure, Phase, ShellId, ShellSummary, Target};
use yew::{AttrValue, Reducible};

use crate::state::closed::{Closed, Renewed};
use crate::state::connection::{Connection, ConnectionId, Contact};
use crate::state::groups::GroupId;
use crate::state::osc::Progress;
use crate::state::tabs::{Arrangement, Left, TabId, Tabs};
use crate::state::windows::Windows;
pub(crate) use share::Share;

/// The page's sessions.
///
/// INVARIANT: each connection has at least one tab, and each tab a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Workspace {
    connections: Vec<Connection>,
    tabs: Tabs,
    closed: Closed,
    windows: Windows,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The person asked to connect.
    Started {
        id: ConnectionId,
        target: Target,
        pinned: Option<String>,
    },
    /// The page looks for a session that it did not start.
    Sought {
        id: ConnectionId,
        target: Option<Target>,
        front: bool,
    },
    /// The page was reloaded: what it showed before is looked for.
    Restored(Box<Left>),
    /// An engine said something.
    Told { id: ConnectionId, event: Box<Event> },
    /// The person asked for another shell on the same connection.
    TabAdded(ConnectionId),
    /// The person asked for a new shell in a tab whose shell ended. The connection is made
    /// again if it ended too.
    TabRestarted(TabId),
    /// The person chose a tab.
    TabRaised(TabId),
    /// The person chose a connection, by its address.
    ConnectionRaised(ConnectionId),
    /// The person closed a terminal.
    TabClosed(TabId),
    /// The person closed a tab of the strip, with all terminals in it.
    GroupClosed(GroupId),
    /// The person wants the tab back that was closed last. Connections that are gone are made
    /// again.
    Reopened(Vec<Renewed>),
    /// The person arranged tabs or terminals.
    Arranged(Arrangement),
    /// A tab went to another window, or came.
    Shared(Share),
    /// A shell named itself; the title is already safe to show.
    Titled {
        id: ConnectionId,
        shell: ShellId,
        title: AttrValue,
    },
    /// A shell rang the bell.
    Rang { id: ConnectionId, shell: ShellId },
    /// A program told how far it is.
    Progressed {
        id: ConnectionId,
        shell: ShellId,
        progress: Progress,
    },
    /// What is typed in one of these tabs goes to all of them.
    BroadcastTo(Vec<TabId>),
    /// A tab is being recorded, or no longer.
    Taped { tab: TabId, on: bool },
}

impl Workspace {
    /// No sessions yet.
    pub(crate) fn among(windows: Windows) -> Self {
        Self {
            windows,
            ..Self::default()
        }
    }

    /// How other windows share the sessions.
    pub(crate) fn windows(&self) -> &Windows {
        &self.windows
    }

    /// The connections, oldest first.
    pub(crate) fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// The tabs.
    pub(crate) fn tabs(&self) -> &Tabs {
        &self.tabs
    }

    /// The connection called `id`.
    pub(crate) fn connection(&self, id: &ConnectionId) -> Option<&Connection> {
        self.connections.iter().find(|known| known.id == *id)
    }

    /// The connection of the tab in front.
    pub(crate) fn front(&self) -> Option<&Connection> {
        self.tabs
            .front()
            .and_then(|tab| self.connection(&tab.connection))
    }

    /// The tabs that can be opened again.
    pub(crate) fn closed(&self) -> &Closed {
        &self.closed
    }

    fn told(&mut self, id: &ConnectionId, event: &Event) {
        let Some(connection) = self.connections.iter_mut().find(|known| known.id == *id) else {
            return;
        };
        connection.on(event);
        match event {
            Event::Hello { shells, .. } if connection.contact == Contact::Attached => {
                self.show_shells(id, shells);
            }
            Event::Hello { .. } if connection.contact == Contact::Gone => self.tabs.miss(id, true),
            Event::ShellOpened { yours: false, .. } if self.windows.leaves_unknown() => {}
            Event::ShellOpened { shell, yours } => self.tabs.opened(id, *shell, *yours),
            Event::ShellExited { shell, status } => self.tabs.with_shell(id, *shell, |tab, _| {
                tab.ended = Some(status.clone());
                tab.progress = Progress::Idle;
            }),
            Event::Phase {
                phase: Phase::Closed { failure },
            } if is_crash(failure.as_ref()) => self.tabs.lost(id),
            _ => {}
        }
    }

    /// Shows the running shells; the ended ones only where none runs, because then their last
    /// words are all that there is to see, or where they were seen before.
    fn show_shells(&mut self, id: &ConnectionId, shells: &[ShellSummary]) {
        let front = self.tabs.front().map(|tab| tab.id);
        let seeks_all = self.seeks_all(id);
        let any_runs = shells.iter().any(|shell| shell.exited.is_none());
        for summary in shells {
            let expected = self.tabs.expects(id, summary.shell);
            if any_runs && summary.exited.is_some() && !expected
                || self.is_for_others(id, summary.shell, seeks_all)
            {
                continue;
            }
            self.tabs.opened(id, summary.shell, true);
            self.tabs.with_shell(id, summary.shell, |tab, _| {
                tab.ended.clone_from(&summary.exited);
            });
        }
        self.tabs.miss(id, false);
        // A shell of another page comes behind.
        if let Some(front) = front {
            self.tabs.raise(front);
        }
    }

    fn restore(&mut self, left: &Left) {
        self.tabs.restore(left);
        for old in &left.memory.connections {
            let id = ConnectionId(AttrValue::from(old.id.clone()));
            let shown = self.tabs.of(&id).next().is_some();
            if shown && self.connection(&id).is_none() {
                self.connections.push(Connection {
                    pinned: old.pinned.clone(),
                    ..Connection::attaching(id, old.target.clone())
                });
            }
        }
    }

    fn restart(&mut self, tab: TabId) {
        let Some(id) = self.tabs.get(tab).map(|tab| tab.connection.clone()) else {
            return;
        };
        self.tabs.await_shell(tab);
        if let Some(connection) = self.connections.iter_mut().find(|known| known.id == id) {
            connection.shell_refused = None;
            if connection.phase != Phase::Open && !connection.is_connecting() {
                connection.restart();
            }
        }
    }

    fn add(&mut self, connection: Connection, front: bool) {
        let id = connection.id.clone();
        if self.connection(&id).is_none() {
            self.connections.push(connection);
            self.tabs.add(&id, None);
        }
        if front {
            self.raise(&id);
        }
    }

    /// Brings a connection to the front: its first tab, unless one of its tabs is there.
    fn raise(&mut self, id: &ConnectionId) {
        if self.tabs.front().is_some_and(|tab| tab.connection == *id) {
            return;
        }
        let first = self.tabs.of(id).next().map(|tab| tab.id);
        if let Some(tab) = first {
            self.tabs.raise(tab);
        }
    }

    /// Closes terminals that are one tab of the strip, or a part of one.
    fn close(&mut self, tabs: &[TabId]) {
        self.closed.note(tabs, &self.tabs, &self.connections);
        for tab in tabs {
            self.tabs.close(*tab);
        }
        let tabs = &self.tabs;
        self.connections
            .retain(|connection| tabs.of(&connection.id).next().is_some());
    }

    fn reopen(&mut self, renewed: Vec<Renewed>) {
        let Some((group, panes)) = self.closed.take() else {
            return;
        };
        let connection = |tab| {
            let pane = panes.iter().find(|pane| pane.tab == tab)?;
            let new = renewed
                .iter()
                .find(|renewed| renewed.old == pane.connection);
            Some(new.map_or(&pane.connection, |renewed| &renewed.connection))
        };
        let place = self.tabs.front_group().map(|front| front.id);
        let place = place.and_then(|id| self.tabs.groups().place(id));
        self.tabs
            .place_like(&group, place.map(|place| place + 1), |tab| {
                connection(tab).cloned()
            });
        for Renewed {
            connection,
            target,
            pinned,
            ..
        } in renewed
        {
            let connection = Connection::started(connection, target, pinned);
            self.connections.push(connection);
        }
    }
}

/// A crashed engine says nothing about its shells any more.
fn is_crash(failure: Option<&Failure>) -> bool {
    failure.is_some_and(|failure| failure.code == ErrorCode::EngineCrashed)
}

impl Reducible for Workspace {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            Action::Started { id, target, pinned } => {
                next.add(Connection::started(id, target, pinned), true);
            }
            Action::Sought { id, target, front } => {
                next.add(Connection::attaching(id, target), front);
            }
            Action::Restored(left) => next.restore(&left),
            Action::Told { id, event } => next.told(&id, &event),
            Action::TabAdded(id) => {
                if next.connection(&id).is_some() {
                    let tab = next.tabs.add(&id, None);
                    next.tabs.raise(tab);
                }
            }
            Action::TabRestarted(tab) => next.restart(tab),
            Action::TabRaised(tab) => next.tabs.raise(tab),
            Action::ConnectionRaised(id) => next.raise(&id),
            Action::TabClosed(tab) => next.close(&[tab]),
            Action::GroupClosed(group) => {
                let group = next.tabs.groups().get(group);
                let leaves = group.map(|group| group.tree.leaves());
                next.close(&leaves.unwrap_or_default());
            }
            Action::Reopened(renewed) => next.reopen(renewed),
            Action::Shared(share) => next.share(share),
            Action::Arranged(arrangement) => next.tabs.arrange(arrangement),
            Action::Titled { id, shell, title } => {
                next.tabs.with_shell(&id, shell, |tab, _| tab.title = title);
            }
            Action::Rang { id, shell } => {
                next.tabs
                    .with_shell(&id, shell, |tab, front| tab.bell = !front);
            }
            Action::Progressed {
                id,
                shell,
                progress,
            } => {
                next.tabs
                    .with_shell(&id, shell, |tab, _| tab.progress = progress);
            }
            Action::BroadcastTo(tabs) => next.tabs.broadcast_to(&tabs),
            Action::Taped { tab, on } => next.tabs.tape(tab, on),
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests;
