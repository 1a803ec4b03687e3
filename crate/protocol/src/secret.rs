//! Text that must never be printed.

use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A password, passphrase or private key on its way to the engine.
///
/// # Security
///
/// `Debug` shows nothing of the content, and there is no `Display`. The text is an ordinary string
/// in memory until it is dropped, as soon as the engine has used it; then it is overwritten.
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

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}
