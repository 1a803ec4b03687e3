//! Texts that are not saved although the engine of their connection has stopped. They stay in the page's
//! memory, and nowhere else, until the next connection to the same server takes them over.

use std::cell::RefCell;
use std::rc::Rc;

use transom_protocol::RemotePath;
use yew::Callback;

use crate::service::editor::Editor;
use crate::state::connection::ConnectionId;
use crate::state::file_edit::Kept;

/// A text that is not saved, in its editor.
#[derive(Clone, PartialEq)]
pub(crate) struct Stranded {
    /// The server: user, host, port and jump hosts, as a person types them.
    pub(crate) address: String,
    pub(crate) path: RemotePath,
    /// Its file as it was read or saved last.
    pub(crate) base: Rc<Vec<u8>>,
    /// Holds the text, which may still change.
    pub(crate) editor: Editor,
    /// Another editor has it.
    pub(crate) on_taken: Callback<()>,
}

/// All of them; a connection has one at most.
#[derive(Default)]
pub(crate) struct Strand(RefCell<Vec<(ConnectionId, Stranded)>>);

impl Strand {
    /// Keeps the text of a connection, or forgets it.
    pub(crate) fn put(&self, id: &ConnectionId, text: Option<Stranded>) {
        let mut all = self.0.borrow_mut();
        all.retain(|(of, _)| of != id);
        all.extend(text.map(|text| (id.clone(), text)));
    }

    /// Gives a text of a server to another connection.
    pub(crate) fn take(&self, address: &str) -> Option<Kept> {
        let found = {
            let mut all = self.0.borrow_mut();
            let place = all.iter().position(|(_, text)| text.address == address)?;
            all.remove(place).1
        };
        let text = found.editor.take()?.into();
        found.on_taken.emit(());
        Some(Kept {
            path: found.path,
            base: found.base,
            text,
        })
    }
}
