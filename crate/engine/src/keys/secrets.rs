//! The vault's key: derived here, in a worker that ends with the answer, so that a passphrase never
//! holds up the page and nothing of it stays in memory.

use transom_browser::vault::{
    DEFAULT_NAME, PasskeySecret, Vault, VaultError, VaultKey, VaultPasskey,
};
use transom_protocol::{Event, KeysEvent, VaultCommand, VaultOutcome};
use wasm_bindgen::JsValue;

use crate::engine::Engine;
use crate::page::PageId;

/// Does as a page commands, and hands that page the open key.
///
/// - `object`: the handle of a passkey's secret, where the command takes one.
pub(super) async fn answer(
    engine: &Engine,
    page: PageId,
    command: VaultCommand,
    object: Option<JsValue>,
) {
    let event = |outcome| Event::Keys {
        event: KeysEvent::Vault { outcome },
    };
    match perform(command, object).await {
        Ok(key) => engine.hand(page, &event(VaultOutcome::Open), key.as_js()),
        Err(error) => engine.tell(page, &event(told(&error)), None),
    }
}

async fn perform(command: VaultCommand, object: Option<JsValue>) -> Result<VaultKey, VaultError> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    match command {
        VaultCommand::Create { passphrase } => vault.create_key(passphrase.expose()).await,
        VaultCommand::Unlock { passphrase } => vault.open_key(passphrase.expose()).await,
        VaultCommand::Change { old, new } => {
            vault.change_passphrase(old.expose(), new.expose()).await
        }
        VaultCommand::AddPasskey {
            passphrase,
            credential,
            transports,
        } => {
            let secret = PasskeySecret::from_js(object.unwrap_or_default());
            let passkey = VaultPasskey::new(credential, transports);
            let passphrase = passphrase.expose();
            vault.add_passkey(passphrase, passkey, &secret).await
        }
    }
}

fn told(error: &VaultError) -> VaultOutcome {
    match error {
        VaultError::WrongPassphrase => VaultOutcome::WrongPassphrase,
        VaultError::Exists => VaultOutcome::Exists,
        VaultError::Missing => VaultOutcome::Missing,
        VaultError::Damaged(_) => VaultOutcome::Damaged,
        other => VaultOutcome::Failed {
            detail: other.to_string(),
        },
    }
}
