//! Keys that an authenticator holds. JavaScript asks it, fetched when it is first needed.

use js_sys::{Array, Promise, Uint8Array};
use transom_browser::JsFailure;
use transom_browser::vault::{DEFAULT_NAME, KeyHolder, KeyRecord, Passkey, StoredKey, Vault};
use transom_protocol::Answer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of `web/passkey.js`.
    #[wasm_bindgen(catch)]
    async fn passkey() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The module, as soon as it is there.
    pub(super) type Module;

    #[wasm_bindgen(method)]
    fn make(this: &Module, name: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn sign(this: &Module, credential: &Uint8Array, party: &str, challenge: &Uint8Array)
    -> Promise;

    // For `vault_passkey`.

    #[wasm_bindgen(method, js_name = makeOpener)]
    pub(super) fn make_opener(this: &Module, known: &Array) -> Promise;

    #[wasm_bindgen(method, js_name = useOpener)]
    pub(super) fn use_opener(this: &Module, known: &Array) -> Promise;

    #[wasm_bindgen(method, js_name = anyPasskey)]
    pub(super) fn any_passkey(this: &Module) -> Promise;

    #[wasm_bindgen(method)]
    pub(super) fn cancel(this: &Module);

    #[wasm_bindgen(method)]
    pub(super) fn forget(this: &Module, credential: &Uint8Array);
}

/// Lets an authenticator make a key, and stores how it is asked for it.
///
/// # Errors
///
/// [`JsFailure`] when it was cancelled, or there is no authenticator; then there is no key.
pub(crate) async fn make(name: String) -> Result<(), JsFailure> {
    // Opened first: a key that cannot be kept need not be made.
    let vault = Vault::open(DEFAULT_NAME).await?;
    let made = Array::from(&JsFuture::from(module().await?.make(&name)).await?);
    let party = made.get(2).as_string().unwrap_or_default();
    let record = KeyRecord::passkey(name, &bytes(&made, 1), &party);
    let record = record.ok_or_else(|| JsFailure {
        name: "NotSupportedError".to_owned(),
        message: "the authenticator made no key on P-256".to_owned(),
    })?;
    let private = KeyHolder::Passkey(Passkey {
        credential: bytes(&made, 0),
        name: party,
    });
    vault.put_key(&StoredKey { record, private }).await
}

/// Asks for a touch, and answers with what was signed.
///
/// # Errors
///
/// [`JsFailure`] with the name of the browser's exception.
pub(crate) async fn sign(
    credential: &[u8],
    party: &str,
    challenge: &[u8],
) -> Result<Answer, JsFailure> {
    let (credential, challenge) = (Uint8Array::from(credential), Uint8Array::from(challenge));
    let signing = module().await?.sign(&credential, party, &challenge);
    let signed = Array::from(&JsFuture::from(signing).await?);
    Ok(Answer::Assertion {
        authenticator_data: bytes(&signed, 0),
        client_data: bytes(&signed, 1),
        origin: signed.get(3).as_string().unwrap_or_default(),
        signature: bytes(&signed, 2),
    })
}

pub(super) fn bytes(parts: &Array, place: u32) -> Vec<u8> {
    Uint8Array::new(&parts.get(place)).to_vec()
}

pub(super) async fn module() -> Result<Module, JsFailure> {
    Ok(passkey().await?.unchecked_into())
}
