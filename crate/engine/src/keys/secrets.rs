//! The vault's key: derived here, in a worker that ends with the answer, so that a passphrase never
//! holds up the page and nothing of it stays in memory.

use transom_browser::vault::{DEFAULT_NAME, Vault, VaultError, VaultKey};
use transom_protocol::{Event, KeysEvent, VaultCommand, VaultOutcome};

use crate::engine::Engine;
use crate::page::PageId;

/// Does as a page commands, and hands that page the open key.
pub(super) async fn answer(engine: &Engine, page: PageId, command: VaultCommand) {
    let event = |outcome| Event::Keys {
        event: KeysEvent::Vault { outcome },
    };
    match perform(command).await {
        Ok(key) => engine.hand(page, &event(VaultOutcome::Open), key.as_js()),
        Err(error) => engine.tell(page, &event(told(&error)), None),
    }
}

async fn perform(command: VaultCommand) -> Result<VaultKey, VaultError> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    match command {
        VaultCommand::Create { passphrase } => vault.create_key(passphrase.expose()).await,
        VaultCommand::Unlock { passphrase } => vault.open_key(passphrase.expose()).await,
        VaultCommand::Change { old, new } => {
            vault.change_passphrase(old.expose(), new.expose()).await
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
