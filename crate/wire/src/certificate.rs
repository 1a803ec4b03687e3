//! Certificates of a person's keys, from the issuer that the relay's operator names.
//!
//! The page sends one line to the relay that serves it, and the relay hands it to the issuer. Both
//! texts are opaque to the relay: what they say is between page and issuer.

use serde::{Deserialize, Serialize};

/// Path at the relay: `GET` asks whether there is an issuer, `POST` with a public key as the body
/// asks for a certificate of it. Either way the answer is an [`IssuerAnswer`] as JSON.
pub const CERTIFICATE_PATH: &str = "/certificate";

/// Bytes of the line that is sent, at most: the longest RSA key that OpenSSH makes takes 2.8 kB.
pub const MAX_KEY_LINE_BYTES: usize = 16 * 1024;

/// Bytes of the certificate that comes back, at most: hundreds of principals and options.
pub const MAX_CERTIFICATE_BYTES: usize = 64 * 1024;

/// Bytes of an issuer's words about its refusal, at most.
pub const MAX_ISSUER_WORDS_BYTES: usize = 512;

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum IssuerAnswer {
    /// To `GET`: there is an issuer.
    Offered,
    /// The operator names no issuer.
    NotOffered,
    /// The issuer answered with this.
    Issued {
        /// Its text, which nobody has looked at yet.
        certificate: String,
    },
    /// The issuer gives none.
    Refused {
        /// The status of its answer ([RFC 9110 §15]).
        ///
        /// [RFC 9110 §15]: https://www.rfc-editor.org/rfc/rfc9110#section-15
        status: u16,
        /// What it said, untrusted; may be empty.
        words: String,
    },
    /// There is no connection to the issuer, or none that can be trusted.
    Unreachable,
    /// The issuer took too long.
    Slow,
    /// The issuer's answer broke off, was no text, or longer than a certificate.
    Broken,
    /// The relay asks for as many certificates as it may at the same time.
    Busy,
}
