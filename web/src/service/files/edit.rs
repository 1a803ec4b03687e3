//! Texts that are edited: read whole, and saved only over what was read.

use std::rc::Rc;

use transom_protocol::{FileMark, FilesAnswer, FilesAsk, FilesErrorCode, FilesFailure, RemotePath};
use yew::Callback;

use super::{Files, Reply};
use crate::state::file_edit::Editing;
use crate::state::file_text::{EDITED_BYTES, copy_path};

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
            FilesAnswer::Entry { .. } => {
                on_step.emit(Editing::Saved(saved.clone(), Rc::clone(&bytes)));
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

    /// How often that was asked so far.
    pub(crate) fn asked_about_unsaved(&self) -> u32 {
        self.heard.leaving.get()
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
