//! Files of one connection: asks and their answers, transfers, and what the browser does with
//! local files.

mod again;
mod choice;
mod download;
mod edit;

pub(crate) use choice::Choices;

use std::cell::{Cell, Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use js_sys::Uint8Array;
use transom_protocol::{
    AskId, Command, Conflict, FileEntry, FilesAnswer, FilesAsk, FilesCommand, FilesEvent,
    RemotePath, ShellId, Transfer, TransferId, TransferState,
};
use wasm_bindgen::JsValue;
use yew::Callback;

use crate::service::kept;
use crate::service::local;
use crate::service::sessions::Sessions;
use crate::state::connection::ConnectionId;
use crate::state::transfer_list::TransferList;

/// Letters of a transfer's name: 80 bits, so that two pages never choose the same.
const ID_LETTERS: usize = 16;

/// What an ask brought.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) answer: FilesAnswer,
    pub(crate) entries: Vec<FileEntry>,
    pub(crate) bytes: Option<Uint8Array>,
}

struct Waiting {
    entries: Vec<FileEntry>,
    on_first: Option<Callback<Vec<FileEntry>>>,
    on_reply: Callback<Reply>,
}

/// Where a shell is.
struct ShellPlace {
    /// The machine that it named first, which is taken for the server.
    machine: String,
    /// `None` while it is on another machine.
    folder: Option<RemotePath>,
}

/// What this page knows of a transfer that it began.
#[derive(Clone)]
pub(crate) struct Own {
    /// The local file of an upload.
    pub(crate) file: Option<web_sys::File>,
    /// A download has no place. What goes into the browser's private storage is given to the person
    /// at its end.
    private: bool,
    /// An upload is kept in the browser until it is done; with a handle of the file or without.
    kept: Option<bool>,
}

/// What the engine of one connection says about files.
#[derive(Default)]
pub(crate) struct Heard {
    next: Cell<u32>,
    waiting: RefCell<BTreeMap<AskId, Waiting>>,
    transfers: RefCell<TransferList>,
    own: RefCell<BTreeMap<TransferId, Own>>,
    watchers: RefCell<Vec<(u32, Callback<()>)>>,
    /// The screen is in sight.
    open: Cell<bool>,
    /// A text that is edited is not saved.
    unsaved: Cell<bool>,
    /// How often something would have ended such a text.
    leaving: Cell<u32>,
    /// The engine has stopped by an error.
    stopped: Cell<bool>,
    /// For transfers to come.
    choices: Cell<Choices>,
    /// Rows that are dragged now.
    dragged: RefCell<Vec<RemotePath>>,
    /// Folders that a person agreed to upload into from a terminal.
    agreed: RefCell<BTreeSet<RemotePath>>,
    /// Where shells are.
    places: RefCell<BTreeMap<ShellId, ShellPlace>>,
}

impl Heard {
    /// Takes what the engine says.
    pub(crate) fn hear(&self, event: FilesEvent, bytes: Option<Uint8Array>) {
        match event {
            FilesEvent::Entries { id, entries } => self.entries(id, entries),
            FilesEvent::Answer { id, answer } => {
                let waiting = self.waiting.borrow_mut().remove(&id);
                if let Some(Waiting {
                    entries, on_reply, ..
                }) = waiting
                {
                    on_reply.emit(Reply {
                        answer,
                        entries,
                        bytes,
                    });
                }
            }
            FilesEvent::Transfers { transfers } => {
                for transfer in transfers {
                    self.changed(transfer);
                }
                self.tell();
            }
            FilesEvent::TransferGone { transfer } => {
                self.transfers.borrow_mut().remove(&transfer);
                let own = self.own.borrow_mut().remove(&transfer);
                if own.is_some_and(|own| own.kept.is_some()) {
                    kept::forget(&transfer);
                }
                self.tell();
            }
        }
    }

