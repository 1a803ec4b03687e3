//! Why a passkey did not open the vault, or was not set up, and what a person can do.
//!
//! A browser gives one name, `NotAllowedError`, to almost everything: a page must not learn which authenticators
//! there are ([WebAuthn §14.5.2]). So what it could be is said first, and on request any passkey of this page is
//! asked for, which a person can refuse: that tells the wrong authenticator from a passkey that is gone.
//!
//! [WebAuthn §14.5.2]: https://www.w3.org/TR/webauthn-3/#sctn-assertion-privacy

use transom_browser::JsFailure;
use transom_browser::vault::{VaultError, VaultPasskey};

use crate::state::message::vault_passkey as words;

/// What was the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The person ended it here.
    Cancelled,
    /// Nobody answered in time.
    Late,
    /// The browser says no, and not why.
    Refused,
    /// Another passkey of this page answered.
    OtherPasskey,
    /// No passkey of this page answered.
    Gone,
    /// It is there, and did not answer.
    Unverified,
    /// The authenticator, or the browser, makes no secrets.
    NoSecret,
    /// The browser knows no passkeys, or not on this page.
    NoWebAuthn,
    /// Passkeys belong to names, and this page has none.
    NoName,
    /// The authenticator has a passkey for this vault already.
    Again,
    /// It cannot do what is asked for.
    Unfit,
    /// It answered, and what it made is not this vault's.
    NotThisVault,
    /// There is no vault any more.
    NoVault,
    /// The browser's.
    Browser(String),
}

impl Trouble {
    /// Reads an exception of the browser, or of `web/passkey.js`.
    pub(crate) fn of(failure: &JsFailure) -> Self {
        match failure.name.as_str() {
            "AbortError" => Self::Cancelled,
            "TimeoutError" => Self::Late,
            "NotAllowedError" => Self::Refused,
            "NoSecret" => Self::NoSecret,
            "NoWebAuthn" => Self::NoWebAuthn,
            "SecurityError" => Self::NoName,
            "InvalidStateError" => Self::Again,
            "NotSupportedError" | "ConstraintError" => Self::Unfit,
            _ => Self::Browser(failure.to_string()),
        }
    }

    /// Reads why the vault stayed locked.
    pub(crate) fn of_vault(error: &VaultError) -> Self {
        match error {
            VaultError::Missing => Self::NoVault,
            VaultError::Browser(failure) => Self::Browser(failure.to_string()),
            _ => Self::NotThisVault,
        }
    }

    /// Reads which passkey answered when any was asked for.
    pub(crate) fn found(answer: Result<&[u8], &JsFailure>, known: &[VaultPasskey]) -> Self {
        let is_known = |id: &[u8]| known.iter().any(|passkey| passkey.credential == id);
        match answer {
            Ok(id) if is_known(id) => Self::Unverified,
            Ok(_) => Self::OtherPasskey,
            Err(failure) => match Self::of(failure) {
                Self::Refused => Self::Gone,
                other => other,
            },
        }
    }

    /// Whether asking for any passkey may tell more.
    pub(crate) fn is_unclear(&self) -> bool {
        matches!(self, Self::Refused | Self::Late)
    }

    /// Says it to who wanted to open the vault.
    pub(crate) fn opening(&self) -> String {
        match self {
            Self::Cancelled => words::OPEN_CANCELLED.say().to_owned(),
            Self::Late => words::OPEN_LATE.say().to_owned(),
            Self::Refused => words::OPEN_REFUSED.say().to_owned(),
            Self::OtherPasskey => words::OPEN_OTHER.say().to_owned(),
            Self::Gone => words::OPEN_GONE.say().to_owned(),
            Self::Unverified => words::OPEN_UNVERIFIED.say().to_owned(),
            Self::NoSecret => words::OPEN_NO_SECRET.say().to_owned(),
            Self::NotThisVault => words::OPEN_NOT_THIS.say().to_owned(),
            Self::NoVault => words::OPEN_NO_VAULT.say().to_owned(),
            Self::Again | Self::Unfit => words::OPEN_UNFIT.say().to_owned(),
            other => other.always(),
        }
    }

    /// Says it to who wanted to set up a passkey.
    pub(crate) fn making(&self) -> String {
        match self {
            Self::Cancelled => words::MAKE_CANCELLED.say().to_owned(),
            Self::Late => words::MAKE_LATE.say().to_owned(),
            Self::NoSecret => words::MAKE_NO_SECRET.say().to_owned(),
            Self::Again => words::MAKE_AGAIN.say().to_owned(),
            Self::Unfit => words::MAKE_UNFIT.say().to_owned(),
            Self::NoName | Self::NoWebAuthn | Self::Browser(_) => self.always(),
            _ => words::MAKE_REFUSED.say().to_owned(),
        }
    }

    /// What is the same for both.
    fn always(&self) -> String {
        match self {
            Self::NoName => words::NO_NAME.say().to_owned(),
            Self::Browser(detail) => words::BROWSER_REFUSED.with(&[("detail", detail)]),
            _ => words::NO_WEBAUTHN.say().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(name: &str) -> JsFailure {
        JsFailure {
            name: name.to_owned(),
            message: String::new(),
        }
    }

    #[test]
    fn each_exception_has_words_of_its_own() {
        let names = [
            "AbortError",
            "TimeoutError",
            "NotAllowedError",
            "NoSecret",
            "NoWebAuthn",
            "SecurityError",
            "InvalidStateError",
            "UnknownError",
        ];
        for say in [Trouble::opening, Trouble::making] {
            let mut words = names.map(|name| say(&Trouble::of(&failure(name)))).to_vec();
            words.sort();
            words.dedup();
            assert_eq!(words.len(), names.len(), "{words:?}");
        }
    }

    #[test]
    fn any_passkey_tells_a_wrong_authenticator_from_a_passkey_that_is_gone() {
        let known = [VaultPasskey {
            credential: vec![1],
            transports: Vec::new(),
            made_ms: 0.0,
        }];
        let refused = failure("NotAllowedError");
        let found = |answer| Trouble::found(answer, &known);
        assert_eq!(found(Ok(&[1])), Trouble::Unverified);
        assert_eq!(found(Ok(&[2])), Trouble::OtherPasskey);
        assert_eq!(found(Err(&refused)), Trouble::Gone);
        assert_eq!(found(Err(&failure("AbortError"))), Trouble::Cancelled);
    }
}
