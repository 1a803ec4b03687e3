//! The vault's key while it is open, and passwords that may be saved. Locking drops both.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use transom_browser::vault::{
    DEFAULT_NAME, KeyRecord, PasskeySecret, Vault, VaultError, VaultKey, VaultPasskey,
};
use transom_browser::{JsFailure, KeyKind, unix_millis};
use transom_protocol::{
    Command, Event, KeysCommand, KeysEvent, Secret, VaultCommand, VaultOutcome,
};
use wasm_bindgen::JsValue;
use yew::Callback;

use crate::service::link::Link;
use crate::state::message::vault as words;
use crate::state::safe::{Contents, Typed};

/// What must not be in the page's state. Cloning it names the same one.
#[derive(Clone)]
pub(crate) struct Keeper(Rc<Live>);

struct Live {
    key: RefCell<Option<VaultKey>>,
    typed: RefCell<Vec<(Typed, Secret)>>,
    worker: RefCell<Option<Link>>,
    /// When a person last did something, in milliseconds since 1970: a clock that goes on while
    /// the machine sleeps.
    active_ms: Cell<f64>,
}

impl PartialEq for Keeper {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Keeper {
    /// A keeper without a key.
    pub(crate) fn new() -> Self {
        Self(Rc::new(Live {
            key: RefCell::default(),
            typed: RefCell::default(),
            worker: RefCell::default(),
            active_ms: Cell::new(unix_millis()),
        }))
    }

    /// Whether there is a vault, and what it holds.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser keeps no data for this page.
    pub(crate) async fn look(&self) -> Result<Contents, JsFailure> {
        let vault = Vault::open(DEFAULT_NAME).await?;
        let (exists, ids) = vault.secrets().await?;
        let passkeys = vault.passkeys().await?;
        Ok(Contents {
            exists,
            ids,
            passkeys,
        })
    }

    /// Makes, opens or changes the vault, in a worker that ends with the answer.
    ///
    /// - `secret`: of a passkey, where the command takes one.
    pub(crate) fn command(
        &self,
        command: VaultCommand,
        secret: Option<&PasskeySecret>,
        on_outcome: &Callback<VaultOutcome>,
    ) {
        let (live, crashed) = (Rc::clone(&self.0), on_outcome.clone());
        let hear = {
            let on_outcome = on_outcome.clone();
            move |event, object: JsValue| {
                if let Event::Keys {
                    event: KeysEvent::Vault { outcome },
                } = event
                {
                    live.answered(&outcome, object);
                    on_outcome.emit(outcome);
                }
            }
        };
        let ended = move || crashed.emit(failed(words::WORKER_ENDED.say()));
        match Link::alone_with_objects(hear, ended) {
            Ok(link) => {
                let command = Command::Keys {
                    command: KeysCommand::Vault { command },
                };
                match secret {
                    Some(secret) => link.send_object(&command, secret.as_js()),
                    None => link.send(&command, None),
                }
                self.0.worker.replace(Some(link));
            }
            Err(_no_module_workers) => on_outcome.emit(failed(words::NO_WORKERS.say())),
        }
        self.active();
    }

    /// Opens the vault with what a passkey made.
    ///
    /// # Errors
    ///
    /// [`VaultError`]; then it stays locked.
    pub(crate) async fn open_with(
        &self,
        credential: &[u8],
        secret: &PasskeySecret,
    ) -> Result<(), VaultError> {
        let vault = Vault::open(DEFAULT_NAME).await?;
        let key = vault.open_key_with(credential, secret).await?;
        self.0.key.replace(Some(key));
        self.active();
        Ok(())
    }

    /// No longer lets a passkey open the vault.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when it could not be removed; then it still does.
    pub(crate) async fn remove_passkey(&self, passkey: &VaultPasskey) -> Result<(), JsFailure> {
        let vault = Vault::open(DEFAULT_NAME).await?;
        vault.remove_passkey(&passkey.credential).await
    }

