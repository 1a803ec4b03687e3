//! The running session: bytes in both directions at the same time, in one task.
//!
//! Each direction waits for its own slowest part: the target is read only while the client's
//! window has room and the WebSocket takes more; what the client sent is acknowledged only
//! after the target took it. Neither direction waits for the other.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::io::{self, ErrorKind};

use axum::extract::ws::{Message, WebSocket};
use bytes::{BufMut, Bytes};
use futures::{Sink, Stream};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use transom_wire::{Close, CloseReason, Frame};

use super::farewell;
use super::flow::{Arrived, Framing};
use super::outbox::Outbox;

/// Time in which the target must take what the client sent before it left.
const FLUSH_DEADLINE: Duration = Duration::from_secs(3);

/// Questions in a row that the client may leave unanswered.
const UNANSWERED_PINGS: u8 = 2;

/// Why a session is over.
#[derive(Debug)]
pub(super) enum End {
    /// The client said so, or is gone.
    Client,
    /// The client must be told this.
    Ours(Close),
}

/// A WebSocket and a TCP connection.
#[derive(Debug)]
pub(super) struct Bridge {
    socket: WebSocket,
    target: TcpStream,
    framing: Framing,
    /// Bytes that wait for the target; bounded by [`Framing`].
    outbox: Outbox,
    /// Answer that waits for the WebSocket. Nothing is received before it has left.
    reply: Option<Message>,
    /// Acknowledgement that waits for the WebSocket; a later one replaces it.
    ack: Option<u64>,
    /// Question whether the client lives, which waits for the WebSocket.
    ping: Option<Message>,
    client_ended: bool,
    target_shut: bool,
    target_ended: bool,
    unanswered: u8,
}

/// Whether anything happened, or why the session is over.
type Step = Result<bool, End>;

impl Bridge {
    pub(super) fn new(socket: WebSocket, target: TcpStream, framing: Framing) -> Self {
        Self {
            socket,
            target,
            framing,
            outbox: Outbox::default(),
            reply: None,
            ack: None,
            ping: None,
            client_ended: false,
            target_shut: false,
            target_ended: false,
            unanswered: 0,
        }
    }

