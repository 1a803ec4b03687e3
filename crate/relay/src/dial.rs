//! From a target to a TCP connection: resolve once, check every address, dial a checked one.

use core::fmt::Debug;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use transom_wire::{Close, CloseReason};

use crate::policy::{Policy, Refusal, Rule, Target, TargetHost};
use crate::spare::Spare;

/// Addresses of one name that are tried, at most: beyond it each would get less than a second.
const MAX_ADDRESSES: usize = 8;

/// The process, or the whole system, may open no more files.
const OUT_OF_FILES: [i32; 2] = [24, 23];

/// Turns names into addresses.
pub trait Resolve: Debug + Send + Sync {
    /// Looks `name` up, which is in lower case and without a trailing dot.
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = lookup_host((name, 0)).await?;
            Ok(found.map(|found| found.ip()).collect())
        })
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DialError {
    #[error(transparent)]
    UserTargetDenied(#[from] Refusal),
    #[error("{0} has no address")]
    UserNameUnknown(Target),
    #[error("{0} did not answer in time")]
    PeerTimeout(Target),
    #[error("the relay has too many connections for one more")]
    LocalOutOfFiles,
    #[error("{target}: {source}")]
    Peer { target: Target, source: io::Error },
}

impl DialError {
    /// What the client is told.
    pub(crate) fn close(&self) -> Close {
        let reason = match self {
            Self::UserTargetDenied(_) => CloseReason::TargetDenied,
            Self::UserNameUnknown(_) => CloseReason::NameUnknown,
            Self::PeerTimeout(_) => CloseReason::ConnectTimeout,
            Self::LocalOutOfFiles => CloseReason::Full,
            Self::Peer { source, .. } => match source.kind() {
                ErrorKind::ConnectionRefused => CloseReason::ConnectionRefused,
                ErrorKind::TimedOut => CloseReason::ConnectTimeout,
                _ => CloseReason::Unreachable,
            },
        };
        Close::new(reason, self.to_string())
    }

    fn peer(target: &Target, source: io::Error) -> Self {
        let code = source.raw_os_error();
        if code.is_some_and(|code| OUT_OF_FILES.contains(&code)) {
            return Self::LocalOutOfFiles;
        }
        Self::Peer {
            target: target.clone(),
            source,
        }
    }
}

/// Reaches targets, as far as a policy allows it.
#[derive(Clone, Debug)]
pub(crate) struct Dialer {
    pub(crate) policy: Arc<Policy>,
    pub(crate) resolver: Arc<dyn Resolve>,
    /// Time for resolving and connecting together.
    pub(crate) deadline: Duration,
    pub(crate) spare: Arc<Spare>,
}

impl Dialer {
    /// Connects to `target` where the policy, and the ticket if there is one, allow it.
    ///
    /// - `ticket`: what the client's ticket names; `None` where it needs none.
    ///
    /// # Security
    ///
    /// The name is resolved once. What is dialled is an address that was checked, never the
    /// name.
    pub(crate) async fn dial(
        &self,
        target: &Target,
        ticket: Option<&[Rule]>,
    ) -> Result<TcpStream, DialError> {
        self.policy.admit(target, ticket)?;
        let deadline = Instant::now() + self.deadline;
        let found = timeout(self.deadline, self.resolve(target))
            .await
            .map_err(|_| DialError::PeerTimeout(target.clone()))??;
        let mut allowed = self.policy.addresses(target, found, ticket)?;
        allowed.truncate(MAX_ADDRESSES);
        self.connect(target, &allowed, deadline).await
    }

    /// Tries the addresses in their order; each gets its share of the time that is left.
    async fn connect(
        &self,
        target: &Target,
        addresses: &[SocketAddr],
        deadline: Instant,
    ) -> Result<TcpStream, DialError> {
        let mut failure = DialError::PeerTimeout(target.clone());
        let shares = (1..).zip(addresses.iter().rev());
        for (left, address) in shares.collect::<Vec<(u32, _)>>().into_iter().rev() {
            let share = deadline.saturating_duration_since(Instant::now()) / left;
            match timeout(share, self.connect_one(*address)).await {
                Ok(Ok(stream)) => {
                    // A keystroke must not wait for the next one. Without it all works, later.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(source)) => failure = DialError::peer(target, source),
                Err(_) => failure = DialError::PeerTimeout(target.clone()),
            }
        }
        Err(failure)
    }

    async fn connect_one(&self, address: SocketAddr) -> io::Result<TcpStream> {
        self.spare.socket(address).await?.connect(address).await
    }

    async fn resolve(&self, target: &Target) -> Result<Vec<IpAddr>, DialError> {
        let name = match target.host() {
            TargetHost::Address(address) => return Ok(vec![*address]),
            TargetHost::Name(name) => name.as_str(),
        };
        match self.resolver.resolve(name).await {
            Ok(found) if !found.is_empty() => Ok(found),
            _ => Err(DialError::UserNameUnknown(target.clone())),
        }
    }
}
