//! Each failure in the words of the page: what happened, why that is likely, what to do.

use transom_protocol::{ErrorCode, Failure};

use crate::state::connection::Connection;

/// What the page offers after a failure, besides copying the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Connect again to the same target.
    Retry,
    /// Go back to the address bar with the same address.
    EditAddress,
    /// Go to the relay's settings.
    ChangeRelay,
}

impl Remedy {
    /// The name of its button. `was_open`: there was a session to come back to.
    pub(crate) fn label(self, was_open: bool) -> &'static str {
        match self {
            Self::Retry if was_open => "Reconnect",
            Self::Retry => "Retry",
            Self::EditAddress => "Edit address",
            Self::ChangeRelay => "Change relay",
        }
    }
}

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailureText {
    /// What happened.
    pub(crate) headline: String,
    /// Why that is likely and what helps.
    pub(crate) body: &'static str,
    /// In the order of the buttons; the first is the usual one.
    pub(crate) remedies: &'static [Remedy],
}

/// Puts a failure into words. `place` is the target as `host` and `port`.
pub(crate) fn text(code: ErrorCode, host: &str, port: u16) -> FailureText {
    use Remedy::{ChangeRelay, EditAddress, Retry};
    let host = if host.is_empty() { "the server" } else { host };
    let (headline, body, remedies): (String, &str, &[Remedy]) = match code {
        ErrorCode::RelayUnreachable => (
            "Can't reach the relay".to_owned(),
            "It did not answer. You may be offline, the relay may be stopped, or a proxy blocks \
             WebSockets.",
            &[Retry, ChangeRelay],
        ),
        ErrorCode::RelayMisbehaved => (
            "The relay does not speak our protocol".to_owned(),
            "The address leads to something else, or to a relay of another version.",
            &[ChangeRelay, Retry],
        ),
        ErrorCode::RelayUnauthorized => (
            "The relay wants you to sign in".to_owned(),
            "It serves only people it knows. Sign in where you got its address, then try again.",
            &[Retry, ChangeRelay],
        ),
        ErrorCode::RelayTargetDenied => (
            format!("This relay may not open {host}:{port}"),
            "Its policy lists where it may connect. Ask its admin to allow this address, or use \
             another relay.",
            &[EditAddress, ChangeRelay],
        ),
        ErrorCode::RelayFull => (
            "The relay is full".to_owned(),
            "It serves as many sessions as it may. Try again when others have ended.",
            &[Retry, ChangeRelay],
        ),
        ErrorCode::RelayGoingAway => (
            "The relay is shutting down".to_owned(),
            "Its operator stopped or restarts it. Your scrollback is safe; try again in a moment.",
            &[Retry, ChangeRelay],
        ),
        ErrorCode::DnsFailed => (
            format!("No such host: {host}"),
            "The relay could not find an address for this name. Check the spelling, and that the \
             relay can see the name.",
            &[EditAddress, Retry],
        ),
        ErrorCode::TcpRefused => (
            format!("{host} answered, but nothing listens on port {port}"),
            "The SSH server may be down or on another port.",
            &[Retry, EditAddress],
        ),
        ErrorCode::TcpTimeout => (
            format!("No answer from {host}"),
            "The host may be down, or a firewall drops what is sent to this port.",
            &[Retry, EditAddress],
        ),
        ErrorCode::TcpUnreachable => (
            format!("There is no way to {host}"),
            "The relay's network has no route to this address. It may be offline, or the address \
             belongs to another network.",
            &[Retry, EditAddress],
        ),
        ErrorCode::NotSsh => (
            format!("Port {port} of {host} is not SSH"),
            "Something else answered there. SSH is usually on port 22.",
            &[EditAddress, Retry],
        ),
        ErrorCode::KexNoCommon => (
            format!("{host} is too old for safe defaults"),
            "It offers only algorithms that are known to be weak, and Transom does not use them. \
             Update the SSH server there.",
            &[Retry, EditAddress],
        ),
        ErrorCode::PeerMisbehaved => (
            format!("{host} broke the SSH protocol"),
            "What it sent makes no sense, so the connection was closed before harm could be done. \
             The server may be faulty, or something on the way changes its bytes.",
            &[Retry, EditAddress],
        ),
        ErrorCode::PeerTimeout => (
            format!("{host} stopped answering"),
            "It accepted the connection and then did not go on. It may be overloaded.",
            &[Retry, EditAddress],
        ),
        ErrorCode::HostKeyRefused => (
            format!("Not connected: the key of {host} is not trusted"),
            "No password or key was sent.",
            &[Retry],
        ),
        ErrorCode::HostKeyPinned => (
            format!("Stop: {host} is not the machine in the link"),
            "The link names one host key, and the server showed another. No password or key was \
             sent. Ask whoever gave you the link.",
            &[EditAddress],
        ),
        ErrorCode::AuthFailed => (
            format!("{host} did not let you in"),
            "No password or key was accepted. Check the user name, too.",
            &[Retry, EditAddress],
        ),
        ErrorCode::AuthClosed => (
            format!("{host} closed the connection while logging in"),
            "Usually after too many attempts, or because this user may not log in that way.",
            &[Retry, EditAddress],
        ),
        ErrorCode::KeyUnreadable => (
            "That key file cannot be read".to_owned(),
            "It is damaged or of a format that Transom does not know. Nothing was sent.",
            &[Retry],
        ),
        ErrorCode::PeerDisconnected => (
            format!("{host} ended the session"),
            "Your scrollback is safe.",
            &[Retry],
        ),
        ErrorCode::ConnectionLost => (
            "Connection lost".to_owned(),
            "The relay, the network or the server cut it. Your scrollback is safe.",
            &[Retry],
        ),
        ErrorCode::KeepaliveLost => (
            format!("{host} no longer answers"),
            "The connection went silent: a network change, a sleeping laptop or a server that is \
             down. Your scrollback is safe.",
            &[Retry],
        ),
        ErrorCode::ShellRefused => (
            format!("{host} did not open a shell"),
            "You are logged in, but the server allows no shell, or no more of them.",
            &[Retry],
        ),
        ErrorCode::Cancelled => (
            "Not connected".to_owned(),
            "You stopped before the session was open.",
            &[Retry, EditAddress],
        ),
        ErrorCode::EngineCrashed => (
            "The engine of this session stopped".to_owned(),
            "An error inside Transom ended it; other sessions go on. Your scrollback is safe.",
            &[Retry],
        ),
    };
    FailureText {
        headline,
        body,
        remedies,
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
                E::HostKeyPinned => E::AuthFailed,
                E::AuthFailed => E::AuthClosed,
                E::AuthClosed => E::KeyUnreadable,
                E::KeyUnreadable => E::PeerDisconnected,
                E::PeerDisconnected => E::ConnectionLost,
                E::ConnectionLost => E::KeepaliveLost,
                E::KeepaliveLost => E::ShellRefused,
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
            let text = text(code, "web-1", 22);
            assert!(text.headline.len() > 5, "{code:?}");
            assert!(!text.headline.ends_with('.'), "{code:?}");
            assert!(text.body.ends_with('.'), "{code:?}");
            assert!(!text.remedies.is_empty(), "{code:?}");
        }
    }

    #[test]
    fn headlines_tell_failures_apart() {
        let mut headlines: Vec<_> = all()
            .into_iter()
            .map(|code| text(code, "web-1", 22).headline)
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
        };
        let json = details(&failure, &connection);
        assert!(json.contains("PEER_DISCONNECTED"));
        assert!(!json.contains("ops") && !json.contains("secret"));
    }
}
