//! The engine that `spare.js` started before this program ran.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::SharedWorker;

/// Where `spare.js` leaves it.
const PLACE: &str = "transomSpare";

#[wasm_bindgen]
extern "C" {
    /// What `spare.js` leaves.
    #[wasm_bindgen(extends = Object)]
    type Spare;

    #[wasm_bindgen(method, getter)]
    fn id(this: &Spare) -> String;

    #[wasm_bindgen(method, getter)]
    fn worker(this: &Spare) -> SharedWorker;
}

/// The id of the engine that waits to be used, if there is one.
pub(crate) fn id() -> Option<String> {
    peek().map(|spare| spare.id())
}

/// Takes the waiting engine if it is called `name`. From then on it is no longer there.
pub(crate) fn take(name: &str) -> Option<SharedWorker> {
    let spare = peek().filter(|spare| name.strip_prefix("conn-") == Some(&spare.id()))?;
    let window: JsValue = web_sys::window()?.into();
    Reflect::set(&window, &PLACE.into(), &JsValue::UNDEFINED).ok()?;
    Some(spare.worker())
}

fn peek() -> Option<Spare> {
    let window: JsValue = web_sys::window()?.into();
    let spare = Reflect::get(&window, &PLACE.into()).ok()?;
    spare.is_object().then(|| spare.unchecked_into())
}
