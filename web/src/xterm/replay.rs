//! Silence while old output is parsed: programs in it asked their questions long ago and got
//! their answers. A second answer would be typed into whatever runs now.

use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::xterm::js::{JsTerminal, SequenceId};
use crate::xterm::output::Output;

/// Control sequences that xterm.js answers: prefix, intermediates, final character.
///
/// In order: primary and secondary device attributes, device status reports (ANSI and DEC),
/// mode requests (ANSI and DEC), what the addon for images can draw.
const CSI_QUERIES: [(&str, &str, &str); 7] = [
    ("", "", "c"),
    (">", "", "c"),
    ("", "", "n"),
    ("?", "", "n"),
    ("", "$", "p"),
    ("?", "$", "p"),
    ("?", "", "S"),
];

/// Colour requests: a palette entry, foreground, background, cursor. With `?` they ask, else
/// they set.
const OSC_QUERIES: [u32; 4] = [4, 10, 11, 12];

/// Handlers that keep a terminal silent.
pub(crate) struct Silence {
    /// Of questions in a replay.
    swallow: Closure<dyn Fn(JsValue) -> bool>,
    swallow_query: Closure<dyn Fn(String) -> bool>,
    /// Of what is never answered.
    never: Closure<dyn Fn(JsValue) -> bool>,
}

impl Silence {
    /// Knows by `output` what is a replay.
    pub(crate) fn new(output: &Rc<Output>) -> Self {
        let replaying = |output: &Rc<Output>| {
            let output = Rc::downgrade(output);
            move || output.upgrade().is_some_and(|output| output.is_replaying())
        };
        let (csi, osc) = (replaying(output), replaying(output));
        Self {
            swallow: Closure::new(move |_| csi()),
            swallow_query: Closure::new(move |data: String| osc() && data.contains('?')),
            never: Closure::new(|_| true),
        }
    }

    /// Makes `js` silent. An addon that answers by itself comes before what was registered earlier, so
    /// this is done again after it.
    pub(crate) fn fall(&self, js: &JsTerminal) {
        let parser = js.parser();
        for (prefix, intermediates, last) in CSI_QUERIES {
            let id = sequence(prefix, intermediates, last);
            parser.register_csi_handler(&id, self.swallow.as_ref().unchecked_ref());
        }
        // DECRQSS, a request for a setting, is never answered: a shell at its prompt reads the answer
        // as typing (readline begins a search of its history), so any file that is shown could type.
        let id = sequence("", "$", "q");
        parser.register_dcs_handler(&id, self.never.as_ref().unchecked_ref());
        for code in OSC_QUERIES {
            parser.register_osc_handler(code, self.swallow_query.as_ref().unchecked_ref());
        }
    }
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
