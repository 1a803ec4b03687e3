//! A text that is edited: what it was on the server, and how saving it went. The text itself is in the
//! editor.

use std::rc::Rc;

use transom_protocol::{FilesErrorCode, FilesFailure, RemotePath, WrittenInPlace};
use yew::Reducible;

use super::file_text::{Form, NoText, decode};

/// Where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Step {
    /// Its file is read.
    #[default]
    Reading,
    /// Its file cannot be read.
    Unreadable(String),
    /// Its file is not edited.
    NoText(NoText),
    /// The editor cannot be had.
    NoEditor,
    /// In the hands of the person.
    Open,
    Saving,
    /// On the server, under another name where it is given; and why it was overwritten in place, if it
    /// was.
    Saved(Option<RemotePath>, Option<WrittenInPlace>),
    /// The file is another one by now: its bytes, `None` where it is gone.
    Changed(Option<Rc<Vec<u8>>>),
    /// Nothing was saved.
    Failed(FilesFailure),
}

/// A text that is edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Edit {
    pub(crate) path: RemotePath,
    /// The file as it was read or saved last.
    pub(crate) base: Rc<Vec<u8>>,
    pub(crate) form: Form,
    /// What the editor begins with; `None` until it is read.
    pub(crate) text: Option<Rc<str>>,
    pub(crate) step: Step,
    /// The text is not what is on the server.
    pub(crate) unsaved: bool,
    /// The person wants to leave it.
    pub(crate) leaving: bool,
    /// What the editor is to hold from the start, instead of what is on the server.
    pub(crate) kept: Option<Rc<str>>,
}

/// A text that was not saved when its connection came to an end, and what was on the server then.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) path: RemotePath,
    pub(crate) base: Rc<Vec<u8>>,
    pub(crate) text: Rc<str>,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Editing {
    /// The file was read: all of it, or of a larger one its beginning and the size of it all.
    Read(Rc<Vec<u8>>, u64),
    /// The file cannot be read.
    Unreadable(String),
    /// The editor cannot be fetched.
    NoEditor,
    /// The text became another one than that on the server, or the same again.
    Typed(bool),
    /// The person saves.
    Begun,
    /// It is saved; in place for this reason, where there is one.
    Saved(RemotePath, Rc<Vec<u8>>, Option<WrittenInPlace>),
    /// The file is another one by now.
    Met(Option<Rc<Vec<u8>>>),
    /// It cannot be saved.
    Failed(FilesFailure),
    /// The person took what is on the server instead.
    Reloaded(Rc<Vec<u8>>, Form),
    /// The person wants to leave, or stays.
    Leaving(bool),
}

impl Edit {
    /// Nothing of a file yet.
    pub(crate) fn of(path: RemotePath) -> Self {
        Self {
            path,
            ..Self::default()
        }
    }

    /// A text that was not saved, in hands again.
    pub(crate) fn again(kept: &Kept) -> Self {
        let mut edit = Self::of(kept.path.clone());
        let size = u64::try_from(kept.base.len()).unwrap_or(u64::MAX);
        edit.read(Rc::clone(&kept.base), size);
        edit.kept = Some(Rc::clone(&kept.text));
        edit
    }

    /// Whether saving stopped because there is no connection.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(&self.step, Step::Failed(failure)
            if matches!(failure.code, FilesErrorCode::Lost | FilesErrorCode::TimedOut))
    }

    fn read(&mut self, bytes: Rc<Vec<u8>>, size: u64) {
        // What grows while it is read has another size by then; a log is better followed.
        let whole = u64::try_from(bytes.len()).unwrap_or(u64::MAX) >= size;
        match decode(&bytes) {
            Ok(_) if !whole => self.step = Step::NoText(NoText::TooLarge(size)),
            Err(NoText::TooLarge(read)) => {
                self.step = Step::NoText(NoText::TooLarge(read.max(size)));
            }
            Err(reason) => self.step = Step::NoText(reason),
            Ok((text, form)) => {
                (self.text, self.form) = (Some(text.into()), form);
                (self.base, self.step) = (bytes, Step::Open);
            }
        }
    }
}

