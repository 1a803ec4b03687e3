//! How far one page is in a shell's output, and what it does without.

use core::ops::Range;
use std::collections::VecDeque;

use crate::shell::pace::Pace;

/// How far one page is, as offsets in the output.
///
/// INVARIANT: what is unparsed of what was sent is at most what its [`Pace`] allowed.
#[derive(Debug)]
pub(super) struct Viewer {
    pub(super) sent: u64,
    pub(super) parsed: u64,
    pub(super) pace: Pace,
    /// Lines that its terminal keeps; `None` while it gets every byte.
    keeps: Option<u64>,
    /// Ends of lines that it has yet to be sent.
    pub(super) lines: u64,
    /// What will not be sent, after what comes before it.
    gap: Option<Range<u64>>,
    /// What was not sent, and the page has not yet parsed what follows.
    left_out: VecDeque<Range<u64>>,
}

impl Viewer {
    /// A page that gets everything from an offset on.
    pub(super) fn new(start: u64) -> Self {
        Self {
            sent: start,
            parsed: start,
            pace: Pace::default(),
            keeps: None,
            lines: 0,
            gap: None,
            left_out: VecDeque::new(),
        }
    }

    /// Keeps so many lines from now on, while `lines` have yet to be sent.
    pub(super) fn keep(&mut self, keeps: Option<u32>, lines: u64) {
        self.keeps = keeps.map(u64::from);
        self.lines = lines;
        self.gap = None;
    }

    /// Goes on at `start`, the oldest byte there is, where it fell behind that.
    pub(super) fn catch_up(&mut self, start: u64) {
        if self.sent < start {
            self.sent = start;
            self.parsed = start;
            self.left_out.clear();
            let gap = self.gap.take().filter(|gap| gap.end > start);
            self.gap = gap.map(|gap| gap.start.max(start)..gap.end);
        }
    }

    /// Notes that everything before an offset was parsed.
    pub(super) fn has_parsed(&mut self, offset: u64) {
        self.parsed = self.parsed.max(offset);
        while self
            .left_out
            .front()
            .is_some_and(|gap| gap.end <= self.parsed)
        {
            self.left_out.pop_front();
        }
    }

    /// Bytes that it was sent and has not parsed.
    pub(super) fn unparsed(&self) -> u64 {
        let left_out: u64 = self.left_out.iter().map(|gap| gap.end - gap.start).sum();
        (self.sent - self.parsed).saturating_sub(left_out)
    }

    /// Bytes that it has yet to be sent of the output up to `end`.
    pub(super) fn waiting(&self, end: u64) -> u64 {
        let gap = self.gap.as_ref().map_or(0, |gap| gap.end - gap.start);
        end.saturating_sub(self.sent).saturating_sub(gap)
    }

    /// Whether all that waits, but for what comes before a gap, came after `offset`.
    pub(super) fn waits_only_for_after(&self, offset: u64) -> bool {
        self.keeps.is_some() && offset <= self.gap.as_ref().map_or(self.sent, |gap| gap.end)
    }

    /// The lines that it keeps, where half as many again wait.
    pub(super) fn has_too_many_lines(&self) -> Option<u64> {
        self.keeps.filter(|keeps| self.lines > keeps + keeps / 2)
    }

    /// From where on lines may be left out, if from `plain` on there is nothing but lines; `None`
    /// while something else comes after what is left out already.
    pub(super) fn may_leave_out_from(&self, plain: u64) -> Option<u64> {
        match &self.gap {
            None => Some(self.sent.max(plain)),
            Some(gap) => (plain <= gap.start).then_some(gap.start),
        }
    }

    /// Leaves out a range, so that `lines` are yet to be sent.
    pub(super) fn leave_out(&mut self, range: Range<u64>, lines: u64) {
        self.gap = Some(range);
        self.lines = lines;
    }

    /// Goes past what is left out, if it comes next. Returns up to where the output is sent whole.
    pub(super) fn pass_gap(&mut self) -> Option<u64> {
        let gap = self.gap.take()?;
        if gap.start > self.sent {
            let limit = gap.start;
            self.gap = Some(gap);
            return Some(limit);
        }
        self.sent = gap.end;
        self.left_out.push_back(gap);
        None
    }
}
