//! Time as a port: the browser, native tests and tests that own time bring their own clock.

use core::time::Duration;

use futures::future::BoxFuture;

/// Monotonic time.
pub trait Clock: Send + Sync + 'static {
    /// Time since any fixed moment. It never steps back.
    fn now(&self) -> Duration;

    /// Waits for at least `duration`. Dropping the wait ends it.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}
