//! What a ticket says: the claims of a JSON Web Token ([RFC 7519 §4]).
//!
//! The relay checks the signature and every claim; this is only their form.
//!
//! [RFC 7519 §4]: https://www.rfc-editor.org/rfc/rfc7519#section-4

use serde::{Deserialize, Serialize};

/// Claims of a ticket. Others may stand beside them and say nothing.
///
/// Times are whole seconds since 1970 ([RFC 7519 §2], `NumericDate`).
///
/// [RFC 7519 §2]: https://www.rfc-editor.org/rfc/rfc7519#section-2
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Claims {
    /// Relays that the ticket is for; one of them must be the relay's own name.
    pub aud: OneOrMany,
    /// Whom the ticket was given to; limits and the log count by it.
    pub sub: String,
    /// Where it leads: `host:port`, with the patterns of the relay's policy.
    pub dst: OneOrMany,
    /// Names the ticket. Each is used once.
    pub jti: String,
    /// From then on it is worth nothing.
    pub exp: u64,
    /// Before then it is worth nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    /// Who gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Seconds after which the session ends, whatever moves. The relay's own limit applies too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u64>,
    /// Seconds without a byte after which the session ends. The relay's own limit applies too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_seconds: Option<u64>,
    /// Sessions that `sub` may have at the same time. The relay's own limit applies too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sessions: Option<u64>,
}

/// One text, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Any number, even none.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => core::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}
