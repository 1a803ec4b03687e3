//! The snippets in the browser's database.

use transom_browser::JsFailure;
use transom_browser::vault::{DEFAULT_NAME, Store, Vault};

use crate::state::snippets::Snippet;

/// Reads all snippets, by name.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn all() -> Result<Vec<Snippet>, JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    let mut all: Vec<Snippet> = vault.records(Store::Snippets).await?;
    all.sort_by_cached_key(|snippet| snippet.name.to_lowercase());
    Ok(all)
}

/// Keeps a snippet, in place of the one with its id.
///
/// # Errors
///
/// [`JsFailure`] when it could not be kept.
pub(crate) async fn put(snippet: &Snippet) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.put_record(Store::Snippets, snippet).await
}

/// Removes the snippet called `id`.
///
/// # Errors
///
/// [`JsFailure`] when it could not be removed; then it is still there.
pub(crate) async fn remove(id: &str) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.remove_record(Store::Snippets, id).await
}
