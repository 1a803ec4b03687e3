//! Failures of the layers below, as codes for the page.

use transom_browser::{LinkEnd, RelayError};
use transom_protocol::{ErrorCode, ExitStatus, Failure, Target};
use transom_ssh::{ChannelError, CloseCause, ConnectError, Stage, display_safe};
use transom_wire::CloseReason;

/// Longest detail of a failure in bytes.
const DETAIL_BYTES: usize = 1024;

/// A failure that needs no detail.
pub(crate) fn failure(code: ErrorCode) -> Failure {
    failure_about(code, "")
}

/// A failure with a detail, which may be untrusted.
pub(crate) fn failure_about(code: ErrorCode, detail: &str) -> Failure {
    Failure {
        code,
        detail: display_safe(detail, DETAIL_BYTES),
        hop: None,
    }
}

/// The same failure, at a jump host.
pub(crate) fn at(hop: Option<&Target>, failure: Failure) -> Failure {
    Failure {
        hop: hop.cloned().map(Box::new),
        ..failure
    }
}

/// A jump host did not connect onward.
pub(crate) fn tunnel_failure(error: &ChannelError) -> Failure {
    match error {
        ChannelError::PeerRefused { .. } => failure(ErrorCode::JumpRefused),
        ChannelError::PeerCannotReach => failure(ErrorCode::JumpFailed),
        ChannelError::PeerTimeout { .. } => failure(ErrorCode::PeerTimeout),
        _ => failure(ErrorCode::ConnectionLost),
    }
}

/// No way to the server.
pub(crate) fn relay_failure(error: &RelayError) -> Failure {
    match error {
        RelayError::Unreachable => failure(ErrorCode::RelayUnreachable),
        RelayError::Closed { reason, detail } => failure_about(relay_code(*reason), detail),
        RelayError::Timeout => failure(ErrorCode::TcpTimeout),
        RelayError::NoSuchHost => failure(ErrorCode::DnsFailed),
        // Misbehaved, and what later versions add.
        _ => failure(ErrorCode::RelayMisbehaved),
    }
}

/// The way to the server ended.
pub(crate) fn link_failure(end: &LinkEnd) -> Failure {
    match end {
        LinkEnd::Closed { reason, detail } => failure_about(relay_code(*reason), detail),
        LinkEnd::Lost => failure(ErrorCode::ConnectionLost),
        LinkEnd::Expired => failure(ErrorCode::ResumeExpired),
        LinkEnd::Misbehaved => failure(ErrorCode::RelayMisbehaved),
    }
}

fn relay_code(reason: CloseReason) -> ErrorCode {
    match reason {
        CloseReason::TargetDenied => ErrorCode::RelayTargetDenied,
        CloseReason::NameUnknown => ErrorCode::DnsFailed,
        CloseReason::ConnectionRefused => ErrorCode::TcpRefused,
        CloseReason::ConnectTimeout => ErrorCode::TcpTimeout,
        CloseReason::Unreachable => ErrorCode::TcpUnreachable,
        CloseReason::Unauthorized => ErrorCode::RelayUnauthorized,
        CloseReason::GoingAway => ErrorCode::RelayGoingAway,
        CloseReason::Full => ErrorCode::RelayFull,
        CloseReason::Finished
        | CloseReason::TargetLost
        | CloseReason::Superseded
        | CloseReason::Idle
        | CloseReason::Expired => ErrorCode::ConnectionLost,
        // Bad frame, session unknown, internal, and what later versions add.
        _ => ErrorCode::RelayMisbehaved,
    }
}

/// A log-in by password failed. A server that wants the password changed is not heard by the SSH client
/// (`SSH_MSG_USERAUTH_PASSWD_CHANGEREQ`), and seems to be silent.
pub(crate) fn of_password(failure: Failure) -> Failure {
    match failure.code {
        ErrorCode::PeerTimeout => Failure {
            code: ErrorCode::PasswordUnanswered,
            ..failure
        },
        _ => failure,
    }
}

