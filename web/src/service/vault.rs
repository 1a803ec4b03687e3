//! The part of the browser's vault that the page shows.

use transom_browser::JsFailure;
use transom_browser::vault::{DEFAULT_NAME, KnownHost, Vault};

/// Reads the trusted host keys, those seen last first.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn known_hosts() -> Result<Vec<KnownHost>, JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    let mut hosts = vault.known_hosts().await?;
    hosts.sort_by(|a, b| b.last_seen_ms.total_cmp(&a.last_seen_ms));
    Ok(hosts)
}

/// No longer trusts a host key.
///
/// # Errors
///
/// [`JsFailure`] when it could not be removed; then it is still trusted.
pub(crate) async fn forget(line: String) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.replace_known_hosts(&[line], &[]).await
}
