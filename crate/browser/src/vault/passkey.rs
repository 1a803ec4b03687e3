//! The vault key, wrapped once more for each passkey that opens it.
//!
//! An authenticator makes a secret that nobody else can make (extension `prf`, [WebAuthn §10.1.4]). HKDF
//! ([RFC 5869]) of WebCrypto makes a key of it that wraps the vault key. The secret comes from JavaScript and is
//! handed to WebCrypto: it is never in this program's memory, and what there is of it here cannot be exported.
//!
//! The passphrase opens the vault as before: an authenticator may be lost.
//!
//! [WebAuthn §10.1.4]: https://www.w3.org/TR/webauthn-3/#prf-extension
//! [RFC 5869]: https://www.rfc-editor.org/rfc/rfc5869

use core::fmt::Write as _;

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::secret::{unwrap, unwrap_with};
use super::{Store, Vault, VaultError, VaultKey};
use crate::subtle::{IV_BYTES, aes, chance, subtle, wipe};
use crate::{JsFailure, unix_millis};

/// What ids of such records begin with; the credential follows in hexadecimal. There is no colon in
/// them, so they are no secrets' ids.
const PASSKEY: &str = "vault-passkey-";

/// How the record says it is wrapped.
const KDF: &str = "hkdf-sha256";

/// Bytes of the salt of HKDF: as many as its hash has ([RFC 5869 §3.1]).
///
/// [RFC 5869 §3.1]: https://www.rfc-editor.org/rfc/rfc5869#section-3.1
const SALT_BYTES: usize = 32;

/// What the derived key is for, so that the same secret gives no other key the same bytes.
const INFO: &str = "transom vault key";

/// A passkey that opens the vault. None of this is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaultPasskey {
    /// How the authenticator is asked for it.
    pub credential: Vec<u8>,
    /// How the browser may reach the authenticator, as it said (`usb`, `internal`, `hybrid` …).
    #[serde(default)]
    pub transports: Vec<String>,
    /// When it was set up, in milliseconds since 1970.
    pub made_ms: f64,
}

/// The secret that an authenticator made, as a handle that cannot be exported.
#[derive(Clone, Debug)]
pub struct PasskeySecret(JsValue);

/// How the vault key is stored for a passkey.
#[derive(Debug, Serialize, Deserialize)]
struct WrappedForPasskey {
    id: String,
    /// Always [`KDF`].
    kdf: String,
    #[serde(flatten)]
    passkey: VaultPasskey,
    salt: Vec<u8>,
    iv: Vec<u8>,
    wrapped: Vec<u8>,
}

impl VaultPasskey {
    /// Describes one that was made just now.
    pub fn new(credential: Vec<u8>, transports: Vec<String>) -> Self {
        Self {
            credential,
            transports,
            made_ms: unix_millis(),
        }
    }
}

impl PasskeySecret {
    /// Hands a secret to the browser, and overwrites `bytes`.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the page is not secure.
    pub async fn take(bytes: &Uint8Array) -> Result<Self, JsFailure> {
        let uses = Array::of1(&"deriveKey".into());
        let taken = subtle()?.import_key("raw", bytes, &"HKDF".into(), false, &uses);
        let taken = match taken {
            Ok(taken) => JsFuture::from(taken).await,
            Err(error) => Err(error),
        };
        wipe(bytes);
        Ok(Self(taken?))
    }

    /// Takes in a handle that another thread of this origin sent.
    pub fn from_js(handle: JsValue) -> Self {
        Self(handle)
    }

    /// The handle, to be sent to another thread of this origin. It must not be stored.
    pub fn as_js(&self) -> &JsValue {
        &self.0
    }

    /// The key that wraps the vault key.
    async fn wrapping_key(&self, salt: &[u8]) -> Result<JsValue, JsFailure> {
        let algorithm = Object::new();
        Reflect::set(&algorithm, &"name".into(), &"HKDF".into())?;
        Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
        Reflect::set(&algorithm, &"salt".into(), &Uint8Array::from(salt))?;
        let info = Uint8Array::from(INFO.as_bytes());
        Reflect::set(&algorithm, &"info".into(), &info)?;
        let uses = Array::of2(&"wrapKey".into(), &"unwrapKey".into());
        let of_key = aes(None, None)?;
        let derived = subtle()?.derive_key(&algorithm, &self.0, &of_key, false, &uses)?;
        Ok(JsFuture::from(derived).await?)
    }
}

