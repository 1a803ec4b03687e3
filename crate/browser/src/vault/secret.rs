//! Secrets at rest: AES-GCM under the vault key, which a passphrase opens, and passkeys (`passkey`).
//!
//! The vault key is made by the browser and is never in this program's memory: it is wrapped and
//! unwrapped by WebCrypto, and what there is of it here is a handle that cannot be exported. Dropping
//! the last handle locks the vault.

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use transom_keys::{PASSPHRASE_SALT_BYTES, PassphraseCost, PassphraseError};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Store, Vault};
use crate::subtle::{IV_BYTES, aes, chance, subtle, wipe};
use crate::{JsFailure, unix_millis};

/// The record of the wrapped vault key. No secret can have this id: theirs hold a colon.
const VAULT_KEY: &str = "vault-key";

/// Secrets are filled up to a multiple of this before they are encrypted, so that their length
/// does not tell how long a password is.
const PADDED_BYTES: usize = 64;

/// The vault key, open. Secrets can be stored and read with it, but nobody can read the key.
#[derive(Clone, Debug)]
pub struct VaultKey(JsValue);

/// Why the vault did not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The person's: that is not the passphrase.
    #[error("the passphrase does not open the vault")]
    WrongPassphrase,
    /// The person's: that passkey is not one of this vault.
    #[error("the passkey does not open the vault")]
    WrongPasskey,
    /// There is a vault already, and its secrets would be lost.
    #[error("there is a vault already")]
    Exists,
    /// There is none.
    #[error("there is no vault")]
    Missing,
    /// The record is damaged, or was changed by somebody.
    #[error("the vault's record cannot be used: {0}")]
    Damaged(#[source] PassphraseError),
    /// The browser's.
    #[error("{0}")]
    Browser(#[from] JsFailure),
}

/// How the vault key is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WrappedKey {
    id: String,
    /// Always `argon2id`, version 0x13, one lane.
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: Vec<u8>,
    iv: Vec<u8>,
    wrapped: Vec<u8>,
}

/// How a secret is stored.
#[derive(Debug, Serialize, Deserialize)]
struct SealedSecret {
    id: String,
    iv: Vec<u8>,
    sealed: Vec<u8>,
    stored_ms: f64,
}

/// What every record of the store has.
#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}

impl Vault {
    /// Whether there is a vault key, and the ids of all secrets, none of which is read.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read.
    pub async fn secrets(&self) -> Result<(bool, Vec<String>), JsFailure> {
        let named: Vec<Named> = self.records(Store::Secrets).await?;
        let ids = named.into_iter().map(|record| record.id);
        // What wraps the key of the vault has no colon.
        let (secrets, keys): (Vec<_>, Vec<_>) = ids.partition(|id| id.contains(':'));
        Ok((keys.iter().any(|id| id == VAULT_KEY), secrets))
    }

    /// Makes a vault key and wraps it under a passphrase. It takes some tenths of a second of the
    /// thread that calls.
    ///
    /// # Errors
    ///
    /// [`VaultError::Exists`] where there is one; it stays as it is.
    ///
    /// # Cancel safety
    ///
    /// A dropped call made a vault or none.
    pub async fn create_key(&self, passphrase: &str) -> Result<VaultKey, VaultError> {
        if self.secrets().await?.0 {
            return Err(VaultError::Exists);
        }
        self.remove_passkeys().await?;
        let uses = key_uses();
        let fresh = subtle()?.generate_key(&aes(None, None)?, true, &uses);
        let fresh = JsFuture::from(fresh.map_err(JsFailure::from)?).await;
        let record = wrap(&fresh.map_err(JsFailure::from)?, passphrase).await?;
        self.put_record(Store::Secrets, &record).await?;
        unwrap(&record, passphrase, false).await.map(VaultKey)
    }

