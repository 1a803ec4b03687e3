//! Which sessions a connection to the agent is for: `session-bind@openssh.com`.
//!
//! A client that is about to log in shows the agent the server's signature of the session's id. So the
//! agent knows the server's key, and that a signature for another session is a theft.

use ed25519_dalek::ed25519::signature::Verifier as _;
use ssh_key::{Algorithm, Certificate, Signature};

use super::read::Reader;
use super::{AgentLogIn, SignRequest};
use crate::PublicKey;

/// Most hops of one connection, as OpenSSH has it (`AGENT_MAX_SESSION_IDS`).
const MAX_HOPS: usize = 16;

/// Longest id of a session, in bytes, as OpenSSH has it (`AGENT_MAX_SID_LEN`).
const MAX_SESSION_BYTES: usize = 128;

/// A wish to bind a connection to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionBind {
    host_key: Vec<u8>,
    session: Vec<u8>,
    signature: Vec<u8>,
    forwarding: bool,
}

/// A server that a connection to the agent goes through, or leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentHop {
    /// The key that it proved to have.
    pub host_key: PublicKey,
    blob: Vec<u8>,
    session: Vec<u8>,
    forwarding: bool,
}

/// The sessions that one connection to the agent was bound to, in their order.
#[derive(Clone, Debug, Default)]
pub struct AgentBindings {
    hops: Vec<AgentHop>,
    broken: bool,
}

/// What the agent does not do, because of how the connection was bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this connection to the agent is not for that")]
pub struct AgentRefusal;

impl SessionBind {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            host_key: reader.string()?.to_vec(),
            session: reader.string()?.to_vec(),
            signature: reader.string()?.to_vec(),
            forwarding: match reader.byte()? {
                0 => false,
                1 => true,
                _ => return None,
            },
        })
    }

    /// The server, if it proves that it has the key. A signature with SHA-1 proves nothing.
    fn proven(self) -> Option<AgentHop> {
        let host_key = host_key(&self.host_key)?;
        let signature = Signature::try_from(self.signature.as_slice()).ok()?;
        if self.session.len() > MAX_SESSION_BYTES
            || signature.algorithm() == (Algorithm::Rsa { hash: None })
        {
            return None;
        }
        let key = host_key.to_ssh_key();
        key.key_data().verify(&self.session, &signature).ok()?;
        Some(AgentHop {
            host_key,
            blob: self.host_key,
            session: self.session,
            forwarding: self.forwarding,
        })
    }
}

impl AgentBindings {
    /// Binds the connection to one more session.
    ///
    /// # Errors
    ///
    /// [`AgentRefusal`] where the signature is wrong, the connection leads to a log-in already, or there
    /// are too many. Nothing is signed on this connection from then on.
    pub fn bind(&mut self, bind: SessionBind) -> Result<(), AgentRefusal> {
        let bound = self.add(bind);
        self.broken |= bound.is_none();
        bound.ok_or(AgentRefusal)
    }

    fn add(&mut self, bind: SessionBind) -> Option<()> {
        let hop = bind.proven()?;
        if self.hops.contains(&hop) {
            return Some(());
        }
        let known = self.hops.iter().any(|seen| seen.session == hop.session);
        let ended = self.hops.last().is_some_and(|last| !last.forwarding);
        if known || ended || self.hops.len() >= MAX_HOPS {
            return None;
        }
        self.hops.push(hop);
        Some(())
    }

    /// Whether a signature may be made on this connection, and which server is to see it; `None` where
    /// the client did not say.
    ///
    /// - `request`: what is to be signed.
    ///
    /// # Errors
    ///
    /// [`AgentRefusal`] where it is for another session or server than the connection is bound to.
    pub fn judge(&self, request: &SignRequest) -> Result<Option<&AgentHop>, AgentRefusal> {
        if self.broken {
            return Err(AgentRefusal);
        }
        let Some(last) = self.hops.last() else {
            return Ok(None);
        };
        let log_in = request.log_in().ok_or(AgentRefusal)?;
        last.leads_to(&log_in)
            .then_some(Some(last))
            .ok_or(AgentRefusal)
    }
}

impl AgentHop {
    fn leads_to(&self, log_in: &AgentLogIn) -> bool {
        let same_key = log_in.host_key.as_ref().is_none_or(|key| *key == self.blob);
        !self.forwarding && log_in.session == self.session && same_key
    }
}

/// A host's key, or the key inside of its certificate.
fn host_key(blob: &[u8]) -> Option<PublicKey> {
    PublicKey::from_blob(blob).ok().or_else(|| {
        let certificate = Certificate::from_bytes(blob).ok()?;
        let key = ssh_key::PublicKey::from(certificate.public_key().clone());
        Some(PublicKey::from_ssh_key(&key))
    })
}
