//! What two windows of this origin tell each other.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::state::windows::Note;

/// A channel between a window and the one that came out of it, until it is dropped.
pub(super) struct Channel {
    js: BroadcastChannel,
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of the window called `window`. `None` where the browser has none.
    pub(super) fn open(window: &str, on_note: impl Fn(Note) + 'static) -> Option<Self> {
        let js = BroadcastChannel::new(&format!("transom-window-{window}")).ok()?;
        let on_message = Closure::<dyn Fn(_)>::new(move |message: MessageEvent| {
            let text = message.data().as_string().unwrap_or_default();
            // Another version of the page may say what this one does not know.
            if let Ok(note) = serde_json::from_str(&text) {
                on_note(note);
            }
        });
        js.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self {
            js,
            _on_message: on_message,
        })
    }

    /// Tells it.
    pub(super) fn post(&self, note: &Note) {
        let text = serde_json::to_string(note).unwrap_or_default();
        // An open channel takes every text.
        let _ = self.js.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.js.set_onmessage(None);
        self.js.close();
    }
}