    fn entries(&self, id: AskId, mut entries: Vec<FileEntry>) {
        let mut waiting = self.waiting.borrow_mut();
        let Some(asked) = waiting.get_mut(&id) else {
            return;
        };
        let first = asked
            .on_first
            .take()
            .map(|on_first| (on_first, entries.clone()));
        asked.entries.append(&mut entries);
        drop(waiting);
        if let Some((on_first, entries)) = first {
            on_first.emit(entries);
        }
    }

    fn changed(&self, transfer: Transfer) {
        let own = self.own.borrow().get(&transfer.id).cloned();
        let mut transfers = self.transfers.borrow_mut();
        let was_done = transfers.get(&transfer.id).is_some_and(is_done);
        if let Some(own) = own.filter(|_| is_done(&transfer) && !was_done) {
            if own.private && !transfer.streamed {
                local::save(&transfer.id, &transfer.local_name);
            }
            if own.kept.is_some() {
                kept::forget(&transfer.id);
            }
        }
        transfers.put(transfer);
    }

    fn tell(&self) {
        let watchers: Vec<_> = (self.watchers.borrow().iter())
            .map(|(_, watcher)| watcher.clone())
            .collect();
        for watcher in watchers {
            watcher.emit(());
        }
    }
}

fn is_done(transfer: &Transfer) -> bool {
    matches!(
        transfer.state,
        TransferState::Done { .. } | TransferState::Skipped
    )
}

/// The files of one connection. Cloning it names the same ones.
#[derive(Clone)]
pub(crate) struct Files {
    sessions: Sessions,
    id: ConnectionId,
    heard: Rc<Heard>,
}

impl PartialEq for Files {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.heard, &other.heard)
    }
}

impl Files {
    /// The files of the connection called `id`, whose engine speaks to `heard`.
    pub(crate) fn new(sessions: Sessions, id: ConnectionId, heard: Rc<Heard>) -> Self {
        Self {
            sessions,
            id,
            heard,
        }
    }

    /// The connection.
    pub(crate) fn connection(&self) -> &ConnectionId {
        &self.id
    }

    /// Asks; `on_reply` gets the answer.
    pub(crate) fn ask(&self, ask: FilesAsk, on_reply: Callback<Reply>) -> AskId {
        self.send_ask(ask, None, (None, on_reply))
    }

    /// Replaces a file by bytes; see [`FilesAsk::Write`].
    pub(crate) fn write(&self, ask: FilesAsk, bytes: &[u8], on_reply: Callback<Reply>) {
        self.send_ask(ask, Some(bytes), (None, on_reply));
    }

    /// Lists a folder; `on_first` gets the first entries as soon as they are there.
    pub(crate) fn list(
        &self,
        path: RemotePath,
        on_first: Callback<Vec<FileEntry>>,
        on_reply: Callback<Reply>,
    ) -> AskId {
        self.send_ask(FilesAsk::List { path }, None, (Some(on_first), on_reply))
    }

    /// The id of the next ask.
    pub(crate) fn next_ask(&self) -> AskId {
        AskId(self.heard.next.get())
    }

    /// No longer wants an answer.
    pub(crate) fn drop_ask(&self, id: AskId) {
        if self.heard.waiting.borrow_mut().remove(&id).is_some() {
            self.command(FilesCommand::Drop { id }, None);
        }
    }

    fn send_ask(
        &self,
        ask: FilesAsk,
        bytes: Option<&[u8]>,
        (on_first, on_reply): (Option<Callback<Vec<FileEntry>>>, Callback<Reply>),
    ) -> AskId {
        let id = self.next_ask();
        self.heard.next.set(id.0.wrapping_add(1));
        if self.has_stopped() {
            // Later, as an engine would.
            wasm_bindgen_futures::spawn_local(async move { on_reply.emit(edit::no_answer()) });
            return id;
        }
        let waiting = Waiting {
            entries: Vec::new(),
            on_first,
            on_reply,
        };
        self.heard.waiting.borrow_mut().insert(id, waiting);
        let command = Command::Files {
            command: FilesCommand::Ask { id, ask },
        };
        self.sessions.send_files(&self.id, &command, bytes, None);
        id
    }

