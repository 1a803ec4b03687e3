//! The task between a socket and a pipe.

use core::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use futures::FutureExt;
use tokio::sync::Notify;
use transom_wire::{
    Close, CloseReason, DATA_HEADER, DATA_HEADER_BYTES, DEFAULT_WINDOW_BYTES, Frame,
    MAX_DATA_BYTES, ReceiveWindow, SendWindow,
};

use crate::pipe::{Outbound, PipePeer};
use crate::socket::{Socket, SocketClosed};
use crate::task::{TaskGuard, spawn};

/// Why a link ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The relay said so.
    Closed {
        /// Why.
        reason: CloseReason,
        /// Its words for a person. Untrusted.
        detail: String,
    },
    /// The WebSocket broke.
    Lost,
    /// The relay broke its protocol.
    Misbehaved,
}

/// A running link. Dropping it closes the socket at once.
#[derive(Debug)]
pub struct RelayLink {
    end: Rc<Ending>,
    _task: TaskGuard,
}

#[derive(Debug, Default)]
struct Ending {
    end: RefCell<Option<LinkEnd>>,
    ended: Notify,
}

impl RelayLink {
    pub(super) fn start(socket: Socket, peer: PipePeer, window: u32) -> Self {
        let flow = Flow {
            send: SendWindow::new(window),
            receive: ReceiveWindow::new(DEFAULT_WINDOW_BYTES),
            eof_sent: false,
            eof_received: false,
        };
        Self::run(socket, peer, Framing::Transom(flow))
    }

    pub(super) fn start_plain(socket: Socket, peer: PipePeer) -> Self {
        Self::run(socket, peer, Framing::Plain { ended: false })
    }

    fn run(mut socket: Socket, peer: PipePeer, mut framing: Framing) -> Self {
        let ending = Rc::new(Ending::default());
        let told = Rc::clone(&ending);
        let task = spawn(async move {
            let end = carry(&mut socket, &peer, &mut framing).await;
            *told.end.borrow_mut() = Some(end);
            peer.finish();
            told.ended.notify_waiters();
        });
        Self {
            end: ending,
            _task: task,
        }
    }

    /// Why the link ended; `None` while it runs.
    pub fn end(&self) -> Option<LinkEnd> {
        self.end.end.borrow().clone()
    }

    /// Waits until the link ends.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changes nothing.
    pub async fn ended(&self) -> LinkEnd {
        loop {
            let ended = self.end.ended.notified();
            if let Some(end) = self.end() {
                return end;
            }
            ended.await;
        }
    }
}

/// What is spoken on the socket.
#[derive(Debug)]
enum Framing {
    Transom(Flow),
    Plain { ended: bool },
}

#[derive(Debug)]
struct Flow {
    send: SendWindow,
    receive: ReceiveWindow,
    eof_sent: bool,
    eof_received: bool,
}

/// Moves bytes both ways until the session is over.
async fn carry(socket: &mut Socket, peer: &PipePeer, framing: &mut Framing) -> LinkEnd {
    loop {
        let congested = socket.is_congested();
        let sendable = !congested && framing.may_send() > 0;
        let pause = async {
            if congested {
                Socket::congestion_pause().await;
            } else {
                futures::future::pending::<()>().await;
            }
        };
        futures::select_biased! {
            message = socket.next().fuse() => match framing.arrived(message, socket, peer) {
                Ok(()) => {}
                Err(end) => return end,
            },
            () = peer.stirred(sendable).fuse() => {
                framing.consumed(peer.take_consumed(), socket);
                if sendable && let Some(outbound) = peer.take_outbound(framing.may_send()) {
                    framing.send(outbound, socket);
                }
            }
            () = pause.fuse() => {}
        }
        if framing.is_finished() {
            socket.send(&finished());
            socket.close();
            return LinkEnd::Closed {
                reason: CloseReason::Finished,
                detail: String::new(),
            };
        }
    }
}

fn finished() -> Bytes {
    Frame::Close(Close {
        reason: CloseReason::Finished,
        detail: String::new(),
    })
    .encode()
}

