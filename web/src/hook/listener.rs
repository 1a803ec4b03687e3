//! Listeners on the window, removed with the component that added them.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventTarget};
use yew::{Callback, hook, use_effect_with};

/// A listener that ends when it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    handler: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Calls `on_event` for each event called `name`.
    pub(crate) fn new(target: &EventTarget, name: &'static str, on_event: Callback<Event>) -> Self {
        let handler = Closure::<dyn Fn(Event)>::new(move |event| on_event.emit(event));
        let added = target.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
        debug_assert!(added.is_ok());
        Self {
            target: target.clone(),
            name,
            handler,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let removed = self
            .target
            .remove_event_listener_with_callback(self.name, self.handler.as_ref().unchecked_ref());
        debug_assert!(removed.is_ok());
    }
}

/// Listens on the window while the component is on the page.
#[hook]
pub(crate) fn use_window_event(name: &'static str, on_event: Callback<Event>) {
    use_effect_with(on_event, move |on_event| {
        let listener = web_sys::window().map(|window| {
            let target: &EventTarget = window.as_ref();
            Listener::new(target, name, on_event.clone())
        });
        move || drop(listener)
    });
}