/// The handshake or log-in failed; `link` says how the way to the server ended, if it has.
pub(crate) fn connect_failure(error: &ConnectError, link: Option<&LinkEnd>) -> Failure {
    match error {
        ConnectError::PeerNotSsh { said } => failure_about(ErrorCode::NotSsh, said),
        ConnectError::PeerNoCommonAlgorithm { kind, offered } => failure_about(
            ErrorCode::KexNoCommon,
            &format!("{kind}: {}", offered.join(", ")),
        ),
        ConnectError::PeerTimeout { .. } => failure(ErrorCode::PeerTimeout),
        ConnectError::PeerDisconnected {
            stage: Stage::Authenticating,
            text,
        } => failure_about(ErrorCode::AuthClosed, text),
        ConnectError::PeerDisconnected { text, .. } => {
            failure_about(ErrorCode::PeerDisconnected, text)
        }
        ConnectError::LinkClosed { stage } => match (link, stage) {
            (Some(LinkEnd::Closed { reason, .. }), _) if *reason != CloseReason::Finished => {
                link.map_or_else(|| failure(ErrorCode::ConnectionLost), link_failure)
            }
            (Some(LinkEnd::Lost | LinkEnd::Expired), _) => failure(ErrorCode::ConnectionLost),
            (_, Stage::Authenticating) => failure(ErrorCode::AuthClosed),
            _ => failure(ErrorCode::ConnectionLost),
        },
        ConnectError::UserRefusedHostKey { key } => {
            failure_about(ErrorCode::HostKeyRefused, &key.fingerprint())
        }
        ConnectError::UserCancelled => failure(ErrorCode::Cancelled),
        ConnectError::PeerMisbehaved { what } => failure_about(ErrorCode::PeerMisbehaved, what),
        _ => failure(ErrorCode::PeerMisbehaved),
    }
}

/// An open session ended; `None` when that was in order.
pub(crate) fn close_failure(cause: &CloseCause, link: Option<&LinkEnd>) -> Option<Failure> {
    match cause {
        CloseCause::Ours => None,
        CloseCause::Peer { text, .. } => Some(failure_about(ErrorCode::PeerDisconnected, text)),
        CloseCause::LinkClosed => {
            Some(link.map_or_else(|| failure(ErrorCode::ConnectionLost), link_failure))
        }
        CloseCause::Dead => Some(failure(ErrorCode::KeepaliveLost)),
        CloseCause::PeerMisbehaved { what } => Some(failure_about(ErrorCode::PeerMisbehaved, what)),
        _ => Some(failure(ErrorCode::ConnectionLost)),
    }
}

/// The server did not open a shell.
pub(crate) fn channel_failure(error: &ChannelError) -> Failure {
    match error {
        ChannelError::PeerRefused { what } => failure_about(ErrorCode::ShellRefused, what),
        ChannelError::PeerTimeout { .. } => failure(ErrorCode::PeerTimeout),
        _ => failure(ErrorCode::ConnectionLost),
    }
}

/// How a program ended, for the page.
pub(crate) fn exit_status(status: transom_ssh::ExitStatus) -> ExitStatus {
    match status {
        transom_ssh::ExitStatus::Code(code) => ExitStatus::Code { code },
        transom_ssh::ExitStatus::Signal { name, .. } => ExitStatus::Signal { signal: name },
        transom_ssh::ExitStatus::Unknown => ExitStatus::Unknown,
    }
}

/// Milliseconds of a `Date` as a whole number.
pub(crate) fn whole_millis(millis: f64) -> u64 {
    // The only conversion of a float in the library that cannot surprise: to a Duration, here of
    // as many seconds. What is not a time becomes 0.
    core::time::Duration::try_from_secs_f64(millis)
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_after_a_password_is_told_apart() {
        let late = ConnectError::PeerTimeout {
            stage: Stage::Authenticating,
        };
        let told = of_password(connect_failure(&late, None));
        assert_eq!(told.code, ErrorCode::PasswordUnanswered);
        let closed = failure(ErrorCode::AuthClosed);
        assert_eq!(of_password(closed.clone()), closed);
    }

    #[test]
    fn a_link_that_ended_for_a_reason_explains_a_closed_handshake() {
        let closed = ConnectError::LinkClosed {
            stage: Stage::Identifying,
        };
        let going = LinkEnd::Closed {
            reason: CloseReason::GoingAway,
            detail: String::new(),
        };
        assert_eq!(
            connect_failure(&closed, Some(&going)).code,
            ErrorCode::RelayGoingAway
        );
        assert_eq!(
            connect_failure(&closed, None).code,
            ErrorCode::ConnectionLost
        );
    }

    #[test]
    fn text_of_a_server_is_made_safe() {
        let failure = failure_about(ErrorCode::PeerDisconnected, "\u{1b}]0;evil\u{7}\u{202e}");
        assert!(
            failure
                .detail
                .chars()
                .all(|c| !c.is_control() && c != '\u{202e}'),
            "{failure:?}"
        );
    }

    #[test]
    fn dates_become_whole_milliseconds() {
        assert_eq!(whole_millis(1_795_392_000_123.0), 1_795_392_000_123);
        assert_eq!(whole_millis(f64::NAN), 0);
        assert_eq!(whole_millis(-1.0), 0);
    }
}
