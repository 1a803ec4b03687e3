//! What programs ask of the page: text for the clipboard (OSC 52), progress (OSC 9;4); and in which folder they
//! are (OSC 7). What is replayed was asked for long ago.

use core::any::Any;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::state::osc::{clipboard, clipboard_text, folder, progress};
use crate::xterm::Listeners;
use crate::xterm::js::JsTerminal;
use crate::xterm::output::Output;

/// Connects `listeners`. The result keeps the closures alive.
pub(crate) fn listen(js: &JsTerminal, listeners: &Listeners, output: &Rc<Output>) -> impl Any {
    let parser = js.parser();
    let (wishes, replaying) = (listeners.on_clipboard.clone(), Rc::clone(output));
    let on_clipboard = Closure::<dyn Fn(String) -> bool>::new(move |data: String| {
        if !replaying.is_replaying()
            && let Some(text) = clipboard(&data).and_then(decoded)
        {
            wishes.emit(text);
        }
        true
    });
    parser.register_osc_handler(52, on_clipboard.as_ref().unchecked_ref());
    let told = listeners.on_progress.clone();
    let on_progress = Closure::<dyn Fn(String) -> bool>::new(move |data: String| {
        if let Some(progress) = progress(&data) {
            told.emit(progress);
        }
        true
    });
    parser.register_osc_handler(9, on_progress.as_ref().unchecked_ref());
    let told = listeners.on_folder.clone();
    let on_folder = Closure::<dyn Fn(String) -> bool>::new(move |data: String| {
        if let Some(folder) = folder(&data) {
            told.emit(folder);
        }
        true
    });
    parser.register_osc_handler(7, on_folder.as_ref().unchecked_ref());
    (on_clipboard, on_progress, on_folder)
}

fn decoded(base64: &str) -> Option<String> {
    let binary = web_sys::window()?.atob(base64).ok()?;
    let bytes = binary.chars().map(|c| u8::try_from(u32::from(c)).ok());
    clipboard_text(bytes.collect::<Option<Vec<u8>>>()?)
}
