//! More channels for a large download that the window of one channel holds up.
//!
//! A channel holds 192 KiB on its way, so that Ctrl-C takes effect at once in a flood. Only as many
//! channels are opened as the link fills: beyond that, what is on its way would only wait in queues,
//! and keystrokes with it.

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::rc::Rc;

use transom_browser::{TaskGuard, monotonic, sleep};
use transom_sftp::{Lanes, Progress, Sftp};
use transom_ssh::WINDOW_BYTES;

use super::Files;
use crate::engine::Engine;

/// Between two looks at the rate.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Time that programs on the way take until they pass bytes on, beside the round trip.
const HELD_UP: Duration = Duration::from_millis(8);

/// Sessions that OpenSSH's server allows on a connection (`MaxSessions`), less two for shells and
/// commands to come.
const SESSIONS: usize = 8;

/// Channels that one download has beside the common one.
#[derive(Debug)]
pub(super) struct Extra {
    engine: Rc<Engine>,
    /// Bytes that arrived.
    done: Cell<u64>,
    /// When it was looked last, and what had arrived then.
    looked: Cell<(Duration, u64)>,
    wanted: Cell<usize>,
    open: RefCell<Vec<(Sftp, TaskGuard)>>,
}

impl Extra {
    pub(super) fn new(engine: &Rc<Engine>) -> Self {
        Self {
            engine: Rc::clone(engine),
            done: Cell::new(0),
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
        if let Progress::Moving { done, .. } = progress {
            if self.done.get() == 0 {
                // What was there from before did not arrive now.
                self.looked.set((monotonic(), done));
            }
            self.done.set(done);
        }
    }

    fn look(&self) {
        let (then, before) = self.looked.replace((monotonic(), self.done.get()));
        let took = monotonic().saturating_sub(then);
        let arrived = self.done.get().saturating_sub(before);
        let round_trip = self.engine.files().round_trip.get();
        let wanted = wanted(arrived, took, round_trip);
        self.wanted.set(self.wanted.get().max(wanted));
    }

    /// Channels beside the common one that there may be now, all downloads together.
    fn most(&self) -> usize {
        SESSIONS.saturating_sub(self.engine.shell_count() + 1)
    }
}

impl Lanes for Extra {
    async fn next(&self) -> Option<Sftp> {
        let files = self.engine.files();
        while files.lanes.get() >= self.wanted.get().min(self.most()) {
            sleep(LOOK_EVERY).await;
            self.look();
        }
        // Where the server takes no more, what there is has to do.
        let (sftp, task) = Files::channel(&self.engine).await.ok()?;
        self.open.borrow_mut().push((sftp.clone(), task));
        files.lanes.set(files.lanes.get() + 1);
        Some(sftp)
    }
}

impl Drop for Extra {
    fn drop(&mut self) {
        let lanes = &self.engine.files().lanes;
        lanes.set(lanes.get().saturating_sub(self.open.borrow().len()));
    }
}

/// Channels beside the first that are worth it: all together they hold twice of what is on its way at
/// this rate, so that the rate may still grow where the link allows it.
fn wanted(arrived_bytes: u64, took: Duration, round_trip: Duration) -> usize {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let on_its_way = arrived_bytes.saturating_mul(micros(round_trip.saturating_add(HELD_UP)))
        / micros(took).max(1);
    let channels = on_its_way.saturating_mul(2) / u64::from(WINDOW_BYTES);
    usize::try_from(channels).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(megabytes_a_second: u64, round_trip_millis: u64) -> usize {
        let round_trip = Duration::from_millis(round_trip_millis);
        wanted(
            megabytes_a_second * 1_000_000,
            Duration::from_secs(1),
            round_trip,
        )
    }

    #[test]
    fn a_slow_link_is_not_filled_with_more_than_it_takes() {
        assert_eq!(at(1, 20), 0);
        assert_eq!(at(1, 80), 0);
        assert_eq!(at(5, 10), 0);
    }

    #[test]
    fn a_link_that_waits_for_one_window_gets_more() {
        // One window in each round trip of 50 ms.
        assert_eq!(at(4, 50), 2);
        assert_eq!(at(5, 50), 2);
        assert_eq!(at(11, 50), 6);
        assert_eq!(at(15, 50), 8);
        assert_eq!(at(1, 100), 1);
        assert_eq!(at(60, 1), 5);
    }

    #[test]
    fn nothing_that_arrived_wants_nothing() {
        assert_eq!(wanted(0, Duration::ZERO, Duration::MAX), 0);
    }
}
