//! What happens to the workspace of a test.

use std::rc::Rc;

use transom_protocol::{Event, ExitStatus, Phase, ShellId, ShellSummary, VERSION};
use yew::Reducible;

use super::{Action, Workspace};
use crate::state::connection::ConnectionId;

/// The connection of the test.
pub(crate) fn id() -> ConnectionId {
    ConnectionId("k3v9".into())
}

/// The workspace after all of it.
pub(crate) fn drive(from: &Workspace, actions: impl IntoIterator<Item = Action>) -> Rc<Workspace> {
    let from = Rc::new(from.clone());
    actions.into_iter().fold(from, Workspace::reduce)
}

/// A person connects.
pub(crate) fn started() -> Action {
    Action::Started {
        id: id(),
        target: "ops@web-1".parse().unwrap(),
        pinned: None,
    }
}

/// The engine tells something.
pub(crate) fn told(event: Event) -> Action {
    Action::Told {
        id: id(),
        event: Box::new(event),
    }
}

/// The engine tells where it is.
///
/// - `shells`: those that it knows, and how they ended.
pub(crate) fn hello(
    phase: Phase,
    shells: impl IntoIterator<Item = (u32, Option<ExitStatus>)>,
) -> Action {
    let summary = |(shell, exited)| ShellSummary {
        shell: ShellId(shell),
        exited,
    };
    told(Event::Hello {
        version: VERSION,
        phase,
        target: Some("ops@web-1".parse().unwrap()),
        session: None,
        shells: shells.into_iter().map(summary).collect(),
    })
}

/// The engine's connection is open, and these shells run.
pub(crate) fn running(shells: &[u32]) -> Action {
    hello(Phase::Open, shells.iter().map(|shell| (*shell, None)))
}

/// A shell began.
///
/// - `yours`: this page asked for it.
pub(crate) fn opened(shell: u32, yours: bool) -> Action {
    told(Event::ShellOpened {
        shell: ShellId(shell),
        yours,
    })
}

/// The shell of each tab.
pub(crate) fn shells(workspace: &Workspace) -> Vec<Option<u32>> {
    let tabs = workspace.tabs().open().iter();
    tabs.map(|tab| tab.shell.map(|shell| shell.0)).collect()
}
