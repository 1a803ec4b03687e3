//! The part of the page that the keyboard on the screen leaves free.

use web_sys::{EventTarget, HtmlElement, VisualViewport};
use yew::{Callback, Event, hook, use_effect_with};

use crate::hook::listener::Listener;
use crate::service::place;

/// Height that only a keyboard takes, in CSS pixels: bars of browsers are lower, keyboards higher.
const KEYBOARD_PX: f64 = 120.0;

/// Keeps the page's frame inside of what is visible: `--visible-height` and `--visible-top` of
/// the root follow the visual viewport, and `data-keyboard` says that a keyboard stands below.
#[hook]
pub(crate) fn use_visible_height() {
    use_effect_with((), move |()| {
        let view = web_sys::window().and_then(|window| window.visual_viewport());
        let listeners = view.map(|view| {
            let target: EventTarget = view.clone().into();
            let on_change = Callback::from(move |_: Event| follow(&view));
            ["resize", "scroll"].map(|name| Listener::new(&target, name, on_change.clone()))
        });
        move || drop(listeners)
    });
}

fn follow(view: &VisualViewport) {
    let root =
        place::root().and_then(|root| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(root).ok());
    let (Some(root), Some(whole)) = (root, place::inner_height()) else {
        return;
    };
    let covered = whole - view.height();
    // A person who enlarges the page sees a part of it, and no keyboard.
    let keyboard = covered > KEYBOARD_PX && view.scale() < 1.01;
    let style = root.style();
    // Custom properties and attributes take any text, and removing what is not there is nothing.
    if keyboard {
        let _ = style.set_property("--visible-height", &format!("{}px", view.height()));
        let _ = style.set_property("--visible-top", &format!("{}px", view.offset_top()));
        let _ = root.set_attribute("data-keyboard", "");
    } else {
        let _ = style.remove_property("--visible-height");
        let _ = style.remove_property("--visible-top");
        let _ = root.remove_attribute("data-keyboard");
    }
}
