//! The life of a relay: from its listener to the orderly end.

use core::future::Future;
use core::net::SocketAddr;
use core::pin::pin;
use core::time::Duration;
use std::io;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::Config;
use crate::http::router;
use crate::session::{self, Stop};

/// Time for the farewell of every session, after those that could finish by themselves have.
/// What is left then is cut.
const FAREWELL_DEADLINE: Duration = Duration::from_secs(8);

/// Why the relay does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The listener is reachable from other machines.
    #[error(
        "will not listen on {0}: without tickets or an identity header anyone who reaches that \
         address could use the relay; listen on a loopback address such as 127.0.0.1 and put a \
         proxy that knows its users in front"
    )]
    UserNotLoopback(SocketAddr),
    /// The listener broke.
    #[error("listener broke")]
    LocalListener(#[source] io::Error),
}

/// Serves until `shutdown` is ready. Then it accepts nothing more, tells each client that it stops,
/// gives sessions the drain time ([`Deadlines::drain`](crate::Deadlines::drain)) to finish, ends
/// the others with *going away*, and returns when all are gone.
///
/// # Errors
///
/// - [`ServeError::UserNotLoopback`] at once, where other machines could reach `listener`.
/// - [`ServeError::LocalListener`] when it breaks.
///
/// # Cancel safety
///
/// A dropped call stops to accept and tells the open sessions to go, without waiting for them.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(ServeError::LocalListener)?;
    if !address.ip().is_loopback() {
        return Err(ServeError::UserNotLoopback(address));
    }
    let drain = config.deadlines.drain.0;
    let (stop, stopping) = watch::channel(Stop::Serving);
    let listener = listener.tap_io(|stream| {
        // Without it everything works, later.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, router(config, stopping.clone()))
        .with_graceful_shutdown(session::draining(stopping));
    let mut server = pin!(server.into_future());
    tokio::select! {
        ended = &mut server => return ended.map_err(ServeError::LocalListener),
        () = shutdown => {}
    }
    stop.send_replace(Stop::Draining(drain));
    let mut drained = pin!(async {
        let ended = server.await;
        stop.closed().await;
        ended
    });
    if let Ok(ended) = timeout(drain, &mut drained).await {
        return ended.map_err(ServeError::LocalListener);
    }
    stop.send_replace(Stop::Over);
    let Ok(ended) = timeout(FAREWELL_DEADLINE, drained).await else {
        tracing::info!("some sessions did not end in time and are cut");
        return Ok(());
    };
    ended.map_err(ServeError::LocalListener)
}
