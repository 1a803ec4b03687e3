//! Why a session ended.

/// Reason of a [`crate::Close`], a number of 16 bits on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// Both directions are done.
    Finished,
    /// The policy does not allow the target.
    TargetDenied,
    /// The name does not resolve.
    NameUnknown,
    /// Nothing listens on the port.
    TcpRefused,
    /// The host did not answer in time.
    TcpTimeout,
    /// There is no route to the host.
    Unreachable,
    /// The TCP connection broke.
    TcpBroken,
    /// A frame was malformed, out of order or beyond the window.
    BadFrame,
    /// The relay wants a ticket, or a better one.
    Unauthorized,
    /// There is no such session, or its secret is another.
    SessionUnknown,
    /// Another client goes on with this session.
    Superseded,
    /// The relay is shutting down.
    GoingAway,
    /// The relay holds as many sessions as it may.
    Full,
    /// Nothing happened for too long.
    Idle,
    /// The relay failed.
    Internal,
    /// A reason of a later version.
    Other(u16),
}

/// The codes, each with its reason. They are the wire format: never reuse one.
const CODES: [(u16, CloseReason); 15] = [
    (0, CloseReason::Finished),
    (16, CloseReason::TargetDenied),
    (17, CloseReason::NameUnknown),
    (18, CloseReason::TcpRefused),
    (19, CloseReason::TcpTimeout),
    (20, CloseReason::Unreachable),
    (21, CloseReason::TcpBroken),
    (32, CloseReason::BadFrame),
    (33, CloseReason::Unauthorized),
    (34, CloseReason::SessionUnknown),
    (35, CloseReason::Superseded),
    (48, CloseReason::GoingAway),
    (49, CloseReason::Full),
    (50, CloseReason::Idle),
    (51, CloseReason::Internal),
];

/// Where the private WebSocket close codes begin ([RFC 6455 §7.4.2]).
///
/// [RFC 6455 §7.4.2]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2
const WEBSOCKET_PRIVATE: u16 = 4000;

impl CloseReason {
    /// The number on the wire.
    pub fn code(self) -> u16 {
        match self {
            Self::Other(code) => code,
            known => CODES
                .iter()
                .find(|(_, reason)| *reason == known)
                .map_or(u16::MAX, |(code, _)| *code),
        }
    }

    /// The reason of a number. A number of a later version is kept.
    pub fn from_code(code: u16) -> Self {
        CODES
            .iter()
            .find(|(known, _)| *known == code)
            .map_or(Self::Other(code), |(_, reason)| *reason)
    }

    /// Code for the WebSocket's own closing handshake, which follows the frame: 1000 for a
    /// session that is finished, otherwise 4000 and the number.
    pub fn websocket_code(self) -> u16 {
        match self {
            Self::Finished => 1000,
            other => WEBSOCKET_PRIVATE.saturating_add(other.code().min(999)),
        }
    }

    /// The reason behind a WebSocket close code, where it is one of ours.
    pub fn from_websocket_code(code: u16) -> Option<Self> {
        let number = code.checked_sub(WEBSOCKET_PRIVATE)?;
        (number < 1000).then(|| Self::from_code(number))
    }
}
