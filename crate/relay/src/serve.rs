//! The HTTP side: routes, admission and the orderly end.

use core::future::Future;
use core::net::SocketAddr;
use core::pin::pin;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use transom_wire::{MAX_FRAME_BYTES, PLAIN_SUBPROTOCOL, SUBPROTOCOL};

use crate::config::{Config, Plain};
use crate::gate::Gate;
use crate::policy::{Policy, Target};
use crate::session::{self, Session};
use crate::site;

/// Time in which sessions may end after the shutdown began. It covers the farewell of each;
/// what is left then is cut.
const DRAIN_DEADLINE: Duration = Duration::from_secs(8);

/// Bytes that a WebSocket reads at once, and collects before it writes. tungstenite's 128 KiB
/// each would make an idle session thirteen times as large.
const SOCKET_BUFFER_BYTES: usize = 16 * 1024;

/// Bytes that may wait in a WebSocket for a client that does not read: what is collected, one
/// frame, and small answers. Beyond it the session breaks; nothing here sends that much,
/// because a frame is handed over only after the last one has left.
const SOCKET_QUEUE_BYTES: usize = 4 * MAX_FRAME_BYTES;

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

/// What all requests share.
struct Shared {
    policy: Arc<Policy>,
    gate: Gate,
    plain: Plain,
    slots: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

/// Serves until `shutdown` is ready, then tells each session *going away* and returns when all
/// are gone, at most some seconds later.
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
    let (stop, stopping) = watch::channel(false);
    let listener = listener.tap_io(|stream| {
        // Without it everything works, later.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, router(config, stopping.clone()))
        .with_graceful_shutdown(session::stopped(stopping));
    let mut server = pin!(server.into_future());
    tokio::select! {
        ended = &mut server => return ended.map_err(ServeError::LocalListener),
        () = shutdown => {}
    }
    stop.send_replace(true);
    let drained = async {
        let ended = server.await;
        stop.closed().await;
        ended
    };
    let Ok(ended) = timeout(DRAIN_DEADLINE, drained).await else {
        tracing::info!("some sessions did not end in time and are cut");
        return Ok(());
    };
    ended.map_err(ServeError::LocalListener)
}

fn router(config: Config, stopping: watch::Receiver<bool>) -> Router {
    let shared = Shared {
        policy: Arc::new(config.policy),
        gate: Gate::new(config.origins, config.allow_no_origin),
        plain: config.plain,
        slots: Arc::new(Semaphore::new(
            config.max_sessions.min(Semaphore::MAX_PERMITS),
        )),
        stopping,
    };
    let mut router = Router::new()
        .route("/relay", get(relay))
        .route("/healthz", get(async || "ok\n"));
    if shared.plain != Plain::Off {
        router = router.route("/plain", get(plain));
    }
    let router = router.with_state(Arc::new(shared));
    let router = match config.site {
        Some(folder) => router.fallback_service(site::files(folder)),
        None => router,
    };
    let policy = site::content_policy(&config.other_relays);
    router.layer(from_fn_with_state(policy, site::headers))
}

async fn relay(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if let Err(refusal) = shared.gate.check(&headers) {
        return (StatusCode::FORBIDDEN, refusal.to_string()).into_response();
    }
    let upgrade = upgrade.protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        let text = format!("the WebSocket must offer the subprotocol {SUBPROTOCOL}\n");
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let session = shared.session();
    bounded(upgrade).on_upgrade(|socket| session::framed(socket, session))
}

/// The query of `/plain`.
#[derive(Deserialize)]
struct PlainQuery {
    target: Option<String>,
}

async fn plain(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<PlainQuery>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if let Err(refusal) = shared.gate.check(&headers) {
        return (StatusCode::FORBIDDEN, refusal.to_string()).into_response();
    }
    let target = match (&shared.plain, query.target) {
        (Plain::Fixed(target), _) => target.clone(),
        (_, Some(text)) => match text.parse::<Target>() {
            Ok(target) => target,
            Err(error) => {
                return (StatusCode::BAD_REQUEST, format!("target: {error}\n")).into_response();
            }
        },
        (_, None) => {
            let text = "the query must name target=host:port\n";
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    let session = shared.session();
    bounded(upgrade.protocols([PLAIN_SUBPROTOCOL]))
        .on_upgrade(|socket| session::plain(socket, session, target))
}

impl Shared {
    fn session(&self) -> Session {
        Session {
            policy: Arc::clone(&self.policy),
            slot: Arc::clone(&self.slots).try_acquire_owned().ok(),
            stopping: self.stopping.clone(),
        }
    }
}

fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(SOCKET_BUFFER_BYTES)
        .write_buffer_size(SOCKET_BUFFER_BYTES)
        .max_write_buffer_size(SOCKET_QUEUE_BYTES)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
}
