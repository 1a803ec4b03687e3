//! The vault as components use it.

mod passkey;

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use transom_browser::vault::VaultKey;
use transom_browser::{JsFailure, KeyKind};
use transom_protocol::{Secret, VaultCommand, VaultOutcome};
use web_sys::Event;
use yew::{
    Callback, UseReducerHandle, hook, use_callback, use_effect_with, use_memo, use_reducer_eq,
};

use crate::hook::listener::use_window_event;
use crate::service::keeper::Keeper;
use crate::state::safe::{Asking, Lock, Safe, SafeAction, Typed};

/// Longest that a typed password waits to be saved: a log-in, and some time to read the offer.
const TYPED_WAITS_MS: u32 = 120_000;

/// How often idleness is looked at, while the vault is open.
const LOOK_MS: u32 = 1000;

/// The vault: what is known of it, and what holds its key.
#[derive(Clone, PartialEq)]
pub(crate) struct SafeHandle {
    pub(crate) state: UseReducerHandle<Safe>,
    keeper: Keeper,
}

impl SafeHandle {
    /// Reads whether there is a vault and what it holds.
    pub(crate) fn look(&self) {
        let (keeper, state) = (self.keeper.clone(), self.state.dispatcher());
        wasm_bindgen_futures::spawn_local(async move {
            // Where the browser keeps no data, there is no vault to speak of.
            if let Ok(contents) = keeper.look().await {
                state.dispatch(SafeAction::Read(contents));
            }
        });
    }

    /// Makes, opens or changes the vault.
    pub(crate) fn command(&self, command: VaultCommand, on_outcome: Callback<VaultOutcome>) {
        let state = self.state.dispatcher();
        let told = Callback::from(move |outcome: VaultOutcome| {
            if outcome == VaultOutcome::Open {
                state.dispatch(SafeAction::Opened);
            }
            on_outcome.emit(outcome);
        });
        self.keeper.command(command, None, &told);
    }

    /// Locks it.
    pub(crate) fn lock(&self) {
        self.keeper.lock();
        self.state.dispatch(SafeAction::Locked);
    }

    /// Notes a password that was typed. It is forgotten after [`TYPED_WAITS_MS`].
    pub(crate) fn note(&self, typed: Typed, password: Secret) {
        self.keeper.note(typed.clone(), password);
        self.state.dispatch(SafeAction::Typed(typed.clone()));
        let handle = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            TimeoutFuture::new(TYPED_WAITS_MS).await;
            handle.drop_typed(typed);
        });
    }

    /// Forgets a password that was typed.
    pub(crate) fn drop_typed(&self, typed: Typed) {
        self.keeper.drop_typed(&typed);
        self.state.dispatch(SafeAction::TypedGone(typed));
    }

    /// Saves a password that was typed; the vault is open.
    pub(crate) fn save(&self, typed: Typed) {
        let handle = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if handle.keeper.save(&typed).await.is_ok() {
                handle.state.dispatch(SafeAction::TypedGone(typed));
            }
            handle.look();
        });
    }

    /// Gives a saved password to `on_password`; to nobody where it cannot be read.
    pub(crate) fn read(&self, id: String, on_password: Callback<Secret>) {
        let keeper = self.keeper.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(password) = keeper.password(&id).await {
                on_password.emit(password);
            }
        });
    }

    /// Makes a key that can be exported, and keeps it; the vault is open.
    pub(crate) async fn make_key(&self, kind: KeyKind, name: String) -> Result<(), JsFailure> {
        self.keeper.make_key(kind, name).await
    }

    /// The vault's key, while it is open.
    pub(crate) fn key(&self) -> Option<VaultKey> {
        self.keeper.key()
    }

    /// Gives a key of the vault to `on_key`, as the text of a key file; `None` where it cannot be read.
    pub(crate) fn read_key(&self, fingerprint: String, on_key: Callback<Option<Secret>>) {
        let keeper = self.keeper.clone();
        wasm_bindgen_futures::spawn_local(async move {
            on_key.emit(keeper.private_key(&fingerprint).await);
        });
    }

    /// Asks a person to open the vault, or to make one.
    pub(crate) fn ask_to_open(&self) {
        let asking = match self.state.lock {
            Lock::Open => return,
            Lock::Locked => Asking::Unlock,
            Lock::Unknown | Lock::Absent => Asking::Create,
        };
        self.state.dispatch(SafeAction::Asked(asking));
    }

    /// Removes a saved password.
    pub(crate) fn remove(&self, id: String) {
        let handle = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if handle.keeper.remove(&id).await.is_ok() {
                handle.state.dispatch(SafeAction::Removed(id));
            }
            handle.look();
        });
    }
}

/// The page's vault. It locks itself when nobody did anything for `idle_seconds`.
#[hook]
pub(crate) fn use_safe(idle_seconds: u32) -> SafeHandle {
    let state = use_reducer_eq(Safe::default);
    let keeper = use_memo((), |()| Keeper::new());
    let handle = SafeHandle {
        state,
        keeper: (*keeper).clone(),
    };
    let active: Callback<Event> = use_callback((), {
        let keeper = (*keeper).clone();
        move |_: Event, ()| keeper.active()
    });
    // The terminal stops the keys that it takes, but not their release.
    use_window_event("keyup", active.clone());
    use_window_event("pointerup", active);
    let watched = handle.clone();
    let open = handle.state.lock == Lock::Open;
    use_effect_with((open, idle_seconds), move |(open, idle_seconds)| {
        let limit_ms = f64::from(*idle_seconds) * 1000.0;
        let looking = open.then(|| {
            Interval::new(LOOK_MS, move || {
                if watched.keeper.idle_ms() >= limit_ms {
                    watched.lock();
                }
            })
        });
        move || drop(looking)
    });
    handle
}
