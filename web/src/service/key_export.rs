//! Writing a key as an encrypted file, in a worker of its own: bcrypt takes its time.

use std::cell::RefCell;
use std::rc::Rc;

use transom_protocol::{Command, Event, KeysCommand, KeysEvent, Secret};
use yew::Callback;

use crate::service::link::Link;

/// A file that is written. Dropping it ends its worker.
pub(crate) struct KeyWriter(#[expect(dead_code, reason = "keeps the worker")] Link);

/// Where a component keeps it.
pub(crate) type Slot = Rc<RefCell<Option<KeyWriter>>>;

impl KeyWriter {
    /// Starts to write; `None` where the browser has no workers.
    ///
    /// - `text`: the key, as the text of a key file.
    /// - `on_file`: hears the encrypted file's text; `None` when it could not be written.
    pub(crate) fn start(
        text: Secret,
        name: String,
        passphrase: Secret,
        on_file: &Callback<Option<String>>,
    ) -> Option<Self> {
        let file = |event| match event {
            Event::Keys {
                event: KeysEvent::Export { text },
            } => Some(text),
            _ => None,
        };
        let on_answer = on_file.reform(Option::flatten);
        let link = Link::for_answers(file, on_answer)?;
        let command = KeysCommand::Export {
            text,
            name,
            passphrase,
        };
        link.send(&Command::Keys { command }, None);
        Some(Self(link))
    }
}
