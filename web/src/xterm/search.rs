//! Finding text in a terminal; fetched when a person looks for something for the first time.

use core::cell::{Cell, RefCell};

use js_sys::{Array, Function, Object, Reflect};
use transom_browser::JsFailure;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use xterm_js_rs::addons::search::{SearchAddon, SearchOptions};
use yew::Callback;

use crate::state::find::{Found, Wanted, Way, reason};
use crate::xterm::Palette;
use crate::xterm::js::JsTerminal;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of the search addon.
    #[wasm_bindgen(catch)]
    async fn search() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The search addon of version 6.
    #[wasm_bindgen(extends = SearchAddon, extends = Object)]
    type Addon;

    #[wasm_bindgen(method, js_name = onDidChangeResults)]
    fn on_results(this: &Addon, listener: &Function) -> Object;

    #[wasm_bindgen(method, js_name = clearDecorations)]
    fn clear_decorations(this: &Addon);

    /// `ISearchOptions`
    #[wasm_bindgen(extends = SearchOptions, extends = Object)]
    type Wishes;

    #[wasm_bindgen(method, setter)]
    fn set_decorations(this: &Wishes, decorations: &Marks);

    /// `ISearchDecorationOptions`: colours as `#RRGGBB`.
    #[wasm_bindgen(extends = Object)]
    type Marks;

    #[wasm_bindgen(method, setter, js_name = matchBackground)]
    fn set_match(this: &Marks, colour: &str);

    #[wasm_bindgen(method, setter, js_name = matchOverviewRuler)]
    fn set_match_ruler(this: &Marks, colour: &str);

    #[wasm_bindgen(method, setter, js_name = activeMatchBackground)]
    fn set_active(this: &Marks, colour: &str);

    #[wasm_bindgen(method, setter, js_name = activeMatchColorOverviewRuler)]
    fn set_active_ruler(this: &Marks, colour: &str);

    /// What `onDidChangeResults` tells.
    type Results;

    /// From 0; -1 where the selected match is none of those counted.
    #[wasm_bindgen(method, getter, js_name = resultIndex)]
    fn result_index(this: &Results) -> i32;

    #[wasm_bindgen(method, getter, js_name = resultCount)]
    fn result_count(this: &Results) -> u32;

    /// `RegExp`, whose constructor throws for what is none.
    #[wasm_bindgen(js_name = RegExp)]
    type Pattern;

    #[wasm_bindgen(constructor, catch, js_class = RegExp)]
    fn new(pattern: &str, flags: &str) -> Result<Pattern, JsValue>;
}

/// The search of one terminal, and its addon once that is there.
pub(crate) struct Search {
    addon: RefCell<Option<Addon>>,
    /// Told by the addon at each search, and when output changes what is found.
    tell: Callback<Found>,
    on_results: Closure<dyn Fn(Results)>,
    palette: Cell<Palette>,
}

impl Search {
    /// Nothing is fetched yet.
    pub(crate) fn new(tell: Callback<Found>, palette: Palette) -> Self {
        let told = tell.clone();
        let on_results = Closure::<dyn Fn(Results)>::new(move |results: Results| {
            let place = u32::try_from(results.result_index()).ok();
            told.emit(Found::Matches {
                place: place.map(|place| place.saturating_add(1)),
                count: results.result_count(),
            });
        });
        Self {
            addon: RefCell::default(),
            tell,
            on_results,
            palette: Cell::new(palette),
        }
    }

    /// Marks what is found in colours that suit `palette`.
    pub(crate) fn set_palette(&self, palette: Palette) {
        self.palette.set(palette);
    }

    /// Fetches the addon for `js` unless it is there. Where it cannot be fetched, nothing will be
    /// found until another try succeeds.
    pub(crate) async fn prepare(&self, js: &JsTerminal) {
        if self.addon.borrow().is_some() {
            return;
        }
        let Ok(addon) = fetch().await else { return };
        // Another call may have been faster.
        if self.addon.borrow().is_none() {
            js.load_addon(addon.unchecked_ref());
            addon.on_results(self.on_results.as_ref().unchecked_ref());
            self.addon.replace(Some(addon));
        }
    }

    /// Selects a match, and tells how many there are. Nothing is found before
    /// [`Search::prepare`].
    pub(crate) fn find(&self, wanted: &Wanted, way: Way) {
        let addon = self.addon.borrow();
        let Some(addon) = addon.as_ref() else {
            return;
        };
        if let Some(found) = refused(wanted) {
            addon.clear_decorations();
            self.tell.emit(found);
            return;
        }
        let options = self.options(wanted);
        options.set_incremental(way == Way::Here);
        if way == Way::Here {
            // The addon compares the options of a search with themselves (0.16), so that it would
            // keep the marks of other options.
            addon.clear_decorations();
        }
        let options = Some(options.unchecked_into());
        if way == Way::Previous {
            addon.find_previous(&wanted.text, options);
        } else {
            addon.find_next(&wanted.text, options);
        }
    }

    /// Takes all marks away.
    pub(crate) fn clear(&self) {
        if let Some(addon) = self.addon.borrow().as_ref() {
            addon.clear_decorations();
        }
    }

    fn options(&self, wanted: &Wanted) -> Wishes {
        let options: Wishes = SearchOptions::new().unchecked_into();
        options.set_case_sensitive(wanted.case);
        options.set_whole_word(wanted.word);
        options.set_regex(wanted.regex);
        let (found, active) = match self.palette.get() {
            Palette::Dark => ("#4A3B12", "#8A6A14"),
            Palette::Paper => ("#F6E3B0", "#F0BE4A"),
        };
        let marks: Marks = Object::new().unchecked_into();
        marks.set_match(found);
        marks.set_match_ruler(found);
        marks.set_active(active);
        marks.set_active_ruler(active);
        options.set_decorations(&marks);
        options
    }
}

/// What the addon must not be asked for: it throws where a pattern is wrong.
fn refused(wanted: &Wanted) -> Option<Found> {
    if wanted.text.is_empty() {
        return Some(Found::Idle);
    }
    let error = wanted
        .regex
        .then(|| Pattern::new(&wanted.text, "g").err())??;
    Some(Found::Wrong(reason(&JsFailure::from(error).message)))
}

async fn fetch() -> Result<Addon, JsValue> {
    let module = search().await?;
    let constructor: Function = Reflect::get(&module, &"SearchAddon".into())?.dyn_into()?;
    Ok(Reflect::construct(&constructor, &Array::new())?.unchecked_into())
}
