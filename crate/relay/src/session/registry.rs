//! Sessions that can be resumed, by their names.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use transom_wire::{Resume, SessionId, SessionSecret};

use crate::socket::Socket;

/// Clients that may wait for one session to look at them; each has proved the secret, so they
/// are attempts of the same one.
const NEWCOMERS: usize = 4;

/// Every session that can be resumed.
#[derive(Debug)]
pub(crate) struct Registry {
    limits: HeldLimits,
    state: Mutex<State>,
}

/// What sessions without a client may take up together. One beyond it ends with its connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeldLimits {
    pub(crate) sessions: usize,
    pub(crate) bytes: u64,
}

#[derive(Debug, Default)]
struct State {
    sessions: HashMap<SessionId, Entry>,
    held_sessions: usize,
    held_bytes: u64,
}

#[derive(Debug)]
struct Entry {
    secret: SessionSecret,
    door: Sender<Box<Newcomer>>,
}

/// A client that proved the secret of a session.
#[derive(Debug)]
pub(super) struct Newcomer {
    pub(super) socket: Socket,
    pub(super) resume: Resume,
}

/// A session's place in the registry; dropping it makes the session unknown.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) id: SessionId,
    newcomers: Receiver<Box<Newcomer>>,
    registry: Arc<Registry>,
}

/// Permission to stay without a client; dropping it gives the room back.
#[derive(Debug)]
pub(super) struct Held {
    bytes: u64,
    registry: Arc<Registry>,
}

impl Registry {
    pub(crate) fn new(limits: HeldLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            state: Mutex::default(),
        })
    }

    /// Makes a session known.
    pub(super) fn register(self: &Arc<Self>, id: SessionId, secret: SessionSecret) -> Seat {
        let (door, newcomers) = channel(NEWCOMERS);
        self.lock().sessions.insert(id, Entry { secret, door });
        Seat {
            id,
            newcomers,
            registry: Arc::clone(self),
        }
    }

    /// Hands a client to its session; gives it back where there is no such session.
    ///
    /// # Security
    ///
    /// Whether the name or the secret is wrong cannot be told from outside: the answer is the
    /// same, and secrets are compared in constant time.
    pub(super) async fn hand_over(&self, newcomer: Box<Newcomer>) -> Result<(), Box<Newcomer>> {
        let door = {
            let state = self.lock();
            let entry = state.sessions.get(&newcomer.resume.session);
            entry
                .filter(|entry| entry.secret == newcomer.resume.secret)
                .map(|entry| entry.door.clone())
        };
        match door {
            Some(door) => door.send(newcomer).await.map_err(|unsent| unsent.0),
            None => Err(newcomer),
        }
    }

    /// Asks for room to stay without a client while `bytes` are kept; `None` where there is none.
    pub(super) fn hold(self: &Arc<Self>, bytes: u64) -> Option<Held> {
        let mut state = self.lock();
        let held_bytes = state.held_bytes.saturating_add(bytes);
        if state.held_sessions >= self.limits.sessions || held_bytes > self.limits.bytes {
            return None;
        }
        state.held_sessions += 1;
        state.held_bytes = held_bytes;
        Some(Held {
            bytes,
            registry: Arc::clone(self),
        })
    }

    /// Sessions that stay without a client.
    pub(crate) fn held(&self) -> usize {
        self.lock().held_sessions
    }

    /// No code panics while it holds the lock, so a poisoned one is still sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Waits for a client that wants the session.
    ///
    /// # Cancel safety
    ///
    /// No client is lost.
    pub(super) async fn newcomer(&mut self) -> Box<Newcomer> {
        match self.newcomers.recv().await {
            Some(newcomer) => newcomer,
            // The registry holds the other end for as long as this one lives.
            None => core::future::pending().await,
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.registry.lock().sessions.remove(&self.id);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.registry.lock();
        state.held_sessions = state.held_sessions.saturating_sub(1);
        state.held_bytes = state.held_bytes.saturating_sub(self.bytes);
    }
}
