//! All engines of this page. Components command through it; what engines say becomes actions.

use std::cell::RefCell;
use std::rc::Rc;

use transom_protocol::{
    Answer, Command, ErrorCode, Event, Failure, KeyInstall, KeysCommand, KeysEvent, Phase,
    QuestionId, ShellId,
};
use wasm_bindgen::JsValue;
use yew::{AttrValue, Callback, UseReducerDispatcher};

use crate::service::files::{Files, Heard};
use crate::service::link::Link;
use crate::service::screens::{Piece, Screen, Screens};
use crate::service::spare;
use crate::service::stranded::Strand;
use crate::state::connection::ConnectionId;
use crate::state::workspace::{Action, Workspace};

/// Characters of a connection's id. 16 of 32 are 80 bits: two pages never choose the same.
const ID_CHARS: usize = 16;

/// The page's engines. Cloning it names the same ones.
#[derive(Clone)]
pub(crate) struct Sessions(Rc<Inner>);

struct Inner {
    dispatch: UseReducerDispatcher<Workspace>,
    lines: RefCell<Vec<Line>>,
    /// An engine that is warm before anybody asked for it.
    spare: RefCell<Option<ConnectionId>>,
    /// Texts whose engine stopped before they were saved.
    stranded: Strand,
}

struct Line {
    id: ConnectionId,
    link: Link,
    screens: Rc<Screens>,
    files: Rc<Heard>,
    /// Who waits for the installation of a key.
    installing: Rc<RefCell<Option<Callback<KeyInstall>>>>,
}

impl PartialEq for Sessions {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Sessions {
    /// No engines yet; what they will say goes to `dispatch`.
    pub(crate) fn new(dispatch: UseReducerDispatcher<Workspace>) -> Self {
        Self(Rc::new(Inner {
            dispatch,
            lines: RefCell::default(),
            spare: RefCell::default(),
            stranded: Strand::default(),
        }))
    }

    /// Starts an engine ahead of the first connection, so that its program is compiled by the
    /// time a person has typed an address.
    pub(crate) fn warm_up(&self) {
        if self.0.spare.borrow().is_none() {
            let id = new_id();
            self.attach(&id);
            self.0.spare.replace(Some(id));
        }
    }

    /// Gives the id for a new connection, with its engine running.
    pub(crate) fn fresh(&self) -> ConnectionId {
        let spare = self.0.spare.take();
        spare.unwrap_or_else(|| {
            let id = new_id();
            self.attach(&id);
            id
        })
    }

    /// Speaks with the engine called `id` from now on.
    pub(crate) fn attach(&self, id: &ConnectionId) {
        if self.0.lines.borrow().iter().any(|line| line.id == *id) {
            return;
        }
        let screens = Rc::new(Screens::default());
        let (heard, output) = (self.clone(), Rc::clone(&screens));
        let files = Rc::new(Heard::default());
        let hearing = Rc::clone(&files);
        let installing = Rc::<RefCell<Option<Callback<KeyInstall>>>>::default();
        let waiting = Rc::clone(&installing);
        let (name, crashed) = (id.clone(), (self.clone(), id.clone()));
        let link = Link::open(
            id,
            move |event, bytes| match (event, bytes) {
                (
                    Event::Output {
                        shell,
                        offset,
                        replay,
                    },
                    Some(bytes),
                ) => {
                    let end = offset + u64::from(bytes.length());
                    output.write(shell, Piece { bytes, end, replay });
                }
                (Event::Watched { shell }, _) => output.begin(shell),
                (Event::Files { event }, bytes) => hearing.hear(event, bytes),
                (
                    Event::Keys {
                        event: KeysEvent::Install { state },
                    },
                    _,
                ) => {
                    let callback = waiting.borrow().clone();
                    if let Some(callback) = callback {
                        callback.emit(state);
                    }
                }
                (event, _) => heard.tell(&name, event),
            },
            move || crashed.0.crash(&crashed.1),
        );
        match link {
            Ok(link) => self.0.lines.borrow_mut().push(Line {
                id: id.clone(),
                link,
                screens,
                files,
                installing,
            }),
            Err(_no_module_workers) => self.crash(id),
        }
    }

    /// Whether there is a line to an engine.
    pub(crate) fn speaks_with(&self, id: &ConnectionId) -> bool {
        self.with(id, |_| ()).is_some()
    }

    /// Sends a command to an engine.
    pub(crate) fn send(&self, id: &ConnectionId, command: &Command) {
        self.with(id, |line| line.link.send(command, None));
    }

    /// The files of a connection.
    pub(crate) fn files(&self, id: &ConnectionId) -> Option<Files> {
        let heard = self.with(id, |line| Rc::clone(&line.files))?;
        Some(Files::new(self.clone(), id.clone(), heard))
    }

