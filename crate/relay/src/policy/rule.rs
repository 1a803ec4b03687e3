//! One rule: `host:port` with patterns on both sides.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::special;
use super::target::{Target, TargetHost, unbracketed};

/// One rule of a policy, read from text:
///
/// | Text | Allows |
/// | --- | --- |
/// | `web-1:22` | this name, at ordinary addresses |
/// | `*.example.org:22` | each name below `example.org`, at ordinary addresses |
/// | `10.0.0.0/8:22`, `[fd00::]/8:22`, `192.0.2.1:22` | these addresses, however they are named |
/// | `localhost:22` | this machine, by the name `localhost` or a loopback address |
/// | `*:22` | everything at ordinary addresses |
/// | `web-1:*` | any port |
///
/// # Security
///
/// Special addresses (loopback, link-local, metadata, multicast …) are not ordinary. Only an
/// address or a network that lies *inside* of a special range opens it: `127.0.0.0/8` does,
/// `0.0.0.0/0` does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    host: HostPattern,
    /// `None` is any.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostPattern {
    Any,
    Localhost,
    Name(String),
    /// The part behind the asterisk, with its dot.
    Below(String),
    Network(IpNet),
}

impl Rule {
    /// Whether the rule may come to allow the target once its name is resolved.
    pub(super) fn could_allow(&self, target: &Target) -> bool {
        match target.host() {
            TargetHost::Address(address) => self.allows(target, *address),
            TargetHost::Name(name) => {
                let by_name = self.host.names(name);
                self.covers(target.port()) && (by_name || self.host.is_network())
            }
        }
    }

    /// Whether the rule allows `address`, which is the target or one that its name has.
    pub(super) fn allows(&self, target: &Target, address: IpAddr) -> bool {
        if !self.covers(target.port()) {
            return false;
        }
        let name = match target.host() {
            TargetHost::Address(_) => None,
            TargetHost::Name(name) => Some(name.as_str()),
        };
        match (&self.host, name) {
            (HostPattern::Network(network), _) => {
                network.contains(&address) && opens(network, address)
            }
            (HostPattern::Localhost, None | Some("localhost")) => address.is_loopback(),
            (pattern, Some(name)) => pattern.names(name) && special::kind(address).is_none(),
            (pattern, None) => *pattern == HostPattern::Any && special::kind(address).is_none(),
        }
    }

    fn covers(&self, port: u16) -> bool {
        self.port.is_none_or(|own| own == port)
    }
}

impl HostPattern {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Any);
        }
        if let Some(network) = network(text) {
            return Some(Self::Network(network));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let (below, rest) = match name.strip_prefix('*') {
            Some(rest) => (true, rest.strip_prefix('.')?),
            None => (false, name.as_str()),
        };
        let usual = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if rest.is_empty() || !rest.chars().all(usual) {
            return None;
        }
        Some(match (below, rest) {
            (true, rest) => Self::Below(format!(".{rest}")),
            (false, "localhost") => Self::Localhost,
            (false, _) => Self::Name(name),
        })
    }

    fn names(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Localhost => name == "localhost",
            Self::Name(own) => own == name,
            Self::Below(end) => name.len() > end.len() && name.ends_with(end.as_str()),
            Self::Network(_) => false,
        }
    }

    fn is_network(&self) -> bool {
        matches!(self, Self::Network(_))
    }
}

/// Whether a network that contains `address` names it explicitly: a special address only
/// where both ends of the network, and so all of it, are special in the same way. `0.0.0.0/0`
/// begins and ends with special addresses, but of two kinds.
fn opens(network: &IpNet, address: IpAddr) -> bool {
    let kind = special::kind(address);
    kind.is_none()
        || special::kind(network.network()) == kind && special::kind(network.broadcast()) == kind
}

/// Reads `192.0.2.1`, `10.0.0.0/8`, `[::1]`, `[fd00::]/8` or `[fd00::/8]`.
fn network(text: &str) -> Option<IpNet> {
    let text = unbracketed(text);
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address = unbracketed(address).parse::<IpAddr>().ok()?;
    // Targets are looked at in their canonical form; a mapped rule would never match.
    let canonical = address.to_canonical();
    if canonical != address && prefix.is_some_and(|prefix| prefix < 96) {
        return None;
    }
    let shift = if canonical == address { 0 } else { 96 };
    Some(match canonical {
        IpAddr::V4(address) => {
            let prefix = prefix.map_or(32, |prefix| prefix - shift);
            Ipv4Net::new(address, prefix).ok()?.trunc().into()
        }
        IpAddr::V6(address) => Ipv6Net::new(address, prefix.unwrap_or(128))
            .ok()?
            .trunc()
            .into(),
    })
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let invalid = || RuleError(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(invalid)?;
        if host.contains(':') && !host.contains('[') {
            return Err(invalid());
        }
        let host = HostPattern::parse(host).ok_or_else(invalid)?;
        let port = match port {
            "*" => None,
            number => match number.parse() {
                Ok(0) | Err(_) => return Err(invalid()),
                Ok(port) => Some(port),
            },
        };
        Ok(Self { host, port })
    }
}

/// Text that is no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError(String);

impl core::error::Error for RuleError {}

impl fmt::Display for RuleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "'{}' is no rule; write host:port, as web-1:22, *.example.org:22, 10.0.0.0/8:22, \
             [fd00::]/8:22, localhost:22 or *:22, with * for any port",
            self.0
        )
    }
}
