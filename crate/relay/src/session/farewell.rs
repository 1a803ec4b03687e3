//! The end of a session's WebSocket: say why, then close, then wait for the other end.

use core::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::time::timeout;
use transom_wire::{Close, CloseReason, Frame};

/// Time for the whole farewell. A client that reads needs a round trip.
const FAREWELL_DEADLINE: Duration = Duration::from_secs(3);

/// Code of a WebSocket that ends as it should ([RFC 6455 §7.4.1]).
///
/// [RFC 6455 §7.4.1]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
const NORMAL: u16 = 1000;

/// Bytes of the reason in a close frame of WebSocket, at most: a control frame has 125.
const MAX_REASON_BYTES: usize = 123;

/// Ends a session of the relay protocol: `Close`, then the WebSocket's closing handshake.
pub(super) async fn framed(socket: &mut WebSocket, close: &Close) {
    let message = Message::Binary(Frame::Close(close.clone()).encode());
    let code = close.reason.websocket_code();
    let farewell = async {
        if socket.send(message).await.is_ok() {
            handshake(socket, code, close).await;
        }
    };
    // A client that does not read is cut.
    let _ = timeout(FAREWELL_DEADLINE, farewell).await;
}

/// Ends a session of plain mode: only the WebSocket's closing handshake can tell why.
pub(super) async fn plain(socket: &mut WebSocket, close: &Close) {
    let code = match close.reason {
        CloseReason::Finished => NORMAL,
        reason => reason.websocket_code(),
    };
    let _ = timeout(FAREWELL_DEADLINE, handshake(socket, code, close)).await;
}

/// Waits until the client, who has begun the closing handshake or is gone, is done.
pub(super) async fn drain(socket: &mut WebSocket) {
    let _ = timeout(FAREWELL_DEADLINE, read_to_end(socket)).await;
}

async fn handshake(socket: &mut WebSocket, code: u16, close: &Close) {
    let end = close.detail.floor_char_boundary(MAX_REASON_BYTES);
    let reason = close.detail.get(..end).unwrap_or_default().into();
    let message = Message::Close(Some(CloseFrame { code, reason }));
    if socket.send(message).await.is_ok() {
        read_to_end(socket).await;
    }
}

/// Reads and drops: closing a TCP connection with unread bytes would reset it, and the client
/// would never see the reason.
async fn read_to_end(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}
