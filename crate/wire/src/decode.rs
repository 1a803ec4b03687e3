//! How frames are read. Every length is checked before anything is allocated.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use core::time::Duration;

use bytes::{Buf, Bytes};

use crate::frame::{
    ACK, CLOSE, DATA, EOF, NOTICE, OPEN, OPENED, PING, PONG, RESUME, RESUMED, TAKES_WINDOW, WINDOW,
};
use crate::limit::{
    MAX_CONTROL_FRAME_BYTES, MAX_DATA_BYTES, MAX_DETAIL_BYTES, MAX_TICKET_BYTES, MIN_WINDOW_BYTES,
    VERSION,
};
use crate::{
    Close, CloseReason, FieldError, Frame, Host, Notice, NoticeKind, Open, Opened, Resume, Resumed,
    SessionId, SessionSecret, Ticket,
};

/// A message that is no frame. The peer is at fault: close with
/// [`CloseReason::BadFrame`], or with [`CloseReason::VersionUnsupported`] for
/// [`DecodeError::Version`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The message ends inside of a field.
    #[error("the frame is cut short")]
    Truncated,
    /// The frame, or a text in it, is longer than allowed.
    #[error("{bytes} bytes where {limit_bytes} are allowed")]
    TooLong {
        /// Length that was found or announced.
        bytes: usize,
        /// Length that is allowed.
        limit_bytes: usize,
    },
    /// Bytes follow a frame of fixed length.
    #[error("{bytes} bytes follow the frame")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// No frame has this type.
    #[error("unknown frame type {0}")]
    UnknownType(u8),
    /// The peer speaks another version.
    #[error("protocol version {0} is not supported")]
    Version(u8),
    /// A `Data` frame has no payload; it would say nothing and cost a wake-up.
    #[error("data without payload")]
    EmptyData,
    /// A window is below [`MIN_WINDOW_BYTES`](crate::MIN_WINDOW_BYTES).
    #[error("window of {0} bytes")]
    WindowTooSmall(u32),
    /// The port is 0.
    #[error("port 0")]
    PortZero,
    /// The host is empty or has a space or control character.
    #[error("not the name or address of a host")]
    NotAHost,
    /// A text is not UTF-8.
    #[error("text is not UTF-8")]
    NotUtf8,
    /// The family of an address is neither 0, 4 nor 6.
    #[error("unknown address family {0}")]
    AddressFamily(u8),
}

impl DecodeError {
    /// The reason to close with.
    pub const fn close_reason(self) -> CloseReason {
        match self {
            Self::Version(_) => CloseReason::VersionUnsupported,
            _ => CloseReason::BadFrame,
        }
    }
}

impl From<FieldError> for DecodeError {
    fn from(error: FieldError) -> Self {
        match error {
            FieldError::TooLong { bytes, limit_bytes } => Self::TooLong { bytes, limit_bytes },
            FieldError::NotAHost => Self::NotAHost,
        }
    }
}

impl Frame {
    /// Reads one WebSocket message. A payload stays in `message`: nothing is copied.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] says what is wrong. The caller closes the session with
    /// [`DecodeError::close_reason`].
    pub fn decode(message: Bytes) -> Result<Self, DecodeError> {
        let mut input = Input(message);
        let kind = input.u8()?;
        if kind == DATA {
            return input.data();
        }
        FieldError::check(input.0.len() + 1, MAX_CONTROL_FRAME_BYTES)?;
        // Frames whose end later versions may extend; what follows the known fields is ignored.
        match kind {
            OPEN => return input.open().map(Self::Open),
            OPENED => return input.opened().map(Self::Opened),
            RESUME => return input.resume().map(Self::Resume),
            RESUMED => return input.resumed().map(Self::Resumed),
            CLOSE => return input.close().map(Self::Close),
            NOTICE => return input.notice().map(Self::Notice),
            _ => {}
        }
        let frame = match kind {
            ACK => Self::Ack {
                received: input.u64()?,
            },
            EOF => Self::Eof,
            PING => Self::Ping(input.u64()?),
            PONG => Self::Pong(input.u64()?),
            WINDOW => Self::Window {
                window_bytes: input.window()?,
            },
            unknown => return Err(DecodeError::UnknownType(unknown)),
        };
        input.end()?;
        Ok(frame)
    }
}

/// What is left of a message.
struct Input(Bytes);

impl Input {
    fn data(self) -> Result<Frame, DecodeError> {
        FieldError::check(self.0.len(), MAX_DATA_BYTES)?;
        if self.0.is_empty() {
            return Err(DecodeError::EmptyData);
        }
        Ok(Frame::Data(self.0))
    }

