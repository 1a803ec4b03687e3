//! Where sessions may go. Nothing is allowed that no rule names.

mod rule;
mod special;
mod target;

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::config::texts;

pub use rule::{Rule, RuleError};
pub(crate) use target::TargetHost;
pub use target::{Target, TargetError};

/// Rules of what may be reached.
///
/// What `deny` covers is refused, whatever else names it. Of the rest, what `allow` names may be
/// reached, or what a ticket names.
///
/// # Security
///
/// A target is decided twice: by [`Policy::admit`] before its name is resolved, and by
/// [`Policy::addresses`] for each address that the name has. Only an address that passed may be
/// dialled; resolving again would let a hostile name change its mind in between.
///
/// A ticket opens public and private addresses. Special ones, such as the relay's own machine,
/// it opens only where `allow` names them too: whoever makes tickets from the wishes of users
/// should not have to know about them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What may be reached.
    #[serde(with = "texts")]
    allow: Vec<Rule>,
    /// What may not, although `allow` or a ticket names it.
    #[serde(with = "texts")]
    deny: Vec<Rule>,
}

impl Policy {
    /// Allows what any of `rules` names.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            allow: rules.into_iter().collect(),
            deny: Vec::new(),
        }
    }

    /// Denies what any of `rules` covers, whatever else names it.
    pub fn denying(mut self, rules: impl IntoIterator<Item = Rule>) -> Self {
        self.deny.extend(rules);
        self
    }

    /// Says whether it is worth to resolve the target: whether any rule could allow it.
    ///
    /// - `ticket`: what the client's ticket names; `None` where it needs none.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where none could. Its name is then not even looked up.
    pub fn admit(&self, target: &Target, ticket: Option<&[Rule]>) -> Result<(), Refusal> {
        if self.deny.iter().any(|rule| rule.denies_name(target)) {
            return Err(Refusal::Denied(target.clone()));
        }
        let found = match target.host() {
            TargetHost::Address(address) => {
                let address = [*address];
                return self.addresses(target, address, ticket).map(|_| ());
            }
            TargetHost::Name(_) => ticket.unwrap_or(&self.allow),
        };
        if found.iter().any(|rule| rule.could_allow(target)) {
            return Ok(());
        }
        Err(Refusal::NoRule(target.clone()))
    }

    /// Keeps the addresses of `target` that may be reached, in their order.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where none is left.
    pub fn addresses(
        &self,
        target: &Target,
        found: impl IntoIterator<Item = IpAddr>,
        ticket: Option<&[Rule]>,
    ) -> Result<Vec<SocketAddr>, Refusal> {
        let mut refusal = Refusal::NoRule(target.clone());
        let mut allowed = Vec::new();
        for address in found.into_iter().map(|address| address.to_canonical()) {
            if self.deny.iter().any(|rule| rule.denies(target, address)) {
                refusal = Refusal::Denied(target.clone());
            } else if self.opens(target, address, ticket) {
                allowed.push(SocketAddr::new(address, target.port()));
            } else if let Some(range) = special::range(address) {
                refusal = Refusal::Special {
                    target: target.clone(),
                    address,
                    kind: range.kind,
                };
            }
        }
        if allowed.is_empty() {
            return Err(refusal);
        }
        Ok(allowed)
    }

    fn opens(&self, target: &Target, address: IpAddr, ticket: Option<&[Rule]>) -> bool {
        let by_policy = || self.allow.iter().any(|rule| rule.allows(target, address));
        let Some(ticket) = ticket else {
            return by_policy();
        };
        let kind = special::range(address).map(|range| range.kind);
        let ordinary = kind.is_none_or(|kind| kind == SpecialKind::Private);
        let strong = |rule: &Rule| ordinary && rule.allows(target, address);
        ticket.iter().any(strong)
            || by_policy() && ticket.iter().any(|rule| rule.matches(target, address))
    }
}

/// Why a target is not allowed, as a sentence for the person who wanted it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No rule names the target.
    #[error("no rule of this relay allows {0}")]
    NoRule(Target),
    /// A rule forbids the target.
    #[error("a rule of this relay denies {0}")]
    Denied(Target),
    /// The target is in a range that only a rule with an address opens.
    #[error(
        "{target} is {address}, {kind}; only a rule of this relay that names this address, as {} or a \
         network, allows it", SocketAddr::new(*.address, target.port())
    )]
    Special {
        /// What was asked for.
        target: Target,
        /// What it is.
        address: IpAddr,
        /// Which range.
        kind: SpecialKind,
    },
}

/// A range of addresses that `*` never opens, and a name only where it is private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecialKind {
    /// The relay's own machine.
    Loopback,
    /// No address at all; some systems take it for their own.
    Unspecified,
    /// Only the neighbours; with them the metadata services of clouds.
    LinkLocal,
    /// The metadata service of a cloud.
    Metadata,
    /// Many receivers.
    Multicast,
    /// All receivers.
    Broadcast,
    /// Leads to an IPv4 address by translation or through a tunnel.
    Tunnel,
    /// Only for examples.
    Documentation,
    /// Only for measurements.
    Benchmark,
    /// Networks of houses and offices; a name opens it, `*` does not.
    Private,
    /// Not assigned.
    Reserved,
}

impl fmt::Display for SpecialKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Loopback => "a loopback address",
            Self::Unspecified => "an unspecified address",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "a metadata service's address",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "the broadcast address",
            Self::Tunnel => "an address that leads to IPv4",
            Self::Documentation => "an address for documentation",
            Self::Benchmark => "an address for benchmarks",
            Self::Private => "a private address",
            Self::Reserved => "a reserved address",
        })
    }
}
