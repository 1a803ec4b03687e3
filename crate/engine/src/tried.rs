//! What a log-in tried and what the server takes, for the person whom it did not let in.

use transom_protocol::{ErrorCode, Failure};
use transom_ssh::{Method, display_safe};

/// Longest list of what was tried, in bytes.
const TRIED_BYTES: usize = 512;

/// Most different credentials that are named. Servers end a log-in after six failures or so.
const MAX_NAMED: usize = 16;

/// The credentials of one log-in, in the order of their first use, and the server's last answer.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    credentials: Vec<Credential>,
    /// `None` before the server said.
    allowed: Option<Vec<Method>>,
}

#[derive(Debug)]
struct Credential {
    name: String,
    times: usize,
    accepted: bool,
}

impl Tried {
    /// Notes a credential that is about to be sent. The same one twice is one with a count.
    ///
    /// - `name`: safe to show, and no secret: `password`, or the name of a key.
    pub(crate) fn note(&mut self, name: &str) {
        let name = name.replace(['\n', '\t'], " ");
        let known = self.credentials.iter().position(|one| one.name == name);
        let mut credential = match known {
            Some(index) => self.credentials.remove(index),
            None if self.credentials.len() >= MAX_NAMED => return,
            None => Credential {
                name,
                times: 0,
                accepted: false,
            },
        };
        credential.times = credential.times.saturating_add(1);
        self.credentials.push(credential);
    }

    /// Notes that the server accepted the last one and wants another as well.
    pub(crate) fn note_accepted(&mut self) {
        if let Some(last) = self.credentials.last_mut() {
            last.accepted = true;
        }
    }

    /// Notes what the server says may go on.
    pub(crate) fn allow(&mut self, methods: impl Iterator<Item = Method>) {
        self.allowed = Some(methods.collect());
    }

    /// Adds what was tried to a failure of the log-in; others stay as they are.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        if !matches!(failure.code, ErrorCode::AuthFailed | ErrorCode::AuthClosed) {
            return failure;
        }
        let mut detail = self.sentence();
        if !failure.detail.is_empty() {
            // The detail of a failure has 1 KiB, and the server's words may be as long.
            let words = display_safe(&failure.detail, TRIED_BYTES.saturating_sub(1));
            detail = format!("{words}\n{detail}");
        }
        Failure { detail, ..failure }
    }

    /// `Tried: laptop (Ed25519), password (3 times). Server allows: publickey, password.`
    fn sentence(&self) -> String {
        let tried = match self.credentials.as_slice() {
            [] => "nothing".to_owned(),
            some => list(some.iter().map(shown)),
        };
        // The end must stay whole: it says what to do.
        let end = match self.allowed.as_deref() {
            None => ".".to_owned(),
            Some([]) => ". Server allows: nothing that Transom can do.".to_owned(),
            Some(some) => {
                let allowed = list(some.iter().map(|method| name(*method).to_owned()));
                format!(". Server allows: {allowed}.")
            }
        };
        let room = TRIED_BYTES.saturating_sub(end.len());
        display_safe(&format!("Tried: {tried}"), room) + &end
    }
}

fn shown(credential: &Credential) -> String {
    let Credential {
        name,
        times,
        accepted,
    } = credential;
    match (times, accepted) {
        (_, true) => format!("{name} (accepted, and more is wanted)"),
        (0 | 1, false) => name.clone(),
        (times, false) => format!("{name} ({times} times)"),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A method by the name of its RFC.
fn name(method: Method) -> &'static str {
    match method {
        Method::Password => "password",
        Method::PublicKey => "publickey",
        Method::KeyboardInteractive => "keyboard-interactive",
        Method::HostBased => "hostbased",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{failure, failure_about};

    #[test]
    fn a_failure_tells_what_was_tried_and_what_is_left() {
        let mut tried = Tried::default();
        tried.note("laptop (Ed25519)");
        tried.note("password");
        tried.note("password");
        tried.allow([Method::PublicKey, Method::KeyboardInteractive].into_iter());
        assert_eq!(
            tried.explain(failure(ErrorCode::AuthFailed)).detail,
            "Tried: laptop (Ed25519), password (2 times). \
             Server allows: publickey, keyboard-interactive."
        );
        assert_eq!(
            tried
                .explain(failure_about(ErrorCode::AuthClosed, "Too many"))
                .detail,
            "Too many\nTried: laptop (Ed25519), password (2 times). \
             Server allows: publickey, keyboard-interactive."
        );
    }

    #[test]
    fn a_credential_that_was_right_is_told_apart() {
        let mut tried = Tried::default();
        tried.note("laptop (Ed25519)");
        tried.note_accepted();
        tried.note("password");
        let detail = tried.explain(failure(ErrorCode::AuthFailed)).detail;
        assert!(
            detail.starts_with("Tried: laptop (Ed25519) (accepted, and more is wanted), password."),
            "{detail}"
        );
    }

    #[test]
    fn what_the_server_allows_is_told_only_once_it_said_so() {
        let mut tried = Tried::default();
        let closed = || failure(ErrorCode::AuthClosed);
        assert_eq!(tried.explain(closed()).detail, "Tried: nothing.");
        tried.allow(core::iter::empty());
        let detail = tried.explain(closed()).detail;
        assert!(detail.ends_with("nothing that Transom can do."), "{detail}");
    }

    #[test]
    fn other_failures_stay_as_they_are() {
        let lost = failure_about(ErrorCode::ConnectionLost, "x");
        assert_eq!(Tried::default().explain(lost.clone()), lost);
    }

    #[test]
    fn the_detail_is_bounded_and_keeps_what_the_server_allows() {
        let mut tried = Tried::default();
        for number in 0..100 {
            tried.note(&format!("{number}{}", "\u{202e}é".repeat(60)));
        }
        tried.allow([Method::Password].into_iter());
        let words = "w".repeat(4000);
        let detail = tried
            .explain(failure_about(ErrorCode::AuthClosed, &words))
            .detail;
        assert!(detail.len() <= 1024, "{}", detail.len());
        assert!(detail.ends_with("Server allows: password."), "{detail}");
        assert!(!detail.contains('\u{202e}'));
    }
}
