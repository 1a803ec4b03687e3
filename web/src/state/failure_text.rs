//! Each failure in the words of the page: what happened, why that is likely, what to do.

mod said;

use transom_protocol::{ErrorCode, Failure};

use crate::state::connection::Connection;
use crate::state::message::failure as words;

/// What the page offers after a failure, besides copying the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Connect again to the same target.
    Retry,
    /// Go back to the address bar with the same address.
    EditAddress,
    /// Go to the relay's settings.
    ChangeRelay,
    /// Let this host agree on weak algorithms, and connect again.
    Legacy,
}

impl Remedy {
    /// The name of its button. `was_open`: there was a session to come back to.
    pub(crate) fn label(self, was_open: bool) -> &'static str {
        match self {
            Self::Retry if was_open => words::RECONNECT.say(),
            Self::Retry => words::RETRY.say(),
            Self::EditAddress => words::EDIT_ADDRESS.say(),
            Self::ChangeRelay => words::CHANGE_RELAY.say(),
            Self::Legacy => words::LEGACY.say(),
        }
    }
}

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailureText {
    /// What happened.
    pub(crate) headline: String,
    /// Why that is likely and what helps.
    pub(crate) body: String,
    /// In the order of the buttons; the first is the usual one.
    pub(crate) remedies: &'static [Remedy],
}

/// Puts a failure of a connection into words.
pub(crate) fn of(failure: &Failure, connection: &Connection) -> FailureText {
    let place = failure.hop.as_deref().or(connection.target.as_ref());
    let (host, port) = place.map_or(("", 22), |place| (place.host.as_str(), place.port));
    text(failure.code, (host, port), connection.was_open)
}

/// At which jump host it happened, in words; `None` where it was none.
pub(crate) fn hop(failure: &Failure, connection: &Connection) -> Option<String> {
    let (hop, host) = (failure.hop.as_ref()?.to_string(), connection.host());
    Some(words::AT_HOP.with(&[("hop", &hop), ("host", host)]))
}

/// Puts a failure into words. Host and port are of where it happened; the host may be empty.
fn text(code: ErrorCode, (host, port): (&str, u16), was_open: bool) -> FailureText {
    let host = if host.is_empty() {
        words::THE_SERVER.say()
    } else {
        host
    };
    let parts = [("host", host), ("port", &port.to_string())];
    FailureText {
        headline: said::headline(code).with(&parts),
        body: said::body(code, was_open),
        remedies: remedies(code),
    }
}

/// What the page offers; the first is the usual one.
fn remedies(code: ErrorCode) -> &'static [Remedy] {
    use Remedy::{ChangeRelay, EditAddress, Legacy, Retry};
    match code {
        ErrorCode::RelayUnreachable
        | ErrorCode::RelayUnauthorized
        | ErrorCode::RelayFull
        | ErrorCode::RelayGoingAway => &[Retry, ChangeRelay],
        ErrorCode::RelayMisbehaved => &[ChangeRelay, Retry],
        ErrorCode::RelayTargetDenied => &[EditAddress, ChangeRelay],
        ErrorCode::DnsFailed
        | ErrorCode::NotSsh
        | ErrorCode::JumpRefused
        | ErrorCode::JumpFailed => &[EditAddress, Retry],
        ErrorCode::TcpRefused
        | ErrorCode::TcpTimeout
        | ErrorCode::TcpUnreachable
        | ErrorCode::PeerMisbehaved
        | ErrorCode::PeerTimeout
        | ErrorCode::AuthFailed
        | ErrorCode::AuthClosed
        | ErrorCode::PasswordUnanswered
        | ErrorCode::HostKeyUnknown
        | ErrorCode::HostKeyChanged
        | ErrorCode::HostKeyUncertified
        | ErrorCode::HostCertificate
        | ErrorCode::Cancelled => &[Retry, EditAddress],
        ErrorCode::HostKeyRefused
        | ErrorCode::HostKeyRevoked
        | ErrorCode::KeyUnreadable
        | ErrorCode::PeerDisconnected
        | ErrorCode::ConnectionLost
        | ErrorCode::ResumeExpired
        | ErrorCode::KeepaliveLost
        | ErrorCode::ShellRefused
        | ErrorCode::EngineCrashed => &[Retry],
        ErrorCode::HostKeyPinned => &[EditAddress],
        ErrorCode::KexNoCommon => &[Retry, EditAddress, Legacy],
    }
}

