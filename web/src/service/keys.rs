//! The keys that this browser keeps, as the page handles them.

use transom_browser::vault::{DEFAULT_NAME, KeyHolder, KeyRecord, StoredKey, Vault};
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
    key.record.certificate = certificate;
    Vault::open(DEFAULT_NAME).await?.put_key(&key).await
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
