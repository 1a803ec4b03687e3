//! The task between a socket in plain mode and a pipe: bytes and nothing else.

use futures::FutureExt;
use transom_wire::{CloseReason, MAX_DATA_BYTES};

use super::link::LinkEnd;
use crate::pipe::{Outbound, PipePeer};
use crate::socket::{Socket, SocketClosed};

/// Moves bytes both ways until the session is over.
pub(super) async fn carry(mut socket: Socket, peer: PipePeer) -> LinkEnd {
    let mut ended = false;
    loop {
        let congested = socket.is_congested();
        let sendable = !congested && !ended;
        futures::select_biased! {
            message = socket.next().fuse() => match message {
                Ok(message) => peer.push(message),
                Err(closed) => return end(&closed),
            },
            () = peer.stirred(sendable).fuse() => {
                peer.take_consumed();
                if sendable && let Some(outbound) = peer.take_outbound(MAX_DATA_BYTES) {
                    ended = send(&socket, outbound);
                }
            }
            () = Socket::room(congested).fuse() => {}
        }
    }
}

/// Sends; says whether it was the end.
fn send(socket: &Socket, outbound: Outbound) -> bool {
    match outbound {
        Outbound::Bytes(bytes) => {
            socket.send(&bytes);
            false
        }
        // There is no half-closing in plain mode: the end of sending is the end.
        Outbound::End => {
            socket.close();
            true
        }
    }
}

fn end(closed: &SocketClosed) -> LinkEnd {
    match CloseReason::from_websocket_code(closed.code) {
        Some(reason) => LinkEnd::Closed {
            reason,
            detail: closed.reason.clone(),
        },
        // Without frames the closing handshake is how a plain relay says "end of file".
        None if closed.code == 1000 => LinkEnd::Closed {
            reason: CloseReason::Finished,
            detail: String::new(),
        },
        None => LinkEnd::Lost,
    }
}
