//! How much the relay may have on its way to us: what the way holds, and no more. Only arithmetic:
//! whoever calls brings the time.
//!
//! A fixed window is too small for a long fast way, and on a slow one it fills a queue in front of
//! the terminal that Ctrl-C has to wait for. This one follows the bytes that were taken in a round
//! trip, as the receiver of a TCP connection does, twice over so that the rate can still grow.

use core::time::Duration;

use transom_wire::MAX_KEPT_BYTES;

use crate::way::bytes_on_the_way;

/// Smallest window, in bytes: four full messages. A way of 5 MB/s is full with it at 50 ms.
const LEAST_BYTES: u32 = 256 * 1024;

/// Between two looks at the rate.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// After a pause of as much the way is measured anew.
const IDLE: Duration = Duration::from_millis(500);

/// A round trip where none is known.
const USUAL_ROUND_TRIP: Duration = Duration::from_millis(50);

/// Follows one connection.
#[derive(Debug)]
pub(super) struct Width {
    granted_bytes: u32,
    /// Shortest answer to a question.
    round_trip: Option<Duration>,
    since: Duration,
    taken_bytes: u64,
}

impl Width {
    /// - `granted_bytes`: what the relay was granted when the session was opened.
    pub(super) const fn new(granted_bytes: u32, now: Duration) -> Self {
        Self {
            granted_bytes,
            round_trip: None,
            since: now,
            taken_bytes: 0,
        }
    }

    /// What is granted now, in bytes.
    pub(super) const fn granted_bytes(&self) -> u32 {
        self.granted_bytes
    }

    /// Notes how long the relay took for an answer.
    pub(super) fn answered(&mut self, took: Duration) {
        self.round_trip = Some(self.round_trip.map_or(took, |least| least.min(took)));
    }

    /// Notes that the SSH client took `bytes`; says the window to grant where it should be another.
    pub(super) fn taken(&mut self, bytes: usize, now: Duration) -> Option<u32> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.taken_bytes = self.taken_bytes.saturating_add(bytes);
        let took = now.saturating_sub(self.since);
        if took < LOOK_EVERY {
            return None;
        }
        let taken = core::mem::take(&mut self.taken_bytes);
        self.since = now;
        let granted = self.granted_bytes;
        self.granted_bytes = if took >= IDLE {
            LEAST_BYTES
        } else {
            let wanted = self.holds(taken, took);
            if wanted.abs_diff(granted) <= granted / 16 {
                return None;
            }
            // It becomes smaller step by step: a pause of the server is no slower way.
            wanted.max(granted - granted / 8)
        };
        (self.granted_bytes != granted).then_some(self.granted_bytes)
    }

    /// Twice what the way holds at the rate of `taken` bytes in the time that they took.
    fn holds(&self, taken: u64, took: Duration) -> u32 {
        let round_trip = self.round_trip.unwrap_or(USUAL_ROUND_TRIP);
        let bytes = bytes_on_the_way(taken, took, round_trip).saturating_mul(2);
        u32::try_from(bytes)
            .unwrap_or(u32::MAX)
            .clamp(LEAST_BYTES, MAX_KEPT_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A way that carries `bytes_a_ms`, and whose relay sends no more than the window in a round
    /// trip: what is granted after `time`.
    fn after(time: Duration, bytes_a_ms: u64, round_trip: Duration, begin_bytes: u32) -> u32 {
        let mut width = Width::new(begin_bytes, Duration::ZERO);
        width.answered(round_trip);
        for now in 1..time.as_millis() {
            let window = u64::from(width.granted_bytes());
            let allowed = window / u64::try_from((round_trip + 2 * MS).as_millis()).unwrap();
            let bytes = usize::try_from(bytes_a_ms.min(allowed)).unwrap();
            width.taken(bytes, MS * u32::try_from(now).unwrap());
        }
        width.granted_bytes()
    }

    #[test]
    fn a_long_fast_way_is_filled() {
        // 60 MB/s at 50 ms: 3 MB are on the way.
        let granted = after(1000 * MS, 60_000, 50 * MS, LEAST_BYTES);
        assert!(granted >= 3_000_000, "{granted}");
    }

    #[test]
    fn a_slow_way_queues_a_quarter_of_a_second_at_most() {
        // 1 MB/s at 50 ms, after a session began with a large window.
        let granted = after(3000 * MS, 1000, 50 * MS, 1 << 20);
        assert!(granted <= 300_000, "{granted}");
    }

    #[test]
    fn a_terminal_that_parses_slowly_has_little_in_front_of_it() {
        // 20 MB/s next door: 20 ms of it.
        let granted = after(3000 * MS, 20_000, MS, 1 << 20);
        assert!(granted <= 450_000, "{granted}");
    }

    #[test]
    fn whatever_comes_the_window_stays_within_its_bounds() {
        let mut width = Width::new(1 << 20, Duration::ZERO);
        for (bytes, now) in [
            (usize::MAX, 60),
            (usize::MAX, 130),
            (0, 10_000),
            (1, 10_060),
        ] {
            width.taken(bytes, MS * now);
            assert!((LEAST_BYTES..=MAX_KEPT_BYTES).contains(&width.granted_bytes()));
        }
    }

    #[test]
    fn a_steady_rate_is_told_once() {
        let mut width = Width::new(LEAST_BYTES, Duration::ZERO);
        width.answered(20 * MS);
        let told = (1..1000)
            .filter_map(|now| width.taken(30_000 + now % 500, MS * u32::try_from(now).unwrap()));
        assert!(told.count() <= 2);
    }
}