    /// Sends a command about files, with bytes or an object of the browser.
    pub(crate) fn send_files(
        &self,
        id: &ConnectionId,
        command: &Command,
        bytes: Option<&[u8]>,
        object: Option<&JsValue>,
    ) {
        self.with(id, |line| match object {
            Some(object) => line.link.send_object(command, object),
            None => line.link.send(command, bytes),
        });
    }

    /// Texts whose engine stopped before they were saved.
    pub(crate) fn stranded(&self) -> &Strand {
        &self.0.stranded
    }

    /// Installs a key on the host of a connection; `on_state` hears how far it is.
    pub(crate) fn install_key(
        &self,
        id: &ConnectionId,
        fingerprint: String,
        on_state: Callback<KeyInstall>,
    ) {
        self.with(id, |line| line.installing.replace(Some(on_state)));
        let command = KeysCommand::Install { fingerprint };
        self.send(id, &Command::Keys { command });
    }

    /// Types into a shell.
    pub(crate) fn type_bytes(&self, id: &ConnectionId, shell: ShellId, bytes: &[u8]) {
        self.with(id, |line| {
            line.link.send(&Command::Input { shell }, Some(bytes));
        });
    }

    /// Answers a question.
    pub(crate) fn answer(&self, id: &ConnectionId, question: QuestionId, answer: Answer) {
        self.send(id, &Command::Answer { question, answer });
    }

    /// Shows a shell on `screen`.
    pub(crate) fn show(&self, id: &ConnectionId, shell: ShellId, screen: &Screen) {
        if let Some(screens) = self.with(id, |line| Rc::clone(&line.screens)) {
            screens.show(shell, screen);
            self.send(id, &Command::Watch { shell });
        }
    }

    /// No longer shows it.
    pub(crate) fn hide(&self, id: &ConnectionId, shell: ShellId) {
        self.with(id, |line| line.screens.hide(shell));
        self.send(id, &Command::Unwatch { shell });
    }

    /// Takes leave of an engine; it ends by itself once nobody needs it.
    pub(crate) fn leave(&self, id: &ConnectionId) {
        let gone: Vec<Line> = {
            let mut lines = self.0.lines.borrow_mut();
            let (gone, kept) = lines.drain(..).partition(|line| line.id == *id);
            *lines = kept;
            gone
        };
        // This may run inside the line's own listener, which must outlive the call.
        wasm_bindgen_futures::spawn_local(async move { drop(gone) });
    }

    /// Tells every engine that the network may have changed.
    pub(crate) fn nudge_all(&self) {
        for line in self.0.lines.borrow().iter() {
            line.link.send(&Command::Nudge, None);
        }
    }

    /// Takes leave of all engines, because the page goes away.
    pub(crate) fn leave_all(&self) {
        for line in self.0.lines.borrow().iter() {
            line.link.send(&Command::Detach, None);
        }
    }

    fn tell(&self, id: &ConnectionId, event: Event) {
        if has_stopped(&event)
            && let Some(files) = self.with(id, |line| Rc::clone(&line.files))
        {
            files.stop();
        }
        self.0.dispatch.dispatch(Action::Told {
            id: id.clone(),
            event: Box::new(event),
        });
    }

    fn crash(&self, id: &ConnectionId) {
        let failure = Some(Failure {
            code: ErrorCode::EngineCrashed,
            detail: String::new(),
            hop: None,
        });
        let phase = Phase::Closed { failure };
        self.tell(id, Event::Phase { phase });
    }

    fn with<T>(&self, id: &ConnectionId, work: impl FnOnce(&Line) -> T) -> Option<T> {
        let lines = self.0.lines.borrow();
        lines.iter().find(|line| line.id == *id).map(work)
    }
}

/// Whether an engine says, or it is said of it, that an error ended it.
fn has_stopped(event: &Event) -> bool {
    matches!(event, Event::Phase { phase: Phase::Closed { failure: Some(failure) } }
        if failure.code == ErrorCode::EngineCrashed)
}

/// Chooses an id: that of the engine which already starts, or a new one.
///
/// It names, it does not protect: whoever can guess it is this origin already.
fn new_id() -> ConnectionId {
    if let Some(id) = spare::id() {
        return ConnectionId(AttrValue::from(id));
    }
    ConnectionId(AttrValue::from(random_id()))
}

/// A name that nothing else has.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; ID_CHARS];
    // A browser always has random numbers; without them all ids would be the same one.
    let filled = getrandom::fill(&mut bytes);
    debug_assert!(filled.is_ok());
    bytes
        .iter()
        .filter_map(|byte| char::from_digit(u32::from(byte % 32), 32))
        .collect()
}
