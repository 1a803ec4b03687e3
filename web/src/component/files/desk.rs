//! What a person does with a folder.

use core::cell::RefCell;
use std::rc::Rc;

use transom_protocol::{
    AskId, EntryKind, FileEntry, FilesAnswer, FilesAsk, FilesErrorCode, FilesFailure, RemotePath,
};
use yew::{AttrValue, Callback, UseReducerHandle, UseStateSetter};

use super::sheet::Sheet;
use crate::service::files::{Files, Reply};
use crate::service::kept::Server;
use crate::service::local::Local;
use crate::state::files::{Folder, FolderAction, is_folder, parent};
use crate::state::message::files as words;

/// The folder with everything that acts on it.
#[derive(Clone, PartialEq)]
pub(crate) struct Desk {
    pub(crate) files: Files,
    pub(crate) folder: UseReducerHandle<Folder>,
    pub(crate) sheet: UseStateSetter<Option<Sheet>>,
    /// Says what went wrong.
    pub(crate) notice: UseStateSetter<Option<AttrValue>>,
    /// The row whose name is being changed.
    pub(crate) renaming: UseStateSetter<Option<usize>>,
    pub(crate) local: Local,
    /// What uploads go to, so that they can be kept; `None` while nobody knows.
    pub(crate) server: Option<Rc<Server>>,
    /// Where the person is now; the folder's own path is that of its last drawing.
    pub(crate) here: Rc<RefCell<Here>>,
}

/// Where the person is, and the ask that waits for its answer.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Here {
    path: RemotePath,
    asked: Option<AskId>,
}

impl Desk {
    /// Shows a folder, with the cursor on `wanted` if there is such a name.
    pub(crate) fn go(&self, path: RemotePath, wanted: &[u8]) {
        if path.bytes().starts_with(b"/") {
            self.list(path, wanted);
        } else {
            self.resolve(path);
        }
    }

    fn list(&self, path: RemotePath, wanted: &[u8]) {
        let old = self.here.borrow_mut().asked.take();
        if let Some(old) = old {
            self.files.drop_ask(old);
        }
        let ask = self.files.next_ask();
        self.here.replace(Here {
            path: path.clone(),
            asked: Some(ask),
        });
        self.folder.dispatch(FolderAction::Asked {
            ask,
            path: path.clone(),
            wanted: wanted.to_vec(),
        });
        let (begin, end) = (self.folder.dispatcher(), self.folder.dispatcher());
        let on_first =
            Callback::from(move |entries| begin.dispatch(FolderAction::Begun { ask, entries }));
        let here = Rc::clone(&self.here);
        let on_reply = Callback::from(move |reply: Reply| {
            let entries = reply.entries;
            end.dispatch(match reply.answer {
                FilesAnswer::Listed { path, cut } => {
                    here.borrow_mut().path = path.clone();
                    FolderAction::Listed {
                        ask,
                        path,
                        entries,
                        cut,
                    }
                }
                answer => FolderAction::Failed {
                    ask: Some(ask),
                    failure: failure(answer),
                },
            });
        });
        self.files.list(path, on_first, on_reply);
    }

    /// Shows a folder whose path begins at the account's home, or with `~`.
    fn resolve(&self, path: RemotePath) {
        let desk = self.clone();
        let on_reply = Callback::from(move |reply: Reply| match reply.answer {
            // Whatever the server calls it: asked again, it would say the same again.
            FilesAnswer::Path { path } => desk.list(path, b""),
            answer if desk.here.borrow().path.bytes().is_empty() => {
                desk.folder.dispatch(FolderAction::Failed {
                    ask: None,
                    failure: failure(answer),
                });
            }
            answer => desk.tell(answer),
        });
        self.files.ask(FilesAsk::Resolve { path }, on_reply);
    }

    /// Reads the folder again, unless the person has left it.
    pub(crate) fn refresh(&self, wanted: &[u8]) {
        let here = self.here.borrow().path.clone();
        if here == self.folder.path {
            self.go(here, wanted);
        }
    }

    /// Goes to the folder around this one.
    pub(crate) fn up(&self) {
        let path = &self.folder.path;
        let name = path.name();
        if !name.is_empty() {
            self.go(parent(path), name);
        }
    }

