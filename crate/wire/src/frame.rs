//! What the two ends say.

use core::fmt;

use bytes::Bytes;

use crate::CloseReason;

/// Length of a session's secret in bytes: 256 bits cannot be guessed.
pub const SECRET_BYTES: usize = 32;

/// Names a session at its relay. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub [u8; 16]);

/// Proves that a client may go on with a session.
///
/// # Security
///
/// Not printed. Compare it in constant time; it never travels in a URL.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionSecret(pub [u8; SECRET_BYTES]);

impl fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionSecret(..)")
    }
}

/// One message of the protocol: one binary WebSocket message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Client: connect me. First frame of a new session.
    Open(Open),
    /// Relay: you are connected.
    Opened(Opened),
    /// Client: go on with a session. First frame after a cut.
    Resume(Resume),
    /// Relay: go on from here.
    Resumed(Resumed),
    /// Either: bytes of the connection, at most [`crate::MAX_DATA_BYTES`], not empty.
    Data(Bytes),
    /// Either: all bytes before this offset, counted from the session's begin, are consumed.
    /// They may be forgotten, and as many may be sent anew.
    Ack {
        /// The offset.
        received: u64,
    },
    /// Either: no more data follows from this end.
    Eof,
    /// Either: the session is over. Nothing follows.
    Close(Close),
    /// Either: are you there?
    Ping(u64),
    /// Either: yes, with the number of the ping.
    Pong(u64),
}

/// Asks for a connection.
#[derive(Clone, PartialEq, Eq)]
pub struct Open {
    /// [`crate::VERSION`].
    pub version: u8,
    /// Bytes that the relay may send before the first acknowledgement.
    pub window: u32,
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port, not 0.
    pub port: u16,
    /// Proof that the client may connect there, where the relay wants one.
    pub ticket: Option<Bytes>,
}

impl fmt::Debug for Open {
    /// Leaves the ticket out: whoever has it can use it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Open")
            .field("version", &self.version)
            .field("window", &self.window)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("has_ticket", &self.ticket.is_some())
            .finish()
    }
}

/// Tells that the connection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Names the session.
    pub session: SessionId,
    /// Proves the right to go on with it.
    pub secret: SessionSecret,
    /// Bytes that the client may send before the first acknowledgement.
    pub window: u32,
    /// Seconds for which the relay holds the session after a cut; 0: not at all.
    pub grace_seconds: u32,
}

/// Asks to go on with a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Which session.
    pub session: SessionId,
    /// Its secret.
    pub secret: SessionSecret,
    /// Offset before which the client has received everything.
    pub received: u64,
}

/// Tells where a session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resumed {
    /// Offset before which the relay has received everything.
    pub received: u64,
}

/// Ends a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// Why.
    pub reason: CloseReason,
    /// For a person: the rule that refused, the address that did not answer. At most
    /// [`Close::MAX_DETAIL_BYTES`]; longer text is cut when encoded.
    pub detail: String,
}

impl Close {
    /// Longest detail in bytes: a line or two of text.
    pub const MAX_DETAIL_BYTES: usize = 512;
}
