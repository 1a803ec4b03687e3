//! Tabs that go to another window and come back. Their shells go on; only who shows them changes.

use transom_protocol::ShellId;

use crate::state::connection::ConnectionId;
use crate::state::memory::{Memory, OldPane};
use crate::state::tabs::{Left, Tab, TabId};
use crate::state::workspace::Workspace;

/// What passed between this window and another one. Times are in milliseconds since 1970.
#[derive(Clone, Debug)]
pub(crate) enum Share {
    /// A window that came out of this one shows these tabs and no others.
    Shown { window: String, memory: Memory },
    /// This window is to show these tabs, in front; their shells are sought.
    Given { memory: Memory, at_ms: f64 },
    /// The window that this one came from shows them.
    Took(Memory),
    /// A window that came out of this one is gone.
    Gone { window: String, at_ms: f64 },
}

impl Workspace {
    /// Whether a person looks for all shells of a connection here: none of its tabs has or expects one.
    pub(super) fn seeks_all(&self, id: &ConnectionId) -> bool {
        let mut tabs = self.tabs.of(id);
        tabs.all(|tab| tab.shell.is_none() && tab.expects.is_none())
    }

    /// Whether a shell is another window's to show.
    ///
    /// - `seeks_all`: what [`Self::seeks_all`] said before any of them was shown.
    pub(super) fn is_for_others(&self, id: &ConnectionId, shell: ShellId, seeks_all: bool) -> bool {
        let is_here = |tab: &Tab| tab.shell == Some(shell) || tab.expects == Some(shell);
        let others = self.windows.moves_back() && !seeks_all;
        (others || self.windows.shows(id, shell)) && !self.tabs.of(id).any(is_here)
    }

    pub(super) fn share(&mut self, share: Share) {
        match share {
            Share::Shown { window, memory } => {
                self.windows.note(&window, &memory);
                self.give_up(&memory);
            }
            Share::Given { memory, at_ms } => {
                self.windows.take(&memory);
                let group = self.receive(memory, at_ms);
                if let Some(tab) = group {
                    self.tabs.raise(tab);
                }
            }
            Share::Took(memory) => self.give_up(&memory),
            Share::Gone { window, at_ms } => {
                let front = self.tabs.front().map(|tab| tab.id);
                let memory = self.windows.end(&window);
                self.receive(memory, at_ms);
                // It comes back by itself, so it comes behind.
                if let Some(front) = front {
                    self.tabs.raise(front);
                }
            }
        }
    }

    /// Takes the tabs away whose shells another window shows. Their shells are left alone, and so is
    /// a connection that no tab is left of: the other window speaks with its engine.
    fn give_up(&mut self, memory: &Memory) {
        let shells = memory.shells();
        let gone: Vec<TabId> = self
            .tabs
            .open()
            .iter()
            .filter(|tab| {
                let mut shells = shells.iter();
                shells.any(|(id, shell)| tab.connection.0 == *id && tab.shell == Some(*shell))
                    && !self.windows.takes(&tab.connection, tab.shell)
            })
            .map(|tab| tab.id)
            .collect();
        for tab in gone {
            self.tabs.close(tab);
        }
        let tabs = &self.tabs;
        self.connections
            .retain(|connection| tabs.of(&connection.id).next().is_some());
    }

    /// Brings tabs of another window in, but for what is shown already; gives the terminal that has
    /// the keyboard in the first of them.
    fn receive(&mut self, memory: Memory, at_ms: f64) -> Option<TabId> {
        let shown = |pane: &OldPane| {
            let mut tabs = self.tabs.open().iter();
            let is_it = |shell| pane.shell.is_some() && pane.shell == shell;
            tabs.any(|tab| tab.connection.0 == pane.connection && is_it(tab.shell.or(tab.expects)))
        };
        let memory = memory.without(&shown);
        let known = self.tabs.groups().list().len();
        self.restore(&Left {
            memory,
            screens: Vec::new(),
            at_ms,
        });
        let group = self.tabs.groups().list().get(known);
        group.map(|group| group.focus)
    }
}

#[cfg(test)]
mod tests;
