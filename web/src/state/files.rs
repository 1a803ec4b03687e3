//! A folder of the server as the page shows it: entries, their order, what is chosen.

mod arrived;
mod order;

use std::collections::BTreeSet;
use std::rc::Rc;

use transom_protocol::{AskId, EntryKind, FileEntry, FilesFailure, RemotePath};
use yew::Reducible;

pub(crate) use arrived::arrived;
use order::{is_shown, ordered};

/// What the entries are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Column {
    #[default]
    Name,
    Size,
    Modified,
    Mode,
    Owner,
}

/// How the cursor moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    By(isize),
    First,
    Last,
    /// To a row, by its place.
    To(usize),
}

/// What moving the cursor does to the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Chooses this row alone.
    Only,
    /// Chooses this row too, or no longer.
    Toggle,
    /// Chooses all rows from the one that was chosen last.
    Range,
}

/// A folder on the page.
///
/// INVARIANT: `order` and `selected` hold indexes of `entries` only.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Folder {
    /// Its path: as it was asked for, then as the server calls it.
    pub(crate) path: RemotePath,
    /// The ask whose answer is awaited.
    pub(crate) asked: Option<AskId>,
    /// Why it cannot be shown.
    pub(crate) failure: Option<FilesFailure>,
    /// There are more entries than were told.
    pub(crate) cut: bool,
    /// Names with a dot before them are shown.
    pub(crate) hidden: bool,
    pub(crate) sort: (Column, bool),
    entries: Rc<Vec<FileEntry>>,
    order: Rc<Vec<usize>>,
    selected: BTreeSet<usize>,
    cursor: usize,
    anchor: usize,
    /// The name that gets the cursor once the folder is listed.
    wanted: Vec<u8>,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum FolderAction {
    /// A folder was asked for. `wanted` gets the cursor.
    Asked {
        ask: AskId,
        path: RemotePath,
        wanted: Vec<u8>,
    },
    /// Its first entries came.
    Begun { ask: AskId, entries: Vec<FileEntry> },
    /// All came.
    Listed {
        ask: AskId,
        path: RemotePath,
        entries: Vec<FileEntry>,
        cut: bool,
    },
    /// It cannot be listed; without `ask`, because nobody knows where it is.
    Failed {
        ask: Option<AskId>,
        failure: FilesFailure,
    },
    /// The person chose a column; again for the other direction.
    Sorted(Column),
    /// The person shows or hides names with a dot.
    HiddenToggled,
    /// The person moved the cursor.
    Moved(Move, Choice),
    /// The person typed the beginning of a name: the next such row is chosen.
    Typed(String),
    /// The person chose all.
    AllSelected,
    /// The person chose none.
    NoneSelected,
}

impl Folder {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The entry of a row.
    pub(crate) fn row(&self, row: usize) -> Option<&FileEntry> {
        self.entries.get(*self.order.get(row)?)
    }

    /// The row with the cursor.
    pub(crate) fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether a row is chosen.
    pub(crate) fn is_selected(&self, row: usize) -> bool {
        let index = self.order.get(row);
        index.is_some_and(|index| self.selected.contains(index))
    }

    /// The chosen entries whose names can be used.
    pub(crate) fn selected(&self) -> impl Iterator<Item = &FileEntry> {
        let chosen = self.selected.iter();
        chosen
            .filter_map(|index| self.entries.get(*index))
            .filter(|entry| entry.named)
    }

    /// Paths of the chosen entries.
    pub(crate) fn selected_paths(&self) -> Vec<RemotePath> {
        let chosen = self.order.iter().filter(|&row| self.selected.contains(row));
        chosen
            .filter_map(|&row| self.entries.get(row))
            .filter(|entry| entry.named)
            .map(|entry| self.path_of(entry))
            .collect()
    }

    /// The path of an entry.
    pub(crate) fn path_of(&self, entry: &FileEntry) -> RemotePath {
        self.path.join(entry.name.bytes())
    }

    fn show(&mut self, entries: Vec<FileEntry>) {
        let old = core::mem::replace(&mut self.entries, Rc::new(entries));
        let mut names: BTreeSet<&[u8]> = (self.selected.iter())
            .filter_map(|index| old.get(*index))
            .map(|entry| entry.name.bytes())
            .collect();
        if !self.wanted.is_empty() {
            names = BTreeSet::from([self.wanted.as_slice()]);
        }
        self.selected = (self.entries.iter().enumerate())
            .filter(|(_, entry)| names.contains(entry.name.bytes()))
            .map(|(index, _)| index)
            .collect();
        self.arrange();
        if let Some(first) = self.selected.first() {
            let row = self.order.iter().position(|index| index == first);
            self.cursor = row.unwrap_or_default();
        }
        self.anchor = self.cursor;
    }

