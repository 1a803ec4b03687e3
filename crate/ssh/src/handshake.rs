//! From a byte stream to a server whose host key is accepted: [RFC 4253].
//!
//! [RFC 4253]: https://www.rfc-editor.org/rfc/rfc4253

use core::time::Duration;
use std::io;
use std::sync::Arc;

use russh::client::Handle;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::display::display_safe;
use crate::events::{Events, TEXT_BYTES};
use crate::link::{Link, LinkState};
use crate::shared::Shared;
use crate::{
    AlgorithmKind, Clock, CloseCause, ConnectError, Login, Negotiated, Options, Stage, Trust,
};

/// Speaks SSH on `stream` until the server has shown its host key and `trust` accepted it.
///
/// - `stream`: carries the bytes. Its `poll_flush` must return at once, since russh does not read
///   while it flushes.
/// - `clock`: measures every deadline of this connection.
///
/// No credential has been sent when this returns, and none can be before [`Login`].
///
/// # Errors
///
/// Every [`ConnectError`] but [`ConnectError::UserCancelled`]. The stream is closed then.
///
/// # Cancel safety
///
/// A dropped handshake cuts the stream and drops `trust`.
///
/// # Security
///
/// Everything that the server sent so far was read by russh within bounds: 20 lines of 255 bytes
/// before its identification, packets of 256 KiB.
pub async fn handshake<S, T>(
    stream: S,
    options: Options,
    trust: T,
    clock: Arc<dyn Clock>,
) -> Result<Login, ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: Trust,
{
    let link = LinkState::new(options.on_stage.clone());
    let shared = Shared::new(Arc::clone(&link), clock, &options);
    link.set_stage(Stage::Identifying);
    let guard = CutOnDrop(Arc::clone(&shared));
    let config = Arc::new(crate::events::config(&options));
    let legacy = options.legacy;
    let events = Events::new(Arc::clone(&shared), Box::new(trust));
    let connecting = russh::client::connect_stream(config, Link::new(stream, link), events);
    let handle = tokio::select! {
        biased;
        result = connecting => result.map_err(|error| connect_error(&shared, &error))?,
        stage = expired(&shared) => return Err(late(&shared, stage)),
    };
    log_in(handle, guard, legacy)
}

/// Cuts the connection when it is dropped: nobody holds it any more.
pub(crate) struct CutOnDrop(pub(crate) Arc<Shared>);

impl Drop for CutOnDrop {
    fn drop(&mut self) {
        self.0.close(CloseCause::Ours);
        self.0.link.cut();
    }
}

fn log_in(handle: Handle<Events>, guard: CutOnDrop, legacy: bool) -> Result<Login, ConnectError> {
    let shared = &guard.0;
    let (Some(proof), Some(host_key)) = (shared.take_proof(), shared.offered()) else {
        // russh finished the exchange without asking about the key. It does not; but if it did,
        // this is where it ends.
        return Err(ConnectError::PeerMisbehaved {
            what: "key exchange without a host key".to_owned(),
        });
    };
    shared.link.set_stage(Stage::Authenticating);
    let names = shared.names();
    let negotiated = Negotiated {
        server: shared.link.identification(),
        kex: names.kex,
        cipher: names.cipher,
        mac: names.mac,
        host_key,
        legacy,
    };
    Ok(Login::new(handle, guard, negotiated, proof))
}

/// Waits until a stage of the handshake took longer than it may, and says which.
async fn expired(shared: &Shared) -> Stage {
    loop {
        let stage = shared.link.stage();
        let Some(limit) = limit(shared, stage) else {
            shared.link.left(stage).await;
            continue;
        };
        tokio::select! {
            biased;
            () = shared.link.left(stage) => {}
            () = shared.clock.sleep(limit) => return stage,
        }
    }
}

fn limit(shared: &Shared, stage: Stage) -> Option<Duration> {
    match stage {
        Stage::Identifying => Some(shared.deadlines.identify),
        Stage::ExchangingKeys | Stage::Finishing => Some(shared.deadlines.key_exchange),
        Stage::CheckingHostKey | Stage::Authenticating | Stage::Open => None,
    }
}

/// A port that talks but never says `SSH-` is no slow SSH server.
fn late(shared: &Shared, stage: Stage) -> ConnectError {
    match shared.link.foreign_words() {
        Some(said) if !said.is_empty() => ConnectError::PeerNotSsh { said },
        _ => ConnectError::PeerTimeout { stage },
    }
}

/// Tells why the handshake failed, from russh's error and from what the link has seen.
fn connect_error(shared: &Shared, error: &russh::Error) -> ConnectError {
    let stage = shared.link.stage();
    if stage == Stage::CheckingHostKey
        && let (russh::Error::UnknownKey, Some(key)) = (error, shared.offered())
    {
        return ConnectError::UserRefusedHostKey { key: Box::new(key) };
    }
    match shared.link.foreign_words() {
        Some(said) if said.is_empty() => return ConnectError::LinkClosed { stage },
        Some(said) => return ConnectError::PeerNotSsh { said },
        None => {}
    }
    if let russh::Error::NoCommonAlgo { kind, theirs, .. } = error {
        return ConnectError::PeerNoCommonAlgorithm {
            kind: algorithm_kind(kind),
            offered: bounded(theirs),
        };
    }
    let cause = match shared.close_cause() {
        Some(peer @ CloseCause::Peer { .. }) => peer,
        _ => close_cause(error),
    };
    from_cause(cause, stage)
}

/// The error that a close is to someone who waits for something.
pub(crate) fn from_cause(cause: CloseCause, stage: Stage) -> ConnectError {
    match cause {
        CloseCause::Peer { text, .. } => ConnectError::PeerDisconnected { stage, text },
        CloseCause::PeerMisbehaved { what } => ConnectError::PeerMisbehaved { what },
        CloseCause::Dead => ConnectError::PeerTimeout { stage },
        CloseCause::Ours | CloseCause::LinkClosed => ConnectError::LinkClosed { stage },
    }
}

/// What russh's error says about the end of a connection.
pub(crate) fn close_cause(error: &russh::Error) -> CloseCause {
    match error {
        russh::Error::Disconnect
        | russh::Error::HUP
        | russh::Error::SendError
        | russh::Error::RecvError => CloseCause::LinkClosed,
        russh::Error::IO(error) if is_transport(error) => CloseCause::LinkClosed,
        other => CloseCause::PeerMisbehaved {
            what: display_safe(&other.to_string(), TEXT_BYTES),
        },
    }
}

/// Whether the stream failed, as opposed to what came through it.
fn is_transport(error: &io::Error) -> bool {
    error.kind() != io::ErrorKind::InvalidData
}

fn algorithm_kind(kind: &russh::AlgorithmKind) -> AlgorithmKind {
    match kind {
        russh::AlgorithmKind::Kex => AlgorithmKind::Kex,
        russh::AlgorithmKind::Key => AlgorithmKind::HostKey,
        russh::AlgorithmKind::Cipher => AlgorithmKind::Cipher,
        russh::AlgorithmKind::Compression => AlgorithmKind::Compression,
        russh::AlgorithmKind::Mac => AlgorithmKind::Mac,
    }
}

/// Names that the server chose, safe to show and at most [`TEXT_BYTES`] together.
fn bounded(names: &[String]) -> Vec<String> {
    let mut left = TEXT_BYTES;
    names
        .iter()
        .map(|name| display_safe(name, TEXT_BYTES))
        .take_while(|name| {
            let fits = name.len() <= left;
            left = left.saturating_sub(name.len());
            fits
        })
        .collect()
}
