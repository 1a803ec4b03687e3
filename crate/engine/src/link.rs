//! How the way to the relay is, for the pages and for the session.

use core::cell::{Cell, RefCell};
use core::time::Duration;

use tokio::sync::Notify;
use transom_browser::{LinkEvent, LinkNudger, monotonic};
use transom_protocol::{Event, LinkState, RelayNotice};
use transom_wire::NoticeKind;

/// How the way to the relay is.
#[derive(Debug, Default)]
pub(crate) struct Link {
    held: Cell<Option<Hold>>,
    changed: Notify,
    nudger: RefCell<Option<LinkNudger>>,
}

/// The relay holds the session.
#[derive(Clone, Copy, Debug)]
struct Hold {
    attempts: u32,
    until: Duration,
    typed_bytes: u32,
}

impl Link {
    /// Begins with a link that stands.
    pub(crate) fn begin(&self, nudger: LinkNudger) {
        self.nudger.replace(Some(nudger));
        self.set(None);
    }

    /// Notes that there is none any more.
    pub(crate) fn end(&self) {
        self.nudger.replace(None);
        self.set(None);
    }

    /// Takes in what happened; says what the pages are to be told.
    pub(crate) fn on(&self, event: LinkEvent) -> Option<Event> {
        match event {
            LinkEvent::Held { attempts, until } => {
                let typed_bytes = self.held.get().map_or(0, |hold| hold.typed_bytes);
                self.set(Some(Hold {
                    attempts,
                    until,
                    typed_bytes,
                }));
            }
            LinkEvent::Resumed => self.set(None),
            LinkEvent::Notice(notice) => {
                return Some(Event::Notice {
                    notice: kind(notice.kind)?,
                    after_ms: milliseconds(notice.after),
                });
            }
        }
        Some(Event::Link {
            state: self.state(),
        })
    }

    /// Notes that something was typed; says what the pages are to be told where it has to wait.
    pub(crate) fn typed(&self, bytes: usize) -> Option<Event> {
        let mut hold = self.held.get()?;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        hold.typed_bytes = hold.typed_bytes.saturating_add(bytes);
        self.held.set(Some(hold));
        self.retell()
    }

    /// What a page that attaches is to be told, if anything.
    pub(crate) fn retell(&self) -> Option<Event> {
        let state = self.state();
        (state != LinkState::Connected).then_some(Event::Link { state })
    }

    /// Says that the network may have changed.
    pub(crate) fn nudge(&self) {
        if let Some(nudger) = &*self.nudger.borrow() {
            nudger.nudge();
        }
    }

    /// Waits until the session is held, or no longer is.
    ///
    /// # Cancel safety
    ///
    /// A dropped call changes nothing.
    pub(crate) async fn until(&self, held: bool) {
        loop {
            let changed = self.changed.notified();
            if self.held.get().is_some() == held {
                return;
            }
            changed.await;
        }
    }

    fn set(&self, held: Option<Hold>) {
        self.held.set(held);
        self.changed.notify_waiters();
    }

    fn state(&self) -> LinkState {
        match self.held.get() {
            None => LinkState::Connected,
            Some(hold) => LinkState::Held {
                attempts: hold.attempts,
                remaining_ms: milliseconds(hold.until.saturating_sub(monotonic())),
                typed_bytes: hold.typed_bytes,
            },
        }
    }
}

fn kind(kind: NoticeKind) -> Option<RelayNotice> {
    match kind {
        NoticeKind::IDLE => Some(RelayNotice::Idle),
        NoticeKind::EXPIRY => Some(RelayNotice::Expiry),
        NoticeKind::GOING_AWAY => Some(RelayNotice::GoingAway),
        _ => None,
    }
}

fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
