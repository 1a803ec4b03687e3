//! Sentences about a session that are not errors.

use transom_protocol::{
    ExitStatus, InstallProblem, KeyImport, KeyInstall, KeyProblem, KnownHostsImport,
    ParseTargetError, Phase, Refusal, RelayNotice,
};

use crate::state::connection::{Connection, Contact};
use crate::state::message::{Message, held, home, keys, known_hosts, log_in, status, terminal};
use crate::state::tabs::Lost;

/// What the status line says about a connection. In English it begins with one of four words that
/// never change: Connecting, Connected, Reconnecting, Disconnected.
pub(crate) fn status(connection: &Connection) -> String {
    let message = match (&connection.contact, &connection.phase) {
        (Contact::Gone, _) => status::GONE,
        (Contact::Foreign, _) => status::FOREIGN,
        (Contact::Attaching, _) => status::ATTACHING,
        (_, Phase::Open) if connection.is_held() => status::HOLDING,
        (_, phase) if connection.was_open => on_the_way_again(phase),
        (_, phase) => on_the_way(phase),
    };
    message.with(&[("host", connection.host())])
}

fn on_the_way(phase: &Phase) -> Message {
    match phase {
        Phase::Idle | Phase::ReachingRelay => status::RELAY,
        Phase::ReachingServer => status::SERVER,
        Phase::ExchangingKeys => status::KEYS,
        Phase::CheckingHostKey => status::HOST_KEY,
        Phase::Authenticating => status::LOG_IN,
        Phase::Open => status::OPEN,
        Phase::Closed { .. } => status::CLOSED,
    }
}

fn on_the_way_again(phase: &Phase) -> Message {
    match phase {
        Phase::Idle | Phase::ReachingRelay => status::RELAY_AGAIN,
        Phase::ReachingServer => status::SERVER_AGAIN,
        Phase::ExchangingKeys => status::KEYS_AGAIN,
        Phase::CheckingHostKey => status::HOST_KEY_AGAIN,
        Phase::Authenticating => status::LOG_IN_AGAIN,
        Phase::Open | Phase::Closed { .. } => on_the_way(phase),
    }
}

/// How long the relay still holds a session, for a countdown.
pub(crate) fn remaining(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, 0) => held::MOMENT.say().to_owned(),
        (0, seconds) => held::SECONDS.with(&[("n", &seconds.to_string())]),
        (minutes, seconds) => held::MINUTES.with(&[("time", &format!("{minutes}:{seconds:02}"))]),
    }
}

/// What happens to keys typed while a session is held.
pub(crate) fn typed_while_held(bytes: u32) -> String {
    match bytes {
        0 => held::TYPE.say().to_owned(),
        bytes => held::WAITING.counted(bytes.into(), &[]),
    }
}

/// What a relay announced.
pub(crate) fn notice(notice: RelayNotice) -> &'static str {
    let message = match notice {
        RelayNotice::Idle => status::RELAY_IDLE,
        RelayNotice::Expiry => status::RELAY_EXPIRY,
        RelayNotice::GoingAway => status::RELAY_GOING,
    };
    message.say()
}

/// What the dim line under a shell's last output says.
pub(crate) fn ended(ended: &ExitStatus) -> String {
    match ended {
        ExitStatus::Code { code: 0 } => status::SHELL_ENDED.say().to_owned(),
        ExitStatus::Code { code } => status::SHELL_STATUS.with(&[("status", &code.to_string())]),
        ExitStatus::Signal { signal } => status::SHELL_SIGNAL.with(&[("signal", signal)]),
        ExitStatus::Unknown => status::SHELL_CLOSED.say().to_owned(),
    }
}

/// The same as a sentence.
pub(crate) fn notice_of_end(ended: &ExitStatus) -> String {
    match ended {
        ExitStatus::Code { code: 0 } => terminal::SHELL_ENDED.say().to_owned(),
        ExitStatus::Code { code } => terminal::SHELL_STATUS.with(&[("status", &code.to_string())]),
        ExitStatus::Signal { signal } => terminal::SHELL_SIGNAL.with(&[("signal", signal)]),
        ExitStatus::Unknown => terminal::SHELL_CLOSED.say().to_owned(),
    }
}

