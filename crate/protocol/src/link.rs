//! Links that connect: what follows `#/connect/` in the page's address.

use core::str::FromStr;

use crate::{ParseTargetError, Target};

/// What a link asks for: `user@host:port?hk=SHA256:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectLink {
    /// Where to, and as whom.
    pub target: Target,
    /// `SHA256:…` of the only host key to accept.
    pub pinned: Option<String>,
}

impl FromStr for ConnectLink {
    type Err = ParseTargetError;

    /// Reads the address up to the first `?`, and its query by [`pinned_key`].
    ///
    /// # Errors
    ///
    /// [`ParseTargetError`] of the address. One with escapes (`%40`) is none here: only the page's
    /// router knows what it means by them.
    fn from_str(link: &str) -> Result<Self, ParseTargetError> {
        let (address, query) = link.split_once('?').unwrap_or((link, ""));
        if address.contains('%') {
            return Err(ParseTargetError::Host);
        }
        Ok(Self {
            target: address.parse()?,
            pinned: pinned_key(query),
        })
    }
}

/// Reads the pinned host key from the query of a link, `?hk=SHA256:…`; `None` where it names none.
///
/// A `+` is a `+`, because fingerprints are base64; only `%2B` and its like are decoded.
pub fn pinned_key(query: &str) -> Option<String> {
    let mut pairs = query.trim_start_matches('?').split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix("hk="))?;
    let value = value
        .replace("%3A", ":")
        .replace("%3a", ":")
        .replace("%2B", "+")
        .replace("%2b", "+")
        .replace("%2F", "/")
        .replace("%2f", "/");
    (!value.is_empty()).then_some(value)
}
