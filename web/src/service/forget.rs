//! Everything that this origin keeps in the browser: how much it is, and the end of it. JavaScript
//! does it, fetched when it is first needed.

use js_sys::{Array, Promise};
use transom_browser::JsFailure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::service::storage;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of `web/forget.js`.
    #[wasm_bindgen(catch)]
    async fn forget() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The module, as soon as it is there.
    type Module;

    #[wasm_bindgen(method)]
    fn usage(this: &Module) -> Promise;

    #[wasm_bindgen(method, js_name = forget)]
    fn remove(this: &Module) -> Promise;
}

/// Tells how many bytes are in use, as the browser counts them.
///
/// # Errors
///
/// [`JsFailure`] when the module cannot be fetched.
pub(crate) async fn usage_bytes() -> Result<f64, JsFailure> {
    let usage = JsFuture::from(module().await?.usage()).await?;
    Ok(usage.as_f64().unwrap_or_default())
}

/// Removes everything that is kept in this browser, and names what is still there.
///
/// # Errors
///
/// [`JsFailure`] when the module cannot be fetched, so that nothing was removed, or when the
/// browser cannot tell what is left.
pub(crate) async fn everything() -> Result<Vec<String>, JsFailure> {
    let module = module().await?;
    // Sessions end meanwhile, and the page would note that.
    storage::seal(true);
    let left = JsFuture::from(module.remove()).await;
    if left.is_err() {
        storage::seal(false);
    }
    let left = Array::from(&left?).into_iter();
    Ok(left.filter_map(|name| name.as_string()).collect())
}

async fn module() -> Result<Module, JsFailure> {
    Ok(forget().await?.unchecked_into())
}
