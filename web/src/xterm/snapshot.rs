//! The screen as text that draws it again; its addon is fetched once a shell runs.

use core::cell::RefCell;

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

use crate::xterm::js::JsTerminal;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of the serialize addon.
    #[wasm_bindgen(catch)]
    async fn serialize() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The serialize addon.
    #[wasm_bindgen(extends = Object)]
    type Addon;

    #[wasm_bindgen(method, js_name = serialize)]
    fn text(this: &Addon, options: &Wishes) -> String;

    #[wasm_bindgen(method, js_name = dispose)]
    fn dispose_it(this: &Addon);

    /// `ISerializeOptions`
    #[wasm_bindgen(extends = Object)]
    type Wishes;

    /// In lines above the screen.
    #[wasm_bindgen(method, setter)]
    fn set_scrollback(this: &Wishes, lines: u32);

    /// Leaves out what a full-screen program shows.
    #[wasm_bindgen(method, setter, js_name = excludeAltBuffer)]
    fn exclude_full_screen(this: &Wishes, on: bool);

    /// Leaves out what a program asked of the terminal.
    #[wasm_bindgen(method, setter, js_name = excludeModes)]
    fn exclude_modes(this: &Wishes, on: bool);
}

/// Makes snapshots, once its addon is there.
#[derive(Default)]
pub(crate) struct Snapshots(RefCell<Option<Function>>);

impl Snapshots {
    /// Fetches the addon. Where that fails, snapshots are empty.
    pub(crate) async fn prepare(&self) {
        if self.0.borrow().is_none() {
            let module = serialize().await.ok();
            let addon = module
                .and_then(|module| Reflect::get(&module, &"SerializeAddon".into()).ok())
                .and_then(|addon| addon.dyn_into::<Function>().ok());
            self.0.replace(addon);
        }
    }

    /// Gives the screen to `take`, as it is once everything that was written is parsed, and
    /// before anything else is.
    pub(crate) fn take(&self, js: &JsTerminal, take: impl FnOnce(String) + 'static) {
        let (addon, terminal) = (self.0.borrow().clone(), js.same());
        let parsed = Closure::once_into_js(move || {
            let wishes: Wishes = Object::new().unchecked_into();
            // What is above the screen stays out: a person wished to record what comes.
            wishes.set_scrollback(0);
            take(screen(&terminal, addon.as_ref(), &wishes).unwrap_or_default());
        });
        js.write_bytes(&Uint8Array::new_with_length(0), parsed.unchecked_ref());
    }

    /// What is on the screen now and in `lines` above it, without what programs asked of the
    /// terminal. `None` before the addon is there.
    pub(crate) fn now(&self, js: &JsTerminal, lines: u32) -> Option<String> {
        let wishes: Wishes = Object::new().unchecked_into();
        wishes.set_scrollback(lines);
        wishes.exclude_full_screen(true);
        wishes.exclude_modes(true);
        screen(js, self.0.borrow().as_ref(), &wishes)
    }
}

fn screen(js: &JsTerminal, addon: Option<&Function>, wishes: &Wishes) -> Option<String> {
    let addon: Addon = Reflect::construct(addon?, &Array::new())
        .ok()?
        .unchecked_into();
    js.try_load_addon(addon.unchecked_ref()).ok()?;
    let text = addon.text(wishes);
    addon.dispose_it();
    Some(text)
}
