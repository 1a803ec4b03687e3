//! The relay protocol: frames, flow control and close reasons. Pure data, no I/O.
//!
//! `PROTOCOL.md` beside this crate is its text for people, with a state diagram and examples;
//! the tests of this crate keep both in step.

mod decode;
mod encode;
mod flow;
mod frame;
mod reason;

pub use decode::DecodeError;
pub use encode::data_frame;
pub use flow::{FlowError, ReceiveWindow, SendWindow};
pub use frame::{
    Close, Frame, Open, Opened, Resume, Resumed, SECRET_BYTES, SessionId, SessionSecret,
};
pub use reason::CloseReason;

/// WebSocket subprotocol ([RFC 6455 §1.9]) of this version of the protocol.
///
/// [RFC 6455 §1.9]: https://www.rfc-editor.org/rfc/rfc6455#section-1.9
pub const SUBPROTOCOL: &str = "transom.v1";

/// WebSocket subprotocol of plain mode, as websockify names it.
pub const PLAIN_SUBPROTOCOL: &str = "binary";

/// Version that [`Open`] carries. A relay closes an `Open` of another version with
/// [`CloseReason::BadFrame`].
pub const VERSION: u8 = 1;

/// Bytes that each end lets the other send before it acknowledges any, where nothing else is
/// agreed.
///
/// 1 MiB carries 20 MB/s over 50 ms of delay, and is what a relay may have to hold for each
/// session. A sender that goes beyond it is closed with [`CloseReason::BadFrame`].
pub const DEFAULT_WINDOW_BYTES: u32 = 1024 * 1024;

/// Largest payload of a data frame.
///
/// 64 KiB amortise the cost of a frame, and a keystroke waits behind no more than one of them.
/// A longer one is refused before it is read.
pub const MAX_DATA_BYTES: usize = 64 * 1024;

/// Largest frame: a data frame with its type.
pub const MAX_FRAME_BYTES: usize = MAX_DATA_BYTES + 1;
