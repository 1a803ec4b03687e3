//! Stores whose records belong to whoever writes them: each has an `id`, the rest is theirs.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use super::Vault;
use crate::JsFailure;

/// The member that names a record within its store, a string.
pub(super) const KEY_PATH: &str = "id";

/// A store of records of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// What is encrypted under the vault key, and the vault key itself, wrapped.
    Secrets,
    /// Saved hosts.
    Hosts,
    /// Tabs and panes of each page, and what stood in them.
    Layout,
    /// Snippets.
    Snippets,
    /// Transfers that outlive a page, with the browser's handles of their files.
    Transfers,
    /// Recorded sessions.
    Recordings,
}

impl Store {
    /// Every such store.
    pub const ALL: [Self; 6] = [
        Self::Secrets,
        Self::Hosts,
        Self::Layout,
        Self::Snippets,
        Self::Transfers,
        Self::Recordings,
    ];

    /// Its name in the database.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::Hosts => "hosts",
            Self::Layout => "layout",
            Self::Snippets => "snippets",
            Self::Transfers => "transfers",
            Self::Recordings => "recordings",
        }
    }
}

impl Vault {
    /// Every record of a store, by rising `id`. A record that does not parse is left out.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read.
    pub async fn records<T: DeserializeOwned>(&self, store: Store) -> Result<Vec<T>, JsFailure> {
        let values = self.raw_records(store).await?;
        Ok(values
            .into_iter()
            .filter_map(|value| serde_wasm_bindgen::from_value(value).ok())
            .collect())
    }

    /// As [`Vault::records`], for records that hold objects of the browser.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read.
    pub async fn raw_records(&self, store: Store) -> Result<Vec<JsValue>, JsFailure> {
        self.all_of(store.name()).await
    }

    /// Stores a record, in place of the one with the same `id`, a member that it must have.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then nothing changed.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changed all or nothing.
    pub async fn put_record<T: Serialize>(
        &self,
        store: Store,
        record: &T,
    ) -> Result<(), JsFailure> {
        let record = record
            .serialize(&Serializer::json_compatible())
            .map_err(JsValue::from)?;
        self.put_raw_record(store, &record).await
    }

    /// As [`Vault::put_record`], for a record that holds objects of the browser.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then nothing changed.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changed all or nothing.
    pub async fn put_raw_record(&self, store: Store, record: &JsValue) -> Result<(), JsFailure> {
        let record = record.clone();
        self.change(store.name(), async move |records| {
            records.put(&record, None)?.await?;
            Ok(())
        })
        .await
    }

    /// Removes a record for good. One that is not there is no error.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then it is still there.
    ///
    /// # Cancel safety
    ///
    /// A dropped call removed it or did not.
    pub async fn remove_record(&self, store: Store, id: &str) -> Result<(), JsFailure> {
        let id = JsValue::from_str(id);
        self.change(store.name(), async move |records| {
            records.delete(id)?.await?;
            Ok(())
        })
        .await
    }
}
