//! Limits and names. Both ends keep them; a peer that does not is closed with `bad frame`.

/// Version of the protocol, the second byte of `Open` and `Resume`.
pub const VERSION: u8 = 1;

/// WebSocket subprotocol ([RFC 6455 §1.9]) of the framed protocol.
///
/// [RFC 6455 §1.9]: https://www.rfc-editor.org/rfc/rfc6455#section-1.9
pub const SUBPROTOCOL: &str = "transom.v1";

/// WebSocket subprotocol of plain mode: stream bytes in binary messages, no frames, as
/// websockify does. A client that names none is served as well.
pub const PLAIN_SUBPROTOCOL: &str = "binary";

/// Bytes of payload in one `Data` frame, at most.
///
/// 64 KiB makes the cost per message vanish beside the copy, and bounds what a keystroke may
/// have to wait behind. A longer frame is a [`DecodeError::TooLong`](crate::DecodeError).
pub const MAX_DATA_BYTES: usize = 64 * 1024;

/// Bytes of one frame, at most: a full `Data` frame with its type byte. Set it as the
/// WebSocket's message limit, so that a longer message is refused before it is kept.
pub const MAX_FRAME_BYTES: usize = MAX_DATA_BYTES + 1;

/// Bytes of any frame but `Data`, at most. Holds the largest ticket and room for fields that
/// a later version appends; a longer frame is a [`DecodeError::TooLong`](crate::DecodeError).
pub const MAX_CONTROL_FRAME_BYTES: usize = 16 * 1024;

/// Bytes that may be sent and not yet be acknowledged, where nobody says otherwise.
///
/// 1 MiB fills a line of 160 Mbit/s at 50 ms round trip, and is the most that a page that
/// sleeps makes the other end keep. A sender that reaches it waits.
pub const DEFAULT_WINDOW_BYTES: u32 = 1024 * 1024;

/// Bytes that an end keeps until they are acknowledged, at most, in each direction. A larger window
/// is not used: a session that is cut must not hold more memory than this.
pub const MAX_KEPT_BYTES: u32 = 4 * 1024 * 1024;

/// The smallest window that may be granted, in bytes. Below it each keystroke would need its own
/// acknowledgement; a smaller one is a [`DecodeError::WindowTooSmall`](crate::DecodeError).
pub const MIN_WINDOW_BYTES: u32 = 4 * 1024;

/// An acknowledgement is due when the bytes consumed reach a multiple of this; with a small window, of
/// a quarter of it. With [`DEFAULT_WINDOW_BYTES`] both are the same: a message of a browser costs
/// as much as decrypting 20 KiB, and three quarters of the window keep the sender moving.
pub(crate) const ACK_STEP_BYTES: u64 = 256 * 1024;

/// Bytes of a host name, at most: a DNS name has 253, an address with a zone fewer.
pub const MAX_HOST_BYTES: usize = 255;

/// Bytes of a ticket, at most: a JSON Web Token with an RSA-4096 signature and many claims has
/// 2 KiB. A longer one is refused before it is parsed.
pub const MAX_TICKET_BYTES: usize = 8 * 1024;

/// Bytes of the text of `Close` and `Notice`, at most; longer text is cut when it is written.
pub const MAX_DETAIL_BYTES: usize = 1024;
