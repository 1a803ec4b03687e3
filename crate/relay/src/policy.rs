//! Where sessions may go. Nothing is allowed that no rule names.

mod rule;
mod special;
mod target;

use core::fmt;
use core::net::{IpAddr, SocketAddr};

pub use rule::{Rule, RuleError};
pub(crate) use target::TargetHost;
pub use target::{Target, TargetError};

/// Rules of what may be reached.
///
/// # Security
///
/// A target is decided twice: by [`Policy::admit`] before its name is resolved, and by
/// [`Policy::addresses`] for each address that the name has. Only an address that passed may be
/// dialled; resolving again would let a hostile name change its mind in between.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    rules: Vec<Rule>,
}

impl Policy {
    /// Allows what any of `rules` names.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            rules: rules.into_iter().collect(),
        }
    }

    /// Says whether it is worth to resolve the target: whether any rule could allow it.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where none could. Its name is then not even looked up.
    pub fn admit(&self, target: &Target) -> Result<(), Refusal> {
        if self.rules.iter().any(|rule| rule.could_allow(target)) {
            return Ok(());
        }
        Err(Refusal::NoRule(target.clone()))
    }

    /// Keeps the addresses of `target` that a rule allows, in their order.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where none is left.
    pub fn addresses(
        &self,
        target: &Target,
        found: impl IntoIterator<Item = IpAddr>,
    ) -> Result<Vec<SocketAddr>, Refusal> {
        let mut refusal = Refusal::NoRule(target.clone());
        let mut allowed = Vec::new();
        for address in found.into_iter().map(|address| address.to_canonical()) {
            if self.rules.iter().any(|rule| rule.allows(target, address)) {
                allowed.push(SocketAddr::new(address, target.port()));
            } else if let Some(kind) = special::kind(address) {
                refusal = Refusal::Special {
                    target: target.clone(),
                    address,
                    kind,
                };
            }
        }
        if allowed.is_empty() {
            return Err(refusal);
        }
        Ok(allowed)
    }
}

/// Why a target is not allowed, as a sentence for the person who wanted it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No rule names the target.
    #[error("no rule of this relay allows {0}")]
    NoRule(Target),
    /// The target is in a range that only a rule with an address opens.
    #[error(
        "{target} is {address}, {kind}; only a rule of this relay that names this address allows it"
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

/// A range of addresses that a name or `*` never opens.
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
            Self::Reserved => "a reserved address",
        })
    }
}
