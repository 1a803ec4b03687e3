//! When a session ends because of time: too long without a byte, or too long at all.

use core::time::Duration;

use tokio::time::Instant;
use transom_wire::{Close, CloseReason, Notice, NoticeKind};

use crate::access::Admission;

/// The time that a session has. A client is warned before each end.
#[derive(Debug)]
pub(super) struct Term {
    idle: Option<Duration>,
    end: Option<Instant>,
    warning: Duration,
    warned_of_end: bool,
    /// The last byte before which the client was warned that nothing moves.
    warned_at: Option<Instant>,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Nothing,
    Warn(Notice),
    End(Close),
}

impl Term {
    pub(super) fn new(admission: &Admission) -> Self {
        Self::from(admission.idle, admission.total, admission.warning)
    }

    fn from(idle: Option<Duration>, total: Option<Duration>, warning: Duration) -> Self {
        Self {
            idle,
            end: total.map(|total| Instant::now() + total),
            warning,
            warned_of_end: false,
            warned_at: None,
        }
    }

    /// When to look next; `None` where time ends nothing.
    ///
    /// - `moved`: when the last byte was carried.
    pub(super) fn due(&self, moved: Instant) -> Option<Instant> {
        let before = |end: Instant, warned: bool| {
            let early = end.checked_sub(self.warning).filter(|_| !warned);
            early.unwrap_or(end)
        };
        let end = self.end.map(|end| before(end, self.warned_of_end));
        let warned = self.warned_at == Some(moved);
        let idle = self.idle.map(|idle| before(moved + idle, warned));
        match (end, idle) {
            (Some(end), Some(idle)) => Some(end.min(idle)),
            (end, idle) => end.or(idle),
        }
    }

    /// Looks at the clock.
    pub(super) fn look(&mut self, moved: Instant) -> Verdict {
        let now = Instant::now();
        let idle_end = self.idle.map(|idle| moved + idle);
        if self.end.is_some_and(|end| end <= now) {
            let text = "the time of the session is over";
            return Verdict::End(Close::new(CloseReason::Expired, text));
        }
        if idle_end.is_some_and(|end| end <= now) {
            let text = "nothing moved for too long";
            return Verdict::End(Close::new(CloseReason::Idle, text));
        }
        let near = |end: Option<Instant>| {
            let left = end?.saturating_duration_since(now);
            (left <= self.warning).then_some(left)
        };
        let notice = |kind, after| {
            Verdict::Warn(Notice {
                kind,
                after,
                detail: String::new(),
            })
        };
        if let Some(left) = near(self.end).filter(|_| !self.warned_of_end) {
            self.warned_of_end = true;
            return notice(NoticeKind::EXPIRY, left);
        }
        if let Some(left) = near(idle_end).filter(|_| self.warned_at != Some(moved)) {
            self.warned_at = Some(moved);
            return notice(NoticeKind::IDLE, left);
        }
        Verdict::Nothing
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, pause, sleep_until};

    use super::*;

    /// Lets time pass until `term` wants to look, and looks.
    async fn next(term: &mut Term, moved: Instant) -> Verdict {
        sleep_until(term.due(moved).expect("it ends")).await;
        term.look(moved)
    }

    #[tokio::test]
    async fn an_idle_session_is_warned_and_then_ends() {
        pause();
        let mut term = Term::from(
            Some(Duration::from_secs(100)),
            None,
            Duration::from_secs(30),
        );
        let begun = Instant::now();
        let Verdict::Warn(notice) = next(&mut term, begun).await else {
            panic!("no warning");
        };
        assert_eq!(notice.kind, NoticeKind::IDLE);
        // Timers are as exact as a millisecond.
        assert_eq!(notice.after.as_millis().div_ceil(1000), 30);
        let Verdict::End(close) = next(&mut term, begun).await else {
            panic!("no end");
        };
        assert_eq!(close.reason, CloseReason::Idle);
        assert_eq!(begun.elapsed().as_secs(), 100);
    }

    #[tokio::test]
    async fn a_byte_takes_the_warning_back() {
        pause();
        let mut term = Term::from(
            Some(Duration::from_secs(100)),
            None,
            Duration::from_secs(30),
        );
        let begun = Instant::now();
        assert!(matches!(next(&mut term, begun).await, Verdict::Warn(_)));
        advance(Duration::from_secs(10)).await;
        let moved = Instant::now();
        assert_eq!(term.due(moved), Some(moved + Duration::from_secs(70)));
        assert!(matches!(next(&mut term, moved).await, Verdict::Warn(_)));
    }

    #[tokio::test]
    async fn the_time_of_a_session_ends_whatever_moves() {
        pause();
        let mut term = Term::from(
            Some(Duration::from_secs(1000)),
            Some(Duration::from_secs(100)),
            Duration::from_secs(30),
        );
        let Verdict::Warn(notice) = next(&mut term, Instant::now()).await else {
            panic!("no warning");
        };
        assert_eq!(notice.kind, NoticeKind::EXPIRY);
        let Verdict::End(close) = next(&mut term, Instant::now()).await else {
            panic!("no end");
        };
        assert_eq!(close.reason, CloseReason::Expired);
    }

    #[tokio::test]
    async fn without_limits_nothing_is_ever_due() {
        let term = Term::from(None, None, Duration::from_secs(30));
        assert_eq!(term.due(Instant::now()), None);
    }
}
