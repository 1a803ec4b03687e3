//! Time as a port: the browser, native tests and tests that own time bring their own clock.

use core::time::Duration;
use std::sync::Arc;

pub use futures::future::BoxFuture;

/// Monotonic time.
pub trait Clock: Send + Sync + 'static {
    /// Time since any fixed moment. It never steps back.
    fn now(&self) -> Duration;

    /// Waits for at least `duration`. Dropping the wait ends it.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Runs `work` for at most `limit`; `None` if it did not end in time, and then it is dropped.
pub(crate) async fn within<T>(
    clock: &Arc<dyn Clock>,
    limit: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let expired = clock.sleep(limit);
    tokio::select! {
        biased;
        done = work => Some(done),
        () = expired => None,
    }
}
