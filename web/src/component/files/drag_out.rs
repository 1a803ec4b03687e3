//! Files that are dragged out of the list: into a folder of this machine, or another window's list. A browser
//! takes a dragged file's bytes when the drag begins, so they are read while the button goes down.

use transom_protocol::{AskId, EntryKind, FileEntry, FilesAnswer, FilesAsk, MAX_READ_BYTES};
use web_sys::{DataTransfer, DragEvent};
use yew::Callback;

use super::desk::Desk;
use crate::service::files::Reply;
use crate::service::local::Carried;
use crate::state::file_words;
use crate::state::files::is_folder;
use crate::state::message::files as words;

/// Files that are dragged at once, at most.
const MOST_FILES: usize = 16;

/// Files that may be dragged next.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Held {
    /// How many they are; the drag begins once all are here. 0 where it cannot.
    wanted: usize,
    files: Vec<Carried>,
    asks: Vec<AskId>,
    paths: String,
}

impl Desk {
    /// The button went down on a row: reads what a drag would carry, if that can be.
    pub(crate) fn hold(&self, row: usize) {
        self.release();
        let entries = self.dragged(row);
        let size: u64 = entries.iter().map(|entry| entry.size).sum();
        let is_file = |entry: &FileEntry| {
            entry.named
                && !is_folder(entry)
                && matches!(entry.kind, EntryKind::File | EntryKind::Link)
        };
        let fits = entries.len() <= MOST_FILES
            && size <= u64::from(MAX_READ_BYTES)
            && entries.iter().all(is_file);
        if !fits {
            return;
        }
        let paths: Vec<String> = (entries.iter())
            .map(|entry| self.folder.path_of(entry).shown())
            .collect();
        self.here.borrow_mut().held = Held {
            wanted: entries.len(),
            paths: paths.join("\n"),
            ..Held::default()
        };
        for entry in &entries {
            self.fetch(entry);
        }
    }

    /// What a drag that begins at a row takes along: all that is chosen, if the row is.
    fn dragged(&self, row: usize) -> Vec<FileEntry> {
        if self.folder.is_selected(row) {
            self.folder.selected().cloned().collect()
        } else {
            self.folder.row(row).cloned().into_iter().collect()
        }
    }

    fn fetch(&self, entry: &FileEntry) {
        let (here, name) = (self.here.clone(), entry.name.shown());
        let on_reply = Callback::from(move |reply: Reply| {
            let FilesAnswer::Content { mark, .. } = reply.answer else {
                return;
            };
            let bytes = reply.bytes.unwrap_or_default();
            // A link may lead to more than was read.
            if u64::from(bytes.length()) == mark.size {
                here.borrow_mut().held.files.push(Carried {
                    name: name.clone(),
                    bytes: bytes.into(),
                    modified: mark.modified,
                });
            }
        });
        let ask = FilesAsk::Read {
            path: self.folder.path_of(entry),
            offset: 0,
            length: MAX_READ_BYTES,
        };
        let ask = self.files.ask(ask, on_reply);
        self.here.borrow_mut().held.asks.push(ask);
    }

    /// The button went up, or the drag is over.
    pub(crate) fn release(&self) {
        let held = core::mem::take(&mut self.here.borrow_mut().held);
        for ask in held.asks {
            self.files.drop_ask(ask);
        }
    }

    /// Whether what is dragged may come from here.
    pub(crate) fn drags(&self) -> bool {
        self.here.borrow().held.wanted > 0
    }

    /// Begins a drag, or says why there is none.
    pub(crate) fn drag(&self, row: usize, event: &DragEvent) {
        let refused = {
            let held = &self.here.borrow().held;
            match event.data_transfer() {
                Some(data) if held.wanted > 0 && held.files.len() == held.wanted => {
                    self.give(held, &data);
                    return;
                }
                _ => held.wanted == 0,
            }
        };
        event.prevent_default();
        let words = if refused {
            words::NOT_DRAGGED.with(&[("most", &file_words::size(MAX_READ_BYTES.into()))])
        } else {
            let name = self.folder.row(row).map(|entry| entry.name.shown());
            words::DRAG_LATER.with(&[("name", &name.unwrap_or_default())])
        };
        self.notice.set(Some(words.into()));
    }

    fn give(&self, held: &Held, data: &DataTransfer) {
        let origin = self.origin();
        self.local.carry(data, &held.files, (&held.paths, &origin));
    }

    /// Names this folder in drags.
    pub(super) fn origin(&self) -> String {
        let folder = self.folder.path.shown();
        format!("{} {folder}", self.files.connection().0)
    }
}
