//! Tasks on tokio, or on the browser's event loop.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use tokio::sync::oneshot;

#[cfg(not(target_arch = "wasm32"))]
use tokio::spawn as start;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_futures::spawn_local as start;

/// The task was dropped before it finished: it panicked, or its runtime ended.
#[derive(Debug)]
pub struct JoinError;

impl fmt::Display for JoinError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("task ended without a result")
    }
}

impl core::error::Error for JoinError {}

/// Resolves to a task's result. Dropping it lets the task run on.
#[derive(Debug)]
pub struct JoinHandle<T: Send> {
    result: oneshot::Receiver<T>,
}

/// Runs `future` in the background.
pub fn spawn<F, T>(future: F) -> JoinHandle<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let (sender, result) = oneshot::channel();
    start(async move {
        // Without a handle nobody wants the result.
        let _ = sender.send(future.await);
    });
    JoinHandle { result }
}

impl<T: Send> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.result).poll(context));
        Poll::Ready(result.map_err(|_| JoinError))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    }

    #[test]
    fn a_task_hands_over_its_result() {
        runtime().block_on(async {
            assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
        });
    }

    #[test]
    fn a_task_that_dies_is_an_error_and_not_a_wait_for_ever() {
        runtime().block_on(async {
            let task = spawn(async { panic!("on purpose") });
            let result: Result<(), JoinError> = task.await;
            assert!(result.is_err());
        });
    }
}
