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
    /// Let this host agree on weak algorithms, and connect again.
    Legacy,
}

impl Remedy {
    /// The name of its button. `was_open`: there was a session to come back to.
    pub(crate) fn label(self, was_open: bool) -> &'static str {
        match self {
            Self::Retry if was_open => "Reconnect",
            Self::Retry => "Retry",
            Self::EditAddress => "Edit address",
            Self::ChangeRelay => "Change relay",
            Self::Legacy => "Connect with legacy algorithms (this host only)",
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

impl FailureText {
    /// The body where no shell was there yet: then there is no scrollback to tell of.
    pub(crate) fn body_at_first(&self) -> String {
        let body = self.body.replace("Your scrollback is safe; try", "Try");
        let body = body.replace("Your scrollback is safe.", "");
        match body.trim() {
            "" => "It gave no other reason.".to_owned(),
            body => body.to_owned(),
        }
    }
}

/// Puts a failure of a connection into words.
pub(crate) fn of(failure: &Failure, connection: &Connection) -> FailureText {
    let place = failure.hop.as_deref().or(connection.target.as_ref());
    let (host, port) = place.map_or(("", 22), |place| (place.host.as_str(), place.port));
    text(failure.code, host, port)
}

/// At which jump host it happened, in words; `None` where it was none.
pub(crate) fn hop(failure: &Failure, connection: &Connection) -> Option<String> {
    let (hop, host) = (failure.hop.as_ref()?, connection.host());
    Some(format!(
        "This happened at {hop}, a jump host on the way to {host}."
    ))
}

/// Puts a failure into words. `host` and `port` are of where it happened; `host` may be empty.
fn text(code: ErrorCode, host: &str, port: u16) -> FailureText {
    let host = if host.is_empty() { "the server" } else { host };
    FailureText {
        headline: headline(code, host, port),
        body: body(code),
        remedies: remedies(code),
    }
}

/// What happened.
fn headline(code: ErrorCode, host: &str, port: u16) -> String {
    let fixed = match code {
        ErrorCode::RelayTargetDenied => return format!("This relay may not open {host}:{port}"),
        ErrorCode::DnsFailed => return format!("No such host: {host}"),
        ErrorCode::TcpRefused => {
            return format!("{host} answered, but nothing listens on port {port}");
        }
        ErrorCode::TcpTimeout => return format!("No answer from {host}"),
        ErrorCode::TcpUnreachable => return format!("There is no way to {host}"),
        ErrorCode::NotSsh => return format!("Port {port} of {host} is not SSH"),
        ErrorCode::KexNoCommon => return format!("{host} is too old for safe defaults"),
        ErrorCode::PeerMisbehaved => return format!("{host} broke the SSH protocol"),
        ErrorCode::PeerTimeout => return format!("{host} stopped answering"),
        ErrorCode::HostKeyRefused => {
            return format!("Not connected: the key of {host} is not trusted");
        }
        ErrorCode::HostKeyPinned => return format!("Stop: {host} is not the machine in the link"),
        ErrorCode::HostKeyRevoked => return format!("Stop: the key of {host} is revoked"),
        ErrorCode::HostKeyUnknown => return format!("{host} is not a known host"),
        ErrorCode::HostKeyChanged => {
            return format!("Stop: {host} is not the machine you trusted");
        }
        ErrorCode::HostKeyUncertified => return format!("{host} has no certificate"),
        ErrorCode::HostCertificate => {
            return format!("Stop: the certificate of {host} does not hold");
        }
        ErrorCode::AuthFailed => return format!("{host} did not let you in"),
        ErrorCode::AuthClosed => return format!("{host} closed the connection while logging in"),
        ErrorCode::PasswordUnanswered => return format!("{host} did not answer to the password"),
        ErrorCode::PeerDisconnected => return format!("{host} ended the session"),
        ErrorCode::KeepaliveLost => return format!("{host} no longer answers"),
        ErrorCode::JumpRefused => return format!("{host} does not let connections through"),
        ErrorCode::JumpFailed => return format!("{host} could not reach the next host"),
        ErrorCode::ShellRefused => return format!("{host} did not open a shell"),
        ErrorCode::RelayUnreachable => "Can't reach the relay",
        ErrorCode::RelayMisbehaved => "The relay does not speak our protocol",
        ErrorCode::RelayUnauthorized => "The relay wants you to sign in",
        ErrorCode::RelayFull => "The relay is full",
        ErrorCode::RelayGoingAway => "The relay is shutting down",
        ErrorCode::KeyUnreadable => "That key file cannot be read",
        ErrorCode::ConnectionLost => "Connection lost",
        ErrorCode::ResumeExpired => "Session could not be resumed",
        ErrorCode::Cancelled => "Not connected",
        ErrorCode::EngineCrashed => "The engine of this session stopped",
    };
    fixed.to_owned()
}

/// Why that is likely, and what helps.
fn body(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::RelayUnreachable => {
            "It did not answer. You may be offline, the relay may be stopped, or a proxy blocks \
             WebSockets."
        }
        ErrorCode::RelayMisbehaved => {
            "The address leads to something else, or to a relay of another version."
        }
        ErrorCode::RelayUnauthorized => {
            "It serves only people it knows. Sign in where you got its address, then try again."
        }
        ErrorCode::RelayTargetDenied => {
            "Its policy lists where it may connect. Ask its admin to allow this address, or use \
             another relay."
        }
        ErrorCode::RelayFull => {
            "It serves as many sessions as it may. Try again when others have ended."
        }
        ErrorCode::RelayGoingAway => {
            "Its operator stopped or restarts it. Your scrollback is safe; try again in a moment."
        }
        ErrorCode::DnsFailed => {
            "The relay could not find an address for this name. Check the spelling, and that the \
             relay can see the name."
        }
        ErrorCode::TcpRefused => "The SSH server may be down or on another port.",
        ErrorCode::TcpTimeout => {
            "The host may be down, or a firewall drops what is sent to this port."
        }
        ErrorCode::TcpUnreachable => {
            "The relay's network has no route to this address. It may be offline, or the address \
             belongs to another network."
        }
        ErrorCode::NotSsh => "Something else answered there. SSH is usually on port 22.",
        ErrorCode::KexNoCommon => {
            "It offers only algorithms that are known to be weak: whoever can read the network might \
             read or change the session. Update the SSH server there, or allow them for this host, until \
             you take it back under Settings, Host keys."
        }
        ErrorCode::PeerMisbehaved => {
            "What it sent makes no sense, so the connection was closed before harm could be done. \
             The server may be faulty, or something on the way changes its bytes."
        }
        ErrorCode::PeerTimeout => {
            "It accepted the connection and then did not go on. It may be overloaded."
        }
        ErrorCode::HostKeyRefused
        | ErrorCode::HostKeyPinned
        | ErrorCode::HostKeyRevoked
        | ErrorCode::HostKeyUnknown
        | ErrorCode::HostKeyChanged
        | ErrorCode::HostKeyUncertified
        | ErrorCode::HostCertificate => untrusted(code),
        ErrorCode::AuthFailed => "No password or key was accepted. Check the user name, too.",
        ErrorCode::AuthClosed => {
            "Usually after too many attempts, or because this user may not log in that way. Keys that \
             it refused are not offered again for an hour."
        }
        ErrorCode::PasswordUnanswered => {
            "It may want a new password, which Transom cannot give in the way that it asks. Change the \
             password with another client or let its admin do it, or use a key. It may also be overloaded."
        }
        ErrorCode::KeyUnreadable => {
            "It is damaged or of a format that Transom does not know. Nothing was sent."
        }
        ErrorCode::PeerDisconnected => "Your scrollback is safe.",
        ErrorCode::ConnectionLost => {
            "The relay, the network or the server cut it. Your scrollback is safe."
        }
        ErrorCode::ResumeExpired => {
            "The way to the relay was broken for longer than it holds a session, or the relay was \
             restarted. Your scrollback is safe."
        }
        ErrorCode::KeepaliveLost => {
            "The connection went silent: a network change, a sleeping laptop or a server that is \
             down. Your scrollback is safe."
        }
        ErrorCode::JumpRefused => {
            "It is a jump host on the way, and forwards nothing, or not to the next host. Its admin \
             can allow it: AllowTcpForwarding and PermitOpen in sshd_config."
        }
        ErrorCode::JumpFailed => {
            "It is a jump host on the way, and nothing answered where it connected to. The next host \
             may be down, or its name may mean something else there."
        }
        ErrorCode::ShellRefused => {
            "You are logged in, but the server allows no shell, or no more of them."
        }
        ErrorCode::Cancelled => "You stopped before the session was open.",
        ErrorCode::EngineCrashed => {
            "An error inside Transom ended it; other sessions go on. Your scrollback is safe."
        }
    }
}

/// Why a host is not trusted, and what helps.
fn untrusted(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::HostKeyPinned => {
            "The link names one host key, and the server showed another. No password or key was \
             sent. Ask whoever gave you the link."
        }
        ErrorCode::HostKeyRevoked => {
            "A line of your known hosts says that its key, or the authority that certified it, must \
             not be trusted any more. No password or key was sent. Ask its admin for the new key."
        }
        ErrorCode::HostKeyUnknown => {
            "Your settings refuse hosts that are not known. No password or key was sent. Add its line \
             under Known hosts, or choose another rule under Settings, Host keys."
        }
        ErrorCode::HostKeyChanged => {
            "It was rebuilt, its address belongs to another machine now, or someone stands between \
             you and it. No password or key was sent. Your settings refuse what is not known: remove \
             the old line under Known hosts once you are sure."
        }
        ErrorCode::HostKeyUncertified => {
            "Your settings accept only hosts whose key an authority of your known hosts certified. No \
             password or key was sent. Its admin can certify it; the rule is under Settings, Host keys."
        }
        ErrorCode::HostCertificate => {
            "It is of an authority that you trust, but not good for this host now: a mistake of its \
             admin, a clock that is wrong, or somebody with an old or foreign certificate. No password \
             or key was sent."
        }
        _ => "No password or key was sent.",
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
            let text = text(code, "web-1", 22);
            assert!(text.headline.len() > 5, "{code:?}");
            assert!(!text.headline.ends_with('.'), "{code:?}");
            assert!(text.body.ends_with('.'), "{code:?}");
            let first = text.body_at_first();
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
            hop: None,
        };
        let json = details(&failure, &connection);
        assert!(json.contains("PEER_DISCONNECTED"));
        assert!(!json.contains("ops") && !json.contains("secret"));
    }
}
