//! The clipboard. Pasting by keys needs no permission: the browser's own paste delivers it. A
//! click that pastes reads it, and the browser may ask first.

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

/// Reads the clipboard; must be called from a click. `done` hears nothing where the browser or
/// the person does not allow it.
pub(crate) fn read(done: Callback<String>) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let navigator = window.navigator();
    if !js_sys::Reflect::has(&navigator, &"clipboard".into()).unwrap_or(false) {
        return;
    }
    let reading = navigator.clipboard().read_text();
    wasm_bindgen_futures::spawn_local(async move {
        let text = JsFuture::from(reading).await.ok();
        if let Some(text) = text.and_then(|text| text.as_string())
            && !text.is_empty()
        {
            done.emit(text);
        }
    });
}
