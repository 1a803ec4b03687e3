//! What xterm.js reports: typing, titles, bells.

use core::any::Any;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::xterm::Listeners;
use crate::xterm::js::JsTerminal;
use crate::xterm::output::Output;

/// Reports of a gained or lost focus (DECSET 1004). Turning the mode on sends one at once.
const FOCUS_REPORTS: [&str; 2] = ["\u{1b}[I", "\u{1b}[O"];

/// Connects `listeners`. The result keeps the closures alive.
pub(crate) fn listen(
    js: &JsTerminal,
    listeners: &Listeners,
    output: &Rc<Output>,
) -> Vec<Box<dyn Any>> {
    let (input, replaying) = (listeners.on_input.clone(), Rc::clone(output));
    let on_data = Closure::<dyn Fn(String)>::new(move |text: String| {
        let stale = replaying.is_replaying() && FOCUS_REPORTS.contains(&text.as_str());
        if !stale {
            input.emit(text.into_bytes());
        }
    });
    js.on_data(on_data.as_ref().unchecked_ref());
    let input = listeners.on_input.clone();
    let on_binary = Closure::<dyn Fn(String)>::new(move |text: String| {
        input.emit(latin1(&text));
    });
    js.on_binary(on_binary.as_ref().unchecked_ref());
    let titles = listeners.on_title.clone();
    let on_title = Closure::<dyn Fn(String)>::new(move |title| titles.emit(title));
    js.on_title_change(on_title.as_ref().unchecked_ref());
    let (bells, replaying) = (listeners.on_bell.clone(), Rc::clone(output));
    let on_bell = Closure::<dyn Fn()>::new(move || {
        // What rang before is no news.
        if !replaying.is_replaying() {
            bells.emit(());
        }
    });
    js.on_bell(on_bell.as_ref().unchecked_ref());
    let (selected, terminal) = (listeners.on_selected.clone(), js.same());
    let on_selection = Closure::<dyn Fn()>::new(move || selected.emit(terminal.has_selection()));
    js.on_selection_change(on_selection.as_ref().unchecked_ref());
    vec![
        Box::new(on_data),
        Box::new(on_binary),
        Box::new(on_title),
        Box::new(on_bell),
        Box::new(on_selection),
    ]
}

/// Reads a binary string (old mouse reports): one character is one byte.
fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_string_is_one_byte_for_each_character() {
        assert_eq!(latin1("\u{1b}[M\u{ff}\u{80}"), b"\x1b[M\xff\x80");
    }
}
