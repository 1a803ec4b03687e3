//! What a person chose for the transfers to come.

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

    /// Changes them, for transfers that begin from now on.
    pub(crate) fn choose(&self, choices: Choices) {
        self.heard.choices.set(choices);
        self.heard.tell();
    }
}
