//! The vault and the passkeys that open it, as components use them.

use transom_browser::vault::{PasskeySecret, VaultPasskey};
use transom_protocol::{Secret, VaultCommand, VaultOutcome};
use yew::Callback;

use super::SafeHandle;
use crate::service::vault_passkey;
use crate::state::safe::SafeAction;
use crate::state::vault_passkey::Trouble;

impl SafeHandle {
    /// Opens the vault with a passkey; where that fails, tells why.
    pub(crate) fn unlock_with_passkey(&self, on_trouble: Callback<Trouble>) {
        let (handle, known) = (self.clone(), self.state.passkeys.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let opened = match vault_passkey::ask(&known).await {
                Ok((credential, secret)) => handle
                    .keeper
                    .open_with(&credential, &secret)
                    .await
                    .map_err(|error| Trouble::of_vault(&error)),
                Err(trouble) => Err(trouble),
            };
            match opened {
                Ok(()) => handle.state.dispatch(SafeAction::Opened),
                Err(trouble) => on_trouble.emit(trouble),
            }
            handle.look();
        });
    }

    /// Finds out why no passkey opened the vault.
    pub(crate) fn find_out(&self, on_trouble: Callback<Trouble>) {
        let known = self.state.passkeys.clone();
        wasm_bindgen_futures::spawn_local(async move {
            on_trouble.emit(vault_passkey::find_out(&known).await);
        });
    }

    /// Lets an authenticator make a passkey. It opens nothing yet.
    pub(crate) fn make_passkey(
        &self,
        on_made: Callback<Result<(VaultPasskey, PasskeySecret), Trouble>>,
    ) {
        let known = self.state.passkeys.clone();
        wasm_bindgen_futures::spawn_local(async move {
            on_made.emit(vault_passkey::make(&known).await);
        });
    }

    /// Lets a passkey that was made open the vault from now on.
    pub(crate) fn add_passkey(
        &self,
        passkey: VaultPasskey,
        secret: &PasskeySecret,
        passphrase: Secret,
        on_outcome: Callback<VaultOutcome>,
    ) {
        let command = VaultCommand::AddPasskey {
            passphrase,
            credential: passkey.credential,
            transports: passkey.transports,
        };
        let handle = self.clone();
        let told = Callback::from(move |outcome: VaultOutcome| {
            if outcome == VaultOutcome::Open {
                handle.state.dispatch(SafeAction::Opened);
            }
            handle.look();
            on_outcome.emit(outcome);
        });
        self.keeper.command(command, Some(secret), &told);
    }

    /// No longer lets a passkey open the vault.
    pub(crate) fn remove_passkey(&self, passkey: VaultPasskey) {
        let handle = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if handle.keeper.remove_passkey(&passkey).await.is_ok() {
                vault_passkey::forget(&passkey.credential);
            }
            handle.look();
        });
    }
}
