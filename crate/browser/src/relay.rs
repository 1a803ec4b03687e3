//! The way to a server: a WebSocket to a relay, made into a [`Pipe`].
//!
//! [`dial`] reaches the relay, [`Dialed::connect`] the server behind it. From then on a task
//! moves bytes both ways until either end is done; why it ended is told by [`RelayLink`].

mod link;
mod plain;
mod pulse;
mod session;
mod width;

use core::time::Duration;

use futures::future::{Either, select};
use transom_wire::{
    Close, CloseReason, DEFAULT_WINDOW_BYTES, Frame, Host, Open, PLAIN_SUBPROTOCOL, SUBPROTOCOL,
};

use crate::pipe::{Pipe, pipe};
use crate::socket::{Socket, SocketClosed};
use crate::time::sleep;

use session::Session;

pub use link::{LinkEnd, LinkEvent, LinkNudger, LinkObserver, RelayLink};

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
    address: RelayAddress,
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
    let (url, subprotocol) = match address {
        RelayAddress::Transom(url) => (url, SUBPROTOCOL),
        RelayAddress::Plain(url) => (url, PLAIN_SUBPROTOCOL),
    };
    let socket = within(DIAL_DEADLINE, Socket::open(url, subprotocol)).await;
    let socket = socket.ok_or(RelayError::Unreachable)?;
    Ok(Dialed {
        socket: socket.map_err(|closed| refused(&closed))?,
        address: address.clone(),
    })
}

impl Dialed {
    /// Has the relay connect to `host:port`, and starts the task that moves bytes. Where the relay
    /// holds sessions, the task comes back after a cut and goes on with not one byte lost.
    ///
    /// - `observer`: hears of cuts and returns.
    ///
    /// # Errors
    ///
    /// [`RelayError`] when the relay refuses, cannot reach the server, or does not answer.
    ///
    /// # Cancel safety
    ///
    /// A dropped call closes the socket, and the relay the connection.
    pub async fn connect(
        self,
        host: &str,
        port: u16,
        observer: LinkObserver,
    ) -> Result<(Pipe, RelayLink), RelayError> {
        let (ours, peer) = pipe();
        let mut socket = self.socket;
        let url = match self.address {
            RelayAddress::Plain(_) => {
                return Ok((ours, RelayLink::start(|_| plain::carry(socket, peer))));
            }
            RelayAddress::Transom(url) => url,
        };
        let open = Frame::Open(Open {
            host: Host::new(host).map_err(|_| RelayError::NoSuchHost)?,
            port,
            ticket: None,
            window_bytes: DEFAULT_WINDOW_BYTES,
        });
        socket.send(&open.encode());
        let answer = within(CONNECT_DEADLINE, answer(&mut socket)).await;
        let Frame::Opened(opened) = answer.ok_or(RelayError::Timeout)?? else {
            return Err(RelayError::Misbehaved);
        };
        let link = RelayLink::start(|shared| {
            Session::new(url, opened, peer, observer, shared).run(socket)
        });
        Ok((ours, link))
    }
}

/// Opens the WebSocket of a session that is known already.
async fn open_socket(url: &str) -> Result<Socket, RelayError> {
    let socket = Socket::open(url, SUBPROTOCOL).await;
    socket.map_err(|closed| refused(&closed))
}

/// Why a WebSocket did not open.
fn refused(closed: &SocketClosed) -> RelayError {
    match CloseReason::from_websocket_code(closed.code) {
        Some(_) => RelayError::from_socket(closed),
        None => RelayError::Unreachable,
    }
}

/// Waits for the answer to the first frame.
async fn answer(socket: &mut Socket) -> Result<Frame, RelayError> {
    loop {
        let message = socket.next().await;
        let message = message.map_err(|closed| match closed.code {
            // The socket broke: nothing is wrong with the relay.
            1006 => RelayError::Unreachable,
            _ => RelayError::from_socket(&closed),
        })?;
        match Frame::decode(message) {
            Ok(Frame::Close(Close { reason, detail })) => {
                return Err(RelayError::Closed { reason, detail });
            }
            Ok(Frame::Ping(number)) => socket.send(&Frame::Pong(number).encode()),
            Ok(Frame::Pong(_)) => {}
            Ok(frame) => return Ok(frame),
            Err(_) => return Err(RelayError::Misbehaved),
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