    /// Opens the vault key. It takes some tenths of a second of the thread that calls.
    ///
    /// # Errors
    ///
    /// [`VaultError`] says who can act.
    pub async fn open_key(&self, passphrase: &str) -> Result<VaultKey, VaultError> {
        let record = self.wrapped_key().await?;
        unwrap(&record, passphrase, false).await.map(VaultKey)
    }

    /// Wraps the same vault key under another passphrase: the secrets stay as they are.
    ///
    /// # Errors
    ///
    /// [`VaultError`]; then the old passphrase holds.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changed it or did not.
    pub async fn change_passphrase(&self, old: &str, new: &str) -> Result<VaultKey, VaultError> {
        let record = self.wrapped_key().await?;
        // Exportable for this moment, and handed to nobody: it is what `wrapKey` asks for.
        let key = unwrap(&record, old, true).await?;
        let record = wrap(&key, new).await?;
        self.put_record(Store::Secrets, &record).await?;
        unwrap(&record, new, false).await.map(VaultKey)
    }

    /// Encrypts a secret and stores it, in place of the one with the same id.
    ///
    /// - `id`: not secret; it holds a colon, and is bound to the secret.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser refuses, or the database cannot be written.
    pub async fn put_secret(
        &self,
        key: &VaultKey,
        id: &str,
        secret: &[u8],
    ) -> Result<(), JsFailure> {
        let iv = chance(IV_BYTES)?;
        let padded = padded(secret)?;
        let algorithm = aes(Some(&iv), Some(id))?;
        let sealed = subtle()?.encrypt(&algorithm, &key.0, &padded);
        let sealed = match sealed {
            Ok(sealed) => JsFuture::from(sealed).await,
            Err(error) => Err(error),
        };
        wipe(&padded);
        let record = SealedSecret {
            id: id.to_owned(),
            iv,
            sealed: Uint8Array::new(&sealed?).to_vec(),
            stored_ms: unix_millis(),
        };
        self.put_record(Store::Secrets, &record).await
    }

    /// Reads a secret; `None` where there is none, or where this key does not open it. Who calls
    /// wipes it.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read.
    pub async fn secret(&self, key: &VaultKey, id: &str) -> Result<Option<Vec<u8>>, JsFailure> {
        let records: Vec<SealedSecret> = self.records(Store::Secrets).await?;
        let Some(record) = records.into_iter().find(|record| record.id == id) else {
            return Ok(None);
        };
        let algorithm = aes(Some(&record.iv), Some(id))?;
        let sealed = Uint8Array::from(record.sealed.as_slice());
        let opened = subtle()?.decrypt(&algorithm, &key.0, &sealed)?;
        let Ok(opened) = JsFuture::from(opened).await else {
            return Ok(None);
        };
        let opened = Uint8Array::new(&opened);
        let secret = unpadded(&opened);
        wipe(&opened);
        Ok(secret)
    }

    /// Removes a secret for good.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then it is still there.
    pub async fn remove_secret(&self, id: &str) -> Result<(), JsFailure> {
        if !id.contains(':') {
            return Ok(());
        }
        self.remove_record(Store::Secrets, id).await
    }

    pub(super) async fn wrapped_key(&self) -> Result<WrappedKey, VaultError> {
        let records: Vec<WrappedKey> = self.records(Store::Secrets).await?;
        let mut records = records.into_iter();
        let record = records.find(|record| record.id == VAULT_KEY && record.kdf == "argon2id");
        record.ok_or(VaultError::Missing)
    }
}

impl VaultKey {
    /// Takes in a handle that another thread of this origin sent.
    pub fn from_js(handle: JsValue) -> Self {
        Self(handle)
    }

    /// The handle, to be sent to another thread of this origin. It must not be stored.
    pub fn as_js(&self) -> &JsValue {
        &self.0
    }
}

