//! The relay protocol: frames, limits and close codes, without I/O.
//!
//! A client speaks it with the relay over one WebSocket: each binary message is one [`Frame`].
//! The byte tables, the order of frames, examples and the change rule are in `PROTOCOL.md`
//! beside this crate's manifest; the examples there are tests here.
//!
//! - [`Frame::encode`] and [`Frame::decode`] turn frames into messages and back. Decoding
//!   checks every length before it allocates, and a data payload is never copied.
//! - [`SendWindow`] and [`ReceiveWindow`] keep the account of the flow control.
//! - [`Stream`] joins them to a session that survives its connections.
//! - [`CloseReason`] says why a session ended; its code is also the WebSocket's close code.
//!
//! This crate must never open a socket, read a clock or print a secret: [`SessionSecret`],
//! [`Ticket`] and the payload of data show nothing in `Debug`.

mod certificate;
mod claims;
mod close;
mod decode;
mod flow;
mod frame;
mod kept;
mod limit;
mod secret;
mod stream;

pub use certificate::{
    CERTIFICATE_PATH, IssuerAnswer, MAX_CERTIFICATE_BYTES, MAX_ISSUER_WORDS_BYTES,
    MAX_KEY_LINE_BYTES,
};
pub use claims::{Claims, OneOrMany};
pub use close::{CloseReason, UnknownCode};
pub use decode::DecodeError;
pub use flow::{FlowError, ReceiveWindow, SendWindow};
pub use frame::{
    Close, DATA_HEADER, DATA_HEADER_BYTES, FieldError, Frame, Host, Notice, NoticeKind, Open,
    Opened, Resume, Resumed,
};
pub use limit::{
    DEFAULT_WINDOW_BYTES, MAX_CONTROL_FRAME_BYTES, MAX_DATA_BYTES, MAX_DETAIL_BYTES,
    MAX_FRAME_BYTES, MAX_HOST_BYTES, MAX_KEPT_BYTES, MAX_TICKET_BYTES, MIN_WINDOW_BYTES,
    PLAIN_SUBPROTOCOL, SUBPROTOCOL, VERSION,
};
pub use secret::{SessionId, SessionSecret, Ticket};
pub use stream::{Stream, Takeover};
