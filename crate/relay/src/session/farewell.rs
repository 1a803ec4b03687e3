//! The end of a session's WebSocket: say why, then close, then wait for the other end.

use core::time::Duration;

use tokio::time::timeout;
use transom_wire::{Close, CloseReason, Frame};

use crate::socket::Socket;

/// Time for the whole farewell. A client that reads needs a round trip.
const FAREWELL_DEADLINE: Duration = Duration::from_secs(3);

/// Code of a WebSocket that ends as it should ([RFC 6455 §7.4.1]).
///
/// [RFC 6455 §7.4.1]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
const NORMAL: u16 = 1000;

/// Ends a session of the relay protocol: `Close`, then the WebSocket's closing handshake. Says
/// whether the client took it, and with it all that was sent before.
pub(super) async fn framed(socket: &mut Socket, close: &Close) -> bool {
    let code = close.reason.websocket_code();
    let farewell = async {
        let sent = socket.send(Frame::Close(close.clone()).encode()).await;
        sent.is_ok() && socket.close(code, &close.detail).await
    };
    // A client that does not read is cut.
    timeout(FAREWELL_DEADLINE, farewell).await.unwrap_or(false)
}

/// Ends a session of plain mode: only the WebSocket's closing handshake can tell why.
pub(super) async fn plain(socket: &mut Socket, close: &Close) {
    let code = match close.reason {
        CloseReason::Finished => NORMAL,
        reason => reason.websocket_code(),
    };
    let _ = timeout(FAREWELL_DEADLINE, socket.close(code, &close.detail)).await;
}

/// Waits until the client, who has begun the closing handshake or is gone, is done.
pub(super) async fn drain(socket: &mut Socket) {
    let _ = timeout(FAREWELL_DEADLINE, socket.read_to_end()).await;
}
