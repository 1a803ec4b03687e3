//! Tasks and the clock.

use core::time::Duration;

use russh_util::runtime::spawn;
use russh_util::time::Instant;
use tokio::sync::oneshot;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_task_runs_beside_and_hands_over_its_result() {
    let (sender, receiver) = oneshot::channel();
    let task = spawn(async { receiver.await.unwrap() * 2 });
    sender.send(21).unwrap();
    assert_eq!(task.await.unwrap(), 42);
}

#[wasm_bindgen_test]
fn the_clock_never_steps_back_and_never_panics() {
    let mut last = Instant::now();
    for _ in 0..10_000 {
        let now = Instant::now();
        assert_eq!(
            last.duration_since(now)
                .saturating_sub(now.duration_since(last)),
            Duration::ZERO
        );
        last = now;
    }
}
