//! Taking in key files.

use transom_browser::vault::{DEFAULT_NAME, KeyHolder, KeyRecord, StoredKey, Vault, VaultKey};
use transom_browser::{HiddenKey, JsFailure};
use transom_keys::{KeyError, PrivateKey, pkcs8_text};
use transom_protocol::{KeyImport, Secret};
use transom_ssh::display_safe;

use crate::login::{NAME_BYTES, problem};

/// Where a key is to be kept.
#[derive(Debug)]
pub(super) struct Place {
    /// The vault's key, if the vault is open.
    pub(super) vault_key: Option<VaultKey>,
    /// In the vault, although the browser could hold it so that nobody can read it.
    pub(super) exportable: bool,
}

/// Reads a key file and keeps the key.
pub(super) async fn import(
    name: &str,
    text: &Secret,
    passphrase: Option<&Secret>,
    place: &Place,
) -> KeyImport {
    let passphrase = passphrase.map(Secret::expose);
    let key = match PrivateKey::parse(text.expose().as_bytes(), passphrase) {
        Ok(key) => key,
        Err(KeyError::NeedsPassphrase) => return KeyImport::NeedsPassphrase { wrong: false },
        Err(KeyError::WrongPassphrase) => return KeyImport::NeedsPassphrase { wrong: true },
        Err(error) => {
            let problem = problem(error);
            return KeyImport::Refused { problem };
        }
    };
    match keep(name, &key, place).await {
        Ok(outcome) => outcome,
        Err(detail) => KeyImport::NotKept {
            kind: key.public_key().kind(),
            detail,
        },
    }
}

async fn keep(name: &str, key: &PrivateKey, place: &Place) -> Result<KeyImport, String> {
    let public = key.public_key();
    let words = |failure: JsFailure| failure.to_string();
    let vault = Vault::open(DEFAULT_NAME).await.map_err(words)?;
    let kept = vault.keys().await.map_err(words)?;
    let fingerprint = public.fingerprint();
    let same = |kept: &&StoredKey| kept.record.fingerprint == fingerprint;
    if let Some(kept) = kept.iter().find(same) {
        return Ok(KeyImport::Kept {
            sealed: matches!(kept.private, KeyHolder::Vault),
            fingerprint,
            again: true,
        });
    }
    let pkcs8 = key.to_pkcs8().map_err(|error| error.to_string())?;
    let comment = key.comment();
    let name = [name.trim(), comment.trim(), "imported"]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default();
    let record = KeyRecord::new(display_safe(name, NAME_BYTES), &public);
    let hidden = if place.exportable {
        None
    } else {
        // What no browser holds goes to the vault.
        HiddenKey::import(&pkcs8, &public).await.ok()
    };
    let sealed = hidden.is_none();
    match (hidden, &place.vault_key) {
        (Some(private), _) => {
            let private = KeyHolder::Browser(private);
            vault.put_key(&StoredKey { record, private }).await
        }
        (None, Some(vault_key)) => {
            let text = pkcs8_text(&pkcs8);
            vault.put_sealed_key(vault_key, record, &text).await
        }
        (None, None) => {
            return Ok(KeyImport::NeedsVault {
                kind: public.kind(),
                only: !place.exportable,
            });
        }
    }
    .map_err(words)?;
    Ok(KeyImport::Kept {
        fingerprint,
        sealed,
        again: false,
    })
}
