//! The frames and how they are written.

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};

use crate::limit::{MAX_DETAIL_BYTES, MAX_HOST_BYTES, VERSION};
use crate::{CloseReason, SessionId, SessionSecret, Ticket};

pub(crate) const OPEN: u8 = 1;
pub(crate) const OPENED: u8 = 2;
pub(crate) const RESUME: u8 = 3;
pub(crate) const RESUMED: u8 = 4;
pub(crate) const DATA: u8 = 5;
pub(crate) const ACK: u8 = 6;
pub(crate) const EOF: u8 = 7;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;
pub(crate) const NOTICE: u8 = 11;
pub(crate) const WINDOW: u8 = 12;

/// The relay takes [`Frame::Window`]: a field of `Opened`.
pub(crate) const TAKES_WINDOW: u8 = 1;

/// Bytes before the payload of a `Data` frame.
pub const DATA_HEADER_BYTES: usize = 1;

/// What comes before the payload of a `Data` frame. A sender that owns its buffer writes this
/// first and the payload behind it, so that the payload is never moved.
pub const DATA_HEADER: [u8; DATA_HEADER_BYTES] = [DATA];

/// One message between client and relay. `PROTOCOL.md` has the byte tables and the order.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame {
    /// Client, first: asks for a new session.
    Open(Open),
    /// Relay: the target is connected.
    Opened(Opened),
    /// Client, first: asks to continue a session.
    Resume(Resume),
    /// Relay: the session continues.
    Resumed(Resumed),
    /// Either: the next bytes of the stream, at most [`MAX_DATA_BYTES`](crate::MAX_DATA_BYTES).
    Data(Bytes),
    /// Either: how many bytes of the stream this end has consumed since the session began.
    Ack {
        /// Bytes, cumulative.
        received: u64,
    },
    /// Either: no more data follows from this end; the other direction stays open.
    Eof,
    /// Either, last: the session is over.
    Close(Close),
    /// Either: asks for a [`Frame::Pong`] with the same number.
    Ping(u64),
    /// Either: answers a [`Frame::Ping`].
    Pong(u64),
    /// Relay: announces what will happen if nothing changes.
    Notice(Notice),
    /// Client, to a relay that takes it ([`Opened::takes_window`]): grants another window for what
    /// it acknowledges from now on.
    Window {
        /// As in [`Open::window_bytes`].
        window_bytes: u32,
    },
}

/// Asks for a new session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Whom to connect to.
    pub host: Host,
    /// TCP port, at least 1.
    pub port: u16,
    /// Permission, where the relay wants one.
    pub ticket: Option<Ticket>,
    /// Bytes that the relay may send without acknowledgement, at least
    /// [`MIN_WINDOW_BYTES`](crate::MIN_WINDOW_BYTES). The relay may use fewer.
    pub window_bytes: u32,
}

/// Tells that the target is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Names the session.
    pub session: SessionId,
    /// Proves the session when it is resumed.
    pub secret: SessionSecret,
    /// Bytes that the client may send without acknowledgement. The client may use fewer.
    pub window_bytes: u32,
    /// How long the relay keeps the session after a cut, in whole milliseconds; zero where it
    /// does not resume.
    pub grace: Duration,
    /// The address that was dialled; `None` where the relay does not tell.
    pub address: Option<SocketAddr>,
    /// Whether the relay takes [`Frame::Window`]; earlier ones do not.
    pub takes_window: bool,
}

/// Asks to continue a session over a new connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The session.
    pub session: SessionId,
    /// Its proof.
    pub secret: SessionSecret,
    /// Bytes of the stream that the client has received; the relay goes on from here.
    pub received: u64,
    /// As in [`Open::window_bytes`], or what the last [`Frame::Window`] said.
    pub window_bytes: u32,
    /// Counts the client's attempts from 1; 0 where it does not.
    pub attempt: u32,
}

/// Tells that the session continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumed {
    /// Bytes of the stream that the relay has received; the client goes on from here.
    pub received: u64,
    /// As in [`Opened::window_bytes`].
    pub window_bytes: u32,
}

/// Tells why the session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The reason.
    pub reason: CloseReason,
    /// More for a person to read; may be empty. Cut at
    /// [`MAX_DETAIL_BYTES`](crate::MAX_DETAIL_BYTES) when it is written.
    pub detail: String,
}

impl Close {
    /// A reason with a text.
    pub fn new(reason: CloseReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// Announces what will happen if nothing changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// After how long, in whole milliseconds.
    pub after: Duration,
    /// More for a person to read; may be empty. Cut like [`Close::detail`].
    pub detail: String,
}

/// What a [`Notice`] announces. A receiver ignores a kind that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoticeKind(pub u16);

impl NoticeKind {
    /// The session ends because nothing moves.
    pub const IDLE: Self = Self(1);
    /// The session ends because its time is over.
    pub const EXPIRY: Self = Self(2);
    /// The relay stops.
    pub const GOING_AWAY: Self = Self(3);
}

/// The name or address of a target, as the user gave it: 1 to 255 bytes of text without
/// spaces or control characters. Whether it can be resolved is the relay's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// Wraps `text`.
    ///
    /// # Errors
    ///
    /// [`FieldError::TooLong`] beyond [`MAX_HOST_BYTES`], [`FieldError::NotAHost`] for text that
    /// is empty or has a space or a control character. The caller should ask the user again.
    pub fn new(text: impl Into<String>) -> Result<Self, FieldError> {
        let text = text.into();
        FieldError::check(text.len(), MAX_HOST_BYTES)?;
        let impossible = |c: char| c.is_whitespace() || c.is_control();
        if text.is_empty() || text.contains(impossible) {
            return Err(FieldError::NotAHost);
        }
        Ok(Self(text))
    }

