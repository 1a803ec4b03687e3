//! Which key does what, for the whole page, and the keys that only a full screen may have.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::Navigator;

use crate::service::place;
use crate::state::key_map::{Choices, KeyMap};

#[wasm_bindgen]
extern "C" {
    /// The navigator, as far as it knows [Keyboard Lock].
    ///
    /// [Keyboard Lock]: https://wicg.github.io/keyboard-lock/
    #[wasm_bindgen(extends = Navigator)]
    type LockingNavigator;

    #[wasm_bindgen(method, getter)]
    fn keyboard(this: &LockingNavigator) -> Option<Keyboard>;

    type Keyboard;

    #[wasm_bindgen(method)]
    fn lock(this: &Keyboard) -> Promise;
}

thread_local! {
    static MAP: RefCell<Option<Rc<KeyMap>>> = const { RefCell::new(None) };
}

/// Which key does what.
pub(crate) fn map() -> Rc<KeyMap> {
    MAP.with_borrow_mut(|map| {
        let map = map.get_or_insert_with(|| Rc::new(made(&Choices::new())));
        Rc::clone(map)
    })
}

/// Follows what a person chose.
pub(crate) fn follow(choices: &Choices) {
    MAP.set(Some(Rc::new(made(choices))));
}

fn made(choices: &Choices) -> KeyMap {
    KeyMap::new(choices, place::surroundings())
}

/// Fills the screen, or no longer. In a full screen the browser gives its own keys to the page,
/// where it can: Ctrl+W reaches the shell then, and a long press of Escape leads back.
pub(crate) fn toggle_full_screen() {
    let Some(window) = web_sys::window() else {
        return;
    };
    let Some(document) = window.document() else {
        return;
    };
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
        return;
    }
    let Some(root) = document.document_element() else {
        return;
    };
    if root.request_fullscreen().is_err() {
        return;
    }
    let navigator: LockingNavigator = wasm_bindgen::JsCast::unchecked_into(window.navigator());
    if let Some(keyboard) = navigator.keyboard() {
        let locking = keyboard.lock();
        wasm_bindgen_futures::spawn_local(async move {
            // Where it is refused, the browser keeps its keys.
            let _ = JsFuture::from(locking).await;
        });
    }
}
