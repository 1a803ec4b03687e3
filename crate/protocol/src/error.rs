//! Why a session could not be made or kept.

use serde::{Deserialize, Serialize};

use crate::Target;

/// A failure as the engine reports it. The page puts it into words (`ErrorCode` says which).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Which kind.
    pub code: ErrorCode,
    /// A detail for the person: what a server said, which algorithms it offers, which rule
    /// refused. Untrusted text is made safe to show and at most 1 KiB long. May be empty.
    pub detail: String,
    /// The jump host at which it happened; `None` where that was the target, or no host at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hop: Option<Box<Target>>,
}

/// Kinds of failure, named as in the interface's table of error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The WebSocket to the relay could not be opened.
    RelayUnreachable,
    /// The relay spoke something else than its protocol.
    RelayMisbehaved,
    /// The relay wants a ticket or another log-in.
    RelayUnauthorized,
    /// The relay's policy does not allow the target.
    RelayTargetDenied,
    /// The relay serves as many sessions as it may.
    RelayFull,
    /// The relay is shutting down.
    RelayGoingAway,
    /// The host's name does not resolve.
    DnsFailed,
    /// Nothing listens on the port.
    TcpRefused,
    /// The host did not answer.
    TcpTimeout,
    /// There is no route to the host.
    TcpUnreachable,
    /// The port does not speak SSH.
    NotSsh,
    /// No algorithm in common.
    KexNoCommon,
    /// The server broke the SSH protocol.
    PeerMisbehaved,
    /// The server did not go on in time.
    PeerTimeout,
    /// The person, or a stored policy, refused the host key.
    HostKeyRefused,
    /// The host key is not the pinned one.
    HostKeyPinned,
    /// The host key, or the authority that certified it, is revoked.
    HostKeyRevoked,
    /// The host is not known, and unknown hosts are refused.
    HostKeyUnknown,
    /// The host showed another key than the trusted one, and may not be asked about.
    HostKeyChanged,
    /// The host has no certificate, and only certified hosts are accepted.
    HostKeyUncertified,
    /// The host's certificate does not hold; the detail says why.
    HostCertificate,
    /// No credential was accepted.
    AuthFailed,
    /// The server closed the connection while logging in.
    AuthClosed,
    /// The server did not answer to a password. It may want a new one.
    PasswordUnanswered,
    /// The key file cannot be read.
    KeyUnreadable,
    /// The server ended the session, with its words in the detail.
    PeerDisconnected,
    /// The connection was cut.
    ConnectionLost,
    /// The way to the relay broke, and the relay no longer has the session.
    ResumeExpired,
    /// The other end no longer answers.
    KeepaliveLost,
    /// A jump host forwards no connections, or not to the next host.
    JumpRefused,
    /// A jump host cannot reach the next host.
    JumpFailed,
    /// The server refused to open a shell.
    ShellRefused,
    /// The person stopped it.
    Cancelled,
    /// The engine itself failed.
    EngineCrashed,
}
