//! Finding text in a terminal; fetched when a person looks for something for the first time.

use core::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use xterm_js_rs::addons::search::{SearchAddon, SearchOptions};

use crate::xterm::js::JsTerminal;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of the search addon.
    #[wasm_bindgen(catch)]
    async fn search() -> Result<JsValue, JsValue>;
}

/// The search addon of one terminal, once it is there.
#[derive(Default)]
pub(crate) struct Search(RefCell<Option<SearchAddon>>);

impl Search {
    /// Fetches the addon for `js` unless it is there. Where it cannot be fetched, nothing will be
    /// found until another try succeeds.
    pub(crate) async fn prepare(&self, js: &JsTerminal) {
        if self.0.borrow().is_some() {
            return;
        }
        let Ok(addon) = fetch().await else { return };
        // Another call may have been faster.
        if self.0.borrow().is_none() {
            js.load_addon(addon.unchecked_ref());
            self.0.replace(Some(addon));
        }
    }

    /// Finds `text` downwards or upwards, and says whether it is there.
    pub(crate) fn find(&self, text: &str, up: bool) -> bool {
        let addon = self.0.borrow();
        let Some(addon) = addon.as_ref() else {
            return false;
        };
        let options = SearchOptions::new();
        if up {
            addon.find_previous(text, Some(options))
        } else {
            options.set_incremental(true);
            addon.find_next(text, Some(options))
        }
    }
}

async fn fetch() -> Result<SearchAddon, JsValue> {
    let module = search().await?;
    let constructor: Function = Reflect::get(&module, &"SearchAddon".into())?.dyn_into()?;
    Ok(Reflect::construct(&constructor, &Array::new())?.unchecked_into())
}
