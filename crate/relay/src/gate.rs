//! Which pages may use the relay.
//!
//! Any page in the user's browser can reach a relay on loopback. Browsers name the page in
//! `Origin`, and pages cannot change it ([RFC 6455 §10.2]).
//!
//! [RFC 6455 §10.2]: https://www.rfc-editor.org/rfc/rfc6455#section-10.2

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};

use crate::Config;

/// An origin: `scheme://host` or `scheme://host:port` of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let authority = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        match authority {
            Some(authority)
                if !authority.is_empty() && !authority.contains(['/', '?', '#', '@']) =>
            {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err(OriginError(text.to_owned())),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginError(String);

impl core::error::Error for OriginError {}

impl fmt::Display for OriginError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            formatter,
            "'{text}' is no origin; write it as https://ssh.example.org, without a path"
        )
    }
}

/// Why a request may not open a session; a sentence for whoever set the relay up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GateRefusal {
    #[error("the request names no Origin; only --allow-no-origin serves such clients\n")]
    Missing,
    #[error("the Origin of the request is not served; --origin adds one\n")]
    Foreign,
}

/// Who is served.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    origins: Vec<Origin>,
    allow_no_origin: bool,
    /// Clients must prove themselves by other means as well.
    proof: bool,
    tls: bool,
}

impl Gate {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            origins: config.origins.clone(),
            allow_no_origin: config.allow_no_origin,
            proof: config.asks_for_proof(),
            tls: config.tls.is_some(),
        }
    }

    /// Checks the `Origin` of a request: it is the relay's own, or one that the operator named.
    ///
    /// # Security
    ///
    /// An origin is the relay's own when it equals `Host` *and* that is a loopback name or
    /// address. Otherwise a page could let its own name resolve to loopback (DNS rebinding) and
    /// look as if the relay had served it. A relay that demands a ticket or an identity is safe
    /// from that, because such a page has neither: there `Host` is enough.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), GateRefusal> {
        let Some(origin) = headers.get(ORIGIN) else {
            return if self.allow_no_origin {
                Ok(())
            } else {
                Err(GateRefusal::Missing)
            };
        };
        let origin = text(origin);
        let named = self.origins.iter().any(|named| named.0 == origin);
        if named || self.is_own(&origin, headers) {
            return Ok(());
        }
        Err(GateRefusal::Foreign)
    }

    fn is_own(&self, origin: &str, headers: &HeaderMap) -> bool {
        let host = headers.get(HOST).map(text).unwrap_or_default();
        // With a proxy in front it is usually https although no TLS is ours.
        let secure = origin.strip_prefix("https://") == Some(&host) && (self.tls || self.proof);
        let clear = origin.strip_prefix("http://") == Some(&host) && !self.tls;
        (secure || clear) && !host.is_empty() && (self.proof || is_loopback(&host))
    }
}

/// A header in lower case; empty where it is not ASCII, which matches nothing.
fn text(value: &HeaderValue) -> String {
    value.to_str().unwrap_or_default().to_ascii_lowercase()
}

/// Whether `host` or `host:port` is this machine.
pub(crate) fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
