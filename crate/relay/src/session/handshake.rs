//! The begin of a connection: its first frame, and for a new session the target.

use core::pin::pin;
use core::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use transom_wire::{
    Close, CloseReason, DecodeError, Frame, Open, Opened, Resume, SessionId, SessionSecret,
};

use super::flow::GRANTED_BYTES;
use crate::access::{Access, Admission};
use crate::dial::DialError;
use crate::socket::{Received, Socket, SocketError, Violation};

/// What a client wants.
#[derive(Debug)]
pub(super) enum First {
    /// A new session.
    Open(Open),
    /// One that it has already.
    Resume(Resume),
}

/// Why no session came about.
#[derive(Debug)]
pub(super) enum Aborted {
    /// The client must be told this.
    Refused(Close),
    /// The first frame is longer than any; only a ticket could be so long.
    TooLong(Close),
    /// The client left.
    ClientGone,
}

/// Waits for the first frame.
///
/// - `deadline`: time for it. Clients send it at once; who does not, holds a place for nothing.
pub(super) async fn first_frame(socket: &mut Socket, deadline: Duration) -> Result<First, Aborted> {
    let late = || refused(CloseReason::HandshakeTimeout, "no first frame came in time");
    let frame = timeout(deadline, next_frame(socket))
        .await
        .map_err(|_| late())?;
    match frame? {
        Frame::Open(open) => Ok(First::Open(open)),
        Frame::Resume(resume) => Ok(First::Resume(resume)),
        Frame::Close(_) => Err(Aborted::ClientGone),
        _ => Err(refused(
            CloseReason::BadFrame,
            "the first frame is neither Open nor Resume",
        )),
    }
}

/// Connects to the target of a session, and notices meanwhile when the client leaves.
pub(super) async fn reach(
    socket: &mut Socket,
    access: &Access,
    admission: &Admission,
) -> Result<TcpStream, Aborted> {
    let mut dialing = pin!(access.dial(admission));
    loop {
        let frame = tokio::select! {
            dialed = &mut dialing => {
                return dialed.map_err(|error: DialError| Aborted::Refused(error.close()));
            }
            frame = next_frame(socket) => frame?,
        };
        match frame {
            Frame::Ping(number) => {
                let pong = Frame::Pong(number).encode();
                socket.send(pong).await.map_err(|_| Aborted::ClientGone)?;
            }
            Frame::Close(_) => return Err(Aborted::ClientGone),
            _ => {
                return Err(refused(
                    CloseReason::BadFrame,
                    "a frame came before the answer to Open",
                ));
            }
        }
    }
}

/// Names a new session and gives it a secret.
///
/// - `grace`: how long it will wait for its client.
pub(super) fn opened(stream: &TcpStream, grace: Duration) -> Result<Opened, Aborted> {
    let mut session = [0; 16];
    let mut secret = [0; 32];
    let random = getrandom::fill(&mut session).and_then(|()| getrandom::fill(&mut secret));
    random.map_err(|_| refused(CloseReason::Internal, "no randomness"))?;
    Ok(Opened {
        session: SessionId::new(session),
        secret: SessionSecret::new(secret),
        window_bytes: GRANTED_BYTES,
        grace,
        address: stream.peer_addr().ok(),
        takes_window: true,
    })
}

/// Answers `Open`.
pub(super) async fn welcome(socket: &mut Socket, opened: Opened) -> Result<(), Aborted> {
    let sent = socket.send(Frame::Opened(opened).encode()).await;
    sent.map_err(|_| Aborted::ClientGone)
}

/// Waits for a frame; passes over what belongs to the WebSocket itself.
async fn next_frame(socket: &mut Socket) -> Result<Frame, Aborted> {
    loop {
        match socket.receive().await {
            Ok(Received::Binary(message)) => {
                return Frame::decode(message).map_err(|error| {
                    let close = Close::new(error.close_reason(), error.to_string());
                    match error {
                        DecodeError::TooLong { .. } => Aborted::TooLong(close),
                        _ => Aborted::Refused(close),
                    }
                });
            }
            Ok(Received::Alive) => {}
            Err(SocketError::Violation(violation)) => {
                let close = Close::new(CloseReason::BadFrame, violation.to_string());
                return Err(match violation {
                    Violation::TooLong => Aborted::TooLong(close),
                    _ => Aborted::Refused(close),
                });
            }
            Ok(Received::Closed(_)) | Err(SocketError::Gone) => return Err(Aborted::ClientGone),
        }
    }
}

pub(super) fn refused(reason: CloseReason, detail: &str) -> Aborted {
    Aborted::Refused(Close::new(reason, detail))
}
