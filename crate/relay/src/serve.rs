//! The life of a relay: from its listener to the orderly end.

use core::future::Future;
use core::net::SocketAddr;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::access::Access;
use crate::config::{Config, ConfigError};
use crate::http::{self, Shared};
use crate::issuer::{Issuer, IssuerError};
use crate::listen::{Door, listen};
use crate::session::Stop;
use crate::ticket::KeyError;
use crate::tls::{Tls, TlsError};

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
    /// Settings do not fit together.
    #[error(transparent)]
    UserSettings(#[from] ConfigError),
    /// The keys of tickets cannot be used.
    #[error(transparent)]
    UserKeys(#[from] KeyError),
    /// The issuer of certificates cannot be used.
    #[error(transparent)]
    UserIssuer(#[from] IssuerError),
    /// Certificate or key cannot be used.
    #[error(transparent)]
    UserTls(#[from] TlsError),
    /// The listener is none.
    #[error("listener broke")]
    LocalListener(#[source] io::Error),
    /// There is no listener for metrics.
    #[error("cannot listen on {address} for metrics")]
    LocalMetrics {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// Says whether a relay with these settings would start: whether they fit together, and whether
/// the files that they name can be used. It does not try to listen.
///
/// # Errors
///
/// The `User…` of [`ServeError`].
pub fn check(config: &Config) -> Result<(), ServeError> {
    config.check()?;
    config.check_exposure(config.listen)?;
    Access::new(config)?;
    config.certificates.as_ref().map(Issuer::new).transpose()?;
    config.tls.clone().map(Tls::new).transpose()?;
    Ok(())
}

/// Serves until `shutdown` is ready. Then it accepts nothing more, tells each client that it stops,
/// gives sessions the drain time ([`Deadlines::drain`](crate::Deadlines::drain)) to finish, ends
/// the others with *going away*, and returns when all are gone.
///
/// # Errors
///
/// - [`ServeError::UserNotLoopback`] at once, where other machines could reach `listener`.
/// - Another `User…` at once, where the settings or a file that they name cannot be used.
/// - [`ServeError::LocalListener`], [`ServeError::LocalMetrics`] where there is no address to listen
///   on.
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
    config.check()?;
    config.check_exposure(address)?;
    let drain = config.deadlines.drain.0;
    let (stop, stopping) = watch::channel(Stop::Serving);
    let access = Arc::new(Access::new(&config)?);
    let tls = config.tls.clone().map(Tls::new).transpose()?.map(Arc::new);
    let issuer = config.certificates.as_ref().map(Issuer::new).transpose()?;
    let shared = Shared::new(&config, Arc::clone(&access), issuer, stopping.clone());
    let deadline = config.deadlines.handshake.0;
    if let Some(address) = config.metrics {
        let inner = Door {
            router: http::numbers(Arc::clone(&shared)),
            access: Arc::clone(&access),
            tls: None,
            deadline,
        };
        let bound = TcpListener::bind(address).await;
        let bound = bound.map_err(|source| ServeError::LocalMetrics { address, source })?;
        tokio::spawn(listen(bound, Arc::new(inner), stopping.clone()));
    }
    if let Some(tls) = &tls {
        tokio::spawn(Arc::clone(tls).keep_fresh(stopping.clone()));
    }
    let door = Door {
        router: http::router(config, shared),
        access,
        tls,
        deadline,
    };
    // Whatever comes first; what is left holds no receiver, so that the end can be awaited.
    tokio::select! {
        () = listen(listener, Arc::new(door), stopping) => {}
        () = shutdown => {}
    }
    end(&stop, drain).await;
    Ok(())
}

/// Waits until all sessions and connections are gone, and sees to it.
async fn end(stop: &watch::Sender<Stop>, drain: Duration) {
    stop.send_replace(Stop::Draining(drain));
    if timeout(drain, stop.closed()).await.is_ok() {
        return;
    }
    stop.send_replace(Stop::Over);
    if timeout(FAREWELL_DEADLINE, stop.closed()).await.is_err() {
        tracing::info!("some sessions did not end in time and are cut");
    }
}