/// Wraps a key that can be exported.
async fn wrap(key: &JsValue, passphrase: &str) -> Result<WrappedKey, VaultError> {
    let cost = PassphraseCost::USUAL;
    let salt = chance(PASSPHRASE_SALT_BYTES)?;
    let iv = chance(IV_BYTES)?;
    let wrapping = wrapping_key(cost, passphrase, &salt).await?;
    let algorithm = aes(Some(&iv), Some(VAULT_KEY))?;
    let wrapped = subtle()?.wrap_key("raw", key, &wrapping, &algorithm);
    let wrapped = JsFuture::from(wrapped.map_err(JsFailure::from)?).await;
    Ok(WrappedKey {
        id: VAULT_KEY.to_owned(),
        kdf: "argon2id".to_owned(),
        memory_kib: cost.memory_kib(),
        passes: cost.passes(),
        salt,
        iv,
        wrapped: Uint8Array::new(&wrapped.map_err(JsFailure::from)?).to_vec(),
    })
}

/// Opens the vault key by the passphrase.
pub(super) async fn unwrap(
    record: &WrappedKey,
    passphrase: &str,
    extractable: bool,
) -> Result<JsValue, VaultError> {
    let cost = PassphraseCost::stored(record.memory_kib, record.passes);
    let cost = cost.map_err(VaultError::Damaged)?;
    let wrapping = wrapping_key(cost, passphrase, &record.salt).await?;
    let algorithm = aes(Some(&record.iv), Some(VAULT_KEY))?;
    let key = unwrap_with(&wrapping, &algorithm, &record.wrapped, extractable).await?;
    // A wrong passphrase is likelier than damage.
    key.ok_or(VaultError::WrongPassphrase)
}

/// Takes the vault's key out of what wraps it; `None` where `wrapping` is not the key that wrapped it, or it is
/// damaged: AES-GCM cannot tell.
pub(super) async fn unwrap_with(
    wrapping: &JsValue,
    algorithm: &JsValue,
    wrapped: &[u8],
    extractable: bool,
) -> Result<Option<JsValue>, JsFailure> {
    let key = subtle()?.unwrap_key(
        "raw",
        &Uint8Array::from(wrapped),
        wrapping,
        algorithm,
        &aes(None, None)?,
        extractable,
        &key_uses(),
    )?;
    Ok(JsFuture::from(key).await.ok())
}

/// The key that wraps the vault key.
async fn wrapping_key(
    cost: PassphraseCost,
    passphrase: &str,
    salt: &[u8],
) -> Result<JsValue, VaultError> {
    let derived = cost.derive(passphrase, salt).map_err(VaultError::Damaged)?;
    let bytes = Uint8Array::from(derived.as_slice());
    let uses = Array::of2(&"wrapKey".into(), &"unwrapKey".into());
    let key = subtle()?.import_key("raw", &bytes, &aes(None, None)?, false, &uses);
    let key = match key {
        Ok(key) => JsFuture::from(key).await,
        Err(error) => Err(error),
    };
    wipe(&bytes);
    Ok(key.map_err(JsFailure::from)?)
}

/// What the vault key may do.
fn key_uses() -> Array {
    Array::of2(&"encrypt".into(), &"decrypt".into())
}

/// The length in two bytes, the secret, and zeros.
fn padded(secret: &[u8]) -> Result<Uint8Array, JsFailure> {
    let length = u16::try_from(secret.len());
    let length = length.map_err(|_| JsFailure::missing("room for a secret of this length"))?;
    let whole = (secret.len() + 2).next_multiple_of(PADDED_BYTES);
    let whole = u32::try_from(whole).unwrap_or(u32::MAX);
    let bytes = Uint8Array::new_with_length(whole);
    let [high, low] = length.to_be_bytes();
    bytes.set_index(0, high);
    bytes.set_index(1, low);
    bytes.subarray(2, 2 + u32::from(length)).copy_from(secret);
    Ok(bytes)
}

fn unpadded(bytes: &Uint8Array) -> Option<Vec<u8>> {
    if bytes.length() < 2 {
        return None;
    }
    let length = u16::from_be_bytes([bytes.get_index(0), bytes.get_index(1)]);
    let end = 2 + u32::from(length);
    (end <= bytes.length()).then(|| bytes.subarray(2, end).to_vec())
}
