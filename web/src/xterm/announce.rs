//! Keeps what is read aloud short.
//!
//! In screen reader mode, xterm.js 6.0 collects all output since the last key for the screen
//! reader, up to 20 lines; a line without an end has no bound, and a flood of it takes gigabytes.

use core::cell::Cell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use xterm_js_rs::OnKeyEvent;

use crate::xterm::js::JsTerminal;

/// Bytes of output since the last key of which a listener is told: about 20 long lines.
const MOST_BYTES: u32 = 16 * 1024;

/// More lines than xterm.js reads: it falls silent until the next key.
const SILENT_LINES: u32 = 21;

/// Bounds what a terminal hands to the screen reader.
pub(crate) struct Announcer {
    js: JsTerminal,
    unread: Rc<Cell<u32>>,
    _on_key: Closure<dyn Fn(OnKeyEvent)>,
}

impl Announcer {
    /// Watches `js`.
    pub(crate) fn new(js: &JsTerminal) -> Self {
        let unread = Rc::new(Cell::new(0));
        let begun = Rc::clone(&unread);
        let on_key = Closure::<dyn Fn(OnKeyEvent)>::new(move |_| begun.set(0));
        js.on_key(on_key.as_ref().unchecked_ref());
        Self {
            js: js.same(),
            unread,
            _on_key: on_key,
        }
    }

    /// To be called before `bytes` of output are written.
    pub(crate) fn hear(&self, bytes: u32) {
        let unread = self.unread.get().saturating_add(bytes);
        self.unread.set(unread);
        if unread > MOST_BYTES {
            // There is no public way. Where these names are others one day, nothing happens, and
            // the test of a flood without newlines fails.
            let _ = silence(self.js.as_ref());
        }
    }
}

/// Makes the part that reads aloud, if it is on, believe that it read all that it may.
fn silence(terminal: &JsValue) -> Result<(), JsValue> {
    let core = Reflect::get(terminal, &"_core".into())?;
    let slot = Reflect::get(&core, &"_accessibilityManager".into())?;
    let manager = Reflect::get(&slot, &"value".into())?;
    if manager.is_object() {
        Reflect::set(
            &manager,
            &"_liveRegionLineCount".into(),
            &SILENT_LINES.into(),
        )?;
    }
    Ok(())
}
