//! Which messages a failure has.

use transom_protocol::ErrorCode;

use crate::state::message::{Message, failure as words};

/// What happened.
pub(super) fn headline(code: ErrorCode) -> Message {
    match code {
        ErrorCode::RelayTargetDenied => words::TARGET_DENIED,
        ErrorCode::DnsFailed => words::DNS,
        ErrorCode::TcpRefused => words::REFUSED,
        ErrorCode::TcpTimeout => words::TIMEOUT,
        ErrorCode::TcpUnreachable => words::UNREACHABLE,
        ErrorCode::NotSsh => words::NOT_SSH,
        ErrorCode::KexNoCommon => words::TOO_OLD,
        ErrorCode::PeerMisbehaved => words::BROKE,
        ErrorCode::PeerTimeout => words::STOPPED,
        ErrorCode::HostKeyRefused => words::NOT_TRUSTED,
        ErrorCode::HostKeyPinned => words::PINNED,
        ErrorCode::HostKeyRevoked => words::REVOKED,
        ErrorCode::HostKeyUnknown => words::UNKNOWN,
        ErrorCode::HostKeyChanged => words::CHANGED,
        ErrorCode::HostKeyUncertified => words::UNCERTIFIED,
        ErrorCode::HostCertificate => words::CERTIFICATE,
        ErrorCode::AuthFailed => words::AUTH,
        ErrorCode::AuthClosed => words::AUTH_CLOSED,
        ErrorCode::PasswordUnanswered => words::UNANSWERED,
        ErrorCode::PeerDisconnected => words::PEER_ENDED,
        ErrorCode::KeepaliveLost => words::KEEPALIVE,
        ErrorCode::JumpRefused => words::JUMP_REFUSED,
        ErrorCode::JumpFailed => words::JUMP_FAILED,
        ErrorCode::ShellRefused => words::SHELL_REFUSED,
        ErrorCode::RelayUnreachable => words::RELAY_UNREACHABLE,
        ErrorCode::RelayMisbehaved => words::RELAY_MISBEHAVED,
        ErrorCode::RelayUnauthorized => words::RELAY_UNAUTHORIZED,
        ErrorCode::RelayFull => words::RELAY_FULL,
        ErrorCode::RelayGoingAway => words::RELAY_GOING,
        ErrorCode::KeyUnreadable => words::KEY_UNREADABLE,
        ErrorCode::ConnectionLost => words::LOST,
        ErrorCode::ResumeExpired => words::EXPIRED,
        ErrorCode::Cancelled => words::CANCELLED,
        ErrorCode::EngineCrashed => words::CRASHED,
    }
}

/// Why that is likely, and what helps.
///
/// - `was_open`: there was a shell, so there is scrollback to tell of.
pub(super) fn body(code: ErrorCode, was_open: bool) -> String {
    let why = why(code).say();
    match code {
        ErrorCode::PeerDisconnected if was_open => words::SAFE.say().to_owned(),
        ErrorCode::RelayGoingAway if was_open => words::RELAY_GOING_SAFE.say().to_owned(),
        ErrorCode::ConnectionLost
        | ErrorCode::ResumeExpired
        | ErrorCode::KeepaliveLost
        | ErrorCode::EngineCrashed
            if was_open =>
        {
            format!("{why} {}", words::SAFE.say())
        }
        _ => why.to_owned(),
    }
}

fn why(code: ErrorCode) -> Message {
    match code {
        ErrorCode::RelayUnreachable => words::RELAY_UNREACHABLE_WHY,
        ErrorCode::RelayMisbehaved => words::RELAY_MISBEHAVED_WHY,
        ErrorCode::RelayUnauthorized => words::RELAY_UNAUTHORIZED_WHY,
        ErrorCode::RelayTargetDenied => words::TARGET_DENIED_WHY,
        ErrorCode::RelayFull => words::RELAY_FULL_WHY,
        ErrorCode::RelayGoingAway => words::RELAY_GOING_WHY,
        ErrorCode::DnsFailed => words::DNS_WHY,
        ErrorCode::TcpRefused => words::REFUSED_WHY,
        ErrorCode::TcpTimeout => words::TIMEOUT_WHY,
        ErrorCode::TcpUnreachable => words::UNREACHABLE_WHY,
        ErrorCode::NotSsh => words::NOT_SSH_WHY,
        ErrorCode::KexNoCommon => words::TOO_OLD_WHY,
        ErrorCode::PeerMisbehaved => words::BROKE_WHY,
        ErrorCode::PeerTimeout => words::STOPPED_WHY,
        ErrorCode::HostKeyRefused
        | ErrorCode::HostKeyPinned
        | ErrorCode::HostKeyRevoked
        | ErrorCode::HostKeyUnknown
        | ErrorCode::HostKeyChanged
        | ErrorCode::HostKeyUncertified
        | ErrorCode::HostCertificate => untrusted(code),
        ErrorCode::AuthFailed => words::AUTH_WHY,
        ErrorCode::AuthClosed => words::AUTH_CLOSED_WHY,
        ErrorCode::PasswordUnanswered => words::UNANSWERED_WHY,
        ErrorCode::KeyUnreadable => words::KEY_UNREADABLE_WHY,
        ErrorCode::PeerDisconnected => words::NO_REASON,
        ErrorCode::ConnectionLost => words::LOST_WHY,
        ErrorCode::ResumeExpired => words::EXPIRED_WHY,
        ErrorCode::KeepaliveLost => words::KEEPALIVE_WHY,
        ErrorCode::JumpRefused => words::JUMP_REFUSED_WHY,
        ErrorCode::JumpFailed => words::JUMP_FAILED_WHY,
        ErrorCode::ShellRefused => words::SHELL_REFUSED_WHY,
        ErrorCode::Cancelled => words::CANCELLED_WHY,
        ErrorCode::EngineCrashed => words::CRASHED_WHY,
    }
}

/// Why a host is not trusted, and what helps.
fn untrusted(code: ErrorCode) -> Message {
    match code {
        ErrorCode::HostKeyPinned => words::PINNED_WHY,
        ErrorCode::HostKeyRevoked => words::REVOKED_WHY,
        ErrorCode::HostKeyUnknown => words::UNKNOWN_WHY,
        ErrorCode::HostKeyChanged => words::CHANGED_WHY,
        ErrorCode::HostKeyUncertified => words::UNCERTIFIED_WHY,
        ErrorCode::HostCertificate => words::CERTIFICATE_WHY,
        _ => words::NOT_TRUSTED_WHY,
    }
}
