//! What a person chose for the transfers to come.

use transom_protocol::{Conflict, FilesCommand, RemotePath, TransferId};
use wasm_bindgen::JsValue;

use super::Files;

/// The choices; those of a connection last as long as its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// Checksums are compared at the end of a file, where the server's shell can compute one.
    pub(crate) verify: bool,
    /// What is uploaded gets the time of its upload, not that of its file here.
    pub(crate) new_time: bool,
}

impl Files {
    /// The choices.
    pub(crate) fn choices(&self) -> Choices {
        self.heard.choices.get()
    }

    /// Has the engine upload a file as it is chosen now; without the file it asks for it.
    pub(super) fn begin_upload(
        &self,
        (transfer, target): (TransferId, RemotePath),
        conflict: Conflict,
        file: Option<&JsValue>,
    ) {
        let Choices { verify, new_time } = self.choices();
        let command = FilesCommand::Upload {
            transfer,
            target,
            conflict,
            verify,
            new_time,
        };
        self.command(command, file);
    }

    /// Changes them, for transfers that begin from now on.
    pub(crate) fn choose(&self, choices: Choices) {
        self.heard.choices.set(choices);
        self.heard.tell();
    }
}
