//! Telling a person who looks elsewhere, by the browser's notifications.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};
use yew::Callback;

/// Asks the browser for permission, where it was not asked before; must be called from a key or
/// a click. `done` hears whether it may be told.
pub(crate) fn allow(done: Callback<bool>) {
    if !are_there() {
        done.emit(false);
        return;
    }
    if Notification::permission() == NotificationPermission::Granted {
        done.emit(true);
        return;
    }
    let Ok(asking) = Notification::request_permission() else {
        done.emit(false);
        return;
    };
    wasm_bindgen_futures::spawn_local(async move {
        // What it answers is read from where it stays.
        let _answer = JsFuture::from(asking).await;
        done.emit(Notification::permission() == NotificationPermission::Granted);
    });
}

/// Tells, where the page is out of sight.
pub(crate) fn tell_if_hidden(title: &str, body: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if !are_there() || !document.is_some_and(|document| document.hidden()) {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    // Where the browser does not allow it, the badge still says so.
    let _ = Notification::new_with_options(title, &options);
}

/// Some browsers have none, whatever the bindings' type says.
fn are_there() -> bool {
    web_sys::window().is_some_and(|window| {
        js_sys::Reflect::has(&window, &"Notification".into()).unwrap_or(false)
    })
}
