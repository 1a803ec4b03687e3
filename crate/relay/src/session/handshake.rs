//! The begin of a session: the first frame, and the connection that it asks for.

use core::pin::pin;
use core::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use tokio::net::TcpStream;
use tokio::time::timeout;
use transom_wire::{
    Close, CloseReason, DEFAULT_WINDOW_BYTES, Frame, Open, Opened, SessionId, SessionSecret,
};

use super::flow::{Flow, Framing};
use crate::dial::{DialError, dial};
use crate::policy::{Policy, Target};

/// Time for the first frame. Clients send it at once; who does not, holds a place for nothing.
const OPEN_DEADLINE: Duration = Duration::from_secs(10);

/// Why no session came about.
#[derive(Debug)]
pub(super) enum Aborted {
    /// The client must be told this.
    Refused(Close),
    /// The client left.
    ClientGone,
}

/// Waits for `Open`, connects, and answers.
pub(super) async fn open(
    socket: &mut WebSocket,
    policy: &Policy,
) -> Result<(TcpStream, Framing), Aborted> {
    let open = first_frame(socket).await?;
    let target = Target::new(open.host.as_str(), open.port)
        .map_err(|error| refused(CloseReason::NameUnknown, &error.to_string()))?;
    let stream = dial_while_listening(socket, policy, &target).await?;
    let opened = opened(&stream)?;
    let message = Message::Binary(Frame::Opened(opened).encode());
    if socket.send(message).await.is_err() {
        return Err(Aborted::ClientGone);
    }
    let flow = Flow::new(open.window_bytes, DEFAULT_WINDOW_BYTES);
    Ok((stream, Framing::Transom(flow)))
}

async fn first_frame(socket: &mut WebSocket) -> Result<Open, Aborted> {
    let late = || refused(CloseReason::HandshakeTimeout, "no first frame came in time");
    let frame = timeout(OPEN_DEADLINE, next_frame(socket))
        .await
        .map_err(|_| late())??;
    match frame {
        Frame::Open(open) => Ok(open),
        Frame::Resume(_) => Err(refused(
            CloseReason::SessionUnknown,
            "this relay keeps no session after its connection broke",
        )),
        Frame::Close(_) => Err(Aborted::ClientGone),
        _ => Err(refused(
            CloseReason::BadFrame,
            "the first frame is not Open",
        )),
    }
}

/// Connects, and notices meanwhile when the client leaves.
async fn dial_while_listening(
    socket: &mut WebSocket,
    policy: &Policy,
    target: &Target,
) -> Result<TcpStream, Aborted> {
    let mut dialing = pin!(dial(policy, target));
    loop {
        let frame = tokio::select! {
            dialed = &mut dialing => {
                return dialed.map_err(|error: DialError| Aborted::Refused(error.close()));
            }
            frame = next_frame(socket) => frame?,
        };
        match frame {
            Frame::Ping(number) => {
                let pong = Message::Binary(Frame::Pong(number).encode());
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

/// Waits for a frame; passes over what belongs to the WebSocket itself.
async fn next_frame(socket: &mut WebSocket) -> Result<Frame, Aborted> {
    loop {
        match socket.recv().await {
            Some(Ok(Message::Binary(message))) => {
                return Frame::decode(message)
                    .map_err(|error| refused(error.close_reason(), &error.to_string()));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_))) => {
                return Err(refused(CloseReason::BadFrame, "a text message"));
            }
            Some(Err(_)) => return Err(refused(CloseReason::BadFrame, "not a valid message")),
            Some(Ok(Message::Close(_))) | None => return Err(Aborted::ClientGone),
        }
    }
}

fn opened(stream: &TcpStream) -> Result<Opened, Aborted> {
    let mut session = [0; 16];
    let mut secret = [0; 32];
    let random = getrandom::fill(&mut session).and_then(|()| getrandom::fill(&mut secret));
    random.map_err(|_| refused(CloseReason::Internal, "no randomness"))?;
    Ok(Opened {
        session: SessionId::new(session),
        secret: SessionSecret::new(secret),
        window_bytes: DEFAULT_WINDOW_BYTES,
        grace: Duration::ZERO,
        address: stream.peer_addr().ok(),
    })
}

fn refused(reason: CloseReason, detail: &str) -> Aborted {
    Aborted::Refused(Close::new(reason, detail))
}
