//! Writing to the clipboard. Reading needs no permission: the browser's own paste delivers it.

use wasm_bindgen_futures::JsFuture;
use yew::Callback;

/// Copies `text`; must be called from a key or a click. `done` hears whether it worked.
pub(crate) fn copy(text: &str, done: Callback<bool>) {
    let Some(window) = web_sys::window() else {
        return;
    };
    // Outside a secure context there is none, whatever the bindings' type says.
    let navigator = window.navigator();
    let has = js_sys::Reflect::has(&navigator, &"clipboard".into()).unwrap_or(false);
    if !has {
        done.emit(false);
        return;
    }
    let writing = navigator.clipboard().write_text(text);
    wasm_bindgen_futures::spawn_local(async move {
        done.emit(JsFuture::from(writing).await.is_ok());
    });
}
