//! Tries a key on a second connection, so that nobody learns too late that it does not work.

use transom_browser::vault::StoredKey;
use transom_browser::{LinkObserver, RelayAddress, dial};
use transom_keys::PublicKey;
use transom_protocol::{RelayMode, RelaySpec, Target};
use transom_ssh::{Connection, Options, Outcome, Trust, handshake};

use crate::engine::Engine;
use crate::stored_key::{Offer, attempt};
use crate::words;

/// What is known of the session that is open.
#[derive(Clone, Debug)]
pub(crate) struct SessionFacts {
    /// Where it leads.
    pub(crate) target: Target,
    /// Through which relay.
    pub(crate) relay: RelaySpec,
    /// Who is logged in.
    pub(crate) user: String,
    /// `SHA256:…` of the server's key.
    pub(crate) host_key: String,
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
    let address = match session.relay.mode {
        RelayMode::Transom => RelayAddress::Transom(session.relay.url.clone()),
        RelayMode::Plain => RelayAddress::Plain(session.relay.url.clone()),
    };
    let Target { host, port, .. } = &session.target;
    let dialed = dial(&address).await.map_err(|error| error.to_string())?;
    let observer = LinkObserver::new(|_| {});
    let reached = dialed.connect(host, *port, observer).await;
    let (pipe, link) = reached.map_err(|error| error.to_string())?;
    let trust = Same(session.host_key.clone());
    let connected = |error: transom_ssh::ConnectError| {
        let failure = words::connect_failure(&error, link.end().as_ref());
        format!("{error}. {}", failure.detail)
    };
    let shaken = handshake(pipe, Options::default(), trust, Engine::clock()).await;
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
    let tried = attempt(login, &session.user, &offer).await;
    Ok(match tried.map_err(connected)? {
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