/// Why a shell did not come back after a reload, and since when; `None` where it was said before.
/// `moment` writes a time that is given in milliseconds since 1970.
pub(crate) fn lost(lost: Lost, moment: impl Fn(f64) -> String) -> Option<String> {
    match lost {
        Lost::Session { left_ms } => {
            Some(terminal::LOST_SESSION.with(&[("moment", &moment(left_ms))]))
        }
        Lost::Shell { left_ms } => Some(terminal::LOST_SHELL.with(&[("moment", &moment(left_ms))])),
        Lost::Before => None,
    }
}

/// Why the last credential did not lead on.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Password => log_in::REFUSED_PASSWORD.say().to_owned(),
        Refusal::Prompts => log_in::REFUSED_PROMPTS.say().to_owned(),
        Refusal::Key { name, kind } => log_in::REFUSED_KEY.with(&[("name", name), ("kind", kind)]),
        Refusal::KeyFile { name, problem } => {
            log_in::REFUSED_FILE.with(&[("name", name), ("problem", key_problem(*problem))])
        }
        Refusal::StoredKeys { names, lapsed } => {
            let refused = log_in::REFUSED_KEYS.with(&[("names", &names.join(", "))]);
            if lapsed.is_empty() {
                return refused;
            }
            let lapsed = log_in::LAPSED.with(&[("names", &lapsed.join(", "))]);
            format!("{lapsed} {refused}")
        }
        Refusal::MoreNeeded => log_in::MORE_NEEDED.say().to_owned(),
    }
}

pub(crate) fn key_problem(problem: KeyProblem) -> &'static str {
    match problem {
        KeyProblem::NotAKey => keys::NOT_A_KEY.say(),
        KeyProblem::PublicKey => keys::PUBLIC_HALF.say(),
        KeyProblem::Unsupported => keys::UNSUPPORTED.say(),
        KeyProblem::TooCostly => keys::TOO_COSTLY.say(),
        KeyProblem::TooLarge => keys::TOO_LARGE.say(),
        KeyProblem::Damaged => keys::DAMAGED.say(),
        KeyProblem::Certificate => keys::IS_CERTIFICATE.say(),
        KeyProblem::SecurityKey => keys::SECURITY_KEY.say(),
        KeyProblem::Dsa => keys::DSA.say(),
    }
}

/// That a file of known hosts was not even read.
pub(crate) fn known_hosts_unreadable() -> &'static str {
    known_hosts::TOO_LARGE.say()
}

/// What became of lines of known hosts; `None` where the worker failed.
pub(crate) fn known_hosts_imported(outcome: Option<&KnownHostsImport>) -> String {
    match outcome {
        Some(KnownHostsImport::Kept {
            added,
            already,
            unread,
        }) => {
            let words = match (added, already) {
                (0, 0) => known_hosts::NO_LINE.say().to_owned(),
                (added, 0) => known_hosts::ADDED.with(&[("added", &added.to_string())]),
                (added, already) => known_hosts::ADDED_ALREADY.with(&[
                    ("added", &added.to_string()),
                    ("already", &already.to_string()),
                ]),
            };
            if unread.is_empty() {
                return words;
            }
            let numbers: Vec<String> = unread.iter().take(10).map(u32::to_string).collect();
            let message = if unread.len() > 10 {
                known_hosts::LEFT_OUT_MORE
            } else {
                known_hosts::LEFT_OUT
            };
            message.with(&[("words", &words), ("numbers", &numbers.join(", "))])
        }
        Some(KnownHostsImport::TooMany) => known_hosts::TOO_MANY.say().to_owned(),
        Some(KnownHostsImport::NotKept { detail }) => {
            known_hosts::NOT_KEPT.with(&[("detail", detail)])
        }
        None => known_hosts::WORKER_STOPPED.say().to_owned(),
    }
}

/// That a key is kept.
pub(crate) fn imported(again: bool, sealed: bool) -> &'static str {
    match (again, sealed) {
        (true, _) => keys::AGAIN.say(),
        (false, false) => keys::KEPT.say(),
        (false, true) => keys::KEPT_SEALED.say(),
    }
}

/// Why an authenticator did not sign, by the name of the browser's exception (WebAuthn Level 3 §5.1.4).
pub(crate) fn passkey_problem(exception: &str, party: &str) -> String {
    match exception {
        "NotAllowedError" => keys::PASSKEY_NOTHING.say().to_owned(),
        "SecurityError" => keys::PASSKEY_ELSEWHERE.with(&[("party", party)]),
        "InvalidStateError" => keys::PASSKEY_OTHER.say().to_owned(),
        "AbortError" => keys::PASSKEY_CANCELLED.say().to_owned(),
        _ => keys::PASSKEY_UNUSABLE.with(&[("exception", exception)]),
    }
}

