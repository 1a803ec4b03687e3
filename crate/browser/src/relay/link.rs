//! The handle of a running link.

use core::cell::RefCell;
use core::fmt;
use core::time::Duration;
use std::rc::Rc;

use tokio::sync::Notify;
use transom_wire::{CloseReason, Notice};

use crate::task::{TaskGuard, spawn};

/// Why a link ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The relay said so.
    Closed {
        /// Why.
        reason: CloseReason,
        /// Its words for a person. Untrusted.
        detail: String,
    },
    /// The WebSocket broke, and nothing can resume it.
    Lost,
    /// The WebSocket broke, and the relay no longer has the session.
    Expired,
    /// The relay broke its protocol.
    Misbehaved,
}

/// What happens to a link while it lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// The WebSocket broke. The relay holds the session; what is sent waits here.
    Held {
        /// Attempts to come back so far.
        attempts: u32,
        /// When the relay gives the session up, on the clock of [`monotonic`](crate::monotonic),
        /// as far as can be known here.
        until: Duration,
    },
    /// The session goes on, and nothing is lost.
    Resumed,
    /// The relay announces something. Its words are untrusted.
    Notice(Notice),
}

/// Told what happens to a link; must return at once.
#[derive(Clone)]
pub struct LinkObserver(Rc<dyn Fn(LinkEvent)>);

impl LinkObserver {
    /// Wraps a function.
    pub fn new(observe: impl Fn(LinkEvent) + 'static) -> Self {
        Self(Rc::new(observe))
    }

    pub(super) fn tell(&self, event: LinkEvent) {
        (self.0)(event);
    }
}

impl fmt::Debug for LinkObserver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkObserver(..)")
    }
}

/// A running link. Dropping it ends the session and closes the socket at once.
#[derive(Debug)]
pub struct RelayLink {
    shared: Rc<Shared>,
    _task: TaskGuard,
}

/// Tells a link that the network may have changed.
#[derive(Clone, Debug)]
pub struct LinkNudger(Rc<Shared>);

impl LinkNudger {
    /// The page woke up, or came back to the front: a link that stands is asked whether it lives,
    /// a broken one is tried again at once.
    pub fn nudge(&self) {
        self.0.nudge.notify_one();
    }
}

/// What the handle and the task share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    end: RefCell<Option<LinkEnd>>,
    ended: Notify,
    /// Somebody says that the network may have changed.
    pub(super) nudge: Notify,
}

impl RelayLink {
    /// Starts the task that carries bytes.
    pub(super) fn start<T: Future<Output = LinkEnd> + 'static>(
        carry: impl FnOnce(Rc<Shared>) -> T,
    ) -> Self {
        let shared = Rc::new(Shared::default());
        let carrying = carry(Rc::clone(&shared));
        let told = Rc::clone(&shared);
        let task = spawn(async move {
            let end = carrying.await;
            *told.end.borrow_mut() = Some(end);
            told.ended.notify_waiters();
        });
        Self {
            shared,
            _task: task,
        }
    }

    /// Why the link ended; `None` while it runs.
    pub fn end(&self) -> Option<LinkEnd> {
        self.shared.end.borrow().clone()
    }

    /// Waits until the link ends.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changes nothing.
    pub async fn ended(&self) -> LinkEnd {
        loop {
            let ended = self.shared.ended.notified();
            if let Some(end) = self.end() {
                return end;
            }
            ended.await;
        }
    }

    /// A handle for whoever hears that the network may have changed.
    pub fn nudger(&self) -> LinkNudger {
        LinkNudger(Rc::clone(&self.shared))
    }
}
