//! Taking in a key file: in a worker of its own, so that a slow passphrase never holds up the page
//! and nothing of the key outlives the answer.

use std::cell::RefCell;
use std::rc::Rc;

use transom_browser::vault::VaultKey;
use transom_protocol::{Command, Event, KeyImport, KeysCommand, KeysEvent, Secret};
use yew::Callback;

use crate::service::link::Link;

/// A file that is read. Dropping it ends its worker.
#[derive(Clone)]
pub(crate) struct KeyReader {
    link: Rc<Link>,
    text: Secret,
    name: String,
    exportable: bool,
    /// What opened the file, for when the vault is opened in between.
    passphrase: Rc<RefCell<Option<Secret>>>,
}

impl KeyReader {
    /// Starts a worker for one file.
    ///
    /// - `name`: what the person calls the key; may be empty.
    /// - `exportable`: keep it in the vault, from where it can be exported.
    /// - `on_outcome`: hears what came of each [`KeyReader::read`]; `None` when the worker failed.
    pub(crate) fn start(
        name: String,
        text: Secret,
        exportable: bool,
        on_outcome: Callback<Option<KeyImport>>,
    ) -> Option<Self> {
        let outcome = |event| match event {
            Event::Keys {
                event: KeysEvent::Import { outcome },
            } => Some(outcome),
            _ => None,
        };
        let link = Link::for_answers(outcome, on_outcome)?;
        Some(Self {
            link: Rc::new(link),
            text,
            name,
            exportable,
            passphrase: Rc::default(),
        })
    }

    /// Reads the file; more than once where it needs a passphrase, or the vault.
    ///
    /// - `passphrase`: `None` is the one before.
    /// - `vault_key`: if the vault is open.
    pub(crate) fn read(&self, passphrase: Option<Secret>, vault_key: Option<VaultKey>) {
        if passphrase.is_some() {
            self.passphrase.replace(passphrase);
        }
        let command = KeysCommand::Import {
            name: self.name.clone(),
            text: self.text.clone(),
            passphrase: self.passphrase.borrow().clone(),
            exportable: self.exportable,
        };
        let command = Command::Keys { command };
        match vault_key {
            Some(key) => self.link.send_object(&command, key.as_js()),
            None => self.link.send(&command, None),
        }
    }
}

/// Where a component keeps a reader: not in its state, which may be shown.
pub(crate) type Slot = Rc<RefCell<Option<KeyReader>>>;
