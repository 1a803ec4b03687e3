//! Taking in a key file: in a worker of its own, so that a slow passphrase never holds up the page
//! and nothing of the key outlives the answer.

use std::cell::RefCell;
use std::rc::Rc;

use transom_protocol::{Command, Event, KeyImport, KeysCommand, KeysEvent, Secret};
use yew::Callback;

use crate::service::link::Link;

/// A file that is read. Dropping it ends its worker.
#[derive(Clone)]
pub(crate) struct KeyReader {
    link: Rc<Link>,
    text: Secret,
    name: String,
}

impl KeyReader {
    /// Starts a worker for one file.
    ///
    /// - `name`: what the person calls the key; may be empty.
    /// - `on_outcome`: hears what came of each [`KeyReader::read`]; `None` when the worker failed.
    pub(crate) fn start(
        name: String,
        text: Secret,
        on_outcome: Callback<Option<KeyImport>>,
    ) -> Option<Self> {
        let crashed = on_outcome.clone();
        let hear = move |event, _bytes| {
            if let Event::Keys {
                event: KeysEvent::Import { outcome },
            } = event
            {
                on_outcome.emit(Some(outcome));
            }
        };
        let link = Link::alone(hear, move || crashed.emit(None)).ok()?;
        let link = Rc::new(link);
        Some(Self { link, text, name })
    }

    /// Reads the file; more than once where it needs a passphrase.
    pub(crate) fn read(&self, passphrase: Option<Secret>) {
        let command = KeysCommand::Import {
            name: self.name.clone(),
            text: self.text.clone(),
            passphrase,
        };
        self.link.send(&Command::Keys { command }, None);
    }
}

/// Where a component keeps a reader: not in its state, which may be shown.
pub(crate) type Slot = Rc<RefCell<Option<KeyReader>>>;
