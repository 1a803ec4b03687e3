//! All connections of this page and the tabs that show them.

use std::rc::Rc;

use transom_protocol::{ErrorCode, Event, Failure, Phase, ShellId, ShellSummary, Target};
use yew::{AttrValue, Reducible};

use crate::state::connection::{Connection, ConnectionId, Contact};
use crate::state::osc::Progress;
use crate::state::tabs::{TabId, Tabs};

/// The page's sessions.
///
/// INVARIANT: each connection has at least one tab, and each tab a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Workspace {
    connections: Vec<Connection>,
    tabs: Tabs,
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
        /// The shell that was in front when this page showed it before.
        shell: Option<ShellId>,
        front: bool,
    },
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
    /// The person closed a tab.
    TabClosed(TabId),
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

    fn told(&mut self, id: &ConnectionId, event: &Event) {
        let Some(connection) = self.connections.iter_mut().find(|known| known.id == *id) else {
            return;
        };
        connection.on(event);
        match event {
            Event::Hello { shells, .. } if connection.contact == Contact::Attached => {
                self.show_shells(id, shells);
            }
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
    /// words are all that there is to see.
    fn show_shells(&mut self, id: &ConnectionId, shells: &[ShellSummary]) {
        let any_runs = shells.iter().any(|shell| shell.exited.is_none());
        for summary in shells {
            if any_runs && summary.exited.is_some() {
                continue;
            }
            self.tabs.opened(id, summary.shell, true);
            self.tabs.with_shell(id, summary.shell, |tab, _| {
                tab.ended.clone_from(&summary.exited);
            });
        }
        let last = self.connection(id).and_then(|known| known.last_front);
        self.tabs.prefer(id, last);
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

    fn close(&mut self, tab: TabId) {
        self.tabs.close(tab);
        let tabs = &self.tabs;
        self.connections
            .retain(|connection| tabs.of(&connection.id).next().is_some());
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
            Action::Sought {
                id,
                target,
                shell,
                front,
            } => {
                let connection = Connection {
                    last_front: shell,
                    ..Connection::attaching(id, target)
                };
                next.add(connection, front);
            }
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
            Action::TabClosed(tab) => next.close(tab),
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
mod tests {
    use transom_protocol::{ExitStatus, VERSION};

    use super::*;

    fn id() -> ConnectionId {
        ConnectionId("k3v9".into())
    }

    fn drive(actions: impl IntoIterator<Item = Action>) -> Rc<Workspace> {
        actions
            .into_iter()
            .fold(Rc::new(Workspace::default()), Workspace::reduce)
    }

    fn started() -> Action {
        Action::Started {
            id: id(),
            target: "ops@web-1".parse().unwrap(),
            pinned: None,
        }
    }

    fn told(event: Event) -> Action {
        Action::Told {
            id: id(),
            event: Box::new(event),
        }
    }

    fn sought() -> Action {
        Action::Sought {
            id: id(),
            target: None,
            shell: Some(ShellId(1)),
            front: true,
        }
    }

    fn hello(shells: &[(u32, Option<ExitStatus>)]) -> Action {
        told(Event::Hello {
            version: VERSION,
            phase: Phase::Open,
            target: Some("ops@web-1".parse().unwrap()),
            session: None,
            shells: shells
                .iter()
                .map(|(shell, exited)| ShellSummary {
                    shell: ShellId(*shell),
                    exited: exited.clone(),
                })
                .collect(),
        })
    }

    #[test]
    fn a_reload_shows_the_shells_that_run() {
        let ended = Some(ExitStatus::Code { code: 0 });
        let workspace = drive([sought(), hello(&[(0, ended), (1, None), (2, None)])]);
        let shells: Vec<_> = workspace
            .tabs()
            .open()
            .iter()
            .map(|tab| tab.shell)
            .collect();
        assert_eq!(shells, [Some(ShellId(1)), Some(ShellId(2))]);
        let front = workspace.tabs().front().unwrap().shell;
        assert_eq!(front, Some(ShellId(1)), "the one that was in front");
    }

    #[test]
    fn a_reload_of_an_ended_session_shows_its_last_words() {
        let ended = ExitStatus::Code { code: 3 };
        let workspace = drive([sought(), hello(&[(0, Some(ended.clone()))])]);
        assert_eq!(workspace.tabs().front().unwrap().ended, Some(ended));
    }

    #[test]
    fn restarting_a_tab_of_a_closed_session_connects_again() {
        let workspace = drive([
            started(),
            told(Event::ShellOpened {
                shell: ShellId(0),
                yours: true,
            }),
            told(Event::ShellExited {
                shell: ShellId(0),
                status: ExitStatus::Unknown,
            }),
            told(Event::Phase {
                phase: Phase::Closed { failure: None },
            }),
        ]);
        let tab = workspace.tabs().front().unwrap().id;
        let workspace = workspace.reduce(Action::TabRestarted(tab));
        let connection = workspace.front().unwrap();
        assert_eq!(connection.attempt, 2);
        assert!(connection.is_connecting());
        assert_eq!(workspace.tabs().front().unwrap().shell, None);
    }

    #[test]
    fn restarting_one_of_two_shells_keeps_the_session() {
        let workspace = drive([
            started(),
            told(Event::Phase { phase: Phase::Open }),
            told(Event::ShellOpened {
                shell: ShellId(0),
                yours: true,
            }),
        ]);
        let tab = workspace.tabs().front().unwrap().id;
        let workspace = workspace.reduce(Action::TabRestarted(tab));
        assert_eq!(workspace.front().unwrap().attempt, 1);
    }

    #[test]
    fn the_last_tab_takes_its_connection_along() {
        let workspace = drive([started()]);
        let tab = workspace.tabs().front().unwrap().id;
        let workspace = workspace.reduce(Action::TabClosed(tab));
        assert!(workspace.connections().is_empty());
    }

    #[test]
    fn an_address_leaves_the_chosen_tab_of_its_connection_in_front() {
        let workspace = drive([started(), Action::TabAdded(id())]);
        let chosen = workspace.tabs().front().unwrap().id;
        let workspace = workspace.reduce(Action::ConnectionRaised(id()));
        assert_eq!(workspace.tabs().front().unwrap().id, chosen);
    }

    #[test]
    fn a_bell_marks_only_a_tab_behind() {
        let workspace = drive([
            started(),
            told(Event::ShellOpened {
                shell: ShellId(0),
                yours: true,
            }),
            told(Event::ShellOpened {
                shell: ShellId(1),
                yours: false,
            }),
            Action::Rang {
                id: id(),
                shell: ShellId(0),
            },
            Action::Rang {
                id: id(),
                shell: ShellId(1),
            },
        ]);
        let bells: Vec<_> = workspace.tabs().open().iter().map(|tab| tab.bell).collect();
        assert_eq!(bells, [false, true]);
    }
}
