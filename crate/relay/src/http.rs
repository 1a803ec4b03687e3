//! What is answered to requests: routes, and who may pass to a session.

use core::time::Duration;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio::sync::{Semaphore, watch};
use transom_wire::{MAX_FRAME_BYTES, PLAIN_SUBPROTOCOL, SUBPROTOCOL};

use crate::config::{Config, Plain};
use crate::gate::Gate;
use crate::policy::{Policy, Target};
use crate::session::{self, HeldLimits, Registry, Session, Stop};
use crate::site;

/// Bytes that a WebSocket reads at once, and collects before it writes. tungstenite's 128 KiB
/// each would make an idle session thirteen times as large.
const SOCKET_BUFFER_BYTES: usize = 16 * 1024;

/// Bytes that may wait in a WebSocket for a client that does not read: what is collected, one
/// frame, and small answers. Beyond it the session breaks; nothing here sends that much,
/// because a frame is handed over only after the last one has left.
const SOCKET_QUEUE_BYTES: usize = 4 * MAX_FRAME_BYTES;

/// What all requests share.
struct Shared {
    policy: Arc<Policy>,
    gate: Gate,
    plain: Plain,
    slots: Arc<Semaphore>,
    registry: Arc<Registry>,
    grace: Duration,
    stopping: watch::Receiver<Stop>,
}

/// All routes of the relay.
pub(crate) fn router(config: Config, stopping: watch::Receiver<Stop>) -> Router {
    let shared = Shared {
        policy: Arc::new(config.policy),
        gate: Gate::new(config.origins, config.allow_no_origin),
        plain: config.plain,
        slots: Arc::new(Semaphore::new(
            config.limits.sessions.min(Semaphore::MAX_PERMITS),
        )),
        registry: Registry::new(HeldLimits {
            sessions: config.resume.held,
            bytes: config.resume.held_bytes,
        }),
        grace: config.resume.grace.0,
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
            registry: Arc::clone(&self.registry),
            grace: self.grace,
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
