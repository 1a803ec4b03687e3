//! Texts that are edited: read whole, and saved only over what was read.

use std::rc::Rc;

use transom_protocol::{FileMark, FilesAnswer, FilesAsk, FilesErrorCode, FilesFailure, RemotePath};
use yew::Callback;

use super::{Files, Heard, Reply};
use crate::service::stranded::Stranded;
use crate::state::file_edit::{Editing, Kept};
use crate::state::file_text::{EDITED_BYTES, copy_path};
use crate::state::message::files as words;

/// Copies of one name that are looked for.
const MOST_COPIES: u32 = 99;

impl Files {
    /// Reads a text; `on_read` gets all of it, and what its file is.
    fn read_text(&self, path: &RemotePath, on_read: Callback<Result<Read, FilesFailure>>) {
        let ask = FilesAsk::Read {
            path: path.clone(),
            offset: 0,
            // One more than is edited tells what is larger.
            length: EDITED_BYTES + 1,
        };
        let on_reply = Callback::from(move |reply: Reply| {
            let bytes = || reply.bytes.as_ref().map(js_sys::Uint8Array::to_vec);
            on_read.emit(match reply.answer {
                FilesAnswer::Content { mark, .. } => {
                    Ok((Rc::new(bytes().unwrap_or_default()), mark))
                }
                answer => Err(failure(answer)),
            });
        });
        self.ask(ask, on_reply);
    }

    /// Reads a text to be edited.
    pub(crate) fn edit(&self, path: &RemotePath, on_step: &Callback<Editing>) {
        let on_read = on_step.reform(|read: Result<Read, FilesFailure>| match read {
            Ok((bytes, mark)) => Editing::Read(bytes, mark.size),
            Err(failure) => Editing::Unreadable(failure.detail),
        });
        self.read_text(path, on_read);
    }

    /// Saves a text if its file is still `base`; without that, whatever it is.
    pub(crate) fn save(
        &self,
        path: RemotePath,
        base: Option<Rc<Vec<u8>>>,
        text: Rc<Vec<u8>>,
        on_step: Callback<Editing>,
    ) {
        let Some(base) = base else {
            return self.put(path, None, &text, on_step);
        };
        let (this, asked) = (self.clone(), path.clone());
        // Size and time may be what they were although others wrote: the time has full seconds only.
        let on_read = Callback::from(move |read: Result<Read, FilesFailure>| match read {
            Ok((now, mark)) if now == base => {
                this.put(path.clone(), Some(mark), &text, on_step.clone());
            }
            Ok((now, _)) => on_step.emit(Editing::Met(Some(now))),
            Err(failure) => on_step.emit(met(failure)),
        });
        self.read_text(&asked, on_read);
    }

    fn put(
        &self,
        path: RemotePath,
        expected: Option<FileMark>,
        text: &Rc<Vec<u8>>,
        on_step: Callback<Editing>,
    ) {
        let (this, saved, bytes) = (self.clone(), path.clone(), Rc::clone(text));
        let on_reply = Callback::from(move |reply: Reply| match reply.answer {
            FilesAnswer::Written { in_place, .. } => {
                let bytes = Rc::clone(&bytes);
                on_step.emit(Editing::Saved(saved.clone(), bytes, in_place));
            }
            FilesAnswer::Failed { failure } if failure.code == FilesErrorCode::Changed => {
                let on_read = on_step.reform(|read: Result<Read, FilesFailure>| match read {
                    Ok((now, _)) => Editing::Met(Some(now)),
                    Err(failure) => met(failure),
                });
                this.read_text(&saved, on_read);
            }
            answer => on_step.emit(Editing::Failed(failure(answer))),
        });
        self.write(FilesAsk::Write { path, expected }, text, on_reply);
    }

    /// Saves a text beside its file, under a name that nothing has.
    pub(crate) fn save_copy(
        &self,
        path: RemotePath,
        number: u32,
        text: Rc<Vec<u8>>,
        on_step: Callback<Editing>,
    ) {
        let (this, copy) = (self.clone(), copy_path(&path, number));
        let target = copy.clone();
        let on_reply = Callback::from(move |reply: Reply| match reply.answer {
            FilesAnswer::Entry { .. } if number < MOST_COPIES => {
                this.save_copy(path.clone(), number + 1, Rc::clone(&text), on_step.clone());
            }
            FilesAnswer::Failed { failure } if failure.code == FilesErrorCode::NotFound => {
                this.put(target.clone(), None, &text, on_step.clone());
            }
            answer => on_step.emit(Editing::Failed(failure(answer))),
        });
        self.ask(FilesAsk::Stat { path: copy }, on_reply);
    }

    /// Notes whether a text is not saved.
    pub(crate) fn set_unsaved(&self, unsaved: bool) {
        self.heard.unsaved.set(unsaved);
    }

    /// Whether a text is not saved. Then it is shown, and the person asked about it.
    pub(crate) fn ask_about_unsaved(&self) -> bool {
        let unsaved = self.heard.unsaved.get();
        if unsaved {
            self.heard.leaving.set(self.heard.leaving.get() + 1);
            self.heard.open.set(true);
            self.heard.tell();
        }
        unsaved
    }

    /// Whether the engine has stopped: it answers nothing any more.
    pub(crate) fn has_stopped(&self) -> bool {
        self.heard.stopped.get()
    }

    /// Keeps a text of an engine that has stopped, for the next connection to its server; `None` when
    /// there is none any more.
    pub(crate) fn strand(&self, text: Option<Stranded>) {
        self.sessions.stranded().put(&self.id, text);
    }

    /// Takes a text over that another connection to this server could not save.
    pub(crate) fn take_stranded(&self, address: &str) -> Option<Kept> {
        let lives = !self.has_stopped();
        lives.then(|| self.sessions.stranded().take(address))?
    }

    /// How often that was asked so far.
    pub(crate) fn asked_about_unsaved(&self) -> u32 {
        self.heard.leaving.get()
    }
}

impl Heard {
    /// Answers all that waits, because the engine has stopped.
    pub(crate) fn stop(&self) {
        self.stopped.set(true);
        let waiting = self.waiting.take();
        for waiting in waiting.into_values() {
            waiting.on_reply.emit(no_answer());
        }
        self.tell();
    }
}

/// What an engine that has stopped answers.
pub(super) fn no_answer() -> Reply {
    Reply {
        answer: FilesAnswer::Failed {
            failure: FilesFailure {
                code: FilesErrorCode::Lost,
                detail: words::STOPPED.say().to_owned(),
            },
        },
        entries: Vec::new(),
        bytes: None,
    }
}

/// All bytes of a file, and what it is.
type Read = (Rc<Vec<u8>>, FileMark);

fn met(failure: FilesFailure) -> Editing {
    match failure.code {
        FilesErrorCode::NotFound => Editing::Met(None),
        _ => Editing::Failed(failure),
    }
}

fn failure(answer: FilesAnswer) -> FilesFailure {
    match answer {
        FilesAnswer::Failed { failure } => failure,
        _ => FilesFailure {
            code: FilesErrorCode::Misbehaved,
            detail: "the answer is not one to this question".to_owned(),
        },
    }
}