    /// Uploads a file under `target`.
    pub(crate) fn upload(
        &self,
        file: web_sys::File,
        target: RemotePath,
        conflict: Conflict,
    ) -> TransferId {
        let transfer = new_id();
        let id = transfer.clone();
        let object: JsValue = file.clone().into();
        let own = Own {
            file: Some(file),
            private: false,
            kept: None,
        };
        self.heard.own.borrow_mut().insert(transfer.clone(), own);
        self.begin_upload((transfer, target), conflict, Some(&object));
        id
    }

    /// Commands without an ask.
    pub(crate) fn command(&self, command: FilesCommand, object: Option<&JsValue>) {
        let command = Command::Files { command };
        self.sessions.send_files(&self.id, &command, None, object);
    }

    /// The transfers, oldest first.
    pub(crate) fn transfers(&self) -> Vec<Transfer> {
        self.heard.transfers.borrow().all()
    }

    /// The local file of an upload that this page began.
    pub(crate) fn local_file(&self, id: &TransferId) -> Option<web_sys::File> {
        self.heard
            .own
            .borrow()
            .get(id)
            .and_then(|own| own.file.clone())
    }

    /// Notes on which machine and in which folder a shell says it is.
    pub(crate) fn note_folder(&self, shell: ShellId, (machine, folder): (String, RemotePath)) {
        let mut places = self.heard.places.borrow_mut();
        let first = || ShellPlace {
            machine: machine.clone(),
            folder: None,
        };
        let place = places.entry(shell).or_insert_with(first);
        place.folder = (place.machine == machine).then_some(folder);
    }

    /// The folder that a shell is in, where it said so and is on the server itself.
    pub(crate) fn folder_of(&self, shell: ShellId) -> Option<RemotePath> {
        self.heard.places.borrow().get(&shell)?.folder.clone()
    }

    /// Notes what is dragged now, and gives what was before.
    pub(crate) fn drag(&self, paths: Vec<RemotePath>) -> Vec<RemotePath> {
        self.heard.dragged.replace(paths)
    }

    /// What is dragged now.
    pub(crate) fn dragged(&self) -> Ref<'_, Vec<RemotePath>> {
        self.heard.dragged.borrow()
    }

    /// Notes that a person agreed to what is uploaded into a folder from a terminal.
    pub(crate) fn agree(&self, folder: &RemotePath) {
        self.heard.agreed.borrow_mut().insert(folder.clone());
    }

    /// Whether a person did.
    pub(crate) fn is_agreed(&self, folder: &RemotePath) -> bool {
        self.heard.agreed.borrow().contains(folder)
    }

    /// Whether the screen is in sight.
    pub(crate) fn is_open(&self) -> bool {
        self.heard.open.get()
    }

    /// Shows or hides the screen.
    pub(crate) fn set_open(&self, open: bool) {
        if self.heard.open.replace(open) != open {
            self.heard.tell();
        }
    }

    /// Calls `watcher` whenever transfers or the screen changed, until the guard is dropped.
    pub(crate) fn watch(&self, watcher: Callback<()>) -> Watch {
        let id = self.heard.next.get();
        self.heard.next.set(id.wrapping_add(1));
        self.heard.watchers.borrow_mut().push((id, watcher));
        Watch {
            heard: Rc::clone(&self.heard),
            id,
        }
    }
}

/// Ends a watcher when it is dropped.
pub(crate) struct Watch {
    heard: Rc<Heard>,
    id: u32,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.heard
            .watchers
            .borrow_mut()
            .retain(|(id, _)| *id != self.id);
    }
}

fn new_id() -> TransferId {
    let mut bytes = [0; ID_LETTERS];
    // A browser always has random numbers.
    let filled = getrandom::fill(&mut bytes);
    debug_assert!(filled.is_ok());
    let digits = bytes
        .iter()
        .filter_map(|byte| char::from_digit(u32::from(byte % 32), 32));
    TransferId(digits.collect())
}