    /// Forgets the key and what was typed.
    pub(crate) fn lock(&self) {
        self.0.key.take();
        self.0.typed.take();
    }

    /// Keeps a password that was typed, in case a person wants to save it.
    pub(crate) fn note(&self, typed: Typed, password: Secret) {
        self.drop_typed(&typed);
        self.0.typed.borrow_mut().push((typed, password));
    }

    /// No longer keeps it; it is overwritten.
    pub(crate) fn drop_typed(&self, typed: &Typed) {
        self.0
            .typed
            .borrow_mut()
            .retain(|(known, _)| known != typed);
    }

    /// Saves a password that was typed. Does nothing where the vault is locked.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when it could not be stored.
    pub(crate) async fn save(&self, typed: &Typed) -> Result<(), JsFailure> {
        let password = {
            let all = self.0.typed.borrow();
            let found = all.iter().find(|(known, _)| known == typed);
            found.map(|(_, password)| password.clone())
        };
        let key = self.0.key.borrow().clone();
        let (Some(password), Some(key)) = (password, key) else {
            return Ok(());
        };
        let vault = Vault::open(DEFAULT_NAME).await?;
        let bytes = password.expose().as_bytes();
        vault.put_secret(&key, &typed.id, bytes).await?;
        self.drop_typed(typed);
        Ok(())
    }

    /// Reads a saved password; `None` where it cannot be read.
    pub(crate) async fn password(&self, id: &str) -> Option<Secret> {
        let key = self.0.key.borrow().clone()?;
        let vault = Vault::open(DEFAULT_NAME).await.ok()?;
        let bytes = vault.secret(&key, id).await.ok()??;
        // No copy is made: the text takes the bytes over, and is overwritten when it is dropped.
        String::from_utf8(bytes).ok().map(Secret::new)
    }

    /// The vault's key, while it is open.
    pub(crate) fn key(&self) -> Option<VaultKey> {
        self.0.key.borrow().clone()
    }

    /// Makes a key that can be exported, and keeps it in the vault. Does nothing where that is locked.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser cannot make such a key, or keeps no data; then there is none.
    pub(crate) async fn make_key(&self, kind: KeyKind, name: String) -> Result<(), JsFailure> {
        let Some(key) = self.key() else {
            return Ok(());
        };
        let vault = Vault::open(DEFAULT_NAME).await?;
        let (record, text) = KeyRecord::exportable(kind, name).await?;
        vault.put_sealed_key(&key, record, &text).await
    }

    /// Reads a key of the vault as the text of a key file; `None` where it cannot be read.
    pub(crate) async fn private_key(&self, fingerprint: &str) -> Option<Secret> {
        let key = self.key()?;
        let vault = Vault::open(DEFAULT_NAME).await.ok()?;
        let bytes = vault.sealed_key(&key, fingerprint).await.ok()??;
        String::from_utf8(bytes).ok().map(Secret::new)
    }

    /// Removes a saved password.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when it could not be removed; then it is still there.
    pub(crate) async fn remove(&self, id: &str) -> Result<(), JsFailure> {
        Vault::open(DEFAULT_NAME).await?.remove_secret(id).await
    }

    /// Notes that a person is there.
    pub(crate) fn active(&self) {
        self.0.active_ms.set(unix_millis());
    }

    /// For how long nobody did anything, in milliseconds.
    pub(crate) fn idle_ms(&self) -> f64 {
        unix_millis() - self.0.active_ms.get()
    }
}

impl Live {
    fn answered(&self, outcome: &VaultOutcome, object: JsValue) {
        if *outcome == VaultOutcome::Open {
            self.key.replace(Some(VaultKey::from_js(object)));
            self.active_ms.set(unix_millis());
        }
        let worker = self.worker.take();
        // This runs inside the worker's own listener, which must outlive the call.
        wasm_bindgen_futures::spawn_local(async move { drop(worker) });
    }
}

fn failed(detail: &str) -> VaultOutcome {
    VaultOutcome::Failed {
        detail: detail.to_owned(),
    }
}
