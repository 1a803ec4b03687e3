//! What the page knows of the vault: whether it is open, and for whom it holds passwords. The key
//! and the passwords themselves are never here.

use std::rc::Rc;

use transom_browser::vault::VaultPasskey;
use transom_protocol::{Refusal, Target, VaultOutcome};
use yew::Reducible;

use crate::state::connection::ConnectionId;
use crate::state::message::vault as words;

/// What ids of saved passwords begin with.
const PASSWORD: &str = "password:";

/// Fewest characters of a new passphrase.
pub(crate) const MIN_PASSPHRASE_CHARS: usize = 8;

/// Whether the vault is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Nobody looked yet.
    #[default]
    Unknown,
    /// There is no vault.
    Absent,
    Locked,
    Open,
}

/// What the dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// A passphrase for a new vault.
    Create,
    /// The passphrase.
    Unlock,
    /// The old passphrase and a new one.
    Change,
}

/// A password that was typed to log in, and may be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) connection: ConnectionId,
    /// Of the password in the vault, as [`password_id`] makes it.
    pub(crate) id: String,
}

/// What was read of the vault.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Contents {
    /// There is one.
    pub(crate) exists: bool,
    /// Ids of its secrets.
    pub(crate) ids: Vec<String>,
    /// The passkeys that open it.
    pub(crate) passkeys: Vec<VaultPasskey>,
}

/// The vault.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Safe {
    pub(crate) lock: Lock,
    /// Ids of the saved passwords.
    pub(crate) saved: Vec<String>,
    /// Passkeys that open it.
    pub(crate) passkeys: Vec<VaultPasskey>,
    pub(crate) asking: Option<Asking>,
    /// Passwords that may be saved.
    pub(crate) typed: Vec<Typed>,
    /// The one that a person wants to save, as soon as the vault is open.
    pub(crate) wanted: Option<Typed>,
}

/// What happened to it.
#[derive(Clone, Debug)]
pub(crate) enum SafeAction {
    /// The store was read.
    Read(Contents),
    Asked(Asking),
    /// The dialog was closed.
    Dismissed,
    Opened,
    Locked,
    Typed(Typed),
    /// It was refused, saved, declined, or is too old.
    TypedGone(Typed),
    Wanted(Typed),
    Removed(String),
}

impl Reducible for Safe {
    type Action = SafeAction;

    fn reduce(self: Rc<Self>, action: SafeAction) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            SafeAction::Read(contents) => {
                next.saved = contents.ids;
                next.saved.retain(|id| id.starts_with(PASSWORD));
                next.passkeys = contents.passkeys;
                next.lock = match (contents.exists, next.lock) {
                    (false, _) => Lock::Absent,
                    (true, Lock::Open) => Lock::Open,
                    (true, _) => Lock::Locked,
                };
            }
            SafeAction::Asked(asking) => next.asking = Some(asking),
            SafeAction::Dismissed => (next.asking, next.wanted) = (None, None),
            SafeAction::Opened => (next.asking, next.lock) = (None, Lock::Open),
            SafeAction::Locked if next.lock == Lock::Open => {
                next.lock = Lock::Locked;
                next.typed.clear();
                next.wanted = None;
            }
            SafeAction::Locked => {}
            SafeAction::Typed(typed) => {
                next.typed.retain(|known| *known != typed);
                next.typed.push(typed);
            }
            SafeAction::TypedGone(typed) => {
                next.typed.retain(|known| *known != typed);
                next.wanted = next.wanted.filter(|wanted| *wanted != typed);
            }
            SafeAction::Wanted(typed) => {
                next.asking = match next.lock {
                    Lock::Open => None,
                    Lock::Absent | Lock::Unknown => Some(Asking::Create),
                    Lock::Locked => Some(Asking::Unlock),
                };
                next.wanted = Some(typed);
            }
            SafeAction::Removed(id) => next.saved.retain(|known| *known != id),
        }
        Rc::new(next)
    }
}

/// Names the password of `user` on a server.
pub(crate) fn password_id(user: &str, target: &Target) -> String {
    format!("{PASSWORD}{user}@{}", target.known_hosts_name())
}

/// For whom a password is, of its id.
pub(crate) fn owner(id: &str) -> &str {
    id.strip_prefix(PASSWORD).unwrap_or(id)
}