    fn open(&mut self) -> Result<Open, DecodeError> {
        self.version()?;
        let window_bytes = self.window()?;
        let port = self.u16()?;
        if port == 0 {
            return Err(DecodeError::PortZero);
        }
        let host_bytes = usize::from(self.u8()?);
        let host = Host::new(self.text(host_bytes)?)?;
        let ticket_bytes = usize::from(self.u16()?);
        FieldError::check(ticket_bytes, MAX_TICKET_BYTES)?;
        let ticket = match self.text(ticket_bytes)? {
            empty if empty.is_empty() => None,
            text => Some(Ticket::new(text)?),
        };
        Ok(Open {
            host,
            port,
            ticket,
            window_bytes,
        })
    }

    fn opened(&mut self) -> Result<Opened, DecodeError> {
        Ok(Opened {
            session: SessionId::new(self.array()?),
            secret: SessionSecret::new(self.array()?),
            window_bytes: self.window()?,
            grace: self.duration()?,
            address: self.address()?,
            // Appended to version 1: an earlier relay does not send it.
            takes_window: !self.0.is_empty() && self.u8()? == TAKES_WINDOW,
        })
    }

    fn resume(&mut self) -> Result<Resume, DecodeError> {
        self.version()?;
        Ok(Resume {
            session: SessionId::new(self.array()?),
            secret: SessionSecret::new(self.array()?),
            received: self.u64()?,
            window_bytes: self.window()?,
            // Appended to version 1: an earlier client does not send it.
            attempt: if self.0.is_empty() { 0 } else { self.u32()? },
        })
    }

    fn resumed(&mut self) -> Result<Resumed, DecodeError> {
        Ok(Resumed {
            received: self.u64()?,
            window_bytes: self.window()?,
        })
    }

    fn close(&mut self) -> Result<Close, DecodeError> {
        Ok(Close {
            reason: CloseReason::from_code(self.u16()?),
            detail: self.detail()?,
        })
    }

    fn notice(&mut self) -> Result<Notice, DecodeError> {
        Ok(Notice {
            kind: NoticeKind(self.u16()?),
            after: self.duration()?,
            detail: self.detail()?,
        })
    }

    fn version(&mut self) -> Result<(), DecodeError> {
        match self.u8()? {
            VERSION => Ok(()),
            other => Err(DecodeError::Version(other)),
        }
    }

    fn window(&mut self) -> Result<u32, DecodeError> {
        match self.u32()? {
            small if small < MIN_WINDOW_BYTES => Err(DecodeError::WindowTooSmall(small)),
            window => Ok(window),
        }
    }

    fn duration(&mut self) -> Result<Duration, DecodeError> {
        Ok(Duration::from_millis(u64::from(self.u32()?)))
    }

    fn address(&mut self) -> Result<Option<SocketAddr>, DecodeError> {
        let ip: IpAddr = match self.u8()? {
            0 => return Ok(None),
            4 => Ipv4Addr::from(self.array::<4>()?).into(),
            6 => Ipv6Addr::from(self.array::<16>()?).into(),
            other => return Err(DecodeError::AddressFamily(other)),
        };
        Ok(Some(SocketAddr::new(ip, self.u16()?)))
    }

    fn detail(&mut self) -> Result<String, DecodeError> {
        let bytes = usize::from(self.u16()?);
        FieldError::check(bytes, MAX_DETAIL_BYTES)?;
        self.text(bytes)
    }

    fn text(&mut self, bytes: usize) -> Result<String, DecodeError> {
        if self.0.len() < bytes {
            return Err(DecodeError::Truncated);
        }
        let text = self.0.split_to(bytes);
        core::str::from_utf8(&text)
            .map(str::to_owned)
            .map_err(|_| DecodeError::NotUtf8)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        self.0
            .try_copy_to_slice(&mut array)
            .map_err(|_| DecodeError::Truncated)?;
        Ok(array)
    }

    fn u8(&mut self) -> Result<u8, DecodeError> {
        self.0.try_get_u8().map_err(|_| DecodeError::Truncated)
    }

    fn u16(&mut self) -> Result<u16, DecodeError> {
        self.0.try_get_u16().map_err(|_| DecodeError::Truncated)
    }

    fn u32(&mut self) -> Result<u32, DecodeError> {
        self.0.try_get_u32().map_err(|_| DecodeError::Truncated)
    }

    fn u64(&mut self) -> Result<u64, DecodeError> {
        self.0.try_get_u64().map_err(|_| DecodeError::Truncated)
    }

    fn end(&self) -> Result<(), DecodeError> {
        match self.0.len() {
            0 => Ok(()),
            bytes => Err(DecodeError::Trailing { bytes }),
        }
    }
}
