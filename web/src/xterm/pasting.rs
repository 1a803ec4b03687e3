//! Pasting, before xterm.js hears of it: several lines are a question first.

use core::any::Any;
use core::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{ClipboardEvent, HtmlElement};

use crate::service::place;
use crate::xterm::Listeners;

/// How long after a click of the middle button a paste is the browser's doing, in milliseconds.
const CLICK_MS: f64 = 300.0;

thread_local! {
    /// When the middle button was released last, where it means what the person chose.
    static CLICKED_MS: Cell<f64> = const { Cell::new(f64::MIN) };
}

/// The middle button means what the person chose: browsers on Linux would paste the primary
/// selection besides.
pub(crate) fn pass_over_click() {
    CLICKED_MS.set(place::now_ms());
}

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
        if place::now_ms() - CLICKED_MS.get() < CLICK_MS {
            return;
        }
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
