//! Keys whose private half is a secret of the vault: those that no browser holds, and those that a
//! person wants to be able to export.

use super::{KeyHolder, KeyRecord, StoredKey, Vault, VaultKey};
use crate::JsFailure;

/// What ids of such secrets begin with; the fingerprint follows.
const KEY: &str = "key:";

impl Vault {
    /// Keeps a key, in place of the one with the same fingerprint.
    ///
    /// - `text`: the private half as the text of a key file, not encrypted; who calls wipes it.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then there is no such key.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves a secret that no key belongs to at worst.
    pub async fn put_sealed_key(
        &self,
        vault_key: &VaultKey,
        record: KeyRecord,
        text: &str,
    ) -> Result<(), JsFailure> {
        let id = secret_id(&record.fingerprint);
        // The secret first: a key that is listed can be used.
        self.put_secret(vault_key, &id, text.as_bytes()).await?;
        let private = KeyHolder::Vault;
        self.put_key(&StoredKey { record, private }).await
    }

    /// Reads the private half of such a key, as the text of a key file; `None` where there is none,
    /// or where this key does not open it. Who calls wipes it.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read.
    pub async fn sealed_key(
        &self,
        vault_key: &VaultKey,
        fingerprint: &str,
    ) -> Result<Option<Vec<u8>>, JsFailure> {
        self.secret(vault_key, &secret_id(fingerprint)).await
    }

    /// Removes the private half of such a key.
    pub(super) async fn remove_sealed_key(&self, fingerprint: &str) -> Result<(), JsFailure> {
        self.remove_secret(&secret_id(fingerprint)).await
    }
}

fn secret_id(fingerprint: &str) -> String {
    format!("{KEY}{fingerprint}")
}
