//! The saved hosts in the browser's database.

use transom_browser::JsFailure;
use transom_browser::vault::{DEFAULT_NAME, Store, Vault};
use transom_protocol::SavedHost;

/// Reads all saved hosts.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn all() -> Result<Vec<SavedHost>, JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.records(Store::Hosts).await
}

/// Keeps `hosts`, each in place of the one with its id.
///
/// # Errors
///
/// [`JsFailure`] when one could not be kept; those before it are.
pub(crate) async fn put(hosts: &[SavedHost]) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    for host in hosts {
        vault.put_record(Store::Hosts, host).await?;
    }
    Ok(())
}

/// Removes the host called `id`.
///
/// # Errors
///
/// [`JsFailure`] when it could not be removed; then it is still there.
pub(crate) async fn remove(id: &str) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.remove_record(Store::Hosts, id).await
}

/// An id that no other record has.
pub(crate) fn fresh_id() -> String {
    let mut bytes = [0_u8; 20];
    // Without randomness no page could have come this far: TLS and SSH need it too.
    let _ = getrandom::fill(&mut bytes);
    let digits = bytes.iter();
    let digits = digits.filter_map(|byte| char::from_digit(u32::from(byte % 32), 32));
    digits.collect()
}
