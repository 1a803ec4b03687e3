//! A shell's output: kept for pages that come later, handed to each page at its own pace.
//!
//! Pure: no port, no task, no clock.

use core::time::Duration;
use std::collections::BTreeMap;

use crate::page::PageId;
use crate::shell::kept::{KEPT_BYTES, Kept, line_ends};
use crate::shell::plain::PlainText;
use crate::shell::viewer::Viewer;

/// Largest piece handed to a page at once. Larger ones would hold up the other messages of the
/// port, smaller ones cost a wake-up each.
const PIECE_BYTES: u64 = 128 * 1024;

/// Bytes that wait here for a page while they are lines of text, so that those which are scrolled
/// away at once are never sent. A terminal parses them in 25 ms, or keeps fewer of them.
const AHEAD_BYTES: u64 = 256 * 1024;

/// Output of one shell and the pages that show it.
///
/// INVARIANT: `seen` is an offset in what is kept, or its end.
/// INVARIANT: for each viewer `parsed <= sent <= end`.
#[derive(Debug, Default)]
pub(crate) struct OutputLog {
    kept: Kept,
    /// The furthest that any page has ever parsed.
    seen: u64,
    plain: PlainText,
    viewers: BTreeMap<PageId, Viewer>,
    /// The page whose terminal answers what programs ask of a terminal. With several pages only
    /// one may, or the program would read the second answer as typing.
    answering: Option<PageId>,
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
    /// Adds output and forgets the oldest.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.plain.follow(bytes);
        self.kept.push(bytes);
        self.seen = self.seen.max(self.kept.start());
        let lines = line_ends(bytes);
        for viewer in self.viewers.values_mut() {
            viewer.lines += lines;
        }
        self.leave_out();
    }

    /// Adds a page, which will be sent everything that is kept.
    pub(crate) fn attach(&mut self, page: PageId) {
        self.viewers.insert(page, Viewer::new(self.kept.start()));
    }

    /// Notes how many lines a page's terminal keeps; `None` where it is to get every byte.
    pub(crate) fn keep_lines(&mut self, page: PageId, lines: Option<u32>) {
        if let Some(viewer) = self.viewers.get_mut(&page) {
            let waiting = self.kept.line_ends(viewer.sent..self.kept.end());
            viewer.keep(lines, waiting);
        }
        self.leave_out();
    }

    /// Leaves out, for each page, lines that newer ones have pushed out of its scrollback already.
    fn leave_out(&mut self) {
        let Some(plain) = self.plain.since() else {
            return;
        };
        let plain = plain.max(self.kept.start());
        for viewer in self.viewers.values_mut() {
            if let Some(keeps) = viewer.has_too_many_lines()
                && let Some(from) = viewer.may_leave_out_from(plain)
                && let Some(to) = self.kept.start_of_last(keeps)
                && from < to
            {
                let before = self.kept.line_ends(viewer.sent..from);
                viewer.leave_out(from..to, before + keeps);
            }
        }
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
            viewer.has_parsed(offset);
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
        viewer.catch_up(self.kept.start());
        let (unparsed, end) = (viewer.unparsed(), self.kept.end());
        let window = viewer.pace.window_bytes().saturating_sub(unparsed);
        let busy = unparsed > 0 && viewer.waiting(end) < viewer.pace.joined_bytes();
        if busy || window == 0 {
            return None;
        }
        let whole = viewer.pass_gap().unwrap_or(end);
        let offset = viewer.sent;
        // A piece lies wholly before or wholly after what a terminal has parsed.
        let seen = offset < self.seen;
        let limit = if seen { self.seen.min(whole) } else { whole };
        let size = (limit - offset).min(window).min(PIECE_BYTES);
        if size == 0 {
            return None;
        }
        viewer.sent += size;
        viewer.pace.sent(viewer.sent, size == window, now);
        let bytes = self.kept.copy(offset..viewer.sent);
        viewer.lines = viewer.lines.saturating_sub(line_ends(&bytes));
        Some(Piece {
            offset,
            bytes,
            replay: seen || self.answering.is_some_and(|answering| answering != page),
        })
    }

    /// Bytes worth holding before they are read, with what the fastest page parses in mind; `None`
    /// without a page.
    pub(crate) fn read_ahead_bytes(&self) -> Option<usize> {
        Some(length(self.lead()?.pace.window_bytes()))
    }

    /// Whether more may be read from the shell now.
    pub(crate) fn has_room(&self) -> bool {
        match self.lead() {
            Some(lead) => {
                let waiting = lead.waiting(self.kept.end());
                // As much as is sent at once: the next message is ready when a page reports, and
                // what is shown follows what is typed.
                waiting < lead.pace.joined_bytes()
                    || waiting < AHEAD_BYTES && self.waits_only_for_lines(lead)
            }
            None => self.kept.end() - self.seen < KEPT_BYTES / 2,
        }
    }

    /// Whether what waits for a page is text that newer text may push out of its scrollback.
    fn waits_only_for_lines(&self, viewer: &Viewer) -> bool {
        let plain = self.plain.since();
        plain.is_some_and(|plain| viewer.waits_only_for_after(plain))
    }

    /// The page that was sent most.
    fn lead(&self) -> Option<&Viewer> {
        self.viewers.values().max_by_key(|viewer| viewer.sent)
    }

    /// Whether every page was sent everything.
    pub(crate) fn is_drained(&self) -> bool {
        self.viewers
            .values()
            .all(|viewer| viewer.sent == self.kept.end())
    }
}

/// A length as a count; `usize` is never wider than 64 bits.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A count as a length. INVARIANT: only counts of kept bytes, which fit memory, come here.
pub(super) fn length(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
