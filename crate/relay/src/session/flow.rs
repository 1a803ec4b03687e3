//! What the bytes of a session wear on the WebSocket, and how many may be on their way.

use bytes::{Bytes, BytesMut};
use transom_wire::{
    Close, CloseReason, DATA_HEADER, DATA_HEADER_BYTES, DecodeError, FlowError, Frame,
    MAX_DATA_BYTES, ReceiveWindow, SendWindow,
};

use super::bridge::End;

/// Bytes of plain mode that wait for the target before the WebSocket is not read any more.
const PLAIN_QUEUE_BYTES: usize = 64 * 1024;

/// The relay protocol, or nothing around the bytes.
#[derive(Debug)]
pub(super) enum Framing {
    /// Frames and windows.
    Transom(Flow),
    /// Bytes as they are.
    Plain,
}

/// The account of a session of the relay protocol.
#[derive(Debug)]
pub(super) struct Flow {
    send: SendWindow,
    receive: ReceiveWindow,
}

/// What a message of the client means.
#[derive(Debug)]
pub(super) enum Arrived {
    /// Bytes for the target.
    Bytes(Bytes),
    /// No more bytes for the target.
    Ended,
    /// Something to answer with.
    Reply(Bytes),
    /// Nothing to do.
    Nothing,
}

impl Flow {
    /// - `send_bytes`: what the client granted.
    /// - `receive_bytes`: what the client was granted.
    pub(super) fn new(send_bytes: u32, receive_bytes: u32) -> Self {
        Self {
            send: SendWindow::new(send_bytes),
            receive: ReceiveWindow::new(receive_bytes),
        }
    }

    fn arrived(&mut self, message: Bytes) -> Result<Arrived, End> {
        match Frame::decode(message)? {
            Frame::Data(payload) => {
                self.receive.on_data(payload.len())?;
                Ok(Arrived::Bytes(payload))
            }
            Frame::Ack { received } => {
                self.send.on_ack(received)?;
                Ok(Arrived::Nothing)
            }
            Frame::Eof => Ok(Arrived::Ended),
            Frame::Ping(number) => Ok(Arrived::Reply(Frame::Pong(number).encode())),
            Frame::Pong(_) => Ok(Arrived::Nothing),
            Frame::Close(_) => Err(End::Client),
            _ => Err(End::bad_frame("a frame that has no place here")),
        }
    }
}

impl Framing {
    /// Whether frames carry the bytes, so that half of the connection can end.
    pub(super) fn is_framed(&self) -> bool {
        matches!(self, Self::Transom(_))
    }

    /// Takes one message.
    pub(super) fn arrived(&mut self, message: Bytes) -> Result<Arrived, End> {
        match self {
            Self::Transom(flow) => flow.arrived(message),
            Self::Plain if message.is_empty() => Ok(Arrived::Nothing),
            Self::Plain => Ok(Arrived::Bytes(message)),
        }
    }

    /// Whether another message may be read while `queued` bytes wait for the target. With
    /// windows always: they bound the queue, and acknowledgements must get through.
    pub(super) fn may_receive(&self, queued: usize) -> bool {
        match self {
            Self::Transom(_) => true,
            Self::Plain => queued < PLAIN_QUEUE_BYTES,
        }
    }

    /// Bytes that may be read from the target now, for one message.
    pub(super) fn may_send(&self) -> usize {
        match self {
            Self::Transom(flow) => {
                let window = usize::try_from(flow.send.available());
                window.unwrap_or(MAX_DATA_BYTES).min(MAX_DATA_BYTES)
            }
            Self::Plain => MAX_DATA_BYTES,
        }
    }

    /// Begins a message for `payload_bytes`; the payload is read right behind the header.
    pub(super) fn begin_message(&self, payload_bytes: usize) -> BytesMut {
        let mut message = BytesMut::with_capacity(DATA_HEADER_BYTES + payload_bytes);
        if self.is_framed() {
            message.extend_from_slice(&DATA_HEADER);
        }
        message
    }

    /// Notes that `count` bytes went to the client.
    pub(super) fn sent(&mut self, count: usize) -> Result<(), End> {
        if let Self::Transom(flow) = self {
            flow.send.record_sent(count)?;
        }
        Ok(())
    }

    /// Notes that the target took `count` bytes. Returns what is to be acknowledged.
    pub(super) fn consumed(&mut self, count: usize) -> Result<Option<u64>, End> {
        match self {
            Self::Transom(flow) => Ok(flow.receive.consume(count)?),
            Self::Plain => Ok(None),
        }
    }
}

impl From<DecodeError> for End {
    fn from(error: DecodeError) -> Self {
        Self::Ours(Close::new(error.close_reason(), error.to_string()))
    }
}

impl From<FlowError> for End {
    fn from(error: FlowError) -> Self {
        Self::Ours(Close::new(error.close_reason(), error.to_string()))
    }
}

impl End {
    /// The client broke the protocol.
    pub(super) fn bad_frame(detail: &str) -> Self {
        Self::Ours(Close::new(CloseReason::BadFrame, detail))
    }
}