    /// Changes something, and reads the folder again.
    pub(crate) fn act(&self, ask: FilesAsk, wanted: &[u8]) {
        let (desk, wanted) = (self.clone(), wanted.to_vec());
        let on_reply = Callback::from(move |reply: Reply| {
            desk.tell(reply.answer);
            desk.refresh(&wanted);
        });
        self.notice.set(None);
        self.files.ask(ask, on_reply);
    }

    /// Says what went wrong, if anything did.
    pub(crate) fn tell(&self, answer: FilesAnswer) {
        let words = match answer {
            FilesAnswer::Failed { failure } => Some(failure.detail),
            FilesAnswer::Counted { failures, .. } if !failures.is_empty() => {
                let details: Vec<_> = failures.into_iter().map(|failure| failure.detail).collect();
                Some(details.join(". "))
            }
            _ => None,
        };
        if let Some(words) = words {
            self.notice.set(Some(words.into()));
        }
    }

    /// Gives an entry another name.
    pub(crate) fn rename(&self, entry: &FileEntry, name: &str) {
        self.renaming.set(None);
        if name.is_empty() || name.as_bytes() == entry.name.bytes() {
            return;
        }
        let ask = FilesAsk::Rename {
            from: self.folder.path_of(entry),
            to: self.folder.path.join(name.as_bytes()),
            replace: false,
        };
        self.act(ask, name.as_bytes());
    }

    /// Lets the name of the entry under the cursor be changed in its place.
    pub(crate) fn begin_rename(&self) {
        self.renaming.set(Some(self.folder.cursor()));
    }

    /// Looks into the entry of a row: a folder, or a file.
    pub(crate) fn open(&self, row: usize) {
        let Some(entry) = self.folder.row(row).filter(|entry| entry.named) else {
            return;
        };
        if is_folder(entry) {
            self.go(self.folder.path_of(entry), b"");
        } else if matches!(entry.kind, EntryKind::File | EntryKind::Link) {
            self.sheet.set(Some(Sheet::View(entry.clone())));
        }
    }

    /// The path of the one file that is chosen.
    pub(crate) fn editable(&self) -> Option<RemotePath> {
        let mut chosen = self.folder.selected();
        let only = chosen.next().filter(|entry| !is_folder(entry))?;
        let is_file = matches!(entry_kind(only), EntryKind::File | EntryKind::Unknown);
        (is_file && chosen.next().is_none()).then(|| self.folder.path_of(only))
    }

    /// Opens it in the editor.
    pub(crate) fn edit(&self) {
        if let Some(path) = self.editable() {
            self.sheet.set(Some(Sheet::Edit { path, kept: None }));
        }
    }

    /// Shows the permissions of what is chosen.
    pub(crate) fn ask_permissions(&self) {
        let entries: Vec<FileEntry> = self.folder.selected().cloned().collect();
        if !entries.is_empty() {
            self.sheet.set(Some(Sheet::Permissions(entries)));
        }
    }

    /// Counts what would be deleted, and asks.
    pub(crate) fn ask_delete(&self) {
        let paths = self.folder.selected_paths();
        if paths.is_empty() {
            return;
        }
        let sheet = self.sheet.clone();
        sheet.set(Some(Sheet::Delete {
            paths: paths.clone(),
            counted: None,
        }));
        let counted = paths.clone();
        let on_reply = Callback::from(move |reply: Reply| {
            sheet.set(Some(Sheet::Delete {
                paths: paths.clone(),
                counted: Some(reply.answer),
            }));
        });
        self.files.ask(FilesAsk::Count { paths: counted }, on_reply);
    }
}

/// What an entry is, or what it leads to.
fn entry_kind(entry: &FileEntry) -> EntryKind {
    entry.target_kind.unwrap_or(entry.kind)
}

fn failure(answer: FilesAnswer) -> FilesFailure {
    match answer {
        FilesAnswer::Failed { failure } => failure,
        _ => FilesFailure {
            code: FilesErrorCode::Misbehaved,
            detail: words::WRONG_ANSWER.say().to_owned(),
        },
    }
}
