//! Tabs that a reload brings back. Each terminal waits for the shell that it showed; where that is
//! gone, what was on its screen stays, under a line that says why.

use transom_protocol::{ExitStatus, ShellId};
use yew::AttrValue;

use crate::state::connection::ConnectionId;
use crate::state::layout::Tree;
use crate::state::memory::{Memory, OldPane, OldTree};
use crate::state::tabs::{TabId, Tabs};
use crate::state::title;

/// Why a terminal has no shell any more. Times are in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lost {
    /// Its session ended after its page was left at this time.
    Session { left_ms: f64 },
    /// Only its shell did.
    Shell { left_ms: f64 },
    /// Its screen says so already.
    Before,
}

/// What a page left behind.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) memory: Memory,
    /// What was on the screen of each terminal, by its old number.
    pub(crate) screens: Vec<(u32, String)>,
    /// When the page was left, in milliseconds since 1970.
    pub(crate) at_ms: f64,
}

impl Tabs {
    /// Brings tabs back. Terminals of connections that are not in the memory stay away.
    pub(crate) fn restore(&mut self, left: &Left) {
        self.left_ms = left.at_ms;
        for (place, old) in left.memory.tabs.iter().enumerate() {
            let mut focus = None;
            let Some(tree) = self.plant(&old.tree, left, &mut |pane, id| {
                if pane == old.focus {
                    focus = Some(id);
                }
            }) else {
                continue;
            };
            let id = self.groups.insert(None, tree);
            self.groups.change(id, |group| {
                group.focus = focus.unwrap_or(group.focus);
                group.zoomed = old.zoomed && matches!(group.tree, Tree::Split(_));
            });
            self.groups.rename(id, &old.name);
            if place == left.memory.front || self.front.is_none() {
                self.front = Some(id);
            }
        }
        self.sort();
    }

    fn plant(
        &mut self,
        old: &OldTree,
        left: &Left,
        planted: &mut impl FnMut(u32, TabId),
    ) -> Option<Tree> {
        match old {
            OldTree::Pane(pane) => {
                let known = &left.memory.connections;
                known.iter().find(|known| known.id == pane.connection)?;
                let id = self.revive(pane, left);
                planted(pane.tab, id);
                Some(Tree::Leaf(id))
            }
            OldTree::Split { axis, ratio, parts } => {
                let first = self.plant(&parts.0, left, planted);
                let second = self.plant(&parts.1, left, planted);
                match (first, second) {
                    (Some(first), Some(second)) => Some(Tree::pair(*axis, *ratio, first, second)),
                    (first, second) => first.or(second),
                }
            }
        }
    }

    fn revive(&mut self, pane: &OldPane, left: &Left) -> TabId {
        let connection = ConnectionId(AttrValue::from(pane.connection.clone()));
        let id = self.make(&connection, None);
        let mut screens = left.screens.iter();
        let screen = screens.find(|(old, _)| *old == pane.tab);
        if let Some(tab) = self.get_mut(id) {
            tab.title = AttrValue::from(title::clean(&pane.title));
            tab.expects = pane.shell;
            tab.kept = screen.map(|(_, text)| AttrValue::from(text.clone()));
            if pane.shell.is_none() && pane.ended {
                tab.lose(Lost::Before);
            }
        }
        id
    }

    /// Whether a terminal waits for this shell.
    pub(crate) fn expects(&self, connection: &ConnectionId, shell: ShellId) -> bool {
        self.of(connection).any(|tab| tab.expects == Some(shell))
    }

    /// Notes that the shells which the terminals of a connection still wait for are gone; with
    /// `session`, because all of the session is.
    pub(crate) fn miss(&mut self, connection: &ConnectionId, session: bool) {
        let left_ms = self.left_ms;
        let lost = if session {
            Lost::Session { left_ms }
        } else {
            Lost::Shell { left_ms }
        };
        for tab in &mut self.open {
            if tab.connection == *connection && tab.expects.is_some() {
                tab.lose(lost);
            }
        }
    }
}

impl super::Tab {
    fn lose(&mut self, lost: Lost) {
        self.expects = None;
        self.ended = Some(ExitStatus::Unknown);
        self.lost = Some(lost);
        self.used = true;
    }
}

#[cfg(test)]
mod tests;
