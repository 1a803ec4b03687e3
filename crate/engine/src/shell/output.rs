//! A shell's output: kept for pages that come later, handed to each page at its own pace.
//!
//! Pure: no port, no task, no clock.

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use crate::page::PageId;
use crate::shell::pace::Pace;

/// Bytes of output kept for each shell, the newest ones.
///
/// Fills about 50 000 lines of 80 columns, five times the scrollback that a terminal keeps by
/// default, and is replayed within a second. Older output is forgotten, but never before a page
/// has parsed it: while no page looks, the shell is held up instead.
const KEPT_BYTES: u64 = 4 * 1024 * 1024;

/// Largest piece handed to a page at once. Larger ones would hold up the other messages of the
/// port, smaller ones cost a wake-up each.
const PIECE_BYTES: u64 = 128 * 1024;

/// Output of one shell and the pages that show it.
///
/// INVARIANT: `start + kept.len() == end`, and `start <= seen <= end`.
/// INVARIANT: for each viewer `parsed <= sent <= end` and `sent - parsed` is at most
/// what its [`Pace`] allowed.
#[derive(Debug, Default)]
pub(crate) struct OutputLog {
    kept: VecDeque<u8>,
    start: u64,
    end: u64,
    /// The furthest that any page has ever parsed.
    seen: u64,
    viewers: BTreeMap<PageId, Viewer>,
    /// The page whose terminal answers what programs ask of a terminal. With several pages only
    /// one may, or the program would read the second answer as typing.
    answering: Option<PageId>,
}

/// How far one page is, as offsets in the output.
#[derive(Debug)]
struct Viewer {
    sent: u64,
    parsed: u64,
    pace: Pace,
}

/// What a page is to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Offset of the first byte.
    pub(crate) offset: u64,
    /// The bytes, never empty.
    pub(crate) bytes: Vec<u8>,
    /// Whether the page must not answer what programs ask in it: a terminal has parsed it
    /// before, or another page answers.
    pub(crate) replay: bool,
}

impl OutputLog {
    /// Adds output and forgets the oldest beyond [`KEPT_BYTES`].
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.kept.extend(bytes);
        self.end += count(bytes.len());
        let excess = count(self.kept.len()).saturating_sub(KEPT_BYTES);
        self.kept.drain(..length(excess));
        self.start += excess;
        self.seen = self.seen.max(self.start);
    }

    /// Adds a page, which will be sent everything that is kept.
    pub(crate) fn attach(&mut self, page: PageId) {
        let start = self.start;
        self.viewers.insert(
            page,
            Viewer {
                sent: start,
                parsed: start,
                pace: Pace::default(),
            },
        );
    }

    /// Whether a page is sent the output.
    pub(crate) fn is_shown_by(&self, page: PageId) -> bool {
        self.viewers.contains_key(&page)
    }

    /// Removes a page. What it had not parsed is kept for the next one.
    pub(crate) fn detach(&mut self, page: PageId) {
        self.viewers.remove(&page);
        if self.answering == Some(page) {
            self.answering = None;
        }
    }

    /// Notes that a person uses the shell on `page`: from now on that one answers programs.
    pub(crate) fn used(&mut self, page: PageId) {
        if self.viewers.contains_key(&page) {
            self.answering = Some(page);
        }
    }

    /// Notes that a page has parsed everything before `offset`. Offsets that it cannot know, or
    /// that go back, are ignored.
    pub(crate) fn parsed(&mut self, page: PageId, offset: u64, now: Duration) {
        if let Some(viewer) = self.viewers.get_mut(&page)
            && offset <= viewer.sent
        {
            viewer.parsed = viewer.parsed.max(offset);
            viewer.pace.parsed(viewer.parsed, now);
            self.seen = self.seen.max(offset);
        }
    }

    /// Takes the next piece for a page; `None` while it has all of it, its window is full, or it
    /// is busy and there is little.
    ///
    /// A page that fell behind what is kept goes on at the oldest byte there is.
    pub(crate) fn next_piece(&mut self, page: PageId, now: Duration) -> Option<Piece> {
        let viewer = self.viewers.get_mut(&page)?;
        if viewer.sent < self.start {
            viewer.sent = self.start;
            viewer.parsed = self.start;
        }
        let window = viewer.pace.window_bytes();
        let window = window.saturating_sub(viewer.sent - viewer.parsed);
        let offset = viewer.sent;
        let seen = offset < self.seen;
        if viewer.parsed < offset && self.end - offset < viewer.pace.joined_bytes() {
            return None;
        }
        // A piece lies wholly before or wholly after what a terminal has parsed.
        let limit = if seen { self.seen } else { self.end };
        let size = (limit - offset).min(window).min(PIECE_BYTES);
        if size == 0 {
            return None;
        }
        viewer.sent += size;
        viewer.pace.sent(viewer.sent, size == window, now);
        let bytes = self.copy(length(offset - self.start), length(size));
        Some(Piece {
            offset,
            bytes,
            replay: seen || self.answering.is_some_and(|answering| answering != page),
        })
    }

    /// Copies `size` kept bytes from `from` on, in two runs where the ring wraps: byte by byte
    /// this was the slowest step of a flood.
    fn copy(&self, from: usize, size: usize) -> Vec<u8> {
        let (head, tail) = self.kept.as_slices();
        let (to, wrap) = (from + size, head.len());
        let first = head.get(from.min(wrap)..to.min(wrap));
        let second = tail.get(from.saturating_sub(wrap)..to.saturating_sub(wrap));
        [first.unwrap_or_default(), second.unwrap_or_default()].concat()
    }

    /// Bytes worth holding before they are read, with what the fastest page parses in mind; `None`
    /// without a page.
    pub(crate) fn read_ahead_bytes(&self) -> Option<usize> {
        Some(length(self.lead()?.pace.window_bytes()))
    }

    /// Whether more may be read from the shell now.
    pub(crate) fn has_room(&self) -> bool {
        match self.lead() {
            // As much as is sent at once: the next message is ready when a page reports, and what
            // is shown follows what is typed.
            Some(lead) => self.end.saturating_sub(lead.sent) < lead.pace.joined_bytes(),
            None => self.end - self.seen < KEPT_BYTES / 2,
        }
    }

    /// The page that was sent most.
    fn lead(&self) -> Option<&Viewer> {
        self.viewers.values().max_by_key(|viewer| viewer.sent)
    }

    /// Whether every page was sent everything.
    pub(crate) fn is_drained(&self) -> bool {
        self.viewers.values().all(|viewer| viewer.sent == self.end)
    }
}

