//! Bytes to frames. The bytes are untrusted: each length is checked before it is used.

use bytes::{Buf, Bytes};

use crate::encode::kind;
use crate::frame::{
    Close, Frame, Open, Opened, Resume, Resumed, SECRET_BYTES, SessionId, SessionSecret,
};
use crate::{CloseReason, MAX_DATA_BYTES, VERSION};

/// Longest host name in bytes ([RFC 1035 §2.3.4]).
///
/// [RFC 1035 §2.3.4]: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MAX_HOST_BYTES: usize = 255;

/// Longest ticket in bytes: a signed token of a few claims has one to two thousand.
const MAX_TICKET_BYTES: usize = 8 * 1024;

/// Why bytes are not a frame. The peer is at fault; close with [`CloseReason::BadFrame`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The frame ends too early.
    #[error("frame is truncated")]
    Truncated,
    /// Something follows the frame.
    #[error("frame has trailing bytes")]
    Trailing,
    /// There is no such type of frame.
    #[error("frame type {0:#04x} is unknown")]
    UnknownType(u8),
    /// The other end speaks another version.
    #[error("protocol version {0} is not spoken here")]
    Version(u8),
    /// A field is longer than it may be, empty, or not text.
    #[error("frame has an invalid {0}")]
    Invalid(&'static str),
}

impl Frame {
    /// Decodes one binary message.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the bytes are not exactly one valid frame.
    pub fn decode(mut bytes: Bytes) -> Result<Self, DecodeError> {
        let input = &mut bytes;
        let frame = match number(input.try_get_u8())? {
            kind::DATA => return data(bytes),
            kind::OPEN => Self::Open(open(input)?),
            kind::OPENED => Self::Opened(Opened {
                session: SessionId(array(input)?),
                secret: SessionSecret(array::<SECRET_BYTES>(input)?),
                window: number(input.try_get_u32())?,
                grace_seconds: number(input.try_get_u32())?,
            }),
            kind::RESUME => Self::Resume(Resume {
                session: SessionId(array(input)?),
                secret: SessionSecret(array::<SECRET_BYTES>(input)?),
                received: number(input.try_get_u64())?,
            }),
            kind::RESUMED => Self::Resumed(Resumed {
                received: number(input.try_get_u64())?,
            }),
            kind::ACK => Self::Ack {
                received: number(input.try_get_u64())?,
            },
            kind::EOF => Self::Eof,
            kind::CLOSE => Self::Close(close(input)?),
            kind::PING => Self::Ping(number(input.try_get_u64())?),
            kind::PONG => Self::Pong(number(input.try_get_u64())?),
            unknown => return Err(DecodeError::UnknownType(unknown)),
        };
        if bytes.has_remaining() {
            return Err(DecodeError::Trailing);
        }
        Ok(frame)
    }
}

fn number<T>(read: Result<T, bytes::TryGetError>) -> Result<T, DecodeError> {
    read.map_err(|_| DecodeError::Truncated)
}

fn array<const N: usize>(input: &mut Bytes) -> Result<[u8; N], DecodeError> {
    let mut array = [0; N];
    number(input.try_copy_to_slice(&mut array))?;
    Ok(array)
}

/// The payload is a slice of the message: no copy.
fn data(payload: Bytes) -> Result<Frame, DecodeError> {
    if payload.is_empty() || payload.len() > MAX_DATA_BYTES {
        return Err(DecodeError::Invalid("payload length"));
    }
    Ok(Frame::Data(payload))
}

fn open(input: &mut Bytes) -> Result<Open, DecodeError> {
    let version = number(input.try_get_u8())?;
    if version != VERSION {
        return Err(DecodeError::Version(version));
    }
    let window = number(input.try_get_u32())?;
    let port = number(input.try_get_u16())?;
    let host = text(field(input, MAX_HOST_BYTES, "host")?, "host")?;
    let ticket = field(input, MAX_TICKET_BYTES, "ticket")?;
    if port == 0 || host.is_empty() {
        return Err(DecodeError::Invalid("target"));
    }
    if window == 0 {
        return Err(DecodeError::Invalid("window"));
    }
    Ok(Open {
        version,
        window,
        host,
        port,
        ticket: (!ticket.is_empty()).then_some(ticket),
    })
}

fn close(input: &mut Bytes) -> Result<Close, DecodeError> {
    let reason = CloseReason::from_code(number(input.try_get_u16())?);
    if input.len() > Close::MAX_DETAIL_BYTES {
        return Err(DecodeError::Invalid("detail"));
    }
    let detail = text(input.split_to(input.len()), "detail")?;
    Ok(Close { reason, detail })
}

/// Length in 16 bits, then as many bytes.
fn field(input: &mut Bytes, limit: usize, name: &'static str) -> Result<Bytes, DecodeError> {
    let length = usize::from(number(input.try_get_u16())?);
    if length > limit {
        return Err(DecodeError::Invalid(name));
    }
    if length > input.len() {
        return Err(DecodeError::Truncated);
    }
    Ok(input.split_to(length))
}

fn text(bytes: Bytes, name: &'static str) -> Result<String, DecodeError> {
    String::from_utf8(bytes.into()).map_err(|_| DecodeError::Invalid(name))
}
