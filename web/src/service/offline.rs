//! The page's own files without a network, and new versions of the page. JavaScript does it,
//! fetched when the page has nothing else to do.

use js_sys::Promise;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::Callback;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of `web/offline.js`.
    #[wasm_bindgen(catch)]
    async fn offline() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    type Module;

    #[wasm_bindgen(method)]
    fn keep(this: &Module, ready: &JsValue) -> Promise;

    #[wasm_bindgen(method)]
    fn look(this: &Module) -> Promise;

    #[wasm_bindgen(method)]
    fn renew(this: &Module) -> Promise;
}

/// Keeps the files of this version; `ready` hears of each later one.
///
/// Where the browser cannot, or refuses as in some private windows, the page works with a network
/// only, as before.
pub(crate) fn keep(ready: Callback<()>) {
    let ready = Closure::<dyn Fn()>::new(move || ready.emit(())).into_js_value();
    run(move |module| module.keep(&ready));
}

/// Looks whether there is a new version.
pub(crate) fn look() {
    run(Module::look);
}

/// Loads the page anew, in its new version.
pub(crate) fn renew() {
    run(Module::renew);
}

fn run(work: impl FnOnce(&Module) -> Promise + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(module) = offline().await {
            // What it cannot do leaves everything as it is.
            let _ = JsFuture::from(work(module.unchecked_ref())).await;
        }
    });
}