impl Reducible for Edit {
    type Action = Editing;

    fn reduce(self: Rc<Self>, action: Editing) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            Editing::Read(bytes, size) => next.read(bytes, size),
            Editing::Unreadable(words) => next.step = Step::Unreadable(words),
            Editing::NoEditor => next.step = Step::NoEditor,
            Editing::Typed(unsaved) => {
                next.unsaved = unsaved;
                if unsaved && matches!(next.step, Step::Saved(..)) {
                    next.step = Step::Open;
                }
            }
            Editing::Begun => next.step = Step::Saving,
            Editing::Saved(path, bytes, in_place) => {
                let other = (path != next.path).then(|| path.clone());
                (next.path, next.base) = (path, bytes);
                next.step = Step::Saved(other, in_place);
            }
            Editing::Met(theirs) => next.step = Step::Changed(theirs),
            Editing::Failed(failure) => next.step = Step::Failed(failure),
            Editing::Reloaded(bytes, form) => {
                (next.base, next.form, next.step) = (bytes, form, Step::Open);
            }
            Editing::Leaving(leaving) => next.leaving = leaving,
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive(actions: Vec<Editing>) -> Rc<Edit> {
        let edit = Rc::new(Edit::of(RemotePath::from("/a")));
        actions.into_iter().fold(edit, Reducible::reduce)
    }

    fn bytes(bytes: &[u8]) -> Rc<Vec<u8>> {
        Rc::new(bytes.to_vec())
    }

    #[test]
    fn what_grew_beyond_what_was_read_is_not_edited() {
        let edit = drive(vec![Editing::Read(bytes(b"ab"), 3)]);
        assert_eq!(edit.step, Step::NoText(NoText::TooLarge(3)));
        assert_eq!(edit.text, None);
        // Files of /proc have no size.
        let edit = drive(vec![Editing::Read(bytes(b"ab"), 0)]);
        assert_eq!(edit.step, Step::Open);
    }

    #[test]
    fn what_is_saved_is_what_later_changes_are_compared_with() {
        let path = RemotePath::from("/a");
        let edit = drive(vec![
            Editing::Read(bytes(b"a"), 1),
            Editing::Typed(true),
            Editing::Begun,
            Editing::Saved(path, bytes(b"ab"), None),
            Editing::Typed(false),
        ]);
        assert_eq!(edit.step, Step::Saved(None, None));
        assert_eq!(
            (edit.base.as_slice(), edit.unsaved),
            (b"ab".as_slice(), false)
        );
    }

    #[test]
    fn a_copy_is_what_is_edited_from_then_on() {
        let copy = RemotePath::from("/a (2)");
        let edit = drive(vec![
            Editing::Read(bytes(b"a"), 1),
            Editing::Met(None),
            Editing::Saved(copy.clone(), bytes(b"b"), None),
        ]);
        assert_eq!(edit.path, copy);
        assert_eq!(edit.step, Step::Saved(Some(copy), None));
    }

    #[test]
    fn a_text_that_was_kept_is_compared_with_what_was_there_then() {
        let edit = Edit::again(&Kept {
            path: RemotePath::from("/a"),
            base: bytes(b"a\r\n"),
            text: Rc::from("b\n"),
        });
        assert_eq!(edit.step, Step::Open);
        assert_eq!(edit.text.as_deref(), Some("a\n"));
        assert_eq!(edit.kept.as_deref(), Some("b\n"));
        assert_eq!(edit.base.as_slice(), b"a\r\n");
    }

    #[test]
    fn what_could_not_be_saved_stays_unsaved() {
        let failure = FilesFailure {
            code: FilesErrorCode::Lost,
            detail: String::new(),
        };
        let edit = drive(vec![
            Editing::Read(bytes(b"a"), 1),
            Editing::Typed(true),
            Editing::Begun,
            Editing::Failed(failure),
        ]);
        assert!(edit.unsaved && edit.is_lost());
        assert_eq!(edit.base.as_slice(), b"a");
    }
}
