//! What the bytes of a session wear on the WebSocket, and how many may be on their way.

use bytes::{Bytes, BytesMut};
use transom_wire::{
    Close, CloseReason, DATA_HEADER, DATA_HEADER_BYTES, DecodeError, FlowError, Frame,
    MAX_DATA_BYTES, Resume, Resumed, Stream, Takeover,
};

use super::bridge::End;
use super::recycle::Recycle;

/// Bytes of plain mode that wait for the target before the WebSocket is not read any more.
const PLAIN_QUEUE_BYTES: usize = 64 * 1024;

/// What a client may send before the target took it: half more than a server of OpenSSH takes on a
/// channel, so that an upload from far away waits for the server alone. It holds back by itself what
/// would only wait in queues.
pub(super) const GRANTED_BYTES: u32 = 3 * 1024 * 1024;

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
    stream: Stream,
    recycle: Recycle,
    takeover: Takeover,
}

/// What a message of the client means.
#[derive(Debug)]
pub(super) enum Arrived {
    /// Bytes for the target.
    Bytes(Bytes),
    /// No more bytes for the target.
    Ended,
    /// A question whether we live; the number comes back.
    Ping(u64),
    /// Nothing to do.
    Nothing,
}

impl Flow {
    /// - `send_bytes`: what the client granted. It was granted [`GRANTED_BYTES`].
    pub(super) fn new(send_bytes: u32) -> Self {
        Self {
            stream: Stream::new(send_bytes, GRANTED_BYTES),
            recycle: Recycle::default(),
            takeover: Takeover::default(),
        }
    }

    fn arrived(&mut self, message: Bytes) -> Result<Arrived, End> {
        match Frame::decode(message)? {
            Frame::Data(payload) => {
                self.stream.on_data(payload.len())?;
                Ok(Arrived::Bytes(payload))
            }
            Frame::Ack { received } => {
                let recycle = &mut self.recycle;
                self.stream
                    .on_ack_with(received, |payload| recycle.keep(payload))?;
                if self.stream.kept_bytes() == 0 {
                    recycle.clear();
                }
                Ok(Arrived::Nothing)
            }
            Frame::Eof => {
                self.stream.on_eof();
                Ok(Arrived::Ended)
            }
            Frame::Window { window_bytes } => {
                self.stream.on_window(window_bytes);
                Ok(Arrived::Nothing)
            }
            Frame::Ping(number) => Ok(Arrived::Ping(number)),
            Frame::Pong(_) => Ok(Arrived::Nothing),
            Frame::Close(_) => Err(End::Client),
            _ => Err(End::bad_frame("a frame that has no place here")),
        }
    }

    /// Goes on with a client that comes back.
    fn resume(&mut self, resume: &Resume) -> Result<Resumed, Close> {
        if !self.takeover.admits(resume) {
            return Err(Close::new(CloseReason::Superseded, "a later attempt came"));
        }
        let resumed = self.stream.resume(resume.received, resume.window_bytes);
        resumed.map_err(|error| Close::new(error.close_reason(), error.to_string()))?;
        Ok(Resumed {
            received: self.stream.received(),
            window_bytes: GRANTED_BYTES,
        })
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
            Self::Transom(flow) => flow.stream.may_send(),
            Self::Plain => MAX_DATA_BYTES,
        }
    }

    /// Begins a message for `payload_bytes`; the payload is read right behind the header.
    pub(super) fn begin_message(&mut self, payload_bytes: usize) -> BytesMut {
        let bytes = DATA_HEADER_BYTES + payload_bytes;
        match self {
            Self::Transom(flow) => {
                let mut message = flow.recycle.take(bytes);
                message.extend_from_slice(&DATA_HEADER);
                message
            }
            Self::Plain => BytesMut::with_capacity(bytes),
        }
    }

    /// Notes that `message` goes to the client, and keeps its payload until the client has it.
    pub(super) fn sent(&mut self, message: &Bytes) -> Result<(), End> {
        if let Self::Transom(flow) = self {
            flow.stream.send(message.slice(DATA_HEADER_BYTES..))?;
        }
        Ok(())
    }

    /// Notes that the target sends nothing more.
    pub(super) fn finish(&mut self) {
        if let Self::Transom(flow) = self {
            flow.stream.finish();
        }
    }

    /// What the client must get before anything else.
    pub(super) fn replay(&mut self) -> Option<Frame> {
        match self {
            Self::Transom(flow) => flow.stream.replay(),
            Self::Plain => None,
        }
    }

    /// Whether [`Self::replay`] has something.
    pub(super) fn is_replaying(&self) -> bool {
        matches!(self, Self::Transom(flow) if flow.stream.is_replaying())
    }

    /// Notes that the target took `count` bytes. Returns what is to be acknowledged.
    pub(super) fn consumed(&mut self, count: usize) -> Result<Option<u64>, End> {
        match self {
            Self::Transom(flow) => Ok(flow.stream.consume(count)?),
            Self::Plain => Ok(None),
        }
    }

    /// The acknowledgement of all that the target took, if it says anything new.
    pub(super) fn ack(&mut self) -> Option<u64> {
        match self {
            Self::Transom(flow) => flow.stream.ack(),
            Self::Plain => None,
        }
    }

    /// Bytes that are kept for a client that comes back.
    pub(super) fn kept_bytes(&self) -> u64 {
        match self {
            Self::Transom(flow) => flow.stream.kept_bytes(),
            Self::Plain => 0,
        }
    }

    /// Goes on with a client that comes back; `Err` says why it must go again.
    pub(super) fn resume(&mut self, resume: &Resume) -> Result<Resumed, Close> {
        match self {
            Self::Transom(flow) => flow.resume(resume),
            // No plain session is in the registry.
            Self::Plain => Err(Close::new(CloseReason::SessionUnknown, "")),
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
