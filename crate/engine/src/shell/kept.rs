//! The newest output of a shell, by offsets since it began.

use core::ops::Range;
use std::collections::VecDeque;

use crate::shell::output::{count, length};

/// Bytes of output kept for each shell, the newest ones.
///
/// Fills about 50 000 lines of 80 columns, five times the scrollback that a terminal keeps by
/// default, and is replayed within a second. Older output is forgotten, but never before a page
/// has parsed it: while no page looks, the shell is held up instead.
pub(super) const KEPT_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes in which ends of lines are counted together.
const STRIDE: usize = 512;

/// A ring of bytes.
#[derive(Debug, Default)]
pub(super) struct Kept {
    bytes: VecDeque<u8>,
    start: u64,
}

impl Kept {
    /// Offset of the oldest byte.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// Offset after the newest byte.
    pub(super) fn end(&self) -> u64 {
        self.start + count(self.bytes.len())
    }

    /// Adds output and forgets the oldest beyond [`KEPT_BYTES`].
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let excess = count(self.bytes.len()).saturating_sub(KEPT_BYTES);
        self.bytes.drain(..length(excess));
        self.start += excess;
    }

    /// Copies what is kept of a range, in two runs where the ring wraps: byte by byte this was the
    /// slowest step of a flood.
    pub(super) fn copy(&self, range: Range<u64>) -> Vec<u8> {
        self.parts(range).concat()
    }

    /// Counts the ends of lines in what is kept of a range.
    pub(super) fn line_ends(&self, range: Range<u64>) -> u64 {
        self.parts(range).into_iter().map(line_ends).sum()
    }

    /// Offset of the `\r\n` before the newest `lines` ends of lines: with it the cursor comes to the
    /// beginning of a line, wherever it was. `None` where that line ends otherwise, or there are
    /// fewer.
    pub(super) fn start_of_last(&self, lines: u64) -> Option<u64> {
        let (head, tail) = self.bytes.as_slices();
        let (mut left, mut end) = (lines, self.bytes.len());
        for part in tail.rchunks(STRIDE).chain(head.rchunks(STRIDE)) {
            let ends = line_ends(part);
            end -= part.len();
            if ends <= left {
                left -= ends;
                continue;
            }
            let mut ends = part
                .iter()
                .enumerate()
                .rev()
                .filter(|(_, byte)| is_end(**byte));
            let (place, _) = ends.nth(length(left))?;
            let before = end.checked_add(place)?.checked_sub(1)?;
            return (self.bytes.get(before) == Some(&b'\r')).then(|| self.start + count(before));
        }
        None
    }

    fn parts(&self, range: Range<u64>) -> [&[u8]; 2] {
        let (head, tail) = self.bytes.as_slices();
        let [from, to] =
            [range.start, range.end].map(|offset| length(offset.saturating_sub(self.start)));
        let wrap = head.len();
        let first = head.get(from.min(wrap)..to.min(wrap));
        let second = tail.get(from.saturating_sub(wrap)..to.saturating_sub(wrap));
        [first, second].map(Option::unwrap_or_default)
    }
}

/// Counts the ends of lines.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    count(bytes.iter().filter(|byte| is_end(**byte)).count())
}

fn is_end(byte: u8) -> bool {
    byte == b'\n'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_the_end_wherever_the_ring_wraps() {
        for shift in [0, 1, 511, 70_000] {
            let mut kept = Kept::default();
            kept.push(&vec![b'x'; length(KEPT_BYTES) - shift]);
            kept.push("a\r\n".repeat(40_000).as_bytes());
            let end = kept.end();
            assert_eq!(kept.start_of_last(1), Some(end - 5), "{shift}");
            assert_eq!(kept.start_of_last(20_000), Some(end - 60_002), "{shift}");
            assert_eq!(kept.start_of_last(40_000), None, "{shift}");
            assert_eq!(kept.line_ends(end - 60_000..end), 20_000, "{shift}");
            assert_eq!(kept.copy(end - 3..end), b"a\r\n", "{shift}");
        }
    }

    #[test]
    fn a_line_that_leaves_the_column_is_no_beginning() {
        let mut kept = Kept::default();
        kept.push(b"one\ntwo\r\nthree\r\n");
        assert_eq!(kept.start_of_last(1), Some(7));
        assert_eq!(kept.start_of_last(2), None);
    }
}
