//! How much a page is sent before it has parsed what it was sent: enough to keep a fast one busy,
//! and no more, since the effect of a key waits behind it. Pure arithmetic: time is told to it.

use core::time::Duration;

use transom_protocol::OUTPUT_WINDOW_BYTES;

/// Bytes at the beginning: what a fast terminal parses (10 MB/s) in 12 ms.
pub(crate) const FIRST_BYTES: u64 = 128 * 1024;

/// Fewest bytes: what a slow terminal parses (1.3 MB/s, which is lines of one letter) in 25 ms.
const LEAST_BYTES: u64 = 32 * 1024;

/// Most bytes, as the page expects.
pub(crate) const MOST_BYTES: u64 = OUTPUT_WINDOW_BYTES;

/// A page that parses what filled its window before this is a fast one: it may have run dry.
const SOON: Duration = Duration::from_millis(12);

/// Longest time that the effect of a key should wait behind what a page was sent.
const LATE: Duration = Duration::from_millis(40);

/// What one page may be sent, as it learned.
#[derive(Debug)]
pub(crate) struct Pace {
    window_bytes: u64,
    probe: Option<Probe>,
}

/// A piece whose way is timed. One at a time is enough to learn from.
#[derive(Debug)]
struct Probe {
    end: u64,
    /// It filled the window, so that a page that is done with it waits.
    filled: bool,
    sent_at: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            window_bytes: FIRST_BYTES,
            probe: None,
        }
    }
}

impl Pace {
    /// Bytes that the page may be sent and not have parsed.
    pub(crate) fn window_bytes(&self) -> u64 {
        self.window_bytes
    }

    /// Bytes that a page is sent at once while it has not parsed all of what it was sent before.
    ///
    /// A server's packets carry a few KiB, and a message to a page costs as much as decrypting
    /// 20 KiB. So what comes in short pieces is put together while the page is busy anyway; a page
    /// that waits gets every byte at once.
    pub(crate) fn joined_bytes(&self) -> u64 {
        self.window_bytes / 4
    }

    /// Notes that everything before `end` was sent.
    pub(crate) fn sent(&mut self, end: u64, filled: bool, now: Duration) {
        match &mut self.probe {
            None => {
                self.probe = Some(Probe {
                    end,
                    filled,
                    sent_at: now,
                });
            }
            Some(probe) => probe.filled |= filled,
        }
    }

    /// Notes that everything before `end` was parsed.
    pub(crate) fn parsed(&mut self, end: u64, now: Duration) {
        if self.probe.as_ref().is_some_and(|probe| probe.end <= end)
            && let Some(probe) = self.probe.take()
        {
            let took = now.saturating_sub(probe.sent_at);
            if took > LATE {
                self.window_bytes = (self.window_bytes / 2).max(LEAST_BYTES);
            } else if took < SOON && probe.filled {
                self.window_bytes = self.window_bytes.saturating_mul(2).min(MOST_BYTES);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps a page busy that parses so many bytes in a millisecond, and reports each quarter of its
    /// window; returns the window in the end.
    fn drive(bytes_per_ms: u64) -> u64 {
        let mut pace = Pace::default();
        let (mut sent, mut parsed, mut now) = (0, 0, Duration::ZERO);
        for _ in 0..1000 {
            while sent - parsed < pace.window_bytes() {
                let room = pace.window_bytes() - (sent - parsed);
                let size = room.min(pace.joined_bytes());
                sent += size;
                pace.sent(sent, size == room, now);
            }
            let size = pace.joined_bytes().min(sent - parsed);
            now += Duration::from_micros(size * 1000 / bytes_per_ms);
            parsed += size;
            pace.parsed(parsed, now);
        }
        pace.window_bytes()
    }

    #[test]
    fn a_fast_page_gets_all_that_is_allowed() {
        assert_eq!(drive(100_000), MOST_BYTES);
    }

    #[test]
    fn a_slow_page_gets_little_so_that_a_key_shows_its_effect() {
        assert_eq!(drive(1_000), LEAST_BYTES);
    }

    #[test]
    fn what_a_terminal_is_sent_takes_no_longer_than_a_person_notices() {
        for bytes_per_ms in [3_000, 5_000, 10_000, 20_000, 35_000] {
            let window = drive(bytes_per_ms);
            assert!(window / bytes_per_ms <= 50, "{bytes_per_ms}: {window}");
        }
    }

    #[test]
    fn a_page_that_is_sent_little_keeps_its_window() {
        let mut pace = Pace::default();
        for key in 1..100 {
            pace.sent(key, false, Duration::from_secs(key));
            pace.parsed(key, Duration::from_secs(key));
        }
        assert_eq!(pace.window_bytes(), FIRST_BYTES);
    }
}
