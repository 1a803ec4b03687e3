//! Why a connection could not be made or kept, named by who can act.

use core::fmt;

use transom_keys::PublicKey;

/// What a connection was busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waiting for the server's identification ([RFC 4253 §4.2]).
    ///
    /// [RFC 4253 §4.2]: https://www.rfc-editor.org/rfc/rfc4253#section-4.2
    Identifying,
    /// Algorithms and keys are being exchanged.
    ExchangingKeys,
    /// A [`crate::Trust`] decides on the host key. This has no deadline of ours.
    CheckingHostKey,
    /// The host key is accepted; the exchange is being finished.
    Finishing,
    /// Waiting for the server's answer to a credential.
    Authenticating,
    /// Logged in; channels come and go.
    Open,
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Identifying => "identification",
            Self::ExchangingKeys => "key exchange",
            Self::CheckingHostKey => "host key check",
            Self::Finishing => "end of the key exchange",
            Self::Authenticating => "authentication",
            Self::Open => "the session",
        })
    }
}

/// What two sides could not agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlgorithmKind {
    /// Key exchange method.
    Kex,
    /// Type of host key.
    HostKey,
    /// Cipher.
    Cipher,
    /// Message authentication code.
    Mac,
    /// Compression.
    Compression,
}

impl fmt::Display for AlgorithmKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Kex => "key exchange",
            Self::HostKey => "host key",
            Self::Cipher => "cipher",
            Self::Mac => "MAC",
            Self::Compression => "compression",
        })
    }
}

/// Why there is no connection. Texts from the server are safe to show and bounded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The other end speaks something else. The user chose a wrong port.
    #[error("the port does not speak SSH")]
    PeerNotSsh {
        /// What it said first, at most 200 bytes; empty if it said nothing.
        said: String,
    },
    /// The server is too old or too new for us; its administrator can act.
    #[error("no common {kind} algorithm")]
    PeerNoCommonAlgorithm {
        /// What could not be agreed on.
        kind: AlgorithmKind,
        /// What the server offers, at most 1 KiB together.
        offered: Vec<String>,
    },
    /// The server broke the protocol. Never the user's fault.
    #[error("server violated the SSH protocol: {what}")]
    PeerMisbehaved {
        /// In which way, for a report.
        what: String,
    },
    /// The server did not go on in time.
    #[error("server did not answer during {stage}")]
    PeerTimeout {
        /// What we waited for.
        stage: Stage,
    },
    /// The server ended the connection and said why ([RFC 4253 §11.1]).
    ///
    /// [RFC 4253 §11.1]: https://www.rfc-editor.org/rfc/rfc4253#section-11.1
    #[error("server disconnected: {text}")]
    PeerDisconnected {
        /// What we were doing.
        stage: Stage,
        /// Its words, at most 1 KiB, may be empty.
        text: String,
    },
    /// The byte stream ended or failed; nobody said why.
    #[error("connection closed during {stage}")]
    LinkClosed {
        /// What we were doing.
        stage: Stage,
    },
    /// The user, or a stored policy, said no. No credential was sent.
    #[error("host key {} is not trusted", key.fingerprint())]
    UserRefusedHostKey {
        /// The key that was refused.
        key: Box<PublicKey>,
    },
    /// The user stopped answering prompts.
    #[error("log-in was cancelled")]
    UserCancelled,
}

/// Why a channel could not be opened or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The server said no.
    #[error("server refused {what}")]
    PeerRefused {
        /// What was asked for: `a channel`, `a terminal`, `a shell`, `the command`, `a connection
        /// onward`, `to listen`.
        what: &'static str,
    },
    /// The server tried to connect onward and could not: [`Connection::open_tunnel`].
    ///
    /// [`Connection::open_tunnel`]: crate::Connection::open_tunnel
    #[error("server cannot reach the next one")]
    PeerCannotReach,
    /// The server did not answer in time.
    #[error("server did not answer the request for {what}")]
    PeerTimeout {
        /// What was asked for.
        what: &'static str,
    },
    /// The channel, or the connection under it, is closed.
    #[error("channel is closed")]
    Closed,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseCause {
    /// We asked for it, or dropped the last handle.
    Ours,
    /// The server ended it, with these words (safe to show, at most 1 KiB, may be empty).
    Peer {
        /// Reason code, [RFC 4253 §11.1]. 11 means that the user asked for it.
        ///
        /// [RFC 4253 §11.1]: https://www.rfc-editor.org/rfc/rfc4253#section-11.1
        reason: u32,
        /// The server's words.
        text: String,
    },
    /// The byte stream ended or failed.
    LinkClosed,
    /// The server no longer answers ([`Connection::keep_alive`](crate::Connection::keep_alive)).
    Dead,
    /// The server broke the protocol.
    PeerMisbehaved {
        /// In which way, for a report.
        what: String,
    },
}
