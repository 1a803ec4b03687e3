//! Keys of the person, as stored. The private halves are handles of the browser, or in the vault.

use js_sys::Reflect;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use transom_keys::{PublicKey, pkcs8_text};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::{Issued, Vault};
use crate::{HiddenKey, JsFailure, KeyKind, unix_millis};

/// The store.
pub(super) const KEYS: &str = "keys";

/// The member of a record that holds the browser's handle.
const PRIVATE: &str = "private";

/// The member that holds a handle of the same key for signatures with SHA-256; RSA only.
const PRIVATE_SHA256: &str = "private_sha256";

/// The member that says that the private half is a secret of the vault.
const SEALED: &str = "sealed";

/// The member that says how an authenticator is asked.
const PASSKEY: &str = "passkey";

/// Servers that are remembered for each key; the one that was not seen longest goes first.
const MAX_USES: usize = 64;

/// What is known about a key, without its private half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// `SHA256:…`; it is also the record's key.
    pub fingerprint: String,
    /// What the person calls it.
    pub name: String,
    /// Type and base64, as in `authorized_keys`, without a comment.
    pub public: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: f64,
    /// Where it opened a session, the last one first.
    pub uses: Vec<KeyUse>,
    /// Which servers refused it and closed the connection before the person got in, the last one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<KeyUse>,
    /// A certificate of it, as in a file that ends in `-cert.pub`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// What came of asking an issuer for it; `None` where nobody did, or it was attached by hand since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Issued>,
}

/// Where a key opened a session, or was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyUse {
    /// The server as known_hosts writes it: `host` or `[host]:port`.
    pub host: String,
    /// When last, in milliseconds since 1970.
    pub last_ms: f64,
}

/// A key that can sign.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// What is known about it.
    pub record: KeyRecord,
    /// Where its private half is.
    pub private: KeyHolder,
}

/// Where the private half of a key is.
#[derive(Clone, Debug)]
pub enum KeyHolder {
    /// In the browser, which signs with it and lets nobody read it.
    Browser(HiddenKey),
    /// Among the secrets of the vault, as the text of a key file
    /// ([`Vault::put_sealed_key`]). Whoever opens the vault can read it.
    Vault,
    /// In an authenticator, which signs after a touch.
    Passkey(Passkey),
}

/// How an authenticator is asked for a key of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passkey {
    /// Names the key to the authenticator.
    pub credential: Vec<u8>,
    /// The host name that it belongs to: pages of others cannot ask for it.
    pub name: String,
}

impl KeyRecord {
    /// Describes a new key.
    pub fn new(name: String, public: &PublicKey) -> Self {
        Self {
            fingerprint: public.fingerprint(),
            name,
            public: public.to_openssh(),
            created_ms: unix_millis(),
            uses: Vec::new(),
            refusals: Vec::new(),
            certificate: None,
            issued: None,
        }
    }

    /// Describes a key that an authenticator has just made; `None` if that is no key of P-256.
    ///
    /// - `point`: with both coordinates, 65 bytes.
    /// - `party`: the host name that it belongs to.
    pub fn passkey(name: String, point: &[u8], party: &str) -> Option<Self> {
        let public = PublicKey::from_passkey(point, party).ok()?;
        Some(Self::new(name, &public))
    }

    /// Makes a key that can be exported: its record, and its private half as the text of a key file,
    /// not encrypted. Nothing is stored yet.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser does not know the kind, or the page is not secure.
    pub async fn exportable(
        kind: KeyKind,
        name: String,
    ) -> Result<(Self, Zeroizing<String>), JsFailure> {
        let (pkcs8, public) = HiddenKey::generate_exportable(kind).await?;
        Ok((Self::new(name, &public), pkcs8_text(&pkcs8)))
    }

    /// The kind, for people, and the picture of the fingerprint as `ssh-keygen -lv` prints it;
    /// `None` where the record holds no key.
    pub fn kind_and_randomart(&self) -> Option<(String, String)> {
        let public = PublicKey::from_openssh(&self.public).ok()?;
        Some((public.kind(), public.randomart()))
    }

    /// Notes that the key opened a session.
    pub fn used(&mut self, host: &str, now_ms: f64) {
        self.refusals.retain(|seen| seen.host != host);
        note(&mut self.uses, host, now_ms);
    }

    /// Notes that a server refused the key before it closed the connection.
    pub fn refused(&mut self, host: &str, now_ms: f64) {
        note(&mut self.refusals, host, now_ms);
    }
}

/// Puts a server first.
fn note(list: &mut Vec<KeyUse>, host: &str, last_ms: f64) {
    list.retain(|seen| seen.host != host);
    let host = host.to_owned();
    list.insert(0, KeyUse { host, last_ms });
    list.truncate(MAX_USES);
}

impl Vault {
    /// All keys, the oldest first.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read. A record that does not parse is left out.
    pub async fn keys(&self) -> Result<Vec<StoredKey>, JsFailure> {
        let records = self.all_of(KEYS).await?;
        let mut keys: Vec<StoredKey> = records.into_iter().filter_map(read).collect();
        keys.sort_by(|a, b| a.record.created_ms.total_cmp(&b.record.created_ms));
        Ok(keys)
    }

    /// Stores a key, in place of the one with the same fingerprint.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then nothing changed.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changed all or nothing.
    pub async fn put_key(&self, key: &StoredKey) -> Result<(), JsFailure> {
        let record = key
            .record
            .serialize(&Serializer::json_compatible())
            .map_err(JsValue::from)?;
        match &key.private {
            KeyHolder::Browser(private) => {
                Reflect::set(&record, &PRIVATE.into(), private.as_js())?;
                if let Some(handle) = private.sha256_as_js() {
                    Reflect::set(&record, &PRIVATE_SHA256.into(), handle)?;
                }
            }
            KeyHolder::Vault => {
                Reflect::set(&record, &SEALED.into(), &JsValue::TRUE)?;
            }
            KeyHolder::Passkey(passkey) => {
                let passkey = passkey.serialize(&Serializer::json_compatible());
                Reflect::set(&record, &PASSKEY.into(), &passkey.map_err(JsValue::from)?)?;
            }
        }
        self.change(KEYS, async move |keys| {
            keys.put(&record, None)?.await?;
            Ok(())
        })
        .await
    }

    /// Removes a key for good. Nothing can bring it back.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then the key is still there.
    pub async fn remove_key(&self, fingerprint: &str) -> Result<(), JsFailure> {
        self.remove_sealed_key(fingerprint).await?;
        let fingerprint = JsValue::from_str(fingerprint);
        self.change(KEYS, async move |keys| {
            keys.delete(fingerprint)?.await?;
            Ok(())
        })
        .await
    }
}

fn read(record: JsValue) -> Option<StoredKey> {
    let handle = Reflect::get(&record, &PRIVATE.into()).ok()?;
    let sealed = Reflect::get(&record, &SEALED.into()).ok()?;
    let private = if handle.is_object() {
        let sha256 = Reflect::get(&record, &PRIVATE_SHA256.into()).ok()?;
        KeyHolder::Browser(HiddenKey::from_js(handle).with_sha256(sha256))
    } else if sealed.is_truthy() {
        KeyHolder::Vault
    } else {
        let passkey = Reflect::get(&record, &PASSKEY.into()).ok()?;
        KeyHolder::Passkey(serde_wasm_bindgen::from_value(passkey).ok()?)
    };
    // The handles go first: serde passes over members that it does not know.
    Some(StoredKey {
        record: serde_wasm_bindgen::from_value(record).ok()?,
        private,
    })
}
