//! Where to connect, and as whom.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The port that SSH servers listen on ([RFC 4253 §4.1]).
///
/// [RFC 4253 §4.1]: https://www.rfc-editor.org/rfc/rfc4253#section-4.1
const DEFAULT_PORT: u16 = 22;

/// Longest name that DNS can carry, in bytes ([RFC 1035 §2.3.4]); longer input is a mistake.
///
/// [RFC 1035 §2.3.4]: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MAX_HOST_BYTES: usize = 255;

/// Jump hosts on the way to one target, at most. Each costs a whole handshake inside of another.
const MAX_HOPS: usize = 8;

/// Between an address and its jump hosts, as people read it.
const VIA: &str = " via ";

/// A user on a host, and the way there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Target {
    /// User name, not empty. `None` until the person was asked for it.
    pub user: Option<String>,
    /// Host name or address, without brackets, not empty.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// Jump hosts, in the order in which they are passed (`ProxyJump` of `ssh_config`). At most
    /// eight, without jump hosts of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jump: Vec<Target>,
}

/// Why a typed address is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseTargetError {
    /// Nothing was typed, or nothing after the `@`.
    NoHost,
    /// What follows the last colon is not a port from 1 to 65535.
    Port,
    /// The host contains a character that no host name has, or is too long.
    Host,
    /// There is an `@`, but no user in front of it.
    NoUser,
    /// A jump host is no address, or there are more than eight.
    Jump,
}

impl fmt::Display for ParseTargetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoHost => "no host",
            Self::Port => "port is not a number from 1 to 65535",
            Self::Host => "host name has a character that is not allowed",
            Self::NoUser => "no user before the @",
            Self::Jump => "a jump host is not an address",
        })
    }
}

impl core::error::Error for ParseTargetError {}

impl FromStr for Target {
    type Err = ParseTargetError;

    /// Reads `host`, `user@host`, `user@host:port`, `[v6]:port` and `ssh://…` of the same, then
    /// ` via ` and jump hosts with commas between them. What people paste is read as well:
    /// `ssh -J hop,hop user@host`.
    ///
    /// A user name may contain `@` (the last one counts), as with OpenSSH. An address with more
    /// than one colon and no brackets is an IPv6 address without a port.
    fn from_str(typed: &str) -> Result<Self, ParseTargetError> {
        let typed = typed.trim();
        let typed = typed.strip_prefix("ssh ").unwrap_or(typed).trim_start();
        let (place, hops) = match typed.strip_prefix("-J") {
            Some(rest) => {
                let rest = rest.trim_start();
                let (hops, place) = rest.split_once(' ').ok_or(ParseTargetError::NoHost)?;
                (place, hops)
            }
            None => typed.split_once(VIA).unwrap_or((typed, "")),
        };
        let jump = Self::parse_jump(hops)?;
        Ok(Self {
            jump,
            ..Self::parse_place(place)?
        })
    }
}

impl Target {
    /// Reads jump hosts with commas between them; none where there is nothing.
    ///
    /// # Errors
    ///
    /// [`ParseTargetError::Jump`].
    pub fn parse_jump(typed: &str) -> Result<Vec<Self>, ParseTargetError> {
        if typed.trim().is_empty() {
            return Ok(Vec::new());
        }
        let hops = typed.split(',').map(Self::parse_place);
        let hops: Result<Vec<_>, _> = hops.take(MAX_HOPS + 1).collect();
        match hops {
            Ok(hops) if hops.len() <= MAX_HOPS => Ok(hops),
            _ => Err(ParseTargetError::Jump),
        }
    }

    /// Writes jump hosts as [`Self::parse_jump`] reads them.
    pub fn write_jump(hops: &[Self]) -> String {
        let hops: Vec<String> = hops.iter().map(ToString::to_string).collect();
        hops.join(",")
    }

    /// Reads an address without jump hosts.
    fn parse_place(typed: &str) -> Result<Self, ParseTargetError> {
        let rest = typed.trim();
        // With `web+` a browser hands it to the page that handles such links.
        let schemes = ["ssh://", "web+ssh://"];
        let mut bare = schemes.iter().filter_map(|it| rest.strip_prefix(it));
        let rest = bare.next().unwrap_or(rest);
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, place) = match rest.rsplit_once('@') {
            Some(("", _)) => return Err(ParseTargetError::NoUser),
            Some((user, place)) => (Some(user.to_owned()), place),
            None => (None, rest),
        };
        let (host, port) = split_port(place)?;
        if host.is_empty() {
            return Err(ParseTargetError::NoHost);
        }
        if host.len() > MAX_HOST_BYTES || host.chars().any(is_foreign) {
            return Err(ParseTargetError::Host);
        }
        Ok(Self {
            user,
            host: host.to_owned(),
            port,
            jump: Vec::new(),
        })
    }

    /// The host as known_hosts and people write it: `host`, or `[host]:port` off port 22.
    pub fn known_hosts_name(&self) -> String {
        if self.port == DEFAULT_PORT {
            self.host.clone()
        } else {
            format!("[{}]:{}", self.host, self.port)
        }
    }
}

/// Splits `host:port`, `[v6]:port`, `[v6]`, `v6` and `host`.
fn split_port(place: &str) -> Result<(&str, u16), ParseTargetError> {
    if let Some(inner) = place.strip_prefix('[') {
        let (host, rest) = inner.split_once(']').ok_or(ParseTargetError::Host)?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, parse_port(port)?)),
            None if rest.is_empty() => Ok((host, DEFAULT_PORT)),
            None => Err(ParseTargetError::Host),
        };
    }
    match place.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Ok((place, DEFAULT_PORT)),
        Some((host, port)) => Ok((host, parse_port(port)?)),
        None => Ok((place, DEFAULT_PORT)),
    }
}

fn parse_port(text: &str) -> Result<u16, ParseTargetError> {
    match text.parse() {
        Ok(0) | Err(_) => Err(ParseTargetError::Port),
        Ok(port) => Ok(port),
    }
}

/// Whether `c` occurs in no host name, address or zone.
fn is_foreign(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '%'))
}

impl fmt::Display for Target {
    /// Writes what [`FromStr`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(formatter, "{user}@")?;
        }
        match (self.host.contains(':'), self.port) {
            (false, DEFAULT_PORT) => formatter.write_str(&self.host),
            (false, port) => write!(formatter, "{}:{port}", self.host),
            (true, DEFAULT_PORT) => write!(formatter, "[{}]", self.host),
            (true, port) => write!(formatter, "[{}]:{port}", self.host),
        }?;
        if !self.jump.is_empty() {
            write!(formatter, "{VIA}{}", Self::write_jump(&self.jump))?;
        }
        Ok(())
    }
}
