//! Keys that a server says it has beside the one it showed: OpenSSH PROTOCOL §2.5.

use russh::Error;
use transom_keys::PublicKey;

use crate::clock::within;
use crate::handshake::{close_cause, from_cause};
use crate::{ConnectError, Connection, Stage};

impl Connection {
    /// Waits until the server says which host keys it has (`hostkeys-00@openssh.com`), and gives those
    /// that can be read, at most 64. Nothing is proved by that: see [`Self::prove_host_keys`].
    ///
    /// OpenSSH says it right after the log-in. Many servers never do, and then this waits until the
    /// connection ends: `None`.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by a wait that is dropped.
    pub async fn announced_host_keys(&self) -> Option<Vec<PublicKey>> {
        let shared = self.shared();
        tokio::select! {
            keys = shared.announced() => Some(keys),
            _ = shared.closed() => None,
        }
    }

    /// Has the server prove that it holds all of `keys` (`hostkeys-prove-00@openssh.com`): it signs
    /// the id of this session with each.
    ///
    /// # Errors
    ///
    /// [`ConnectError::PeerMisbehaved`] if it does not prove all of them; the connection stays usable.
    /// [`ConnectError::PeerTimeout`] and [`ConnectError::LinkClosed`] as everywhere.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changes nothing.
    pub async fn prove_host_keys(&self, keys: &[PublicKey]) -> Result<(), ConnectError> {
        let asked = keys.iter().map(PublicKey::to_ssh_key).collect();
        let answer = self.handle().hostkeys_prove(asked);
        let limit = self.shared().deadlines.channel;
        match within(self.clock(), limit, answer).await {
            Some(Ok(())) => Ok(()),
            Some(Err(Error::RequestDenied | Error::WrongServerSig)) => {
                Err(ConnectError::PeerMisbehaved {
                    what: "host keys without a proof".to_owned(),
                })
            }
            Some(Err(error)) => Err(from_cause(close_cause(&error), Stage::Open)),
            None => Err(ConnectError::PeerTimeout { stage: Stage::Open }),
        }
    }
}
