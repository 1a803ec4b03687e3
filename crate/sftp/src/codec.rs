//! The packets of SFTP version 3, [draft-ietf-secsh-filexfer-02], without I/O.
//!
//! Names and handles are bytes: the draft gives them no encoding. Every length is compared with
//! what is there before anything is allocated, so a packet costs at most a small multiple of
//! its own size. Extended attributes and extensions that we do not know are kept.
//!
//! [draft-ietf-secsh-filexfer-02]: https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02

mod attributes;
mod frame;
mod request;
mod response;
mod scalar;
mod status;
mod version;

pub use attributes::{Attributes, FileKind};
pub use frame::Frames;
pub use request::{OpenFlags, Request, RequestId};
pub use response::{Name, Response};
pub use status::Status;
pub use version::{Extension, Init, Version};

pub(crate) use request::encode_write;
pub(crate) use scalar::{Reader, Writer};

/// Longest packet, in bytes, without the field that says its length.
///
/// OpenSSH's limit (`SFTP_MAX_MSG_LENGTH`, 256 KiB); the draft promises 34 000 bytes. A longer one
/// is refused before it is read.
pub const MAX_PACKET_BYTES: usize = 256 * 1024;

/// Why bytes are not a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The packet ends before something that it announces.
    #[error("packet ends early")]
    Truncated,
    /// A count or length announces more than a packet can hold.
    #[error("packet announces {announced} bytes or entries, more than it holds")]
    TooLong {
        /// What it announces.
        announced: u32,
    },
    /// There is no packet of this type in version 3.
    #[error("unknown packet type {kind}")]
    UnknownType {
        /// The type.
        kind: u8,
    },
    /// Attributes with flags that version 3 does not have: their length is not known.
    #[error("unknown attribute flags {flags:#010x}")]
    UnknownAttributes {
        /// All flags.
        flags: u32,
    },
}
