//! Fetches the words of a language other than English before the page is drawn.

use core::cell::Cell;

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::service::{place, storage};
use crate::state::language::{Language, LanguageChoice};
use crate::state::message;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The file of German words.
    #[wasm_bindgen(catch)]
    async fn german() -> Result<JsValue, JsValue>;
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// Prepares the language that the person or the browser prefers, then calls `draw`. Where its
/// words cannot be fetched, the page speaks English.
pub(crate) fn prepare(draw: impl FnOnce() + 'static) {
    let wanted = wanted(storage::settings().language);
    if wanted == Language::English {
        draw();
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        // It counts as spoken either way: trying again and again would help nobody.
        SPOKEN.set(wanted);
        if let Some(file) = german().await.ok().and_then(|file| file.as_string()) {
            message::speak(&file);
            if let Some(root) = place::root() {
                // A document's root takes any attribute.
                let _ = root.set_attribute("lang", wanted.tag());
            }
        }
        draw();
    });
}

/// Whether a choice means another language than the page speaks now.
pub(crate) fn differs(choice: LanguageChoice) -> bool {
    wanted(choice) != SPOKEN.get()
}

fn wanted(choice: LanguageChoice) -> Language {
    let list = web_sys::window().map(|window| window.navigator().languages());
    let list: Vec<String> = list
        .map(|list| {
            Array::iter(&list)
                .filter_map(|tag| tag.as_string())
                .collect()
        })
        .unwrap_or_default();
    choice.language(list.iter().map(String::as_str))
}
