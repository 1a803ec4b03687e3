//! Passkeys that open the vault. JavaScript asks the authenticator (`web/passkey.js`).

use js_sys::{Array, Uint8Array};
use transom_browser::JsFailure;
use transom_browser::vault::{PasskeySecret, VaultPasskey};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::passkey::{bytes, module};
use crate::state::vault_passkey::Trouble;

/// Makes a passkey, and its secret.
///
/// - `known`: passkeys that open the vault already; their authenticators make no second one.
///
/// # Errors
///
/// [`Trouble`]; then there is no passkey, or its keeper was told that nobody needs it.
pub(crate) async fn make(known: &[VaultPasskey]) -> Result<(VaultPasskey, PasskeySecret), Trouble> {
    let made = async {
        let made = module().await?.make_opener(&described(known));
        let made = Array::from(&JsFuture::from(made).await?);
        let transports = Array::from(&made.get(1)).into_iter();
        let transports = transports.filter_map(|transport| transport.as_string());
        let passkey = VaultPasskey::new(bytes(&made, 0), transports.collect());
        Ok((passkey, taken(&made, 2).await?))
    };
    made.await.map_err(|failure| Trouble::of(&failure))
}

/// Has one of the passkeys make its secret, and tells which.
///
/// # Errors
///
/// [`Trouble`]; then nothing happened.
pub(crate) async fn ask(known: &[VaultPasskey]) -> Result<(Vec<u8>, PasskeySecret), Trouble> {
    let asked = async {
        let answer = module().await?.use_opener(&described(known));
        let answer = Array::from(&JsFuture::from(answer).await?);
        Ok((bytes(&answer, 0), taken(&answer, 1).await?))
    };
    asked.await.map_err(|failure| Trouble::of(&failure))
}

/// Finds out why no passkey answered: whether any passkey of this page does.
pub(crate) async fn find_out(known: &[VaultPasskey]) -> Trouble {
    let asked = async {
        let answer = module().await?.any_passkey();
        Ok(Uint8Array::new(&JsFuture::from(answer).await?).to_vec())
    };
    let answer: Result<Vec<u8>, JsFailure> = asked.await;
    Trouble::found(answer.as_deref(), known)
}

/// Ends the question that is open, if any.
pub(crate) fn cancel() {
    wasm_bindgen_futures::spawn_local(async {
        // Without the module there is no question.
        if let Ok(module) = module().await {
            module.cancel();
        }
    });
}

/// Tells whoever keeps the passkey that nobody needs it any more, where the browser can.
pub(crate) fn forget(credential: &[u8]) {
    let credential = Uint8Array::from(credential);
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(module) = module().await {
            module.forget(&credential);
        }
    });
}

/// Ids and transports, as JavaScript takes them.
fn described(known: &[VaultPasskey]) -> Array {
    let pairs = known.iter().map(|passkey| {
        let transports = passkey.transports.iter().map(JsValue::from);
        let credential = Uint8Array::from(passkey.credential.as_slice());
        Array::of2(&credential, &transports.collect::<Array>())
    });
    pairs.collect()
}

/// Takes the secret over from an answer, and overwrites it there.
async fn taken(answer: &Array, place: u32) -> Result<PasskeySecret, JsFailure> {
    // The same bytes, not a copy.
    PasskeySecret::take(answer.get(place).unchecked_ref()).await
}
