//! From a target to a TCP connection: resolve once, check every address, dial a checked one.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::io::{self, ErrorKind};

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use transom_wire::{Close, CloseReason};

use crate::policy::{Policy, Refusal, Target, TargetHost};

/// Time for resolving and connecting together: what a person still waits for.
const DIAL_DEADLINE: Duration = Duration::from_secs(10);

/// Addresses of one name that are tried, at most: beyond it each would get less than a second.
const MAX_ADDRESSES: usize = 8;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DialError {
    #[error(transparent)]
    UserTargetDenied(#[from] Refusal),
    #[error("{0} has no address")]
    UserNameUnknown(Target),
    #[error("{0} did not answer in time")]
    PeerTimeout(Target),
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
            Self::Peer { source, .. } => match source.kind() {
                ErrorKind::ConnectionRefused => CloseReason::ConnectionRefused,
                ErrorKind::TimedOut => CloseReason::ConnectTimeout,
                _ => CloseReason::Unreachable,
            },
        };
        Close::new(reason, self.to_string())
    }
}

/// Connects to `target` where `policy` allows it.
///
/// # Security
///
/// The name is resolved once. What is dialled is an address that was checked, never the name.
pub(crate) async fn dial(policy: &Policy, target: &Target) -> Result<TcpStream, DialError> {
    policy.admit(target)?;
    let deadline = Instant::now() + DIAL_DEADLINE;
    let found = timeout(DIAL_DEADLINE, resolve(target))
        .await
        .map_err(|_| DialError::PeerTimeout(target.clone()))??;
    let mut allowed = policy.addresses(target, found)?;
    allowed.truncate(MAX_ADDRESSES);
    connect(target, &allowed, deadline).await
}

async fn resolve(target: &Target) -> Result<Vec<IpAddr>, DialError> {
    let name = match target.host() {
        TargetHost::Address(address) => return Ok(vec![*address]),
        TargetHost::Name(name) => name.as_str(),
    };
    let found = lookup_host((name, target.port())).await;
    let unknown = || DialError::UserNameUnknown(target.clone());
    let found: Vec<_> = found
        .map_err(|_| unknown())?
        .map(|found| found.ip())
        .collect();
    if found.is_empty() {
        return Err(unknown());
    }
    Ok(found)
}

/// Tries the addresses in their order; each gets its share of the time that is left.
async fn connect(
    target: &Target,
    addresses: &[SocketAddr],
    deadline: Instant,
) -> Result<TcpStream, DialError> {
    let mut failure = DialError::PeerTimeout(target.clone());
    let shares = (1..).zip(addresses.iter().rev());
    for (left, address) in shares.collect::<Vec<(u32, _)>>().into_iter().rev() {
        let share = deadline.saturating_duration_since(Instant::now()) / left;
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A keystroke must not wait for the next one. Without it all works, later.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(source)) => {
                failure = DialError::Peer {
                    target: target.clone(),
                    source,
                };
            }
            Err(_) => failure = DialError::PeerTimeout(target.clone()),
        }
    }
    Err(failure)
}
