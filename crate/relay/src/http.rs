//! What is answered to requests: routes, and who may pass to a session.

mod certificate;

use core::time::Duration;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use serde::Deserialize;
use tokio::sync::watch;
use transom_wire::{CERTIFICATE_PATH, MAX_FRAME_BYTES, PLAIN_SUBPROTOCOL, SUBPROTOCOL};

use crate::access::{Access, Caller};
use crate::config::{Config, Plain};
use crate::issuer::Issuer;
use crate::listen::Arrival;
use crate::metrics::Now;
use crate::policy::Target;
use crate::session::{self, HeldLimits, Registry, Session, Stop};
use crate::site;
use crate::socket::Upgrade;

/// An answer to a request that may not pass.
type Refused = (StatusCode, String);

/// What all requests share.
pub(crate) struct Shared {
    access: Arc<Access>,
    issuer: Option<Issuer>,
    plain: Plain,
    registry: Arc<Registry>,
    grace: Duration,
    first_frame: Duration,
    stopping: watch::Receiver<Stop>,
}

impl Shared {
    pub(crate) fn new(
        config: &Config,
        access: Arc<Access>,
        issuer: Option<Issuer>,
        stopping: watch::Receiver<Stop>,
    ) -> Arc<Self> {
        Arc::new(Self {
            access,
            issuer,
            plain: config.plain.clone(),
            registry: Registry::new(HeldLimits {
                sessions: config.resume.held,
                bytes: config.resume.held_bytes,
            }),
            grace: config.resume.grace.0,
            first_frame: config.deadlines.first_frame.0,
            stopping,
        })
    }

    fn session(&self, caller: Caller) -> Session {
        Session {
            access: Arc::clone(&self.access),
            caller,
            registry: Arc::clone(&self.registry),
            grace: self.grace,
            first_frame: self.first_frame,
            stopping: self.stopping.clone(),
        }
    }

    fn caller(&self, arrival: Arrival, headers: &HeaderMap) -> Result<Caller, Refused> {
        let caller = self
            .access
            .caller(arrival.peer.ip(), arrival.entry, headers);
        caller.map_err(|refusal| (StatusCode::FORBIDDEN, refusal.to_string()))
    }
}

/// All routes of the relay.
pub(crate) fn router(config: Config, shared: Arc<Shared>) -> Router {
    let mut router = Router::new()
        .route("/relay", get(relay))
        .route(
            CERTIFICATE_PATH,
            get(certificate::offered).post(certificate::ask),
        )
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz));
    if shared.plain != Plain::Off {
        router = router.route("/plain", get(plain));
    }
    let router = router.with_state(shared);
    let router = match config.site {
        Some(folder) => router.fallback_service(site::files(folder)),
        #[cfg(feature = "page")]
        None => router.fallback_service(site::inside()),
        #[cfg(not(feature = "page"))]
        None => router,
    };
    let policy = site::content_policy(&config.other_relays);
    router.layer(from_fn_with_state(policy, site::headers))
}

/// The routes of the address for metrics.
pub(crate) fn numbers(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .with_state(shared)
}

/// Whether new sessions begin.
async fn readyz(State(shared): State<Arc<Shared>>) -> (StatusCode, &'static str) {
    if *shared.stopping.borrow() == Stop::Serving {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the relay stops\n")
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let (sessions, connections) = shared.access.taken();
    let now = Now {
        sessions,
        connections,
        held: shared.registry.held(),
    };
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, shared.access.metrics.show(now)).into_response()
}

async fn relay(
    State(shared): State<Arc<Shared>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Response {
    let caller = match shared.caller(arrival, &headers) {
        Ok(caller) => caller,
        Err(refused) => return refused.into_response(),
    };
    if !upgrade.offers(SUBPROTOCOL) {
        let text = format!("the WebSocket must offer the subprotocol {SUBPROTOCOL}\n");
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let session = shared.session(caller);
    upgrade.accept(SUBPROTOCOL, MAX_FRAME_BYTES, |socket| {
        session::framed(socket, session)
    })
}

/// The query of `/plain`.
#[derive(Deserialize)]
struct PlainQuery {
    target: Option<String>,
}

async fn plain(
    State(shared): State<Arc<Shared>>,
    Extension(arrival): Extension<Arrival>,
    Query(query): Query<PlainQuery>,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Response {
    let caller = match shared.caller(arrival, &headers) {
        Ok(caller) => caller,
        Err(refused) => return refused.into_response(),
    };
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
    let session = shared.session(caller);
    upgrade.accept(PLAIN_SUBPROTOCOL, MAX_FRAME_BYTES, |socket| {
        session::plain(socket, session, target)
    })
}
