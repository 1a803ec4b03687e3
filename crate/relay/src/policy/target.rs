//! Whom a client wants to reach.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

/// A host, by address or by name, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    host: TargetHost,
    port: u16,
}

/// An address, or what has to be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TargetHost {
    /// An address in its canonical form.
    Address(IpAddr),
    /// A name in lower case without a trailing dot.
    Name(String),
}

impl Target {
    /// Names a target.
    ///
    /// - `host`: an IPv4 address of four decimal numbers, an IPv6 address with or without
    ///   brackets, or else a name. `127.1`, `0177.0.0.1` and `2130706433` are names; what a
    ///   resolver makes of them is checked like any other answer.
    /// - `port`: at least 1.
    ///
    /// # Errors
    ///
    /// [`TargetError`] where that cannot be a target.
    pub fn new(host: &str, port: u16) -> Result<Self, TargetError> {
        if port == 0 {
            return Err(TargetError::Port);
        }
        let host = TargetHost::parse(host)?;
        Ok(Self { host, port })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn host(&self) -> &TargetHost {
        &self.host
    }
}

impl TargetHost {
    fn parse(text: &str) -> Result<Self, TargetError> {
        let bare = unbracketed(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(address.to_canonical()));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        // Underscores are no host names, and in use. Everything else is no business of DNS.
        let usual = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(usual) {
            return Err(TargetError::Host);
        }
        Ok(Self::Name(name))
    }
}

/// Takes the brackets off `[::1]`.
pub(super) fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text)
}

impl FromStr for Target {
    type Err = TargetError;

    /// Reads `host:port`, with brackets around an IPv6 address.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let (host, port) = text.rsplit_once(':').ok_or(TargetError::Port)?;
        if host.contains(':') && !host.starts_with('[') {
            return Err(TargetError::Host);
        }
        Self::new(host, port.parse().map_err(|_| TargetError::Port)?)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            TargetHost::Address(IpAddr::V6(address)) => {
                write!(formatter, "[{address}]:{}", self.port)
            }
            TargetHost::Address(IpAddr::V4(address)) => {
                write!(formatter, "{address}:{}", self.port)
            }
            TargetHost::Name(name) => write!(formatter, "{name}:{}", self.port),
        }
    }
}

/// Text that names no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// The host is neither a name nor an address.
    #[error("not the name or address of a host")]
    Host,
    /// The port is missing or not one of 1 to 65535.
    #[error("not a port from 1 to 65535")]
    Port,
}
