//! Keys of the page's own while the terminal has the focus.

use core::any::Any;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::KeyboardEvent;

use crate::service::keyboard;
use crate::state::key_press::{Chord, KeyPress};
use crate::xterm::Listeners;
use crate::xterm::js::JsTerminal;

/// Takes the page's keys before the terminal. The result keeps the handler alive.
pub(crate) fn listen(js: &JsTerminal, listeners: &Listeners) -> impl Any {
    let (terminal, chords) = (js.same(), listeners.on_chord.clone());
    let takes = listeners.takes.clone();
    let handler = Closure::<dyn Fn(KeyboardEvent) -> bool>::new(move |event: KeyboardEvent| {
        // The middle of a composition is the input method's, whatever the keys are.
        if event.is_composing() {
            return true;
        }
        let chord = keyboard::map().chord(&press(&event), terminal.has_selection());
        let Some(chord) = chord.filter(|chord| takes.emit(*chord)) else {
            return true;
        };
        if chord == Chord::Paste {
            // The browser's own paste follows, with a `paste` event.
            return false;
        }
        if matches!(chord, Chord::Palette | Chord::Connect) {
            // It goes on to the page's own listener.
            return false;
        }
        if event.type_() == "keydown" {
            chords.emit(chord);
        }
        event.prevent_default();
        event.stop_propagation();
        false
    });
    js.attach_custom_key_event_handler(handler.as_ref().unchecked_ref());
    handler
}

/// Reads a keyboard event.
pub(crate) fn press(event: &KeyboardEvent) -> KeyPress {
    KeyPress {
        key: event.key(),
        code: event.code(),
        ctrl: event.ctrl_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        meta: event.meta_key(),
    }
}