    /// Shows the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A value that does not fit into its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// The text is too long.
    #[error("{bytes} bytes where {limit_bytes} are allowed")]
    TooLong {
        /// Length that was given.
        bytes: usize,
        /// Length that is allowed.
        limit_bytes: usize,
    },
    /// The text cannot name a host.
    #[error("not the name or address of a host")]
    NotAHost,
}

impl FieldError {
    pub(crate) fn check(bytes: usize, limit_bytes: usize) -> Result<(), Self> {
        if bytes > limit_bytes {
            return Err(Self::TooLong { bytes, limit_bytes });
        }
        Ok(())
    }
}

impl Frame {
    /// Writes the frame as one WebSocket message.
    ///
    /// For data this copies the payload once; a sender that reads into its own buffer avoids
    /// even that with [`DATA_HEADER`]. A payload beyond
    /// [`MAX_DATA_BYTES`](crate::MAX_DATA_BYTES) is written as it is and refused by the peer.
    pub fn encode(&self) -> Bytes {
        let mut out = BytesMut::new();
        match self {
            Self::Open(open) => put_open(&mut out, open),
            Self::Opened(opened) => put_opened(&mut out, opened),
            Self::Resume(resume) => put_resume(&mut out, resume),
            Self::Resumed(resumed) => {
                out.put_u8(RESUMED);
                out.put_u64(resumed.received);
                out.put_u32(resumed.window_bytes);
            }
            Self::Data(payload) => {
                out.reserve(DATA_HEADER_BYTES + payload.len());
                out.put_slice(&DATA_HEADER);
                out.put_slice(payload);
            }
            Self::Ack { received } => put_number(&mut out, ACK, *received),
            Self::Eof => out.put_u8(EOF),
            Self::Close(close) => {
                out.put_u8(CLOSE);
                out.put_u16(close.reason.code());
                put_detail(&mut out, &close.detail);
            }
            Self::Ping(number) => put_number(&mut out, PING, *number),
            Self::Pong(number) => put_number(&mut out, PONG, *number),
            Self::Notice(notice) => {
                out.put_u8(NOTICE);
                out.put_u16(notice.kind.0);
                out.put_u32(milliseconds(notice.after));
                put_detail(&mut out, &notice.detail);
            }
            Self::Window { window_bytes } => {
                out.put_u8(WINDOW);
                out.put_u32(*window_bytes);
            }
        }
        out.freeze()
    }
}

fn put_number(out: &mut BytesMut, kind: u8, number: u64) {
    out.put_u8(kind);
    out.put_u64(number);
}

fn put_open(out: &mut BytesMut, open: &Open) {
    out.put_u8(OPEN);
    out.put_u8(VERSION);
    out.put_u32(open.window_bytes);
    out.put_u16(open.port);
    // Cannot saturate: `Host` holds at most 255 bytes, `Ticket` at most 8 KiB.
    out.put_u8(u8::try_from(open.host.as_str().len()).unwrap_or(u8::MAX));
    out.put_slice(open.host.as_str().as_bytes());
    put_text(out, open.ticket.as_ref().map_or("", Ticket::expose));
}

fn put_opened(out: &mut BytesMut, opened: &Opened) {
    out.put_u8(OPENED);
    out.put_slice(opened.session.as_bytes());
    out.put_slice(opened.secret.expose());
    out.put_u32(opened.window_bytes);
    out.put_u32(milliseconds(opened.grace));
    match opened.address {
        None => out.put_u8(0),
        Some(address) => {
            match address.ip() {
                IpAddr::V4(ip) => {
                    out.put_u8(4);
                    out.put_slice(&ip.octets());
                }
                IpAddr::V6(ip) => {
                    out.put_u8(6);
                    out.put_slice(&ip.octets());
                }
            }
            out.put_u16(address.port());
        }
    }
    if opened.takes_window {
        out.put_u8(TAKES_WINDOW);
    }
}

fn put_resume(out: &mut BytesMut, resume: &Resume) {
    out.put_u8(RESUME);
    out.put_u8(VERSION);
    out.put_slice(resume.session.as_bytes());
    out.put_slice(resume.secret.expose());
    out.put_u64(resume.received);
    out.put_u32(resume.window_bytes);
    if resume.attempt != 0 {
        out.put_u32(resume.attempt);
    }
}

fn put_detail(out: &mut BytesMut, detail: &str) {
    let end = detail.floor_char_boundary(MAX_DETAIL_BYTES);
    put_text(out, detail.get(..end).unwrap_or_default());
}

/// Writes a text of at most 65 535 bytes; each caller has a smaller limit.
fn put_text(out: &mut BytesMut, text: &str) {
    out.put_u16(u16::try_from(text.len()).unwrap_or(u16::MAX));
    out.put_slice(text.as_bytes());
}

/// Whole milliseconds; more than 49 days become 49 days.
fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

impl fmt::Debug for Frame {
    /// Shows everything but the payload, the ticket and the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(open) => open.fmt(formatter),
            Self::Opened(opened) => opened.fmt(formatter),
            Self::Resume(resume) => resume.fmt(formatter),
            Self::Resumed(resumed) => resumed.fmt(formatter),
            Self::Data(payload) => write!(formatter, "Data({} bytes)", payload.len()),
            Self::Ack { received } => write!(formatter, "Ack({received})"),
            Self::Eof => formatter.write_str("Eof"),
            Self::Close(close) => close.fmt(formatter),
            Self::Ping(number) => write!(formatter, "Ping({number})"),
            Self::Pong(number) => write!(formatter, "Pong({number})"),
            Self::Notice(notice) => notice.fmt(formatter),
            Self::Window { window_bytes } => write!(formatter, "Window({window_bytes})"),
        }
    }
}