/// A length as a count; `usize` is never wider than 64 bits.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A count as a length. INVARIANT: only counts of kept bytes, which fit memory, come here.
fn length(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::pace::FIRST_BYTES;

    /// Time stands still: how fast a page is, is the pace's own affair.
    const NOW: Duration = Duration::ZERO;
    const FIRST: PageId = PageId(1);
    const SECOND: PageId = PageId(2);

    /// Sends everything that the window allows and returns it.
    fn drain(log: &mut OutputLog, page: PageId) -> Vec<u8> {
        core::iter::from_fn(|| log.next_piece(page, NOW))
            .flat_map(|piece| piece.bytes)
            .collect()
    }

    /// As much as one channel packet carries.
    fn packet() -> Vec<u8> {
        vec![b'x'; 32 * 1024]
    }

    fn numbered(range: core::ops::Range<u32>) -> Vec<u8> {
        range.flat_map(u32::to_be_bytes).collect()
    }

    #[test]
    fn a_page_gets_every_byte_once_and_in_order() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.push(b"hello ");
        let mut shown = drain(&mut log, FIRST);
        log.parsed(FIRST, 6, NOW);
        log.push(b"world");
        shown.extend(drain(&mut log, FIRST));
        assert_eq!(shown, b"hello world");
        assert!(log.is_drained());
    }

    #[test]
    fn a_busy_page_gets_short_output_together_and_a_waiting_one_at_once() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.push(b"shown at once");
        assert_eq!(drain(&mut log, FIRST), b"shown at once");
        log.push(b"one, ");
        log.push(b"two");
        assert_eq!(drain(&mut log, FIRST), b"");
        assert!(log.has_room());
        log.parsed(FIRST, 13, NOW);
        assert_eq!(drain(&mut log, FIRST), b"one, two");
        log.push(&packet());
        assert_eq!(drain(&mut log, FIRST).len(), packet().len());
    }

    #[test]
    fn a_page_that_parses_nothing_is_sent_one_window() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.push(&vec![b'x'; length(FIRST_BYTES) + 1]);
        assert_eq!(count(drain(&mut log, FIRST).len()), FIRST_BYTES);
        log.push(&packet());
        log.parsed(FIRST, 10, NOW);
        assert_eq!(drain(&mut log, FIRST).len(), 10);
    }

    #[test]
    fn the_shell_is_held_up_by_a_full_window_and_goes_on_after_it() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        while log.has_room() {
            log.push(&packet());
            drain(&mut log, FIRST);
        }
        assert!(log.end <= FIRST_BYTES + FIRST_BYTES / 4);
        log.parsed(FIRST, FIRST_BYTES / 2, NOW);
        drain(&mut log, FIRST);
        assert!(log.has_room());
    }

    #[test]
    fn without_a_page_nothing_unseen_is_forgotten() {
        let mut log = OutputLog::default();
        let mut sent = Vec::new();
        for number in 0.. {
            if !log.has_room() {
                break;
            }
            let bytes = numbered(number * 1024..(number + 1) * 1024);
            log.push(&bytes);
            sent.extend(bytes);
        }
        log.attach(FIRST);
        let mut shown = Vec::new();
        while count(shown.len()) < log.end {
            shown.extend(drain(&mut log, FIRST));
            log.parsed(FIRST, count(shown.len()), NOW);
        }
        assert!(shown == sent, "output was lost while no page looked");
    }

    #[test]
    fn a_new_page_replays_what_another_has_parsed_and_no_more() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.push(b"seen");
        drain(&mut log, FIRST);
        log.parsed(FIRST, 4, NOW);
        log.detach(FIRST);
        log.push(b"new");
        log.attach(SECOND);
        let replayed = log.next_piece(SECOND, NOW);
        log.parsed(SECOND, 4, NOW);
        let fresh = log.next_piece(SECOND, NOW);
        assert_eq!(
            (replayed, fresh),
            (
                Some(Piece {
                    offset: 0,
                    bytes: b"seen".to_vec(),
                    replay: true
                }),
                Some(Piece {
                    offset: 4,
                    bytes: b"new".to_vec(),
                    replay: false
                })
            )
        );
    }

    #[test]
    fn of_several_pages_only_the_one_in_use_answers_programs() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.attach(SECOND);
        log.used(SECOND);
        log.push(b"\x1b[c");
        let replays = |log: &mut OutputLog| {
            [FIRST, SECOND].map(|page| log.next_piece(page, NOW).map(|piece| piece.replay))
        };
        assert_eq!(replays(&mut log), [Some(true), Some(false)]);
        log.detach(SECOND);
        log.attach(SECOND);
        log.parsed(FIRST, 3, NOW);
        log.push(b"\x1b[c");
        assert_eq!(
            log.next_piece(FIRST, NOW).map(|piece| piece.replay),
            Some(false)
        );
    }

    #[test]
    fn a_slow_page_does_not_hold_up_a_fast_one_and_skips_what_is_forgotten() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.attach(SECOND);
        let mut total = 0;
        while total < 3 * KEPT_BYTES {
            assert!(log.has_room());
            log.push(&packet());
            total += count(drain(&mut log, FIRST).len());
            log.parsed(FIRST, total, NOW);
        }
        let piece = log.next_piece(SECOND, NOW).unwrap();
        assert!(piece.offset > 0);
        assert_eq!(piece.offset, log.start);
    }

    #[test]
    fn what_is_kept_is_replayed_whole_when_the_ring_has_wrapped() {
        let mut log = OutputLog::default();
        for number in 0..1500 {
            log.push(&numbered(number * 1000..(number + 1) * 1000));
        }
        log.attach(FIRST);
        let mut replayed = Vec::new();
        loop {
            let part = drain(&mut log, FIRST);
            if part.is_empty() {
                break;
            }
            replayed.extend(part);
            log.parsed(FIRST, log.start + count(replayed.len()), NOW);
        }
        let all = numbered(0..1_500_000);
        assert!(replayed == all[length(log.start)..], "the replay differs");
    }

    #[test]
    fn memory_is_bounded() {
        let mut log = OutputLog::default();
        for _ in 0..1024 {
            log.push(&packet());
        }
        assert_eq!(count(log.kept.len()), KEPT_BYTES);
    }

    #[test]
    fn a_page_cannot_claim_bytes_that_it_was_not_sent() {
        let mut log = OutputLog::default();
        log.attach(FIRST);
        log.push(b"abc");
        log.parsed(FIRST, 3, NOW);
        log.parsed(FIRST, u64::MAX, NOW);
        assert_eq!(log.seen, 0);
    }
}
