//! Why a passkey did not open the vault, or was not set up, and what a person can do.
//!
//! A browser gives one name, `NotAllowedError`, to almost everything: a page must not learn which authenticators
//! there are ([WebAuthn §14.5.2]). So what it could be is said first, and on request any passkey of this page is
//! asked for, which a person can refuse: that tells the wrong authenticator from a passkey that is gone.
//!
//! [WebAuthn §14.5.2]: https://www.w3.org/TR/webauthn-3/#sctn-assertion-privacy

use transom_browser::JsFailure;
use transom_browser::vault::{VaultError, VaultPasskey};

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
            Self::Cancelled => "You stopped it, and the vault stays locked.".to_owned(),
            Self::Late => "No authenticator answered within two minutes. Plug in or bring near the one \
                that has the passkey, and try again, or use the passphrase."
                .to_owned(),
            Self::Refused => "The vault stays locked, and the browser does not say why: it was \
                cancelled, the authenticator could not verify you, it is the wrong one, or the \
                passkey was deleted. Try again, find out, or use the passphrase."
                .to_owned(),
            Self::OtherPasskey => "Wrong authenticator: it holds another passkey of this page, not \
                one that opens the vault. Use the one that you set up, or the passphrase."
                .to_owned(),
            Self::Gone => "No passkey of this page was found: it was deleted, or its authenticator \
                is not there. Connect that one and try again. If it is gone for good, open the vault \
                with the passphrase and remove the passkey from it."
                .to_owned(),
            Self::Unverified => "The passkey is there, but it did not verify you: a wrong PIN or \
                finger, or it was cancelled. Try again. After too many failures the authenticator \
                locks itself: plug it in anew, or use the passphrase."
                .to_owned(),
            Self::NoSecret => "The passkey answered without the secret that opens the vault: this \
                browser, or the way to the authenticator, does not support it (PRF). Use the browser \
                that you set it up with, or the passphrase."
                .to_owned(),
            Self::NotThisVault => "The passkey answered, but it does not open this vault: its record \
                was damaged, or it belongs to a vault that is gone. Use the passphrase, remove the \
                passkey, and set it up anew."
                .to_owned(),
            Self::NoVault => "There is no vault in this browser any more.".to_owned(),
            Self::Again | Self::Unfit => "That authenticator cannot open the vault. Use the one that \
                you set up, or the passphrase."
                .to_owned(),
            other => other.always(),
        }
    }

    /// Says it to who wanted to set up a passkey.
    pub(crate) fn making(&self) -> String {
        match self {
            Self::Cancelled => "You stopped it, and no passkey was set up.".to_owned(),
            Self::Late => "No authenticator answered within two minutes, so no passkey was set up. \
                Plug in or bring near the one that you want to use, and try again."
                .to_owned(),
            Self::NoSecret => "That authenticator cannot make the secret that opens a vault (PRF), so \
                no passkey was set up; it is an older one, or this browser does not support it. Try \
                another authenticator, such as this device, a phone or a newer security key, or \
                another browser."
                .to_owned(),
            Self::Again => "That authenticator opens this vault already. Choose another one."
                .to_owned(),
            Self::Unfit => "That authenticator cannot verify who you are (PIN, finger or face), so no \
                passkey was set up. Give it a PIN, or choose another one."
                .to_owned(),
            Self::NoName | Self::NoWebAuthn | Self::Browser(_) => self.always(),
            _ => "No passkey was set up, and the browser does not say why: it was cancelled, or the \
                authenticator could not verify you (PIN, finger or face). Try again, or choose \
                another authenticator."
                .to_owned(),
        }
    }

    /// What is the same for both.
    fn always(&self) -> String {
        match self {
            Self::NoName => {
                "Passkeys belong to host names, and the address of this page has none, or \
                the browser does not trust it. Open Transom by its name, over https."
                    .to_owned()
            }
            Self::Browser(detail) => format!("The browser refused. {detail}"),
            _ => "This browser has no passkeys (WebAuthn) on this page: it is too old, they are \
                switched off, or the page is not secure. Use the passphrase, or another browser."
                .to_owned(),
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