impl Vault {
    /// The passkeys that open the vault.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read.
    pub async fn passkeys(&self) -> Result<Vec<VaultPasskey>, JsFailure> {
        let records = self.wrapped_for_passkeys().await?;
        Ok(records.into_iter().map(|record| record.passkey).collect())
    }

    /// Lets a passkey open the vault from now on; the passphrase still does. It takes some tenths of a
    /// second of the thread that calls.
    ///
    /// # Errors
    ///
    /// [`VaultError`]; then the passkey opens nothing.
    ///
    /// # Cancel safety
    ///
    /// A dropped call added it or did not.
    pub async fn add_passkey(
        &self,
        passphrase: &str,
        passkey: VaultPasskey,
        secret: &PasskeySecret,
    ) -> Result<VaultKey, VaultError> {
        let record = self.wrapped_key().await?;
        // Exportable for this moment, and handed to nobody: it is what `wrapKey` asks for.
        let key = unwrap(&record, passphrase, true).await?;
        let id = record_id(&passkey.credential);
        let (salt, iv) = (chance(SALT_BYTES)?, chance(IV_BYTES)?);
        let wrapping = secret.wrapping_key(&salt).await?;
        let algorithm = aes(Some(&iv), Some(&id))?;
        let wrapped = subtle()?.wrap_key("raw", &key, &wrapping, &algorithm);
        let wrapped = JsFuture::from(wrapped.map_err(JsFailure::from)?).await;
        let wrapped = WrappedForPasskey {
            id,
            kdf: KDF.to_owned(),
            passkey,
            salt,
            iv,
            wrapped: Uint8Array::new(&wrapped.map_err(JsFailure::from)?).to_vec(),
        };
        self.put_record(Store::Secrets, &wrapped).await?;
        // By the way that is new, which shows that it works.
        self.open_key_with(&wrapped.passkey.credential, secret)
            .await
    }

    /// Opens the vault key with the secret of a passkey.
    ///
    /// # Errors
    ///
    /// [`VaultError::WrongPasskey`] where the passkey is not one of this vault, or made another secret.
    pub async fn open_key_with(
        &self,
        credential: &[u8],
        secret: &PasskeySecret,
    ) -> Result<VaultKey, VaultError> {
        // Without the record of the passphrase there is no vault, whatever else was left.
        self.wrapped_key().await?;
        let mut records = self.wrapped_for_passkeys().await?.into_iter();
        let record = records.find(|record| record.passkey.credential == credential);
        let record = record.ok_or(VaultError::WrongPasskey)?;
        let wrapping = secret.wrapping_key(&record.salt).await?;
        let algorithm = aes(Some(&record.iv), Some(&record.id))?;
        let key = unwrap_with(&wrapping, &algorithm, &record.wrapped, false).await?;
        key.map(VaultKey::from_js).ok_or(VaultError::WrongPasskey)
    }

    /// No longer lets a passkey open the vault. One that does not is no error.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then it still opens it.
    pub async fn remove_passkey(&self, credential: &[u8]) -> Result<(), JsFailure> {
        let id = record_id(credential);
        self.remove_record(Store::Secrets, &id).await
    }

    /// Removes all of them: they wrap the key of a vault that is no more.
    pub(super) async fn remove_passkeys(&self) -> Result<(), JsFailure> {
        for record in self.wrapped_for_passkeys().await? {
            self.remove_record(Store::Secrets, &record.id).await?;
        }
        Ok(())
    }

    async fn wrapped_for_passkeys(&self) -> Result<Vec<WrappedForPasskey>, JsFailure> {
        let mut records: Vec<WrappedForPasskey> = self.records(Store::Secrets).await?;
        records.retain(|record| {
            record.kdf == KDF && record.id == record_id(&record.passkey.credential)
        });
        Ok(records)
    }
}

/// Names the record of a passkey.
fn record_id(credential: &[u8]) -> String {
    let mut id = PASSKEY.to_owned();
    for byte in credential {
        // Writing to a string does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}
