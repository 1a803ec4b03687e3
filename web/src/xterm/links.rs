//! Links in the output: addresses as text, and hyperlinks (OSC 8) whose text may say anything.
//! Only http and https are followed, and where a link leads is shown before it is clicked.

use core::any::Any;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MouseEvent;
use yew::AttrValue;

use crate::xterm::Listeners;
use crate::xterm::js::LinkHandler;

#[wasm_bindgen(module = "xterm-addon-web-links")]
extern "C" {
    /// Finds addresses in the text. The binding of `xterm-js-rs` is of another constructor.
    pub(crate) type WebLinksAddon;

    #[wasm_bindgen(constructor)]
    fn new(activate: &Function, options: &LinkHandler) -> WebLinksAddon;
}

/// Handles hyperlinks (OSC 8).
pub(crate) fn handler(listeners: &Listeners, kept: &mut Vec<Box<dyn Any>>) -> LinkHandler {
    let handler: LinkHandler = Object::new().unchecked_into();
    handler.set_activate(&follower(kept));
    hovering(&handler, listeners, kept);
    handler
}

/// Makes the addon for addresses in the text.
pub(crate) fn addon(listeners: &Listeners, kept: &mut Vec<Box<dyn Any>>) -> WebLinksAddon {
    let options: LinkHandler = Object::new().unchecked_into();
    hovering(&options, listeners, kept);
    WebLinksAddon::new(&follower(kept), &options)
}

fn follower(kept: &mut Vec<Box<dyn Any>>) -> Function {
    let follow = Closure::<dyn Fn(MouseEvent, String)>::new(|_, address: String| follow(&address));
    let function = follow.as_ref().unchecked_ref::<Function>().clone();
    kept.push(Box::new(follow));
    function
}

fn hovering(handler: &LinkHandler, listeners: &Listeners, kept: &mut Vec<Box<dyn Any>>) {
    let over = listeners.on_link.clone();
    let on_hover = Closure::<dyn Fn(JsValue, String)>::new(move |_, address: String| {
        over.emit(Some(AttrValue::from(address)));
    });
    handler.set_hover(on_hover.as_ref().unchecked_ref());
    let left = listeners.on_link.clone();
    let on_leave = Closure::<dyn Fn()>::new(move || left.emit(None));
    handler.set_leave(on_leave.as_ref().unchecked_ref());
    kept.push(Box::new(on_hover));
    kept.push(Box::new(on_leave));
}

/// Opens an address in a new tab that knows nothing of this page.
fn follow(address: &str) {
    if !is_web(address) {
        return;
    }
    if let Some(window) = web_sys::window() {
        // A blocked window is the browser's to explain.
        let _blocked =
            window.open_with_url_and_target_and_features(address, "_blank", "noopener,noreferrer");
    }
}

fn is_web(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_followed() {
        assert!(is_web("HTTPS://example.org/"));
        for address in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(!is_web(address), "{address}");
        }
    }
}
