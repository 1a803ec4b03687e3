//! Which sessions and windows are alive, told through Web Locks: a lock ends with the worker or page
//! that holds it, however that ends, so the list is never stale.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::JsFailure;

// web-sys has Web Locks only behind a flag for the whole build.
#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, callback: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;

    type LockManagerSnapshot;

    #[wasm_bindgen(method, getter)]
    fn held(this: &LockManagerSnapshot) -> Option<Array>;

    type LockInfo;

    #[wasm_bindgen(method, getter)]
    fn name(this: &LockInfo) -> Option<String>;
}

/// Every lock of ours begins with it; then follow the session's id, a colon and its title.
const PREFIX: &str = "transom:";

/// The same for a window that came out of another one; its id follows.
const WINDOW_PREFIX: &str = "transom-window:";

/// Says that a session or a window is alive, until it is dropped.
#[derive(Debug)]
pub struct SessionLock {
    /// Ends the promise that holds the lock.
    release: Option<Function>,
}

impl SessionLock {
    /// Takes the lock of session `id`, shown to pages with `title`.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser has no Web Locks (outside a secure context).
    pub fn hold(id: &str, title: &str) -> Result<Self, JsFailure> {
        Self::take(&format!("{PREFIX}{id}:{title}"))
    }

    /// Takes the lock of the window called `id`.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser has no Web Locks.
    pub fn hold_window(id: &str) -> Result<Self, JsFailure> {
        Self::take(&format!("{WINDOW_PREFIX}{id}"))
    }

    fn take(name: &str) -> Result<Self, JsFailure> {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let callback = Closure::once_into_js(move |_: JsValue| held);
        // The promise settles when the lock ends; nobody waits for that.
        let _ = locks()?.request(name, &callback)?;
        Ok(Self { release })
    }
}

/// Waits until no page holds the lock of the window called `id`: it was closed, or is loaded anew.
///
/// # Errors
///
/// [`JsFailure`] where the browser has no Web Locks.
///
/// # Cancel safety
///
/// A dropped call leaves a wish for the lock behind, which is given up when it is fulfilled.
pub async fn window_gone(id: &str) -> Result<(), JsFailure> {
    // What is returned at once lets the lock go at once.
    let callback = Closure::once_into_js(|_: JsValue| JsValue::UNDEFINED);
    let granted = locks()?.request(&format!("{WINDOW_PREFIX}{id}"), &callback)?;
    JsFuture::from(granted).await?;
    Ok(())
}

impl Drop for SessionLock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // Resolving a promise cannot throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Lists the sessions that are alive in this browser, as `(id, title)`.
///
/// # Errors
///
/// [`JsFailure`] where the browser has no Web Locks.
pub async fn live_sessions() -> Result<Vec<(String, String)>, JsFailure> {
    let snapshot: LockManagerSnapshot = JsFuture::from(locks()?.query()?).await?.unchecked_into();
    let held = snapshot.held().unwrap_or_default();
    Ok(held
        .iter()
        .filter_map(|lock| {
            let name = lock.unchecked_into::<LockInfo>().name()?;
            let (id, title) = name.strip_prefix(PREFIX)?.split_once(':')?;
            Some((id.to_owned(), title.to_owned()))
        })
        .collect())
}

/// `navigator.locks` of a window or a worker.
fn locks() -> Result<LockManager, JsFailure> {
    let navigator = Reflect::get(&js_sys::global(), &JsValue::from_str("navigator"))?;
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks"))?;
    if locks.is_undefined() {
        return Err(JsFailure::missing("navigator.locks"));
    }
    Ok(locks.unchecked_into())
}
