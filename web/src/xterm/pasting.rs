//! Pasting, before xterm.js hears of it: several lines are a question first.

use core::any::Any;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{ClipboardEvent, HtmlElement};

use crate::xterm::Listeners;

/// A listener on an element, removed when it is dropped.
struct PasteListener {
    host: HtmlElement,
    handler: Closure<dyn Fn(ClipboardEvent)>,
}

/// Takes every paste into `host`. The result keeps the listener.
pub(crate) fn listen(host: &HtmlElement, listeners: &Listeners) -> impl Any {
    let pasted = listeners.on_paste.clone();
    let handler = Closure::<dyn Fn(ClipboardEvent)>::new(move |event: ClipboardEvent| {
        event.prevent_default();
        event.stop_propagation();
        let text = event
            .clipboard_data()
            .and_then(|clipboard| clipboard.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            pasted.emit(text);
        }
    });
    // `capture`: before the listener of xterm.js on the element inside.
    let added = host.add_event_listener_with_callback_and_bool(
        "paste",
        handler.as_ref().unchecked_ref(),
        true,
    );
    debug_assert!(added.is_ok());
    PasteListener {
        host: host.clone(),
        handler,
    }
}

impl Drop for PasteListener {
    fn drop(&mut self) {
        let removed = self.host.remove_event_listener_with_callback_and_bool(
            "paste",
            self.handler.as_ref().unchecked_ref(),
            true,
        );
        debug_assert!(removed.is_ok());
    }
}