    /// Moves bytes until the session is over.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<End> {
        loop {
            match self.step(context) {
                Ok(true) => {}
                Ok(false) => return Poll::Pending,
                Err(end) => return Poll::Ready(end),
            }
        }
    }

    fn step(&mut self, context: &mut Context<'_>) -> Step {
        let mut moved = self.receive(context)?;
        moved |= self.write_target(context)?;
        moved |= self.answer(context)?;
        moved |= self.read_target(context)?;
        if self.target_ended && (self.target_shut || !self.framing.is_framed()) {
            return Err(End::Ours(Close::new(CloseReason::Finished, "")));
        }
        if !moved {
            // Only now: messages that follow each other closely leave together.
            let flushed = Pin::new(&mut self.socket).poll_flush(context);
            if let Poll::Ready(Err(_)) = flushed {
                return Err(End::Client);
            }
        }
        Ok(moved)
    }

    /// Reads one message of the client.
    fn receive(&mut self, context: &mut Context<'_>) -> Step {
        if self.reply.is_some() || !self.framing.may_receive(self.outbox.len()) {
            return Ok(false);
        }
        let Poll::Ready(message) = Pin::new(&mut self.socket).poll_next(context) else {
            return Ok(false);
        };
        self.unanswered = 0;
        let message = match message {
            Some(Ok(Message::Binary(message))) => message,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(true),
            Some(Ok(Message::Text(_))) => return Err(End::bad_frame("a text message")),
            Some(Err(_)) => return Err(End::bad_frame("not a valid message")),
            Some(Ok(Message::Close(_))) | None => return Err(End::Client),
        };
        match self.framing.arrived(message)? {
            Arrived::Bytes(_) if self.client_ended => {
                return Err(End::bad_frame("data after the end of the data"));
            }
            Arrived::Bytes(bytes) => self.outbox.push(bytes),
            Arrived::Ended => self.client_ended = true,
            Arrived::Reply(frame) => self.reply = Some(Message::Binary(frame)),
            Arrived::Nothing => {}
        }
        Ok(true)
    }

    /// Writes what the client sent, then its end.
    fn write_target(&mut self, context: &mut Context<'_>) -> Step {
        if self.outbox.front().is_empty() {
            if !self.client_ended || self.target_shut {
                return Ok(false);
            }
            let shut = Pin::new(&mut self.target).poll_shutdown(context);
            self.target_shut = shut.is_ready();
            return Ok(self.target_shut);
        }
        let Poll::Ready(written) = self.poll_write(context) else {
            return Ok(false);
        };
        let written = written.map_err(|error| lost(&error))?;
        self.outbox.advance(written);
        if let Some(received) = self.framing.consumed(written)? {
            self.ack = Some(received);
        }
        Ok(true)
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.target.poll_write_ready(context))?;
            match self.target.try_write(self.outbox.front()) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    /// Sends what waits for the WebSocket: an answer, an acknowledgement or a question.
    fn answer(&mut self, context: &mut Context<'_>) -> Step {
        let waits = self.reply.is_some() || self.ack.is_some() || self.ping.is_some();
        if !waits || !self.socket_ready(context)? {
            return Ok(false);
        }
        let ack = |received| Message::Binary(Frame::Ack { received }.encode());
        let message = self
            .reply
            .take()
            .or_else(|| self.ack.take().map(ack))
            .or_else(|| self.ping.take());
        message.map_or(Ok(()), |message| self.send(message))?;
        Ok(true)
    }

    /// Reads from the target and sends it on.
    fn read_target(&mut self, context: &mut Context<'_>) -> Step {
        let limit = self.framing.may_send();
        if self.target_ended || limit == 0 || !self.socket_ready(context)? {
            return Ok(false);
        }
        let Poll::Ready(read) = self.poll_read(context, limit) else {
            return Ok(false);
        };
        if let Some((message, count)) = read.map_err(|error| lost(&error))? {
            self.framing.sent(count)?;
            self.send(Message::Binary(message))?;
            return Ok(true);
        }
        self.target_ended = true;
        if self.framing.is_framed() {
            self.send(Message::Binary(Frame::Eof.encode()))?;
        }
        Ok(true)
    }

    /// Reads one message of at most `limit` bytes of payload, and their number; `None` at the
    /// end.
    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        limit: usize,
    ) -> Poll<io::Result<Option<(Bytes, usize)>>> {
        loop {
            ready!(self.target.poll_read_ready(context))?;
            let mut message = self.framing.begin_message(limit);
            match self.target.try_read_buf(&mut (&mut message).limit(limit)) {
                Ok(0) => return Poll::Ready(Ok(None)),
                Ok(count) => return Poll::Ready(Ok(Some((message.freeze(), count)))),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn socket_ready(&mut self, context: &mut Context<'_>) -> Step {
        match Pin::new(&mut self.socket).poll_ready(context) {
            Poll::Ready(Ok(())) => Ok(true),
            Poll::Ready(Err(_)) => Err(End::Client),
            Poll::Pending => Ok(false),
        }
    }

    fn send(&mut self, message: Message) -> Result<(), End> {
        let sent = Pin::new(&mut self.socket).start_send(message);
        sent.map_err(|_| End::Client)
    }

    /// Asks whether the client lives; call it from time to time. Browsers answer by themselves,
    /// also while the page sleeps.
    pub(super) fn ask_client(&mut self) -> Result<(), End> {
        if !self.framing.may_receive(self.outbox.len()) {
            // Its answer could not be seen.
            return Ok(());
        }
        if self.unanswered >= UNANSWERED_PINGS {
            let detail = "the client does not answer";
            return Err(End::Ours(Close::new(CloseReason::Idle, detail)));
        }
        self.unanswered += 1;
        self.ping = Some(Message::Ping(Bytes::new()));
        Ok(())
    }

    /// Ends both connections as `end` wants it.
    pub(super) async fn end(mut self, end: End) {
        match end {
            End::Ours(close) => {
                tracing::debug!(reason = %close.reason, "session over");
                drop(self.target);
                if self.framing.is_framed() {
                    farewell::framed(&mut self.socket, &close).await;
                } else {
                    farewell::plain(&mut self.socket, &close).await;
                }
            }
            End::Client => {
                tracing::debug!("session over: the client left");
                let last = async {
                    while !self.outbox.front().is_empty() {
                        let written = self.target.write(self.outbox.front()).await?;
                        self.outbox.advance(written);
                    }
                    self.target.shutdown().await
                };
                // Its last words, such as SSH's disconnect, should arrive if they can.
                let _: Result<io::Result<()>, _> = timeout(FLUSH_DEADLINE, last).await;
                farewell::drain(&mut self.socket).await;
            }
        }
    }
}

fn lost(error: &io::Error) -> End {
    End::Ours(Close::new(CloseReason::TargetLost, error.to_string()))
}
