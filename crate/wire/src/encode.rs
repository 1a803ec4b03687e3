//! Frames to bytes.

use bytes::{BufMut, Bytes, BytesMut};

use crate::frame::{Close, Frame, Open, Opened, Resume};

/// First byte of each frame.
pub(crate) mod kind {
    pub(crate) const OPEN: u8 = 0x01;
    pub(crate) const OPENED: u8 = 0x02;
    pub(crate) const RESUME: u8 = 0x03;
    pub(crate) const RESUMED: u8 = 0x04;
    pub(crate) const DATA: u8 = 0x10;
    pub(crate) const ACK: u8 = 0x11;
    pub(crate) const EOF: u8 = 0x12;
    pub(crate) const CLOSE: u8 = 0x13;
    pub(crate) const PING: u8 = 0x14;
    pub(crate) const PONG: u8 = 0x15;
}

/// Encodes a data frame from a borrowed payload, in one copy.
pub fn data_frame(payload: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(1 + payload.len());
    frame.put_u8(kind::DATA);
    frame.put_slice(payload);
    frame.freeze()
}

impl Frame {
    /// Encodes the frame. Numbers are big-endian.
    pub fn encode(&self) -> Bytes {
        let mut out = BytesMut::new();
        match self {
            Self::Data(payload) => return data_frame(payload),
            Self::Open(open) => put_open(&mut out, open),
            Self::Opened(opened) => put_opened(&mut out, opened),
            Self::Resume(resume) => put_resume(&mut out, resume),
            Self::Resumed(resumed) => put_number(&mut out, kind::RESUMED, resumed.received),
            Self::Ack { received } => put_number(&mut out, kind::ACK, *received),
            Self::Eof => out.put_u8(kind::EOF),
            Self::Close(close) => put_close(&mut out, close),
            Self::Ping(number) => put_number(&mut out, kind::PING, *number),
            Self::Pong(number) => put_number(&mut out, kind::PONG, *number),
        }
        out.freeze()
    }
}

fn put_number(out: &mut BytesMut, kind: u8, number: u64) {
    out.put_u8(kind);
    out.put_u64(number);
}

fn put_open(out: &mut BytesMut, open: &Open) {
    out.put_u8(kind::OPEN);
    out.put_u8(open.version);
    out.put_u32(open.window);
    out.put_u16(open.port);
    put_bytes(out, open.host.as_bytes());
    put_bytes(out, open.ticket.as_deref().unwrap_or_default());
}

fn put_opened(out: &mut BytesMut, opened: &Opened) {
    out.put_u8(kind::OPENED);
    out.put_slice(&opened.session.0);
    out.put_slice(&opened.secret.0);
    out.put_u32(opened.window);
    out.put_u32(opened.grace_seconds);
}

fn put_resume(out: &mut BytesMut, resume: &Resume) {
    out.put_u8(kind::RESUME);
    out.put_slice(&resume.session.0);
    out.put_slice(&resume.secret.0);
    out.put_u64(resume.received);
}

fn put_close(out: &mut BytesMut, close: &Close) {
    out.put_u8(kind::CLOSE);
    out.put_u16(close.reason.code());
    let end = close.detail.floor_char_boundary(Close::MAX_DETAIL_BYTES);
    out.put_slice(close.detail.get(..end).unwrap_or_default().as_bytes());
}

/// Length in 16 bits, then the bytes; what is beyond 65 535 bytes is cut, and refused by the
/// other end, because nothing that long is valid.
fn put_bytes(out: &mut BytesMut, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.put_u16(length);
    out.put_slice(bytes.get(..usize::from(length)).unwrap_or_default());
}
