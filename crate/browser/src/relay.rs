//! The way to a server: a WebSocket to a relay, made into a [`Pipe`].
//!
//! [`dial`] reaches the relay, [`Dialed::connect`] the server behind it. From then on a task
//! moves bytes both ways until either end is done; why it ended is told by [`RelayLink`].

mod link;

use core::time::Duration;

use futures::future::{Either, select};
use transom_wire::{
    Close, CloseReason, DEFAULT_WINDOW_BYTES, Frame, Host, Open, PLAIN_SUBPROTOCOL, SUBPROTOCOL,
};

use crate::pipe::{Pipe, pipe};
use crate::socket::{Socket, SocketClosed};
use crate::time::sleep;

pub use link::{LinkEnd, RelayLink};

/// Time for the WebSocket to open. A relay that takes longer will not serve a shell either.
const DIAL_DEADLINE: Duration = Duration::from_secs(8);

/// Time for the relay to reach the server: its own deadline (10 s) and some delay.
const CONNECT_DEADLINE: Duration = Duration::from_secs(12);

/// A relay to go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelayAddress {
    /// It speaks our protocol.
    Transom(String),
    /// It carries bytes and nothing else; its address decides where they go.
    Plain(String),
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// The WebSocket did not open.
    #[error("relay is not reachable")]
    Unreachable,
    /// The relay answered with something else than its protocol.
    #[error("relay broke its protocol")]
    Misbehaved,
    /// The relay refused, or could not reach the server.
    #[error("relay closed the session")]
    Closed {
        /// Why.
        reason: CloseReason,
        /// Its words for a person. Untrusted.
        detail: String,
    },
    /// What was typed cannot be the name of a host.
    #[error("host name is not one")]
    NoSuchHost,
    /// The relay did not answer in time.
    #[error("relay did not reach the server in time")]
    Timeout,
}

impl RelayError {
    fn from_socket(closed: &SocketClosed) -> Self {
        match CloseReason::from_websocket_code(closed.code) {
            Some(reason) => Self::Closed {
                reason,
                detail: closed.reason.clone(),
            },
            None => Self::Misbehaved,
        }
    }
}

/// A relay that answered, before it was told where to connect.
#[derive(Debug)]
pub struct Dialed {
    socket: Socket,
    plain: bool,
}

/// Opens the WebSocket to a relay.
///
/// # Errors
///
/// [`RelayError::Unreachable`] when it does not open in time. Try again, or another relay.
///
/// # Cancel safety
///
/// A dropped call closes the socket.
pub async fn dial(address: &RelayAddress) -> Result<Dialed, RelayError> {
    let (url, subprotocol, plain) = match address {
        RelayAddress::Transom(url) => (url, SUBPROTOCOL, false),
        RelayAddress::Plain(url) => (url, PLAIN_SUBPROTOCOL, true),
    };
    let socket = within(DIAL_DEADLINE, Socket::open(url, subprotocol)).await;
    match socket {
        Some(Ok(socket)) => Ok(Dialed { socket, plain }),
        Some(Err(closed)) if CloseReason::from_websocket_code(closed.code).is_some() => {
            Err(RelayError::from_socket(&closed))
        }
        Some(Err(_)) | None => Err(RelayError::Unreachable),
    }
}

impl Dialed {
    /// Has the relay connect to `host:port`, and starts the task that moves bytes.
    ///
    /// # Errors
    ///
    /// [`RelayError`] when the relay refuses, cannot reach the server, or does not answer.
    ///
    /// # Cancel safety
    ///
    /// A dropped call closes the socket, and the relay the connection.
    pub async fn connect(mut self, host: &str, port: u16) -> Result<(Pipe, RelayLink), RelayError> {
        let (ours, peer) = pipe();
        if self.plain {
            return Ok((ours, RelayLink::start_plain(self.socket, peer)));
        }
        let open = Frame::Open(Open {
            host: Host::new(host).map_err(|_| RelayError::NoSuchHost)?,
            port,
            ticket: None,
            window_bytes: DEFAULT_WINDOW_BYTES,
        });
        self.socket.send(&open.encode());
        let answer = within(CONNECT_DEADLINE, opened(&mut self.socket)).await;
        let window = answer.ok_or(RelayError::Timeout)??;
        Ok((ours, RelayLink::start(self.socket, peer, window)))
    }
}

/// Waits for the relay to say that the connection stands. Returns the window that it grants.
async fn opened(socket: &mut Socket) -> Result<u32, RelayError> {
    loop {
        let message = socket.next().await;
        let message = message.map_err(|closed| RelayError::from_socket(&closed))?;
        match Frame::decode(message) {
            Ok(Frame::Opened(opened)) => return Ok(opened.window_bytes),
            Ok(Frame::Close(Close { reason, detail })) => {
                return Err(RelayError::Closed { reason, detail });
            }
            Ok(Frame::Ping(number)) => socket.send(&Frame::Pong(number).encode()),
            Ok(_) | Err(_) => return Err(RelayError::Misbehaved),
        }
    }
}

/// Waits for `work`, but no longer than `limit`.
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (work, limit) = (core::pin::pin!(work), core::pin::pin!(sleep(limit)));
    match select(work, limit).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
