//! The keys that this browser keeps, as the page handles them.

use transom_browser::vault::{
    DEFAULT_NAME, ISSUER_PATIENCE, KeyHolder, KeyRecord, StoredKey, Vault,
};
use transom_browser::{HiddenKey, JsFailure, KeyKind};

/// All keys, the oldest first.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn all() -> Result<Vec<StoredKey>, JsFailure> {
    Vault::open(DEFAULT_NAME).await?.keys().await
}

/// Makes a key and stores it.
///
/// # Errors
///
/// [`JsFailure`] when the browser cannot make such a key, or keeps no data; then there is none.
pub(crate) async fn generate(kind: KeyKind, name: String) -> Result<(), JsFailure> {
    // Opened first: a key that cannot be kept need not be made.
    let vault = Vault::open(DEFAULT_NAME).await?;
    let (private, public) = HiddenKey::generate(kind).await?;
    let record = KeyRecord::new(name, &public);
    let private = KeyHolder::Browser(private);
    vault.put_key(&StoredKey { record, private }).await
}

/// Gives a key another name.
///
/// # Errors
///
/// [`JsFailure`] when it could not be stored; then the old name stays.
pub(crate) async fn rename(mut key: StoredKey, name: String) -> Result<(), JsFailure> {
    key.record.name = name;
    Vault::open(DEFAULT_NAME).await?.put_key(&key).await
}

/// Gives a key a certificate, or takes it away.
///
/// # Errors
///
/// [`JsFailure`] when it could not be stored; then it stays as it was.
pub(crate) async fn certify(
    mut key: StoredKey,
    certificate: Option<String>,
) -> Result<(), JsFailure> {
    match certificate {
        None => key.record.remove_certificate(),
        Some(text) => {
            // Whoever chose it has looked at it. One that does not fit leaves the key as it is.
            let _ = key.record.attach_certificate(&text);
        }
    }
    Vault::open(DEFAULT_NAME).await?.put_key(&key).await
}

/// Asks the relay's issuer for a certificate of a key. What came of it is in the key's record.
///
/// # Errors
///
/// [`JsFailure`] when that could not be stored; then it stays as it was.
pub(crate) async fn ask_issuer(key: &StoredKey) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.ask_issuer(key, ISSUER_PATIENCE).await
}

/// Asks for new certificates in place of those that the issuer gave and that end soon.
///
/// # Errors
///
/// As [`ask_issuer`].
pub(crate) async fn renew() -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.renew_certificates(ISSUER_PATIENCE).await.map(|_| ())
}

/// Deletes a key for good.
///
/// # Errors
///
/// [`JsFailure`] when it could not be deleted; then it is still there.
pub(crate) async fn delete(fingerprint: String) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.remove_key(&fingerprint).await
}
