//! How many bytes of data may be in flight: enough to fill the link, and no more.
//!
//! Throughput is at most the window divided by the round trip, so a fixed window is too small for
//! a long link and too large for a slow one. This one doubles for as long as that makes transfers
//! faster, as slow start of TCP and the start-up phase of BBR do, and gives back what only waits
//! in queues. Pure arithmetic: time is told to it.

use core::time::Duration;

/// Window at the beginning, in bytes: eight reads of the size that every server takes.
pub(crate) const FIRST_BYTES: usize = 512 * 1024;

/// Smallest window, in bytes: one packet of the largest size. Below it a request could not be
/// sent at all.
const LEAST_BYTES: usize = 256 * 1024;

/// Largest window, in bytes. It fills 320 MB/s at 50 ms, and is what a connection may cost in
/// memory at most.
pub(crate) const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A round shorter than this says nothing about the link.
const LEAST_ROUND: Duration = Duration::from_millis(2);

/// Time that a window must last at least, however short the round trip was once: programs on the way
/// pass bytes on when they are woken, browsers each 4 ms.
const LEAST_HELD_MILLIS: u64 = 12;

/// Rounds without gain after which the window no longer grows.
const FLAT_ROUNDS: u32 = 3;

/// Measures rounds (a window's worth of answers) and sets the window.
#[derive(Debug)]
pub(crate) struct Pace {
    limit: usize,
    /// Shortest wait for an answer so far.
    round_trip: Duration,
    /// Best rate so far, bytes in a millisecond, and how many rounds did not reach more.
    best: u64,
    flat: u32,
    /// The round under way.
    since: Option<Duration>,
    delivered: usize,
    limited: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            limit: FIRST_BYTES,
            round_trip: Duration::MAX,
            best: 0,
            flat: 0,
            since: None,
            delivered: 0,
            limited: false,
        }
    }
}

impl Pace {
    /// The window now, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Notes that somebody wanted to send and the window was full.
    pub(crate) fn limited(&mut self) {
        self.limited = true;
    }

    /// Notes that the link was idle: what was measured across the pause says nothing.
    pub(crate) fn idle(&mut self) {
        self.since = None;
    }

    /// Notes the answer to a request of `bytes` that waited for `waited`.
    pub(crate) fn delivered(&mut self, bytes: usize, waited: Duration, now: Duration) {
        self.round_trip = self.round_trip.min(waited);
        let Some(since) = self.since else {
            self.since = Some(now);
            self.delivered = 0;
            self.limited = false;
            return;
        };
        self.delivered = self.delivered.saturating_add(bytes);
        let took = now.saturating_sub(since);
        if self.delivered >= self.limit && took >= LEAST_ROUND.max(self.round_trip) {
            self.round(rate(self.delivered, took));
            self.since = Some(now);
            self.delivered = 0;
            self.limited = false;
        }
    }

    /// Ends a round with its rate, in bytes for each millisecond.
    fn round(&mut self, rate: u64) {
        if !self.limited {
            // The sender had no more to send: this says nothing about the window.
            return;
        }
        if rate > self.best.saturating_add(self.best / 8) {
            self.best = rate;
            self.flat = 0;
            self.limit = self.limit.saturating_mul(2).min(MOST_BYTES);
            return;
        }
        self.flat = self.flat.saturating_add(1);
        // A link that got slower is measured anew, within some tens of rounds; one that is as fast
        // as ever is never taken for one that gained.
        self.best = (self.best - self.best / 32).max(rate);
        if self.flat >= FLAT_ROUNDS {
            self.give_back(rate);
        }
    }

    /// Takes back what is more than twice of what the link holds, an eighth at a time.
    fn give_back(&mut self, rate: u64) {
        let millis = u64::try_from(self.round_trip.as_millis()).unwrap_or(u64::MAX);
        let millis = millis.saturating_add(1).max(LEAST_HELD_MILLIS);
        let holds = rate.saturating_mul(millis);
        let enough = usize::try_from(holds.saturating_mul(2)).unwrap_or(usize::MAX);
        let less = self.limit - self.limit / 8;
        self.limit = self
            .limit
            .min(less.max(enough))
            .max(FIRST_BYTES.min(self.limit));
        self.limit = self.limit.max(LEAST_BYTES);
    }
}

fn rate(bytes: usize, took: Duration) -> u64 {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    u64::try_from(bytes)
        .unwrap_or(u64::MAX)
        .saturating_mul(1000)
        / micros
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends full windows over a link of a rate (bytes per ms) and a round trip, for a time.
    fn drive(pace: &mut Pace, rate: u64, round_trip: Duration, rounds: usize) {
        let mut now = Duration::from_secs(1);
        // The first request of all meets no queue.
        pace.delivered(32_768, round_trip, now);
        for _ in 0..rounds {
            let limit = pace.limit();
            let pieces = limit / 32_768;
            // The window arrives after a round trip, and no faster than the link takes it.
            let transfer = Duration::from_micros(u64::try_from(limit).unwrap() * 1000 / rate);
            let took = transfer.max(round_trip);
            for _ in 0..pieces {
                now += took / u32::try_from(pieces).unwrap();
                pace.limited();
                pace.delivered(32_768, took, now);
            }
        }
    }

    #[test]
    fn a_long_fast_link_gets_a_large_window() {
        let mut pace = Pace::default();
        drive(&mut pace, 100_000, Duration::from_millis(50), 40);
        assert!(pace.limit() >= 4 * 1024 * 1024, "{}", pace.limit());
    }

    #[test]
    fn a_slow_link_keeps_a_small_window() {
        let mut pace = Pace::default();
        drive(&mut pace, 100, Duration::from_millis(50), 40);
        assert!(pace.limit() <= 2 * FIRST_BYTES, "{}", pace.limit());
    }

    #[test]
    fn a_fast_link_keeps_a_window_that_lasts_while_others_are_woken() {
        let mut pace = Pace::default();
        // Programs on the way hold the bytes for a while, which a first request does not see.
        pace.delivered(32_768, Duration::from_millis(1), Duration::ZERO);
        drive(&mut pace, 100_000, Duration::from_millis(10), 100);
        assert!(pace.limit() >= 12 * 100_000, "{}", pace.limit());
    }

    #[test]
    fn the_window_is_bounded_whatever_the_link_promises() {
        let mut pace = Pace::default();
        drive(&mut pace, u64::from(u32::MAX), Duration::from_secs(10), 200);
        assert_eq!(pace.limit(), MOST_BYTES);
    }

    #[test]
    fn a_sender_that_does_not_fill_the_window_does_not_enlarge_it() {
        let mut pace = Pace::default();
        for millis in 1..10_000 {
            pace.delivered(
                32_768,
                Duration::from_millis(1),
                Duration::from_millis(millis),
            );
        }
        assert_eq!(pace.limit(), FIRST_BYTES);
    }
}
