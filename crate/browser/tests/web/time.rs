//! Monotonic time and timers.

use core::time::Duration;

use transom_browser::{monotonic, sleep};
use wasm_bindgen_test::wasm_bindgen_test;

fn send<T: Send>(value: T) -> T {
    value
}

#[wasm_bindgen_test]
async fn a_timer_waits_at_least_as_long_as_asked() {
    let before = monotonic();
    send(sleep(Duration::from_millis(20))).await;
    assert!(monotonic() >= before + Duration::from_millis(19));
}
