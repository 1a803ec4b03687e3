//! The WebSocket of a session, and what waits to be said on it.

use core::pin::Pin;
use core::task::{Context, Poll, ready};

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use futures::{Sink, Stream};
use transom_wire::{CloseReason, Frame, Resumed};
use tungstenite::error::ProtocolError;

use super::bridge::End;

/// Questions in a row that the client may leave unanswered.
const UNANSWERED_PINGS: u8 = 2;

/// A client that is there.
///
/// What it is told beside the stream is bounded: one answer (nothing is received before it has
/// left), one acknowledgement (a later one replaces it), one question.
#[derive(Debug)]
pub(super) struct Client {
    socket: WebSocket,
    /// Answer to `Resume`, before all else.
    resumed: Option<Frame>,
    pong: Option<u64>,
    ack: Option<u64>,
    question: bool,
    notice: Option<Frame>,
    unanswered: u8,
}

impl Client {
    pub(super) fn new(socket: WebSocket) -> Self {
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
    pub(super) fn resumed(socket: WebSocket, resumed: Resumed) -> Self {
        Self {
            resumed: Some(Frame::Resumed(resumed)),
            ..Self::new(socket)
        }
    }

    /// Gives the WebSocket back for the farewell.
    pub(super) fn into_socket(self) -> WebSocket {
        self.socket
    }

    /// Reads one binary message.
    pub(super) fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, End>> {
        if self.pong.is_some() {
            return Poll::Pending;
        }
        loop {
            let message = ready!(Pin::new(&mut self.socket).poll_next(context));
            self.unanswered = 0;
            return Poll::Ready(match message {
                Some(Ok(Message::Binary(message))) => Ok(message),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(Message::Text(_))) => Err(End::bad_frame("a text message")),
                Some(Ok(Message::Close(Some(frame))))
                    if CloseReason::from_websocket_code(frame.code).is_some() =>
                {
                    Err(End::Client)
                }
                Some(Ok(Message::Close(_))) | None => Err(End::Cut),
                Some(Err(error)) => Err(broken(error)),
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
        let message = if let Some(frame) = frame {
            Message::Binary(frame.encode())
        } else {
            self.question = false;
            Message::Ping(Bytes::new())
        };
        self.send(message)?;
        Ok(true)
    }

    /// Whether the answer to `Resume` has left, if there was one: nothing goes before it.
    pub(super) fn is_greeted(&self) -> bool {
        self.resumed.is_none()
    }

    /// Whether the WebSocket takes a message.
    pub(super) fn is_ready(&mut self, context: &mut Context<'_>) -> Result<bool, End> {
        match Pin::new(&mut self.socket).poll_ready(context) {
            Poll::Ready(Ok(())) => Ok(true),
            Poll::Ready(Err(_)) => Err(End::Cut),
            Poll::Pending => Ok(false),
        }
    }

    pub(super) fn send(&mut self, message: Message) -> Result<(), End> {
        let sent = Pin::new(&mut self.socket).start_send(message);
        sent.map_err(|_| End::Cut)
    }

    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Result<(), End> {
        match Pin::new(&mut self.socket).poll_flush(context) {
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

/// Whether the connection broke, or the client broke the protocol of WebSocket.
fn broken(error: axum::Error) -> End {
    use tungstenite::Error;
    let cause = error.into_inner().downcast::<Error>();
    match cause.as_deref() {
        Ok(
            Error::Io(_)
            | Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake),
        ) => End::Cut,
        _ => End::bad_frame("not a valid message"),
    }
}
