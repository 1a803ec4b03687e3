//! A set of keys at an address, fetched when it is needed and kept for a while.

use core::time::Duration;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::key::{KeyError, KeyRing};
use crate::fetch::{Bounds, Fetcher};

/// Time between two attempts, at least: tickets that name unknown keys cost nothing but their
/// sender, so they must not make the relay ask for each of them.
const COOLDOWN: Duration = Duration::from_secs(10);

/// Keys that cannot be refreshed are used for so long: a night's outage of whoever publishes
/// them, but no longer, because a key may have been withdrawn.
const MAX_AGE: Duration = Duration::from_hours(24);

/// What fetching a set may take. A client that waits for its session waits for this too, and one key
/// has less than 1 KiB.
const BOUNDS: Bounds = Bounds {
    deadline: Duration::from_secs(5),
    max_bytes: 256 * 1024,
};

/// Keys at an address.
#[derive(Debug)]
pub(super) struct Remote {
    fetcher: Fetcher,
    refresh: Duration,
    cached: RwLock<Cached>,
    /// When the last attempt was; held while one runs.
    attempt: Mutex<Option<Instant>>,
}

#[derive(Clone, Debug, Default)]
struct Cached {
    ring: Arc<KeyRing>,
    fetched: Option<Instant>,
}

impl Remote {
    pub(super) fn new(url: String, refresh: Duration) -> Result<Self, KeyError> {
        Ok(Self {
            fetcher: Fetcher::new(url)?,
            refresh,
            cached: RwLock::default(),
            attempt: Mutex::default(),
        })
    }

    /// The keys, fetched anew where they are old or lack `kid`.
    pub(super) async fn ring(&self, kid: Option<&str>) -> Arc<KeyRing> {
        let cached = self.cached();
        if self.is_fresh(&cached) && cached.ring.knows(kid) {
            return cached.ring;
        }
        let mut attempt = self.attempt.lock().await;
        // Somebody else may have fetched meanwhile.
        let cached = self.cached();
        let satisfied = self.is_fresh(&cached) && cached.ring.knows(kid);
        if satisfied || attempt.is_some_and(|last| last.elapsed() < COOLDOWN) {
            return self.usable();
        }
        *attempt = Some(Instant::now());
        self.fetch().await;
        self.usable()
    }

    async fn fetch(&self) {
        match self.ask().await {
            Ok(ring) => {
                let fresh = Cached {
                    ring: Arc::new(ring),
                    fetched: Some(Instant::now()),
                };
                *self.cached.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            Err(reason) => {
                tracing::warn!(
                    url = self.fetcher.url(),
                    reason,
                    "cannot fetch the ticket keys"
                );
            }
        }
    }

    /// Asks once. The error is for the log.
    async fn ask(&self) -> Result<KeyRing, String> {
        let request = self.fetcher.request(Method::GET);
        let request = request.header(header::ACCEPT, "application/json");
        let request = request.body(Body::empty()).map_err(|_| "no request")?;
        let answer = self.fetcher.send(request, BOUNDS).await;
        let answer = answer.map_err(|error| error.to_string())?;
        if answer.status() != StatusCode::OK {
            return Err("another status than 200".to_owned());
        }
        let text = str::from_utf8(answer.body()).map_err(|_| "an answer that is no text")?;
        let ring = KeyRing::from_set(text, false);
        ring.ok_or_else(|| "no usable key".to_owned())
    }

    fn cached(&self) -> Cached {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached.clone()
    }

    fn is_fresh(&self, cached: &Cached) -> bool {
        cached.fetched.is_some_and(|at| at.elapsed() < self.refresh)
    }

    /// What is there, unless it is too old.
    fn usable(&self) -> Arc<KeyRing> {
        let cached = self.cached();
        match cached.fetched {
            Some(at) if at.elapsed() < MAX_AGE => cached.ring,
            _ => Arc::default(),
        }
    }
}
