//! How much the browser may hold for the network: enough to keep the link busy between two looks,
//! and no more, since a keystroke waits behind it. Pure arithmetic: time is told to it.

use core::time::Duration;

/// Mark at the beginning, in bytes.
const FIRST_BYTES: u32 = 256 * 1024;

/// Lowest mark, in bytes: one message of the largest size.
const LEAST_BYTES: u32 = 64 * 1024;

/// Highest mark, in bytes. It fills 250 MB/s between looks that are 4 ms apart.
const MOST_BYTES: u32 = 1024 * 1024;

/// A socket that is free again before this is a fast one: it may have run dry meanwhile.
const SOON: Duration = Duration::from_millis(12);

/// Longest time that a keystroke should wait behind the mark.
const LATE: Duration = Duration::from_millis(25);

/// The mark, and since when there is more than that.
#[derive(Clone, Copy, Debug)]
pub(super) struct HighWater {
    mark_bytes: u32,
    congested_since: Option<Duration>,
}

impl Default for HighWater {
    fn default() -> Self {
        Self {
            mark_bytes: FIRST_BYTES,
            congested_since: None,
        }
    }
}

impl HighWater {
    /// Takes in how much waits; says whether that is too much to add to.
    ///
    /// - `now`: the time, asked for only where something changes.
    pub(super) fn look(&mut self, waiting_bytes: u32, now: impl Fn() -> Duration) -> bool {
        let congested = waiting_bytes > self.mark_bytes;
        match (congested, self.congested_since) {
            (true, None) => self.congested_since = Some(now()),
            (false, Some(since)) => {
                self.congested_since = None;
                self.learn(now().saturating_sub(since), waiting_bytes);
            }
            _ => {}
        }
        congested
    }

    /// Fits the mark to how long it took to fall below it, and to what was left then.
    fn learn(&mut self, took: Duration, left_bytes: u32) {
        if took < SOON && left_bytes < self.mark_bytes / 4 {
            self.mark_bytes = self.mark_bytes.saturating_mul(2).min(MOST_BYTES);
        } else if took > LATE {
            self.mark_bytes = (self.mark_bytes / 2).max(LEAST_BYTES);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills the socket again and again over a link of a rate, looked at each 4 ms; returns the
    /// mark in the end.
    fn drive(bytes_per_ms: u32) -> u32 {
        let mut high_water = HighWater::default();
        let (mut waiting, mut now) = (0_u32, Duration::ZERO);
        for _ in 0..1000 {
            while !high_water.look(waiting, || now) {
                waiting += 64 * 1024;
            }
            now += Duration::from_millis(4);
            waiting = waiting.saturating_sub(4 * bytes_per_ms);
        }
        high_water.mark_bytes
    }

    #[test]
    fn a_fast_link_never_runs_dry_between_two_looks() {
        assert!(drive(200_000) >= 4 * 200_000, "{}", drive(200_000));
    }

    #[test]
    fn a_slow_link_holds_little_so_that_a_key_waits_behind_little() {
        assert_eq!(drive(500), LEAST_BYTES);
    }

    #[test]
    fn the_mark_keeps_within_its_bounds() {
        assert_eq!(drive(u32::MAX / 8), MOST_BYTES);
    }
}
