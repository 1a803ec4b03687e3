//! What is kept in IndexedDB. Format and change rule: `STORAGE.md` of this crate.

use idb::{Database, DatabaseEvent, Event, Factory, KeyPath, ObjectStoreParams, TransactionMode};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::JsFailure;

mod key;
mod records;
mod secret;

pub use key::{KeyRecord, KeyUse, StoredKey};
pub use records::Store;
pub use secret::{VaultError, VaultKey};

/// The database's name where the caller has no other wish.
pub const DEFAULT_NAME: &str = "transom";

/// Version of the stores; rises with each change of [`upgrade`].
const VERSION: u32 = 3;

const KNOWN_HOSTS: &str = "known-hosts";

/// A host key that is trusted, as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownHost {
    /// One line of an OpenSSH known_hosts file (`sshd(8)`, SSH_KNOWN_HOSTS FILE FORMAT),
    /// without a newline. It is also the record's key.
    pub line: String,
    /// When it was first trusted, in milliseconds since 1970.
    pub first_seen_ms: f64,
    /// When a server last showed it, in milliseconds since 1970; 0 if none did yet.
    pub last_seen_ms: f64,
}

/// The open database.
#[derive(Debug)]
pub struct Vault {
    database: Database,
}

impl Vault {
    /// Opens the database called `name`, and makes it where there is none.
    ///
    /// It makes way for a newer version of Transom: when another page opens the database with
    /// more stores, this one is closed, and what is called on it later fails.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser keeps no data for this page (private windows of some
    /// browsers, full disk).
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves an empty database at worst.
    pub async fn open(name: &str) -> Result<Self, JsFailure> {
        let factory = Factory::new()?;
        let mut request = factory.open(name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                upgrade(&database);
            }
        });
        let mut database = request.await?;
        database.on_version_change(|event| {
            // Without this the page that brings the new version would wait for this one to close.
            if let Ok(older) = Event::target(&event).and_then(Database::try_from) {
                older.close();
            }
        });
        Ok(Self { database })
    }

    /// All trusted host keys.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read. A record that does not parse is left out.
    pub async fn known_hosts(&self) -> Result<Vec<KnownHost>, JsFailure> {
        let transaction = self
            .database
            .transaction(&[KNOWN_HOSTS], TransactionMode::ReadOnly)?;
        let records = transaction
            .object_store(KNOWN_HOSTS)?
            .get_all(None, None)?
            .await?;
        Ok(records
            .into_iter()
            .filter_map(|record| serde_wasm_bindgen::from_value(record).ok())
            .collect())
    }

    /// Stores `added` and removes the records of the lines `removed`, all or nothing.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be written; then nothing changed.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changed all or nothing.
    pub async fn replace_known_hosts(
        &self,
        removed: &[String],
        added: &[KnownHost],
    ) -> Result<(), JsFailure> {
        let transaction = self
            .database
            .transaction(&[KNOWN_HOSTS], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(KNOWN_HOSTS)?;
        for line in removed {
            store.delete(JsValue::from_str(line))?.await?;
        }
        for record in added {
            let record = record
                .serialize(&Serializer::json_compatible())
                .map_err(JsValue::from)?;
            store.put(&record, None)?.await?;
        }
        transaction.commit()?.await?;
        Ok(())
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.database.close();
    }
}

/// Brings a database of any earlier version to this one.
fn upgrade(database: &Database) {
    let present = database.store_names();
    let others = Store::ALL.map(|store| (store.name(), records::KEY_PATH));
    let own = [(KNOWN_HOSTS, "line"), (key::KEYS, "fingerprint")];
    for (store, key_path) in own.into_iter().chain(others) {
        if present.iter().any(|name| name == store) {
            continue;
        }
        let mut params = ObjectStoreParams::new();
        params.key_path(Some(KeyPath::new_single(key_path)));
        // It fails only outside an upgrade or for a name that exists; opening reports either.
        let _ = database.create_object_store(store, params);
    }
}

impl From<idb::Error> for JsFailure {
    fn from(error: idb::Error) -> Self {
        Self {
            name: "IndexedDB".to_owned(),
            message: error.to_string(),
        }
    }
}
