//! What the session's loop, the channels and the handles of one connection share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use russh::ChannelId;
use tokio::sync::watch;
use transom_keys::PublicKey;

use crate::display::display_safe;
use crate::incoming::Doors;
use crate::link::LinkState;
use crate::options::{Deadlines, KeepAlive, Options};
use crate::spool::Spool;
use crate::trust::HostKeyVerified;
use crate::{Clock, CloseCause};

/// Bytes of banner text that are kept, all banners together.
const BANNER_BYTES: usize = 64 * 1024;

/// What two sides agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// The server's identification, safe to show: `SSH-2.0-OpenSSH_9.2p1 …`.
    pub server: String,
    /// Key exchange method.
    pub kex: String,
    /// Cipher, both ways.
    pub cipher: String,
    /// MAC; empty where the cipher authenticates by itself.
    pub mac: String,
    /// The host key that was accepted.
    pub host_key: PublicKey,
    /// Whether weak algorithms were allowed ([`crate::Options::legacy`]).
    pub legacy: bool,
}

/// Names of the algorithms; the host key is known earlier and apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) kex: String,
    pub(crate) cipher: String,
    pub(crate) mac: String,
}

/// State of one connection.
pub(crate) struct Shared {
    pub(crate) link: Arc<LinkState>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) deadlines: Deadlines,
    pub(crate) keep_alive: KeepAlive,
    /// Of each channel.
    pub(crate) window_bytes: u32,
    pub(crate) doors: Doors,
    closed: watch::Sender<Option<CloseCause>>,
    /// The keys that the server says it has.
    announced: watch::Sender<Option<Vec<PublicKey>>>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    spools: HashMap<ChannelId, Arc<Spool>>,
    names: Names,
    /// The key that the server showed.
    offered: Option<PublicKey>,
    proof: Option<HostKeyVerified>,
    banner: String,
    ending: bool,
}

impl Shared {
    pub(crate) fn new(link: Arc<LinkState>, clock: Arc<dyn Clock>, options: &Options) -> Arc<Self> {
        Arc::new(Self {
            link,
            clock,
            deadlines: options.deadlines,
            keep_alive: options.keep_alive,
            window_bytes: options.window_bytes,
            doors: Doors::default(),
            closed: watch::Sender::new(None),
            announced: watch::Sender::new(None),
            inner: Mutex::default(),
        })
    }

    // Host key.

    pub(crate) fn set_offered(&self, key: PublicKey) {
        lock(&self.inner).offered = Some(key);
    }

    pub(crate) fn offered(&self) -> Option<PublicKey> {
        lock(&self.inner).offered.clone()
    }

    pub(crate) fn set_announced(&self, keys: Vec<PublicKey>) {
        self.announced.send_replace(Some(keys));
    }

    /// Waits until the server has said which keys it has.
    pub(crate) async fn announced(&self) -> Vec<PublicKey> {
        let mut announced = self.announced.subscribe();
        // The sender lives as long as `self`, so the wait cannot fail.
        match announced.wait_for(Option::is_some).await {
            Ok(keys) => keys.clone().unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }

    pub(crate) fn set_proof(&self, proof: HostKeyVerified) {
        lock(&self.inner).proof = Some(proof);
    }

    pub(crate) fn take_proof(&self) -> Option<HostKeyVerified> {
        lock(&self.inner).proof.take()
    }

    pub(crate) fn set_names(&self, names: Names) {
        lock(&self.inner).names = names;
    }

    pub(crate) fn names(&self) -> Names {
        lock(&self.inner).names.clone()
    }

    // Banner.

    pub(crate) fn add_banner(&self, text: &str) {
        let mut inner = lock(&self.inner);
        let room = BANNER_BYTES.saturating_sub(inner.banner.len());
        inner.banner.push_str(&display_safe(text, room));
    }

    pub(crate) fn banner(&self) -> String {
        lock(&self.inner).banner.clone()
    }

    // Channels.

    /// Makes the spool of a channel that the server confirmed.
    pub(crate) fn add_channel(&self, id: ChannelId) {
        let spool = Spool::new(Arc::clone(&self.link));
        lock(&self.inner).spools.insert(id, spool);
    }

    pub(crate) fn spool(&self, id: ChannelId) -> Option<Arc<Spool>> {
        lock(&self.inner).spools.get(&id).cloned()
    }

    /// Forgets a channel that is closed.
    pub(crate) fn remove_channel(&self, id: ChannelId) {
        let spool = lock(&self.inner).spools.remove(&id);
        if let Some(spool) = spool {
            spool.set_closed();
        }
    }

    // End.

    /// Notes that the end, when it comes, was our wish.
    pub(crate) fn end_is_ours(&self) {
        lock(&self.inner).ending = true;
    }

    /// Marks the connection as closed. The first cause stays.
    pub(crate) fn close(&self, cause: CloseCause) {
        let spools: Vec<_> = {
            let mut inner = lock(&self.inner);
            let cause = if inner.ending {
                CloseCause::Ours
            } else {
                cause
            };
            self.closed.send_if_modified(|closed| {
                let is_first = closed.is_none();
                closed.get_or_insert(cause);
                is_first
            });
            inner.spools.drain().map(|(_, spool)| spool).collect()
        };
        for spool in spools {
            spool.set_closed();
        }
    }

    pub(crate) fn close_cause(&self) -> Option<CloseCause> {
        self.closed.borrow().clone()
    }

    /// Waits for the end.
    pub(crate) async fn closed(&self) -> CloseCause {
        let mut closed = self.closed.subscribe();
        // The sender lives as long as `self`, so the wait cannot fail; if it could, the
        // connection would be gone.
        match closed.wait_for(Option::is_some).await {
            Ok(cause) => cause.clone().unwrap_or(CloseCause::Ours),
            Err(_) => CloseCause::Ours,
        }
    }
}

/// Locks a mutex whose holders never panic while they change it halfway.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
