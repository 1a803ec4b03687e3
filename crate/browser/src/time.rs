//! Monotonic time and timers, in the page and in workers alike.

use core::future::Future;
use core::time::Duration;

use futures::channel::oneshot;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// Looked up once: the time is asked for several times for each packet.
    static PERFORMANCE: Option<web_sys::Performance> = performance();
}

/// Time since the page or worker began. It never steps back, and it goes on during sleep where
/// the browser's `performance.now()` does.
pub fn monotonic() -> Duration {
    let now = PERFORMANCE.with(|performance| performance.as_ref().map(web_sys::Performance::now));
    Duration::from_secs_f64((now.unwrap_or_default() / 1000.0).max(0.0))
}

/// Wall clock in milliseconds since 1970, for what people read; never for measuring.
pub fn unix_millis() -> f64 {
    js_sys::Date::now()
}

/// Waits for at least `duration`.
///
/// Unlike a timer of gloo it is `Send`, so that it fits where the SSH client asks for that.
///
/// # Cancel safety
///
/// A dropped wait leaves a timer that fires into nothing.
pub fn sleep(duration: Duration) -> impl Future<Output = ()> + Send + 'static {
    let (fired, wait) = oneshot::channel();
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::sleep(duration).await;
        // The waiter may be gone; then nobody wants to know.
        let _ = fired.send(());
    });
    async move {
        // The timer task cannot be dropped, so the channel cannot be cancelled.
        let _ = wait.await;
    }
}

/// The `performance` object of a window or a worker: there is no common interface to name.
fn performance() -> Option<web_sys::Performance> {
    Reflect::get(&js_sys::global(), &JsValue::from_str("performance"))
        .ok()?
        .dyn_into()
        .ok()
}
