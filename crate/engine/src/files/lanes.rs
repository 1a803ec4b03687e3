//! More channels for a large download that the window of one channel holds up.
//!
//! A channel holds 512 KiB on its way, or 1 MiB on a long one, so that Ctrl-C takes effect soon in a
//! flood. Only as many channels are used as the link fills: beyond that, what is on its way would only
//! wait in queues, and keystrokes with it.

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::rc::Rc;

use transom_browser::{TaskGuard, bytes_on_the_way, monotonic, sleep};
use transom_sftp::{Lanes, Progress, Sftp};

use super::Files;
use crate::engine::Engine;

/// Between two looks at the rate.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A server that is so far away holds a download up by its round trips: channels are opened before
/// the rate tells how many it takes.
const FAR: Duration = Duration::from_millis(10);

/// Bytes of a file that is worth it.
const LARGE_BYTES: u64 = 16 * 1024 * 1024;

/// Sessions that OpenSSH's server allows on a connection (`MaxSessions`), less two for shells and
/// commands to come.
const SESSIONS: usize = 8;

/// Channels that one download has beside the common one.
#[derive(Debug)]
pub(super) struct Extra {
    engine: Rc<Engine>,
    /// What arrived, and what there is, in bytes.
    done: Cell<u64>,
    total: Cell<u64>,
    /// When it was looked last, and what had arrived then.
    looked: Cell<(Duration, u64)>,
    wanted: Cell<usize>,
    open: RefCell<Vec<(Sftp, TaskGuard, Session)>>,
}

/// One of the server's sessions, which all downloads of a connection share.
#[derive(Debug)]
struct Session(Rc<Engine>);

impl Session {
    fn new(engine: &Rc<Engine>) -> Self {
        let lanes = &engine.files().lanes;
        lanes.set(lanes.get() + 1);
        Self(Rc::clone(engine))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let lanes = &self.0.files().lanes;
        lanes.set(lanes.get().saturating_sub(1));
    }
}

impl Extra {
    pub(super) fn new(engine: &Rc<Engine>) -> Self {
        Self {
            engine: Rc::clone(engine),
            done: Cell::new(0),
            total: Cell::new(0),
            looked: Cell::new((monotonic(), 0)),
            wanted: Cell::new(0),
            open: RefCell::default(),
        }
    }

    /// Notes how long the server took for an answer.
    pub(super) fn answered(&self, took: Duration) {
        let round_trip = &self.engine.files().round_trip;
        let known = Some(round_trip.get()).filter(|known| !known.is_zero());
        round_trip.set(known.map_or(took, |known| known.min(took)));
    }

    /// Notes what arrived.
    pub(super) fn progressed(&self, progress: Progress) {
        if let Progress::Moving { done, total } = progress {
            if self.done.get() == 0 {
                // What was there from before did not arrive now.
                self.looked.set((monotonic(), done));
            }
            self.done.set(done);
            self.total.set(total);
        }
    }

    fn look(&self) {
        let now = monotonic();
        let (then, before) = self.looked.get();
        let took = now.saturating_sub(then);
        // Several wait for this.
        if took < LOOK_EVERY / 2 {
            return;
        }
        self.looked.set((now, self.done.get()));
        let arrived = self.done.get().saturating_sub(before);
        let Some(connection) = self.engine.connection() else {
            return;
        };
        let on_its_way = bytes_on_the_way(arrived, took, self.engine.files().round_trip.get());
        let wanted = wanted(on_its_way, connection.window_bytes());
        self.wanted.set(self.wanted.get().max(wanted));
    }

    /// Whether the `number`th is worth it.
    fn is_worth(&self, number: usize) -> bool {
        number < self.wanted.get()
    }

    /// Whether the `number`th should be opened, and may be: all downloads share the sessions.
    fn is_due(&self, number: usize) -> bool {
        let files = self.engine.files();
        let most = SESSIONS.saturating_sub(self.engine.shell_count() + 1);
        let left = self.total.get().saturating_sub(self.done.get());
        let early = files.round_trip.get() >= FAR && left >= LARGE_BYTES;
        files.lanes.get() < most && (early || self.is_worth(number))
    }
}

impl Lanes for Extra {
    fn most(&self) -> usize {
        SESSIONS - 1
    }

    async fn open(&self, number: usize) -> Option<Sftp> {
        while !self.is_due(number) {
            sleep(LOOK_EVERY).await;
            self.look();
        }
        let session = Session::new(&self.engine);
        // Where the server takes no more, what there is has to do.
        let (sftp, task) = Files::channel(&self.engine).await.ok()?;
        let open = (sftp.clone(), task, session);
        self.open.borrow_mut().push(open);
        Some(sftp)
    }

    async fn worth(&self, number: usize) {
        while !self.is_worth(number) {
            sleep(LOOK_EVERY).await;
            self.look();
        }
    }
}
/// Channels beside the first that are worth it: all together they hold twice of what is on its way at
/// this rate, so that the rate may still grow where the link allows it.
fn wanted(on_its_way: u64, window_bytes: u32) -> usize {
    // A channel is opened again only once half of its window is used up.
    let channels = on_its_way.saturating_mul(2) / u64::from(window_bytes / 2).max(1);
    usize::try_from(channels)
        .unwrap_or(usize::MAX)
        .saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use transom_ssh::window_bytes;

    use super::*;

    fn at(megabytes_a_second: u64, round_trip_millis: u64) -> usize {
        let round_trip = Duration::from_millis(round_trip_millis);
        let arrived = megabytes_a_second * 1_000_000;
        let on_its_way = bytes_on_the_way(arrived, Duration::from_secs(1), round_trip);
        wanted(on_its_way, window_bytes(round_trip))
    }

    #[test]
    fn a_slow_link_is_not_filled_with_more_than_it_takes() {
        assert_eq!(at(1, 20), 0);
        assert_eq!(at(1, 80), 0);
        assert_eq!(at(5, 10), 0);
    }

    #[test]
    fn a_link_that_waits_for_windows_gets_twice_as_many() {
        // Half of a window in each round trip of 50 ms, from one channel, two and four.
        assert_eq!(at(10, 50), 1);
        assert_eq!(at(20, 50), 3);
        assert_eq!(at(42, 50), 8);
        assert_eq!(at(60, 1), 3);
    }

    #[test]
    fn nothing_that_arrived_wants_nothing() {
        assert_eq!(wanted(0, 0), 0);
    }
}
