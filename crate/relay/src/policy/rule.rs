//! One rule: `host:port` with patterns on both sides.

use core::fmt;
use core::net::IpAddr;
use core::ops::RangeInclusive;
use core::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::target::{Target, TargetHost, unbracketed};
use super::{SpecialKind, special};

/// One rule of a policy, read from text:
///
/// | Text | Names |
/// | --- | --- |
/// | `web-1:22` | this name, at public and private addresses |
/// | `*.example.org:22` | each name below `example.org`, at public and private addresses |
/// | `10.0.0.0/8:22`, `[fd00::]/8:22`, `192.0.2.1:22` | these addresses, however they are named |
/// | `localhost:22` | this machine, by the name `localhost` or a loopback address |
/// | `*:22` | everything at public addresses |
/// | `web-1:*`, `web-1:2200-2299` | any port, one of these |
///
/// # Security
///
/// Special addresses (loopback, link-local, metadata, multicast, NAT64 …) are neither public nor
/// private. Only an address or a network that lies *inside* of a special range opens it:
/// `127.0.0.0/8` does, `0.0.0.0/0` does not. An IPv6 address that leads to a special IPv4 address
/// is opened only by a rule for this one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    host: HostPattern,
    ports: RangeInclusive<u16>,
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
    /// Whether the rule may come to name the target once its name is resolved.
    pub(super) fn could_allow(&self, target: &Target) -> bool {
        match target.host() {
            TargetHost::Address(address) => self.allows(target, *address),
            TargetHost::Name(name) => {
                let by_name = self.host.names(name);
                self.covers(target.port()) && (by_name || self.host.is_network())
            }
        }
    }

    /// Whether the rule names `address`, which is the target or one that its name has, strongly
    /// enough to open it.
    pub(super) fn allows(&self, target: &Target, address: IpAddr) -> bool {
        self.matches(target, address) && self.host.opens(address)
    }

    /// Whether the rule may come to name the target once its name is resolved, be it special or
    /// not.
    pub(crate) fn could_name(&self, target: &Target) -> bool {
        match target.host() {
            TargetHost::Address(address) => self.matches(target, *address),
            TargetHost::Name(_) => self.could_allow(target),
        }
    }

    /// Whether the rule names `address`, be it special or not.
    pub(super) fn matches(&self, target: &Target, address: IpAddr) -> bool {
        self.covers(target.port())
            && match (&self.host, target.host()) {
                (HostPattern::Any, _) => true,
                (HostPattern::Network(network), _) => network.contains(&address),
                (HostPattern::Localhost, TargetHost::Address(_)) => address.is_loopback(),
                (pattern, TargetHost::Name(name)) => pattern.names(name),
                (_, TargetHost::Address(_)) => false,
            }
    }

    /// Whether the rule, as one that forbids, covers the target by what is known before its name
    /// is resolved.
    pub(super) fn denies_name(&self, target: &Target) -> bool {
        match target.host() {
            TargetHost::Address(address) => self.denies(target, *address),
            TargetHost::Name(name) => self.covers(target.port()) && self.host.names(name),
        }
    }

    /// Whether the rule, as one that forbids, covers `address` or where that leads to.
    pub(super) fn denies(&self, target: &Target, address: IpAddr) -> bool {
        let network = match &self.host {
            HostPattern::Network(network) => network,
            HostPattern::Localhost if address.is_loopback() => return self.covers(target.port()),
            _ => return self.matches(target, address),
        };
        let inner = special::embedded_v4(address).map(IpAddr::V4);
        let hit = network.contains(&address) || inner.is_some_and(|ip| network.contains(&ip));
        hit && self.covers(target.port())
    }

    fn covers(&self, port: u16) -> bool {
        self.ports.contains(&port)
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

    /// Whether the pattern, which matches `address`, may lead there.
    fn opens(&self, address: IpAddr) -> bool {
        let Some(range) = special::range(address) else {
            return true;
        };
        let inner = special::embedded_v4(address).and_then(|ip| special::range(ip.into()));
        match self {
            Self::Any => false,
            Self::Localhost => range.kind == SpecialKind::Loopback,
            Self::Name(_) | Self::Below(_) => range.kind == SpecialKind::Private,
            Self::Network(network) if inner.is_some() => {
                network.prefix_len() == network.max_prefix_len()
            }
            Self::Network(network) => range.contains(network),
        }
    }
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
        let (host, ports) = text.rsplit_once(':').ok_or_else(invalid)?;
        if host.contains(':') && !host.contains('[') {
            return Err(invalid());
        }
        let host = HostPattern::parse(host).ok_or_else(invalid)?;
        let ports = read_ports(ports).ok_or_else(invalid)?;
        Ok(Self { host, ports })
    }
}

/// Reads `22`, `2200-2299` or `*`.
fn read_ports(text: &str) -> Option<RangeInclusive<u16>> {
    if text == "*" {
        return Some(1..=u16::MAX);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (0 < first && first <= last).then_some(first..=last)
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            HostPattern::Any => formatter.write_str("*"),
            HostPattern::Localhost => formatter.write_str("localhost"),
            HostPattern::Name(name) => formatter.write_str(name),
            HostPattern::Below(end) => write!(formatter, "*{end}"),
            HostPattern::Network(IpNet::V4(network)) => write!(formatter, "{network}"),
            HostPattern::Network(IpNet::V6(network)) => write!(formatter, "[{network}]"),
        }?;
        match (*self.ports.start(), *self.ports.end()) {
            (1, u16::MAX) => formatter.write_str(":*"),
            (first, last) if first == last => write!(formatter, ":{first}"),
            (first, last) => write!(formatter, ":{first}-{last}"),
        }
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
             [fd00::]/8:22, localhost:22, *:22 or web-1:2200-2299, with * for any port",
            self.0
        )
    }
}
