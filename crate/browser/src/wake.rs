//! The browser's word that the network is back.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::EventTarget;

/// The event, in pages and workers alike.
const ONLINE: &str = "online";

/// Hears that the network is back. Dropping it ends that.
#[derive(Debug)]
pub struct OnlineListener(Option<(EventTarget, Closure<dyn FnMut()>)>);

impl OnlineListener {
    /// Calls `on_online` each time. Does nothing where there are no such events.
    pub fn new(on_online: impl Fn() + 'static) -> Self {
        let Ok(target) = js_sys::global().dyn_into::<EventTarget>() else {
            return Self(None);
        };
        let listener = Closure::<dyn FnMut()>::new(on_online);
        let function = listener.as_ref().unchecked_ref();
        let added = target.add_event_listener_with_callback(ONLINE, function);
        Self(added.is_ok().then_some((target, listener)))
    }
}

impl Drop for OnlineListener {
    fn drop(&mut self) {
        if let Some((target, listener)) = &self.0 {
            let function = listener.as_ref().unchecked_ref();
            // It was added above, so it can be removed.
            let _ = target.remove_event_listener_with_callback(ONLINE, function);
        }
    }
}
