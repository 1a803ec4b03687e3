//! The screen as text that draws it again; its addon is fetched when a person first records.

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
            take(screen(&terminal, addon.as_ref()).unwrap_or_default());
        });
        js.write_bytes(&Uint8Array::new_with_length(0), parsed.unchecked_ref());
    }
}

/// What is above the screen stays out: a person wished to record what comes.
fn screen(js: &JsTerminal, addon: Option<&Function>) -> Option<String> {
    let addon: Addon = Reflect::construct(addon?, &Array::new())
        .ok()?
        .unchecked_into();
    js.try_load_addon(addon.unchecked_ref()).ok()?;
    let wishes: Wishes = Object::new().unchecked_into();
    wishes.set_scrollback(0);
    let text = addon.text(&wishes);
    addon.dispose_it();
    Some(text)
}