/// Whether a password has not been tried yet, so that the saved one may be used unasked.
pub(crate) fn is_untried(refused: Option<&Refusal>) -> bool {
    matches!(refused, None | Some(Refusal::StoredKeys { .. }))
}

/// Whether what was typed before was right, as far as is known.
pub(crate) fn is_unrefused(refused: Option<&Refusal>) -> bool {
    is_untried(refused) || matches!(refused, Some(Refusal::MoreNeeded))
}

/// Says why the vault did not open.
pub(crate) fn trouble(outcome: &VaultOutcome) -> Option<String> {
    Some(match outcome {
        VaultOutcome::Open => return None,
        VaultOutcome::WrongPassphrase => words::WRONG_PASSPHRASE.say().to_owned(),
        VaultOutcome::Exists => words::EXISTS.say().to_owned(),
        VaultOutcome::Missing => words::MISSING.say().to_owned(),
        VaultOutcome::Damaged => words::DAMAGED.say().to_owned(),
        VaultOutcome::Failed { detail } => words::BROWSER_REFUSED.with(&[("detail", detail)]),
    })
}

/// Checks a new passphrase; what is wrong with it, for people.
pub(crate) fn unfit(new: &str, again: &str) -> Option<String> {
    if new.chars().count() < MIN_PASSPHRASE_CHARS {
        return Some(words::TOO_SHORT.with(&[("n", &MIN_PASSPHRASE_CHARS.to_string())]));
    }
    (new != again).then(|| words::DIFFER.say().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: impl IntoIterator<Item = SafeAction>) -> Safe {
        let first = Rc::new(Safe::default());
        let last = actions.into_iter().fold(first, Safe::reduce);
        Rc::unwrap_or_clone(last)
    }

    fn typed(id: &str) -> Typed {
        Typed {
            connection: ConnectionId("one".into()),
            id: id.to_owned(),
        }
    }

    fn read(exists: bool) -> SafeAction {
        SafeAction::Read(Contents {
            exists,
            ids: vec!["password:tara@web".to_owned(), "other:x".to_owned()],
            passkeys: Vec::new(),
        })
    }

    #[test]
    fn saving_asks_for_what_is_missing_and_for_nothing_when_open() {
        let wanted = || SafeAction::Wanted(typed("password:a"));
        assert_eq!(after([read(false), wanted()]).asking, Some(Asking::Create));
        assert_eq!(after([read(true), wanted()]).asking, Some(Asking::Unlock));
        let open = after([read(true), SafeAction::Opened, wanted()]);
        assert_eq!((open.asking, open.lock), (None, Lock::Open));
    }

    #[test]
    fn locking_forgets_what_was_typed() {
        let wanted = SafeAction::Wanted(typed("password:a"));
        let noted = SafeAction::Typed(typed("password:a"));
        let safe = after([
            read(true),
            SafeAction::Opened,
            noted,
            wanted,
            SafeAction::Locked,
        ]);
        assert_eq!(safe.lock, Lock::Locked);
        assert!(safe.typed.is_empty() && safe.wanted.is_none());
        assert_eq!(safe.saved, ["password:tara@web"]);
    }

    #[test]
    fn reading_the_store_does_not_lock_an_open_vault() {
        let safe = after([read(true), SafeAction::Opened, read(true)]);
        assert_eq!(safe.lock, Lock::Open);
        assert_eq!(after([SafeAction::Opened, read(false)]).lock, Lock::Absent);
    }

    #[test]
    fn a_saved_password_is_used_once_and_never_for_a_second_proof() {
        assert!(is_untried(None));
        assert!(!is_untried(Some(&Refusal::Password)));
        assert!(!is_untried(Some(&Refusal::MoreNeeded)));
        assert!(is_unrefused(Some(&Refusal::MoreNeeded)));
        assert!(!is_unrefused(Some(&Refusal::Prompts)));
    }

    #[test]
    fn a_password_belongs_to_a_user_on_a_host_and_a_port() {
        let target: Target = "tara@web:2222".parse().unwrap();
        let id = password_id("tara", &target);
        assert_eq!(owner(&id), "tara@[web]:2222");
    }

    #[test]
    fn a_new_passphrase_is_long_enough_and_typed_twice() {
        assert!(unfit("short", "short").unwrap().contains("8 characters"));
        assert!(
            unfit("long enough", "long enoug")
                .unwrap()
                .contains("differ")
        );
        assert_eq!(unfit("long enough", "long enough"), None);
    }
}
