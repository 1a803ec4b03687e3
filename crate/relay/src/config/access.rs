//! Tickets and identities.

use core::str::FromStr;
use core::time::Duration;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::span::Span;
use super::texts::{self, single};

/// The longest life that a ticket may have left.
const MAX_LIFETIME: Duration = Duration::from_mins(5);

/// Tickets that let clients in, and the keys that they are signed with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TicketConfig {
    /// What the claim `aud` must name: this relay, as its address.
    pub audience: String,
    /// What the claim `iss` must be, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The longest life that a ticket may have left, at most 5 minutes.
    #[serde(default = "longest", with = "single")]
    pub max_lifetime: Span,
    /// Used tickets that are remembered until they expire; beyond it none is accepted.
    #[serde(default = "remembered")]
    pub remembered: usize,
    /// Keys in files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<TicketKey>,
    /// File with a set of keys ([RFC 7517]).
    ///
    /// [RFC 7517]: https://www.rfc-editor.org/rfc/rfc7517
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_file: Option<PathBuf>,
    /// Address of a set of keys: https, or http on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_url: Option<String>,
    /// So long the set of the address is taken for fresh.
    #[serde(default = "fresh", with = "single")]
    pub jwks_refresh: Span,
}

fn longest() -> Span {
    Span(MAX_LIFETIME)
}

fn remembered() -> usize {
    // Each takes about 100 bytes; at the longest life this is 333 new sessions in a second.
    100_000
}

fn fresh() -> Span {
    Span(Duration::from_mins(10))
}

impl TicketConfig {
    /// Tickets for `audience` with the defaults, and no key yet.
    pub fn new(audience: impl Into<String>) -> Self {
        Self {
            audience: audience.into(),
            issuer: None,
            max_lifetime: longest(),
            remembered: remembered(),
            keys: Vec::new(),
            jwks_file: None,
            jwks_url: None,
            jwks_refresh: fresh(),
        }
    }

    /// What does not fit together, as a sentence; `None` where all is well.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        if self.audience.is_empty() {
            return Some("tickets.audience is empty; write the address of this relay");
        }
        if self.keys.is_empty() && self.jwks_file.is_none() && self.jwks_url.is_none() {
            return Some("[tickets] names no key; write keys, jwks_file or jwks_url");
        }
        if self.max_lifetime.0 > MAX_LIFETIME || self.max_lifetime.0.is_zero() {
            return Some("tickets.max_lifetime is not between 1s and 5m");
        }
        if self.jwks_url.as_deref().is_some_and(|url| !is_private(url)) {
            return Some("tickets.jwks_url is neither https:// nor http:// on a loopback address");
        }
        None
    }
}

/// Whether nobody can read along: `url` is fetched over TLS, or only inside of this machine.
pub(super) fn is_private(url: &str) -> bool {
    if url.starts_with("https://") {
        return true;
    }
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    crate::gate::is_loopback(authority)
}

/// A key in a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TicketKey {
    /// PEM file of a public key; for HS256 a file of at least 32 random bytes.
    pub file: PathBuf,
    /// The only algorithm that it is used with.
    pub algorithm: Algorithm,
    /// What the header `kid` must be; without it tickets that name no key are checked with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// How a ticket is signed ([RFC 7518 §3.1], [RFC 8037]).
///
/// [RFC 7518 §3.1]: https://www.rfc-editor.org/rfc/rfc7518#section-3.1
/// [RFC 8037]: https://www.rfc-editor.org/rfc/rfc8037
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Algorithm {
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA over P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA PKCS #1 v1.5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// HMAC with SHA-256: whoever can check tickets can make them.
    #[serde(rename = "HS256")]
    Hs256,
}

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    fn from_str(text: &str) -> Result<Self, AlgorithmError> {
        match text {
            "EdDSA" => Ok(Self::EdDsa),
            "ES256" => Ok(Self::Es256),
            "RS256" => Ok(Self::Rs256),
            "HS256" => Ok(Self::Hs256),
            _ => Err(AlgorithmError),
        }
    }
}

/// Text that names no algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no algorithm of tickets; write EdDSA, ES256, RS256 or HS256")]
pub struct AlgorithmError;

/// Proxies whose word lets clients in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityConfig {
    /// Networks of the proxies. A header from elsewhere says nothing.
    #[serde(with = "texts")]
    pub proxies: Vec<IpNet>,
    /// Header with the name of the user. The proxy must remove what a client sends.
    pub header: String,
    /// Header with the address of the client, for limits and the log. Its last entry counts:
    /// the one that the proxy itself added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_header: Option<String>,
}

impl IdentityConfig {
    /// What does not fit together, as a sentence; `None` where all is well.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        if self.proxies.is_empty() {
            return Some("identity.proxies is empty; name the network of the proxy");
        }
        if self.proxies.iter().any(|network| network.prefix_len() == 0) {
            return Some("identity.proxies trusts everybody; name the network of the proxy");
        }
        let usual = |name: &str| name.parse::<axum::http::HeaderName>().is_ok();
        let address = self.address_header.as_deref();
        if !usual(&self.header) || !address.is_none_or(usual) {
            return Some("[identity] names a header that is none; write it as x-forwarded-user");
        }
        None
    }
}
