//! Tries a key on a second connection, so that nobody learns too late that it does not work.

use transom_browser::RelayLink;
use transom_browser::vault::StoredKey;
use transom_keys::PublicKey;
use transom_protocol::{RelaySpec, Target};
use transom_ssh::{Connection, Options, Outcome, Trust, handshake};

use crate::stored_key::{Offer, attempt};
use crate::way::reach_again;
use crate::words;

/// What is known of the session that is open.
#[derive(Clone, Debug)]
pub(crate) struct SessionFacts {
    /// Where it leads.
    pub(crate) target: Target,
    /// Through which relay.
    pub(crate) relay: RelaySpec,
    /// The last jump host, where there is one.
    pub(crate) last_hop: Option<Connection>,
    /// Who is logged in.
    pub(crate) user: String,
    /// `SHA256:…` of the server's key.
    pub(crate) host_key: String,
    /// Its type, so that the server shows the same one again.
    pub(crate) host_key_type: String,
    /// Weak algorithms are allowed there.
    pub(crate) legacy: bool,
}

/// What the server said to the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is right.
    Accepted {
        /// Another proof is wanted as well.
        more_needed: bool,
    },
    /// It is not.
    Refused,
}

/// Accepts the key that the open session has, and no other.
struct Same(String);

impl Trust for Same {
    async fn decide(&mut self, offered: PublicKey) -> transom_ssh::Verdict {
        if offered.fingerprint() == self.0 {
            transom_ssh::Verdict::Accept
        } else {
            transom_ssh::Verdict::Refuse
        }
    }
}

/// Logs in with the key and leaves again.
///
/// # Errors
///
/// The connection did not come about; the words are safe to show.
///
/// # Cancel safety
///
/// A dropped call closes its connection.
pub(super) async fn prove(session: &SessionFacts, key: &StoredKey) -> Result<Verdict, String> {
    let offer = Offer::new(key.clone()).ok_or("the stored key cannot be read")?;
    // The line is to be proven, which has nothing to do with a certificate.
    let offer = offer.without_certificate();
    let reached = reach_again(&session.target, &session.relay, session.last_hop.as_ref());
    let (stream, link) = reached.await?;
    let trust = Same(session.host_key.clone());
    let connected = |error: transom_ssh::ConnectError| {
        let end = link.as_ref().and_then(RelayLink::end);
        let failure = words::connect_failure(&error, end.as_ref());
        format!("{error}. {}", failure.detail)
    };
    let options = Options {
        known_key_types: vec![session.host_key_type.clone()],
        legacy: session.legacy,
        ..Options::default()
    };
    let shaken = handshake(stream, options, trust, crate::session::clock()).await;
    let login = shaken.map_err(connected)?;
    let first = login.none(&session.user).await.map_err(connected)?;
    let login = match first {
        Outcome::Denied { login, .. } => login,
        Outcome::LoggedIn(connection) => {
            leave(connection).await;
            let words = "the server lets everybody in, so nothing can be proven";
            return Err(words.to_owned());
        }
    };
    let tried = attempt(None, login, &session.user, &offer).await;
    let tried = tried.map_err(connected)?;
    if tried.unsigned {
        return Err("the next log-in will try it: only then it signs".to_owned());
    }
    Ok(match tried.outcome {
        Outcome::LoggedIn(connection) => {
            leave(connection).await;
            Verdict::Accepted { more_needed: false }
        }
        Outcome::Denied {
            partial_success: true,
            ..
        } => Verdict::Accepted { more_needed: true },
        Outcome::Denied { .. } => Verdict::Refused,
    })
}

async fn leave(connection: Connection) {
    connection.disconnect().await;
}