/// A data frame, built with one copy of its payload.
fn data_frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(DATA_HEADER_BYTES + payload.len());
    frame.extend_from_slice(&DATA_HEADER);
    frame.extend_from_slice(payload);
    frame
}

impl Framing {
    /// Bytes that the other end takes now.
    fn may_send(&self) -> usize {
        match self {
            Self::Transom(flow) if flow.eof_sent => 0,
            Self::Transom(flow) => usize::try_from(flow.send.available())
                .unwrap_or(MAX_DATA_BYTES)
                .min(MAX_DATA_BYTES),
            Self::Plain { ended: true } => 0,
            Self::Plain { ended: false } => MAX_DATA_BYTES,
        }
    }

    fn send(&mut self, outbound: Outbound, socket: &Socket) {
        match (self, outbound) {
            (Self::Transom(flow), Outbound::Bytes(bytes)) => {
                // At most what `may_send` allowed was taken, so the account cannot be overdrawn.
                let recorded = flow.send.record_sent(bytes.len());
                debug_assert!(recorded.is_ok());
                socket.send(&data_frame(&bytes));
            }
            (Self::Transom(flow), Outbound::End) => {
                flow.eof_sent = true;
                socket.send(&Frame::Eof.encode());
            }
            (Self::Plain { .. }, Outbound::Bytes(bytes)) => socket.send(&bytes),
            // There is no half-closing in plain mode: the end of sending is the end.
            (Self::Plain { ended }, Outbound::End) => {
                *ended = true;
                socket.close();
            }
        }
    }

    /// Acknowledges what the SSH client has read.
    fn consumed(&mut self, count: usize, socket: &Socket) {
        if let Self::Transom(flow) = self
            && let Ok(Some(received)) = flow.receive.consume(count)
        {
            socket.send(&Frame::Ack { received }.encode());
        }
    }

    fn arrived(
        &mut self,
        message: Result<Bytes, SocketClosed>,
        socket: &Socket,
        peer: &PipePeer,
    ) -> Result<(), LinkEnd> {
        let message = message.map_err(|closed| self.closed(&closed))?;
        match self {
            Self::Plain { .. } => {
                peer.push(message);
                Ok(())
            }
            Self::Transom(flow) => flow.arrived(message, socket, peer),
        }
    }

    fn closed(&self, closed: &SocketClosed) -> LinkEnd {
        let plain = matches!(self, Self::Plain { .. });
        match CloseReason::from_websocket_code(closed.code) {
            Some(reason) => LinkEnd::Closed {
                reason,
                detail: closed.reason.clone(),
            },
            // Without frames the closing handshake is how a plain relay says "end of file".
            None if plain && closed.code == 1000 => LinkEnd::Closed {
                reason: CloseReason::Finished,
                detail: String::new(),
            },
            None => LinkEnd::Lost,
        }
    }

    /// Whether nothing more can come from either side.
    fn is_finished(&self) -> bool {
        match self {
            Self::Transom(flow) => flow.eof_sent && flow.eof_received,
            Self::Plain { .. } => false,
        }
    }
}

impl Flow {
    fn arrived(&mut self, message: Bytes, socket: &Socket, peer: &PipePeer) -> Result<(), LinkEnd> {
        match Frame::decode(message) {
            Ok(Frame::Data(bytes)) if !self.eof_received => {
                let counted = self.receive.on_data(bytes.len());
                counted.map_err(|_| LinkEnd::Misbehaved)?;
                peer.push(bytes);
            }
            Ok(Frame::Ack { received }) => {
                let counted = self.send.on_ack(received);
                counted.map_err(|_| LinkEnd::Misbehaved)?;
            }
            Ok(Frame::Eof) => {
                self.eof_received = true;
                peer.finish();
            }
            Ok(Frame::Close(Close { reason, detail })) => {
                return Err(LinkEnd::Closed { reason, detail });
            }
            Ok(Frame::Ping(number)) => socket.send(&Frame::Pong(number).encode()),
            Ok(Frame::Pong(_) | Frame::Notice(_)) => {}
            Ok(_) | Err(_) => return Err(LinkEnd::Misbehaved),
        }
        Ok(())
    }
}
