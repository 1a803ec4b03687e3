//! Windows that came out of this one, and what each of them shows.
//!
//! A shell is shown by the window that said so last. The window that a tab comes from gives it up
//! only then, so that there is always one that shows it.

use serde::{Deserialize, Serialize};
use transom_protocol::ShellId;

use crate::state::connection::ConnectionId;
use crate::state::memory::Memory;

/// What a window and the one that came out of it tell each other. No secret is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Note {
    /// The new window asks what to show.
    Ask,
    /// It is to show these tabs as well.
    Give(Memory),
    /// It shows these tabs and no others.
    Shows(Memory),
    /// The window that it came from is to show these tabs again.
    Back(Memory),
    /// That one shows them.
    Took(Memory),
}

/// How the windows share the shells, as one of them sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Windows {
    /// This window came out of another one: it shows what it is given and what it opens.
    part: bool,
    /// No other window can come to its engines, because this browser has no shared workers.
    lone: bool,
    /// The windows that came out of this one.
    others: Vec<(String, Memory)>,
    /// Shells that come back from one of them.
    taking: Vec<(String, ShellId)>,
}

/// Where tabs of a window can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moves {
    /// A tab can go to a new window.
    Out,
    /// A tab can go back to the window that this one came from.
    Back,
    /// The browser cannot share an engine between windows.
    Never,
}

impl Windows {
    /// How it begins.
    ///
    /// - `part`: the window came out of another one.
    /// - `lone`: the browser has no shared workers.
    /// - `others`: the windows that came out of this one before it was loaded anew.
    pub(crate) fn new(part: bool, lone: bool, others: Vec<(String, Memory)>) -> Self {
        Self {
            part,
            lone,
            others,
            taking: Vec::new(),
        }
    }

    /// Where tabs can go.
    pub(crate) fn moves(&self) -> Moves {
        match self {
            Self { lone: true, .. } => Moves::Never,
            Self { part: true, .. } => Moves::Back,
            _ => Moves::Out,
        }
    }

    /// The windows that came out of this one.
    pub(crate) fn others(&self) -> &[(String, Memory)] {
        &self.others
    }

    /// Whether shells that this window neither opened nor expects are for others to show.
    pub(crate) fn leaves_unknown(&self) -> bool {
        self.part
            || self
                .others
                .iter()
                .any(|(_, memory)| !memory.tabs.is_empty())
    }

    /// Whether another window shows a shell.
    pub(crate) fn shows(&self, connection: &ConnectionId, shell: ShellId) -> bool {
        let is_it =
            |(id, known): &(String, ShellId)| *id == connection.0.as_str() && *known == shell;
        let mut others = self.others.iter();
        others.any(|(_, memory)| memory.shells().iter().any(is_it))
            && !self.takes(connection, Some(shell))
    }

    /// Whether this window came out of another one.
    pub(crate) fn moves_back(&self) -> bool {
        self.part
    }

    /// Whether a shell comes back to this window.
    pub(crate) fn takes(&self, connection: &ConnectionId, shell: Option<ShellId>) -> bool {
        let mut taking = self.taking.iter();
        taking.any(|(id, known)| *id == connection.0.as_str() && Some(*known) == shell)
    }

    /// Whether another window may show shells of a connection.
    pub(crate) fn may_use(&self, connection: &ConnectionId) -> bool {
        let mut others = self.others.iter().flat_map(|(_, memory)| memory.shells());
        self.part || others.any(|(id, _)| id == connection.0.as_str())
    }

    /// Notes what a window shows now; what it gave back comes no more.
    pub(crate) fn note(&mut self, window: &str, memory: &Memory) {
        let shells = memory.shells();
        self.taking.retain(|shell| shells.contains(shell));
        self.others.retain(|(known, _)| known != window);
        self.others.push((window.to_owned(), memory.clone()));
    }

    /// Notes that these shells come back.
    pub(crate) fn take(&mut self, memory: &Memory) {
        if !self.part {
            self.taking.extend(memory.shells());
        }
    }

    /// Notes that a window is gone, and gives what it showed last.
    pub(crate) fn end(&mut self, window: &str) -> Memory {
        let place = self.others.iter().position(|(known, _)| known == window);
        place.map_or_else(Memory::default, |place| self.others.remove(place).1)
    }
}
