//! Silence while old output is parsed: programs in it asked their questions long ago and got
//! their answers. A second answer would be typed into whatever runs now.

use core::any::Any;
use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::xterm::js::{JsTerminal, SequenceId};
use crate::xterm::output::Output;

/// Control sequences that xterm.js answers: prefix, intermediates, final character.
///
/// In order: primary and secondary device attributes, device status reports (ANSI and DEC),
/// mode requests (ANSI and DEC).
const CSI_QUERIES: [(&str, &str, &str); 6] = [
    ("", "", "c"),
    (">", "", "c"),
    ("", "", "n"),
    ("?", "", "n"),
    ("", "$", "p"),
    ("?", "$", "p"),
];

/// Colour requests: a palette entry, foreground, background, cursor. With `?` they ask, else
/// they set.
const OSC_QUERIES: [u32; 4] = [4, 10, 11, 12];

/// Makes `js` keep silent about questions in a replay. The result keeps the handlers alive.
pub(crate) fn swallow_answers(js: &JsTerminal, output: &Rc<Output>) -> impl Any {
    let parser = js.parser();
    let replaying = Rc::clone(output);
    let swallow = Closure::<dyn Fn(JsValue) -> bool>::new(move |_| replaying.is_replaying());
    for (prefix, intermediates, last) in CSI_QUERIES {
        let id = sequence(prefix, intermediates, last);
        parser.register_csi_handler(&id, swallow.as_ref().unchecked_ref());
    }
    // DECRQSS, a request for a setting, is never answered: a shell at its prompt reads the answer
    // as typing (readline begins a search of its history), so any file that is shown could type.
    let id = sequence("", "$", "q");
    let never = Closure::<dyn Fn(JsValue) -> bool>::new(|_| true);
    parser.register_dcs_handler(&id, never.as_ref().unchecked_ref());
    let replaying = Rc::clone(output);
    let swallow_query = Closure::<dyn Fn(String) -> bool>::new(move |data: String| {
        replaying.is_replaying() && data.contains('?')
    });
    for code in OSC_QUERIES {
        parser.register_osc_handler(code, swallow_query.as_ref().unchecked_ref());
    }
    (swallow, swallow_query, never)
}

fn sequence(prefix: &str, intermediates: &str, last: &str) -> SequenceId {
    let id: SequenceId = js_sys::Object::new().unchecked_into();
    if !prefix.is_empty() {
        id.set_prefix(prefix);
    }
    if !intermediates.is_empty() {
        id.set_intermediates(intermediates);
    }
    id.set_final(last);
    id
}
