//! Why a session ended.

use core::fmt;

/// A code of a later version, kept as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownCode(u16);

macro_rules! close_reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $text:literal;)+) => {
        /// Why a session ended. The code is 4000 to 4999 and is at the same time the close code
        /// of the WebSocket ([RFC 6455 §7.4.2]), so that plain mode can tell it as well.
        ///
        /// [RFC 6455 §7.4.2]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CloseReason {
            $($(#[doc = $doc])+ $name,)+
            /// A reason that this version does not know. Show the detail; treat it as an error.
            Unknown(UnknownCode),
        }

        impl CloseReason {
            /// Every reason that this version knows.
            pub const KNOWN: &[Self] = &[$(Self::$name,)+];

            /// The reason with this code, known or not.
            pub const fn from_code(code: u16) -> Self {
                match code {
                    $($code => Self::$name,)+
                    _ => Self::Unknown(UnknownCode(code)),
                }
            }

            /// The code in the frame.
            pub const fn code(self) -> u16 {
                match self {
                    $(Self::$name => $code,)+
                    Self::Unknown(UnknownCode(code)) => code,
                }
            }
        }

        impl fmt::Display for CloseReason {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => formatter.write_str($text),)+
                    Self::Unknown(UnknownCode(code)) => write!(formatter, "code {code}"),
                }
            }
        }
    };
}

close_reasons! {
    /// Both directions ended orderly, or the client wants no more.
    Finished = 4000, "finished";
    /// The relay's policy does not name this target; the detail says which rule decided.
    TargetDenied = 4001, "target denied";
    /// The name of the target has no address.
    NameUnknown = 4002, "name unknown";
    /// The target refused the TCP connection.
    ConnectionRefused = 4003, "connection refused";
    /// The target did not answer in time.
    ConnectTimeout = 4004, "connection timed out";
    /// There is no way to the target.
    Unreachable = 4005, "target unreachable";
    /// The target or the way to it broke the TCP connection in mid-session.
    TargetLost = 4006, "target lost";
    /// The peer sent something that the protocol forbids.
    BadFrame = 4010, "bad frame";
    /// The relay speaks no version that the client named.
    VersionUnsupported = 4011, "version unsupported";
    /// No valid ticket or identity came. All causes look alike to the client.
    Unauthorized = 4012, "unauthorized";
    /// The session to resume is over, was never there, or the proof was wrong.
    SessionUnknown = 4013, "session unknown";
    /// A newer connection took over this session.
    Superseded = 4014, "superseded";
    /// The first frame did not come in time.
    HandshakeTimeout = 4015, "handshake timed out";
    /// The relay stops; another one, or the same one later, may serve.
    GoingAway = 4020, "going away";
    /// The relay serves as many sessions as it may.
    Full = 4021, "full";
    /// Nothing moved for longer than the relay allows.
    Idle = 4022, "idle for too long";
    /// The session lasted longer than the relay allows.
    Expired = 4023, "session time is over";
    /// The relay failed; its log says how.
    Internal = 4099, "internal error";
}

impl CloseReason {
    /// The close code for the WebSocket: the code itself, or 4999 for a code from elsewhere,
    /// because a browser refuses to send codes outside of 3000 to 4999.
    pub const fn websocket_code(self) -> u16 {
        match self.code() {
            code @ 4000..=4999 => code,
            _ => 4999,
        }
    }

    /// The reason that a WebSocket's close code tells; `None` for codes of WebSocket itself.
    pub const fn from_websocket_code(code: u16) -> Option<Self> {
        match code {
            4000..=4999 => Some(Self::from_code(code)),
            _ => None,
        }
    }
}
