//! Tasks that stop when their owner goes away.

use core::future::Future;

use futures::future::{AbortHandle, abortable};

/// Stops its task when dropped.
#[derive(Debug)]
#[must_use = "a dropped guard stops its task at once"]
pub struct TaskGuard(AbortHandle);

/// Runs `task` on the browser's event loop until it ends or the guard is dropped.
///
/// # Cancel safety
///
/// Dropping the guard drops the future at its next suspension; it never runs again.
pub fn spawn(task: impl Future<Output = ()> + 'static) -> TaskGuard {
    let (task, handle) = abortable(task);
    wasm_bindgen_futures::spawn_local(async move {
        // Aborted is how most tasks end.
        let _ = task.await;
    });
    TaskGuard(handle)
}

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}
