//! Accepts connections and ends them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::server::{Config, run_stream};
use russh::{Disconnect, MethodKind, MethodSet};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::account::Account;
use crate::host_key::HostKey;
use crate::listener::Loopback;
use crate::password::Password;
use crate::session::Session;

/// Connections at a time. Further ones wait in the listener's queue.
const MAX_CONNECTIONS: usize = 64;

/// Refused log-ins before a connection is ended: the probe with `none` and six tries, as many as
/// OpenSSH allows (sshd_config(5), `MaxAuthTries`).
const MAX_REFUSALS: usize = 7;

/// How long a refusal takes at least, so that guessing is slow.
const REFUSAL: Duration = Duration::from_millis(500);

/// How long a client may take to log in (sshd_config(5), `LoginGraceTime`).
const LOGIN_GRACE: Duration = Duration::from_mins(2);

/// How long connections may take to end when the server does.
const DRAIN: Duration = Duration::from_secs(3);

/// Pause after a connection could not be accepted, for example because no file is left to open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A client that answers nothing for three of these is gone.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Who may log in, and with what.
#[derive(Debug)]
pub struct Demo {
    /// The only account.
    pub account: Account,
    /// Its password.
    pub password: Password,
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) demo: Demo,
    /// Cancelled when the server ends.
    pub(crate) stop: CancellationToken,
    /// Connections and programs.
    pub(crate) tasks: TaskTracker,
}

/// Serves until `shutdown` resolves, then ends every connection and hangs up every program.
///
/// # Cancel safety
///
/// Dropping it stops accepting and hangs up; programs may then outlive it for a moment.
///
/// # Errors
///
/// None yet: a connection that fails ends alone.
pub async fn serve(
    listener: Loopback,
    host_key: &HostKey,
    demo: Demo,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let stop = CancellationToken::new();
    let _stop_when_dropped = stop.clone().drop_guard();
    let tasks = TaskTracker::new();
    let shared = Arc::new(Shared {
        demo,
        stop: stop.clone(),
        tasks: tasks.clone(),
    });
    let config = Arc::new(config(host_key));
    tokio::select! {
        () = accept(&listener, &config, &shared) => {}
        () = shutdown => {}
    }
    drop(listener);
    stop.cancel();
    tasks.close();
    if tokio::time::timeout(DRAIN, tasks.wait()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
    Ok(())
}

async fn accept(listener: &Loopback, config: &Arc<Config>, shared: &Arc<Shared>) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let (config, shared) = (Arc::clone(config), Arc::clone(shared));
                let tasks = shared.tasks.clone();
                tasks.spawn(async move {
                    if let Err(error) = converse(stream, peer, config, shared).await {
                        tracing::debug!(%error, "connection ended");
                    }
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "connection not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Speaks SSH with one client until it goes, the time to log in is over, or the server ends.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    config: Arc<Config>,
    shared: Arc<Shared>,
) -> Result<(), russh::Error> {
    stream.set_nodelay(true)?;
    let stop = shared.stop.clone();
    let authenticated = CancellationToken::new();
    let session = Session::new(shared, peer, authenticated.clone());
    let greeted = tokio::time::timeout(LOGIN_GRACE, run_stream(config, stream, session));
    let running = tokio::select! {
        greeted = greeted => greeted.map_err(|_| russh::Error::ConnectionTimeout)??,
        () = stop.cancelled() => return Ok(()),
    };
    let handle = running.handle();
    let late = async {
        if tokio::time::timeout(LOGIN_GRACE, authenticated.cancelled())
            .await
            .is_ok()
        {
            std::future::pending::<()>().await;
        }
    };
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return ended,
        () = late => {}
        () = stop.cancelled() => {}
    }
    let reason = "the demo server ends this connection".to_owned();
    handle
        .disconnect(Disconnect::ByApplication, reason, String::new())
        .await?;
    running.await
}

fn config(host_key: &HostKey) -> Config {
    Config {
        methods: methods(),
        auth_rejection_time: REFUSAL,
        // The probe with `none` guesses nothing.
        auth_rejection_time_initial: Some(Duration::ZERO),
        max_auth_attempts: MAX_REFUSALS,
        keys: vec![host_key.to_private_key()],
        inactivity_timeout: None,
        keepalive_interval: Some(KEEPALIVE),
        ..Config::default()
    }
}

/// What may be tried, also after a refusal.
pub(crate) fn methods() -> MethodSet {
    MethodSet::from([MethodKind::Password, MethodKind::KeyboardInteractive].as_slice())
}