    fn arrange(&mut self) {
        self.order = Rc::new(ordered(&self.entries, self.hidden, self.sort));
        let (entries, hidden) = (Rc::clone(&self.entries), self.hidden);
        let stays = |index: &usize| {
            let entry = entries.get(*index);
            entry.is_some_and(|entry| is_shown(entry, hidden))
        };
        self.selected.retain(stays);
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
        self.anchor = self.cursor;
    }

    fn moved(&mut self, to: Move, choice: Choice) {
        let last = self.len().saturating_sub(1);
        self.cursor = match to {
            Move::By(step) => self.cursor.saturating_add_signed(step),
            Move::First => 0,
            Move::Last => last,
            Move::To(row) => row,
        }
        .min(last);
        if choice != Choice::Range {
            self.anchor = self.cursor;
        }
        let (from, to) = (self.anchor.min(self.cursor), self.anchor.max(self.cursor));
        let rows = self.order.get(from..=to).unwrap_or_default();
        if choice == Choice::Toggle {
            for index in rows {
                if !self.selected.remove(index) {
                    self.selected.insert(*index);
                }
            }
        } else {
            self.selected = rows.iter().copied().collect();
        }
    }

    fn typed(&mut self, text: &str) {
        let text = text.to_lowercase();
        let begins = |row: &usize| {
            let entry = self.row(*row);
            entry.is_some_and(|entry| entry.name.shown().to_lowercase().starts_with(&text))
        };
        // From the cursor on and around the end, so that the same letter finds the next one.
        let row = (self.cursor + 1..self.len())
            .chain(0..self.len())
            .find(begins);
        if let Some(row) = row {
            self.moved(Move::To(row), Choice::Only);
        }
    }
}

impl Reducible for Folder {
    type Action = FolderAction;

    fn reduce(self: Rc<Self>, action: FolderAction) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            FolderAction::Asked { ask, path, wanted } => {
                if path != next.path {
                    next.selected.clear();
                    next.entries = Rc::default();
                    next.arrange();
                }
                next.path = path;
                next.wanted = wanted;
                next.asked = Some(ask);
                next.failure = None;
            }
            FolderAction::Begun { ask, entries } => {
                // A folder that is read again stays as it is until all is there.
                if next.asked == Some(ask) && next.entries.is_empty() {
                    let wanted = next.wanted.clone();
                    next.show(entries);
                    next.wanted = wanted;
                }
            }
            FolderAction::Listed {
                ask,
                path,
                entries,
                cut,
            } => {
                if next.asked == Some(ask) {
                    next.asked = None;
                    next.path = path;
                    next.cut = cut;
                    next.show(entries);
                    next.wanted.clear();
                }
            }
            FolderAction::Failed { ask, failure } => {
                if next.asked == ask {
                    next.asked = None;
                    next.failure = Some(failure);
                    next.entries = Rc::default();
                    next.arrange();
                }
            }
            FolderAction::Sorted(column) => {
                next.sort = (column, next.sort == (column, false));
                next.arrange();
            }
            FolderAction::HiddenToggled => {
                next.hidden = !next.hidden;
                next.arrange();
            }
            FolderAction::Moved(to, choice) => next.moved(to, choice),
            FolderAction::Typed(text) => next.typed(&text),
            FolderAction::AllSelected => next.selected = next.order.iter().copied().collect(),
            FolderAction::NoneSelected => next.selected.clear(),
        }
        Rc::new(next)
    }
}

/// Whether an entry can be opened as a folder.
pub(crate) fn is_folder(entry: &FileEntry) -> bool {
    entry.kind == EntryKind::Folder || entry.target_kind == Some(EntryKind::Folder)
}

/// The folder around a path.
pub(crate) fn parent(path: &RemotePath) -> RemotePath {
    let bytes = path.bytes();
    let end = bytes.len().saturating_sub(path.name().len());
    let folder = bytes.get(..end).unwrap_or_default();
    match folder.strip_suffix(b"/") {
        Some([]) | None => RemotePath::from("/"),
        Some(folder) => RemotePath::new(folder),
    }
}

/// Whether something can move into a folder: not what is there already, and no folder into itself.
pub(crate) fn moves_into(path: &RemotePath, folder: &RemotePath) -> bool {
    let inside = (folder.bytes()).strip_prefix(path.bytes());
    let inside = inside.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"));
    !inside && parent(path) != *folder
}

/// What moves into a folder, from where to where.
pub(crate) fn moved_into(
    paths: &[RemotePath],
    folder: &RemotePath,
) -> Vec<(RemotePath, RemotePath)> {
    let moves = paths.iter().filter(|path| moves_into(path, folder));
    moves
        .map(|path| (path.clone(), folder.join(path.name())))
        .collect()
}

#[cfg(test)]
mod tests;
