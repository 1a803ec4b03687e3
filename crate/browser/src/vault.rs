//! What is kept in IndexedDB. Format and change rule: `STORAGE.md` of this crate.

use std::rc::Rc;

use futures::channel::oneshot;
use idb::{
    Database, DatabaseEvent, Event, Factory, KeyPath, ObjectStore, ObjectStoreParams,
    TransactionMode,
};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::JsFailure;

mod certificate;
mod issued;
mod key;
mod passkey;
mod records;
mod sealed;
mod secret;

pub use certificate::{AttachError, CertificateError, CertificateFacts};
pub use issued::{ISSUER_PATIENCE, Issued};
pub use key::{KeyHolder, KeyRecord, KeyUse, Passkey, StoredKey};
pub use passkey::{PasskeySecret, VaultPasskey};
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
///
/// INVARIANT: a call that has begun runs to its end, also where its caller is dropped meanwhile. The
/// listeners of a request live in the future that waits for it; the browser would call them all the same,
/// and a call of a listener that is gone ends the worker.
#[derive(Debug)]
pub struct Vault {
    database: Rc<Opened>,
}

/// Closes the database when the vault and the last call are gone.
#[derive(Debug)]
struct Opened(Database);

impl core::ops::Deref for Opened {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.0
    }
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
        let name = name.to_owned();
        whole(async move {
            let factory = Factory::new()?;
            let mut request = factory.open(&name, Some(VERSION))?;
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
            Ok(Self {
                database: Rc::new(Opened(database)),
            })
        })
        .await
    }

    /// All trusted host keys.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read. A record that does not parse is left out.
    pub async fn known_hosts(&self) -> Result<Vec<KnownHost>, JsFailure> {
        let records = self.all_of(KNOWN_HOSTS).await?;
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
        let removed: Vec<JsValue> = removed.iter().map(|line| JsValue::from_str(line)).collect();
        let added = added
            .iter()
            .map(|record| record.serialize(&Serializer::json_compatible()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(JsValue::from)?;
        self.change(KNOWN_HOSTS, async move |store| {
            for line in removed {
                store.delete(line)?.await?;
            }
            for record in added {
                store.put(&record, None)?.await?;
            }
            Ok(())
        })
        .await
    }

    /// Every record of a store.
    async fn all_of(&self, store: &'static str) -> Result<Vec<JsValue>, JsFailure> {
        let database = Rc::clone(&self.database);
        whole(async move {
            let transaction = database.transaction(&[store], TransactionMode::ReadOnly)?;
            let records = transaction.object_store(store)?;
            Ok(records.get_all(None, None)?.await?)
        })
        .await
    }

    /// Changes a store, all or nothing.
    async fn change(
        &self,
        store: &'static str,
        change: impl AsyncFnOnce(ObjectStore) -> Result<(), JsFailure> + 'static,
    ) -> Result<(), JsFailure> {
        let database = Rc::clone(&self.database);
        whole(async move {
            let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
            change(transaction.object_store(store)?).await?;
            transaction.commit()?.await?;
            Ok(())
        })
        .await
    }
}

/// Runs a call to its end, whatever becomes of who waits for it.
async fn whole<T: 'static>(
    call: impl Future<Output = Result<T, JsFailure>> + 'static,
) -> Result<T, JsFailure> {
    let (done, wait) = oneshot::channel();
    wasm_bindgen_futures::spawn_local(async move {
        // Who no longer waits does not want to know.
        let _ = done.send(call.await);
    });
    wait.await.unwrap_or_else(|_| {
        Err(JsFailure {
            name: "IndexedDB".to_owned(),
            message: "the call ended without a word".to_owned(),
        })
    })
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.close();
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
