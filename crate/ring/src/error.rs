//! Errors that say nothing on purpose.

use core::fmt;

/// Something about a key, nonce, tag or text was wrong.
///
/// # Security
///
/// It carries no detail: to whoever forged a packet, any detail is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unspecified;

impl fmt::Display for Unspecified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("unspecified cryptographic error")
    }
}

impl core::error::Error for Unspecified {}