/// That a key needs the vault.
pub(crate) fn vault_words(kind: &str, only: bool) -> String {
    if only {
        keys::ONLY_VAULT.with(&[("kind", kind)])
    } else {
        keys::VAULT_CLOSED.with(&[("kind", kind)])
    }
}

/// Why a key file was not taken in; `None` when the worker that reads it failed.
pub(crate) fn import_problem(outcome: Option<&KeyImport>) -> String {
    match outcome {
        Some(KeyImport::Refused { problem }) => {
            keys::UNUSABLE.with(&[("problem", key_problem(*problem))])
        }
        Some(KeyImport::NotKept { kind, detail }) => {
            keys::NOT_KEPT.with(&[("kind", kind), ("detail", detail)])
        }
        _ => keys::READER_FAILED.say().to_owned(),
    }
}

/// How the installation of a key goes. `None`: it just began.
pub(crate) fn install_words(host: &str, state: Option<&KeyInstall>) -> String {
    let there = |already: bool| {
        if already {
            keys::WAS_THERE.say()
        } else {
            keys::IS_THERE.say()
        }
    };
    match state {
        None => keys::WRITING.with(&[("host", host)]),
        Some(KeyInstall::Written { already }) => keys::TRYING.with(&[("there", there(*already))]),
        Some(KeyInstall::Proven {
            already,
            more_needed: false,
        }) => keys::LETS_IN.with(&[("there", there(*already)), ("host", host)]),
        Some(KeyInstall::Proven { already, .. }) => {
            keys::MORE_NEEDED.with(&[("there", there(*already)), ("host", host)])
        }
        Some(KeyInstall::Failed { problem, detail }) => {
            format!("{} {detail}", install_problem(*problem, host))
        }
    }
}

fn install_problem(problem: InstallProblem, host: &str) -> String {
    match problem {
        InstallProblem::NotConnected => keys::NOT_CONNECTED.with(&[("host", host)]),
        InstallProblem::NoSuchKey => keys::GONE.say().to_owned(),
        InstallProblem::NoFiles => keys::NO_FILES.with(&[("host", host)]),
        InstallProblem::Refused => keys::REFUSED.with(&[("host", host)]),
        InstallProblem::NotAFile => keys::NOT_A_FILE.say().to_owned(),
        InstallProblem::NotAccepted => keys::NOT_ACCEPTED.with(&[("host", host)]),
        InstallProblem::NotTried => keys::NOT_TRIED.say().to_owned(),
    }
}

/// What to change about a typed address.
pub(crate) fn address_problem(error: ParseTargetError) -> &'static str {
    let message = match error {
        ParseTargetError::NoHost => home::NO_HOST,
        ParseTargetError::Port => home::BAD_PORT,
        ParseTargetError::Host => home::BAD_HOST,
        ParseTargetError::NoUser => home::NO_USER,
        ParseTargetError::Jump => home::BAD_JUMP,
        _ => home::NO_ADDRESS,
    };
    message.say()
}

#[cfg(test)]
mod tests {
    use transom_protocol::Event;

    use super::*;
    use crate::state::connection::ConnectionId;

    #[test]
    fn the_status_begins_with_one_of_four_words() {
        let target = "ops@web-1".parse().unwrap();
        let mut connection = Connection::started(ConnectionId("a".into()), target, None);
        assert!(status(&connection).starts_with("Connecting"));
        connection.on(&Event::Phase { phase: Phase::Open });
        assert_eq!(status(&connection), "Connected to web-1");
        connection.on(&Event::Phase {
            phase: Phase::Closed { failure: None },
        });
        assert_eq!(status(&connection), "Disconnected from web-1");
        connection.restart();
        assert!(status(&connection).starts_with("Reconnecting"));
    }

    #[test]
    fn the_countdown_counts_minutes_and_seconds() {
        assert_eq!(remaining(119), "Kept for 1:59 min more");
        assert_eq!(remaining(60), "Kept for 1:00 min more");
        assert_eq!(remaining(59), "Kept for 59 s more");
    }

    #[test]
    fn a_refused_password_is_called_that() {
        assert!(refusal(&Refusal::Password).starts_with("That password was not accepted"));
    }
}
