//! The agent protocol, from the side of the agent: [draft-ietf-sshm-ssh-agent], with session binding
//! (OpenSSH PROTOCOL.agent §1).
//!
//! Messages come from whoever is root on a server that an agent is forwarded to. So only what a log-in
//! needs is understood, and everything else is refused.
//!
//! [draft-ietf-sshm-ssh-agent]: https://datatracker.ietf.org/doc/draft-ietf-sshm-ssh-agent/

mod binding;
mod read;

pub use binding::{AgentBindings, AgentHop, AgentRefusal, SessionBind};

use read::Reader;

use crate::signature::put_string;
use crate::{PublicKey, SignatureAlgorithm};

/// Longest message, without its length, in bytes (OpenSSH `AGENT_MAX_LEN`). Who sends a longer one is
/// hung up on.
pub const MAX_AGENT_MESSAGE_BYTES: usize = 256 * 1024;

/// SSH_AGENT_FAILURE, as a message without its length.
pub const AGENT_FAILURE: &[u8] = &[5];
/// SSH_AGENT_SUCCESS, as a message without its length.
pub const AGENT_SUCCESS: &[u8] = &[6];

const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
const EXTENSION: u8 = 27;

/// Flags of a request for a signature: of RSA's ways, which one.
const RSA_SHA2_256: u32 = 2;
const RSA_SHA2_512: u32 = 4;

/// SSH_MSG_USERAUTH_REQUEST ([RFC 4252 §5]).
///
/// [RFC 4252 §5]: https://www.rfc-editor.org/rfc/rfc4252#section-5
const USERAUTH_REQUEST: u8 = 50;

/// What somebody wants of the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentRequest {
    /// The public keys.
    Identities,
    /// A signature.
    Sign(SignRequest),
    /// Says which session the connection to the agent is for.
    Bind(SessionBind),
    /// Anything else, or a message that is damaged: to be answered with [`AGENT_FAILURE`].
    Unknown,
}

/// A wish for a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignRequest {
    /// The key, or its certificate, in the wire encoding.
    pub key: Vec<u8>,
    /// What is to be signed.
    pub message: Vec<u8>,
    flags: u32,
}

/// What a signature for a log-in says ([RFC 4252 §7], OpenSSH PROTOCOL §1.8).
///
/// [RFC 4252 §7]: https://www.rfc-editor.org/rfc/rfc4252#section-7
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentLogIn {
    /// Who is to be logged in, as the server will read it; not safe to show.
    pub user: String,
    session: Vec<u8>,
    /// Where the client says which server it is for.
    host_key: Option<Vec<u8>>,
}

impl AgentRequest {
    /// Reads a message without its length. It never fails: what cannot be understood is refused.
    pub fn parse(message: &[u8]) -> Self {
        Self::read(message).unwrap_or(Self::Unknown)
    }

    fn read(message: &[u8]) -> Option<Self> {
        let mut reader = Reader(message);
        let request = match reader.byte()? {
            REQUEST_IDENTITIES => Self::Identities,
            SIGN_REQUEST => Self::Sign(SignRequest {
                key: reader.string()?.to_vec(),
                message: reader.string()?.to_vec(),
                flags: reader.number()?,
            }),
            EXTENSION if reader.string()? == b"session-bind@openssh.com" => {
                Self::Bind(SessionBind::read(&mut reader)?)
            }
            _ => return None,
        };
        reader.is_empty().then_some(request)
    }
}

impl SignRequest {
    /// How `key` is to sign; `None` where it does not, or only with SHA-1.
    pub fn way(&self, key: &PublicKey) -> Option<SignatureAlgorithm> {
        let sha512 = self.flags & RSA_SHA2_512 != 0;
        let way = SignatureAlgorithm::of(key, sha512)?;
        let is_rsa = key.algorithm_name() == "ssh-rsa";
        let named = self.flags & (RSA_SHA2_256 | RSA_SHA2_512) != 0;
        (!is_rsa || named).then_some(way)
    }

    /// What the signature is good for; `None` if it is no log-in with that key.
    pub fn log_in(&self) -> Option<AgentLogIn> {
        let mut reader = Reader(&self.message);
        let session = reader.string()?.to_vec();
        if reader.byte()? != USERAUTH_REQUEST {
            return None;
        }
        let user = core::str::from_utf8(reader.string()?).ok()?.to_owned();
        let service = reader.string()?;
        let method = reader.string()?;
        let signed = reader.byte()?;
        let _algorithm = reader.string()?;
        let key = reader.string()?;
        let host_key = match method {
            b"publickey" => None,
            b"publickey-hostbound-v00@openssh.com" => Some(reader.string()?.to_vec()),
            _ => return None,
        };
        let whole = service == b"ssh-connection" && signed == 1 && reader.is_empty();
        (whole && key == self.key).then_some(AgentLogIn {
            user,
            session,
            host_key,
        })
    }
}

/// Writes the answer to [`AgentRequest::Identities`].
///
/// - `identities`: keys or certificates in the wire encoding, and what the person calls them.
pub fn agent_identities(identities: &[(Vec<u8>, &str)]) -> Vec<u8> {
    let mut answer = vec![IDENTITIES_ANSWER];
    // Far more keys than any person has would come out malformed, and be refused by whoever reads it.
    let count = u32::try_from(identities.len()).unwrap_or(u32::MAX);
    answer.extend_from_slice(&count.to_be_bytes());
    for (key, name) in identities {
        put_string(&mut answer, key);
        put_string(&mut answer, name.as_bytes());
    }
    answer
}

/// Writes the answer to [`AgentRequest::Sign`].
///
/// - `signature`: as [`SignatureAlgorithm::encode`] makes it.
pub fn agent_signature(signature: &[u8]) -> Vec<u8> {
    let mut answer = vec![SIGN_RESPONSE];
    put_string(&mut answer, signature);
    answer
}
