//! The WebSocket of a session, and what waits to be said on it.

use core::task::{Context, Poll, ready};

use bytes::Bytes;
use transom_wire::{CloseReason, Frame, Resumed};

use super::bridge::End;
use crate::socket::{Received, Socket, SocketError};

/// Questions in a row that the client may leave unanswered.
const UNANSWERED_PINGS: u8 = 2;

/// A client that is there.
///
/// What it is told beside the stream is bounded: one answer (nothing is received before it has
/// left), one acknowledgement (a later one replaces it), one question.
#[derive(Debug)]
pub(super) struct Client {
    socket: Socket,
    /// Answer to `Resume`, before all else.
    resumed: Option<Frame>,
    pong: Option<u64>,
    ack: Option<u64>,
    question: bool,
    notice: Option<Frame>,
    unanswered: u8,
}

impl Client {
    pub(super) fn new(socket: Socket) -> Self {
        Self {
            socket,
            resumed: None,
            pong: None,
            ack: None,
            question: false,
            notice: None,
            unanswered: 0,
        }
    }

    /// A client that came back and waits for the answer.
    pub(super) fn resumed(socket: Socket, resumed: Resumed) -> Self {
        Self {
            resumed: Some(Frame::Resumed(resumed)),
            ..Self::new(socket)
        }
    }

    /// Gives the WebSocket back for the farewell.
    pub(super) fn into_socket(self) -> Socket {
        self.socket
    }

    /// Reads one binary message.
    pub(super) fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, End>> {
        if self.pong.is_some() {
            return Poll::Pending;
        }
        loop {
            let received = ready!(self.socket.poll_receive(context));
            self.unanswered = 0;
            return Poll::Ready(match received {
                Ok(Received::Binary(message)) => Ok(message),
                Ok(Received::Alive) => continue,
                Ok(Received::Closed(Some(code)))
                    if CloseReason::from_websocket_code(code).is_some() =>
                {
                    Err(End::Client)
                }
                Ok(Received::Closed(_)) | Err(SocketError::Gone) => Err(End::Cut),
                Err(SocketError::Violation(violation)) => {
                    Err(End::bad_frame(&violation.to_string()))
                }
            });
        }
    }

    /// Sends what waits; says whether there was anything.
    pub(super) fn poll_answer(&mut self, context: &mut Context<'_>) -> Result<bool, End> {
        let question = self.question;
        let waits = self.resumed.is_some()
            || self.pong.is_some()
            || self.ack.is_some()
            || self.notice.is_some();
        if !(waits || question) || !self.is_ready(context)? {
            return Ok(false);
        }
        let frame = self
            .resumed
            .take()
            // Before the answer to a question: it is asked so that this comes.
            .or_else(|| self.ack.take().map(|received| Frame::Ack { received }))
            .or_else(|| self.pong.take().map(Frame::Pong))
            .or_else(|| self.notice.take());
        if let Some(frame) = frame {
            self.send(frame.encode());
        } else {
            self.question = false;
            self.socket.enqueue_ping();
        }
        Ok(true)
    }

    /// Whether the answer to `Resume` has left, if there was one: nothing goes before it.
    pub(super) fn is_greeted(&self) -> bool {
        self.resumed.is_none()
    }

    /// Whether the WebSocket takes a message.
    pub(super) fn is_ready(&mut self, context: &mut Context<'_>) -> Result<bool, End> {
        match self.socket.poll_ready(context) {
            Poll::Ready(Ok(())) => Ok(true),
            Poll::Ready(Err(_)) => Err(End::Cut),
            Poll::Pending => Ok(false),
        }
    }

    /// Queues a message; only where [`Client::is_ready`].
    pub(super) fn send(&mut self, message: Bytes) {
        self.socket.enqueue_binary(message);
    }

    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Result<(), End> {
        match self.socket.poll_flush(context) {
            Poll::Ready(Err(_)) => Err(End::Cut),
            _ => Ok(()),
        }
    }

    /// Answers a question of the client.
    ///
    /// - `ack`: what it may forget; an end that asks is about to be idle.
    pub(super) fn answer(&mut self, number: u64, ack: Option<u64>) {
        self.pong = Some(number);
        self.acknowledge(ack);
    }

    /// Acknowledges, as soon as the WebSocket takes it.
    pub(super) fn acknowledge(&mut self, ack: Option<u64>) {
        self.ack = ack.or(self.ack);
    }

    /// Announces something, as soon as the WebSocket takes it.
    pub(super) fn notify(&mut self, notice: Frame) {
        self.notice = Some(notice);
    }

    /// Asks whether the client lives. Browsers answer by themselves, also while the page sleeps.
    ///
    /// `Err` where it left too many questions unanswered.
    pub(super) fn ask(&mut self) -> Result<(), End> {
        if self.unanswered >= UNANSWERED_PINGS {
            return Err(End::Cut);
        }
        self.unanswered += 1;
        self.question = true;
        Ok(())
    }
}
