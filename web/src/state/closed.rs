//! Tabs that were closed and can be opened again.

use transom_protocol::Target;

use crate::state::connection::{Connection, ConnectionId};
use crate::state::groups::Group;
use crate::state::layout::Tree;
use crate::state::tabs::{TabId, Tabs};
use crate::state::workspace::Workspace;

/// How many closed tabs are remembered; the oldest is forgotten first.
const MAX_CLOSED: usize = 10;

/// Where a closed terminal led.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClosedPane {
    pub(crate) tab: TabId,
    pub(crate) connection: ConnectionId,
    target: Target,
    pinned: Option<String>,
}

/// A connection that has to be made again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gone {
    pub(crate) id: ConnectionId,
    pub(crate) target: Target,
    pub(crate) pinned: Option<String>,
}

/// A connection that is made in the place of one that is gone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Renewed {
    pub(crate) old: ConnectionId,
    pub(crate) connection: ConnectionId,
    pub(crate) target: Target,
    pub(crate) pinned: Option<String>,
}

/// The closed tabs, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Closed(Vec<(Group, Vec<ClosedPane>)>);

impl Closed {
    /// Whether there is one.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes terminals of one tab that are about to be closed. One whose host was never known
    /// cannot come back.
    pub(crate) fn note(&mut self, closing: &[TabId], tabs: &Tabs, connections: &[Connection]) {
        let panes = closing.iter().filter_map(|id| {
            let tab = tabs.get(*id)?;
            let mut connections = connections.iter();
            let connection = connections.find(|known| known.id == tab.connection)?;
            Some(ClosedPane {
                tab: *id,
                connection: connection.id.clone(),
                target: connection.target.clone()?,
                pinned: connection.pinned.clone(),
            })
        });
        let panes: Vec<ClosedPane> = panes.collect();
        let group = panes.first().and_then(|pane| tabs.groups().of(pane.tab));
        let Some(mut group) = group.cloned() else {
            return;
        };
        let leaves = group.tree.leaves();
        let mut left = leaves
            .into_iter()
            .filter(|leaf| panes.iter().all(|pane| pane.tab != *leaf));
        let tree = left.try_fold(group.tree, Tree::without);
        let Some(tree) = tree else { return };
        group.tree = tree;
        if self.0.len() >= MAX_CLOSED {
            self.0.remove(0);
        }
        self.0.push((group, panes));
    }

    /// The connections of the tab closed last that no tab shows any more.
    pub(crate) fn gone(&self, workspace: &Workspace) -> Vec<Gone> {
        let mut gone: Vec<Gone> = Vec::new();
        let panes = self.0.last().map(|(_, panes)| panes.as_slice());
        for pane in panes.unwrap_or_default() {
            let known = gone.iter().any(|known| known.id == pane.connection);
            if !known && workspace.connection(&pane.connection).is_none() {
                gone.push(Gone {
                    id: pane.connection.clone(),
                    target: pane.target.clone(),
                    pinned: pane.pinned.clone(),
                });
            }
        }
        gone
    }

    /// Takes the tab that was closed last.
    pub(crate) fn take(&mut self) -> Option<(Group, Vec<ClosedPane>)> {
        self.0.pop()
    }
}