/// The details of a failure as JSON, for a report. They hold no user name, no host and no
/// words of the server.
pub(crate) fn details(failure: &Failure, connection: &Connection) -> String {
    let details = serde_json::json!({
        "code": failure.code,
        "phase": connection.last_alive,
        "attempt": connection.attempt,
        "protocol": transom_protocol::VERSION,
        "version": env!("CARGO_PKG_VERSION"),
    });
    format!("{details:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::connection::ConnectionId;

    /// Every code; the match makes a new one a compile error until it is listed.
    fn all() -> Vec<ErrorCode> {
        use ErrorCode as E;
        let next = |code| {
            Some(match code {
                E::RelayUnreachable => E::RelayMisbehaved,
                E::RelayMisbehaved => E::RelayUnauthorized,
                E::RelayUnauthorized => E::RelayTargetDenied,
                E::RelayTargetDenied => E::RelayFull,
                E::RelayFull => E::RelayGoingAway,
                E::RelayGoingAway => E::DnsFailed,
                E::DnsFailed => E::TcpRefused,
                E::TcpRefused => E::TcpTimeout,
                E::TcpTimeout => E::TcpUnreachable,
                E::TcpUnreachable => E::NotSsh,
                E::NotSsh => E::KexNoCommon,
                E::KexNoCommon => E::PeerMisbehaved,
                E::PeerMisbehaved => E::PeerTimeout,
                E::PeerTimeout => E::HostKeyRefused,
                E::HostKeyRefused => E::HostKeyPinned,
                E::HostKeyPinned => E::HostKeyRevoked,
                E::HostKeyRevoked => E::HostKeyUnknown,
                E::HostKeyUnknown => E::HostKeyChanged,
                E::HostKeyChanged => E::HostKeyUncertified,
                E::HostKeyUncertified => E::HostCertificate,
                E::HostCertificate => E::AuthFailed,
                E::AuthFailed => E::AuthClosed,
                E::AuthClosed => E::PasswordUnanswered,
                E::PasswordUnanswered => E::KeyUnreadable,
                E::KeyUnreadable => E::PeerDisconnected,
                E::PeerDisconnected => E::ConnectionLost,
                E::ConnectionLost => E::ResumeExpired,
                E::ResumeExpired => E::KeepaliveLost,
                E::KeepaliveLost => E::JumpRefused,
                E::JumpRefused => E::JumpFailed,
                E::JumpFailed => E::ShellRefused,
                E::ShellRefused => E::Cancelled,
                E::Cancelled => E::EngineCrashed,
                E::EngineCrashed => return None,
            })
        };
        core::iter::successors(Some(E::RelayUnreachable), |code| next(*code)).collect()
    }

    #[test]
    fn each_code_has_words_and_a_way_onward() {
        for code in all() {
            let text = text(code, ("web-1", 22), true);
            assert!(text.headline.len() > 5, "{code:?}");
            assert!(!text.headline.ends_with('.'), "{code:?}");
            assert!(text.body.ends_with('.'), "{code:?}");
            let first = said::body(code, false);
            assert!(
                first.ends_with('.') && !first.contains("scrollback"),
                "{code:?}"
            );
            assert!(!text.remedies.is_empty(), "{code:?}");
        }
    }

    #[test]
    fn headlines_tell_failures_apart() {
        let mut headlines: Vec<_> = all()
            .into_iter()
            .map(|code| text(code, ("web-1", 22), false).headline)
            .collect();
        headlines.sort();
        headlines.dedup();
        assert_eq!(headlines.len(), all().len());
    }

    #[test]
    fn details_name_no_one() {
        let target = "ops@web-1.secret.example".parse().unwrap();
        let connection = Connection::started(ConnectionId("a".into()), target, None);
        let failure = Failure {
            code: ErrorCode::PeerDisconnected,
            detail: "go away, ops".to_owned(),
            hop: None,
        };
        let json = details(&failure, &connection);
        assert!(json.contains("PEER_DISCONNECTED"));
        assert!(!json.contains("ops") && !json.contains("secret"));
    }
}
