//! Text that must never be printed.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A password, passphrase or private key on its way to the engine.
///
/// # Security
///
/// `Debug` shows nothing of the content, and there is no `Display`. The text is still an
/// ordinary string in memory; it is dropped as soon as the engine has used it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Shows the text. Each call is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}
