//! When to ask whether the relay is there, when to give it up, and when to try again. Only
//! arithmetic: whoever calls brings the time.

use core::time::Duration;

/// Silence after which the relay is asked. With [`PATIENCE`] an idle link is known to be dead
/// after 7 s.
const IDLE: Duration = Duration::from_secs(4);

/// Shortest time between questions while something is typed. With [`PATIENCE`] a dead link is known
/// after 4 s then.
const TYPING: Duration = Duration::from_secs(1);

/// How long an answer may take. Anything that arrives counts as one.
const PATIENCE: Duration = Duration::from_secs(3);

/// The same after a hint that the network changed.
const DOUBTFUL_PATIENCE: Duration = Duration::from_millis(1500);

/// By how much a timer may be late before we conclude that nobody looked: the machine slept, or the
/// worker was busy. What the relay sent meanwhile is still to be read, so it is asked again.
const OVERSLEPT: Duration = Duration::from_secs(1);

/// Longest wait between two attempts to come back.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Nothing.
    Wait,
    /// Ask the relay.
    Ask,
    /// The link is dead.
    Dead,
}

/// Watches one connection.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    heard: Duration,
    /// When the open question was asked.
    question: Option<Duration>,
    last_question: Option<Duration>,
    patience: Duration,
    /// Something was sent since the last sign of life.
    typed: bool,
    /// Somebody says that the network changed.
    doubted: bool,
}

impl Pulse {
    /// Begins with a sign of life.
    pub(super) const fn new(now: Duration) -> Self {
        Self {
            heard: now,
            question: None,
            last_question: None,
            patience: PATIENCE,
            typed: false,
            doubted: false,
        }
    }

    /// Notes a sign of life.
    pub(super) const fn heard(&mut self, now: Duration) {
        self.heard = now;
        self.question = None;
        self.patience = PATIENCE;
        self.typed = false;
        self.doubted = false;
    }

    /// Notes that bytes were sent.
    pub(super) const fn typed(&mut self) {
        self.typed = true;
    }

    /// Notes that the network may have changed.
    pub(super) const fn doubted(&mut self) {
        self.doubted = true;
    }

    /// When [`Self::check`] will have something to say.
    pub(super) fn due(&self) -> Duration {
        match (self.question, self.last_question) {
            _ if self.doubted => Duration::ZERO,
            (Some(asked), _) => asked + self.patience,
            (None, Some(last)) if self.typed => last + TYPING,
            (None, None) if self.typed => Duration::ZERO,
            (None, _) => self.heard + IDLE,
        }
    }

    /// Says what to do.
    ///
    /// - `moving`: what was handed to the browser is still getting less, so the network takes it.
    pub(super) fn check(&mut self, now: Duration, moving: bool) -> Beat {
        let due = self.due();
        if now < due {
            return Beat::Wait;
        }
        let doubted = core::mem::take(&mut self.doubted);
        let overslept = now.saturating_sub(due) > OVERSLEPT;
        if self.question.is_some() && !(doubted || moving || overslept) {
            return Beat::Dead;
        }
        if doubted {
            self.patience = DOUBTFUL_PATIENCE;
        }
        self.question = Some(now);
        self.last_question = Some(now);
        Beat::Ask
    }
}

/// Time between two attempts: twice as long each time, at random shorter, so that a thousand
/// clients do not come back in the same moment.
///
/// - `failed`: attempts so far.
/// - `random`: from 0 to 1.
pub(super) fn wait_before(failed: u32, random: f64) -> Duration {
    let doubled = Duration::from_millis(125).saturating_mul(1 << failed.min(10));
    doubled
        .min(LONGEST_WAIT)
        .mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Runs a link that is dead from `begin` on; says how long until that is known.
    fn death(mut pulse: Pulse, begin: Duration) -> Duration {
        let mut now = begin;
        loop {
            now = now.max(pulse.due());
            if pulse.check(now, false) == Beat::Dead {
                return now.saturating_sub(begin);
            }
        }
    }

    #[test]
    fn an_idle_link_is_known_to_be_dead_within_ten_seconds() {
        let begin = ms(1_000_000);
        let known = death(Pulse::new(begin), begin);
        assert!(known < ms(10_000), "{known:?}");
    }

    #[test]
    fn a_dead_link_is_known_within_five_seconds_of_typing() {
        // The last question may have been asked at any time before.
        for ago in (0..6000).step_by(100) {
            let mut pulse = Pulse::new(ms(100_000));
            pulse.typed();
            assert_eq!(pulse.check(ms(100_000), false), Beat::Ask);
            pulse.heard(ms(100_001));
            let typed = ms(100_001 + ago);
            if pulse.check(typed, false) == Beat::Ask {
                pulse.heard(typed);
            }
            pulse.typed();
            let known = death(pulse, typed);
            assert!(known < ms(5000), "{known:?} after {ago} ms");
        }
    }

    #[test]
    fn a_link_that_answers_lives() {
        let mut pulse = Pulse::new(ms(0));
        let mut questions = 0;
        for now in (0..600_000).step_by(100) {
            match pulse.check(ms(now), false) {
                Beat::Ask => {
                    questions += 1;
                    pulse.heard(ms(now + 90));
                }
                Beat::Wait => {}
                Beat::Dead => panic!("dead at {now} ms"),
            }
        }
        assert!((100..=150).contains(&questions), "{questions} questions");
    }

    #[test]
    fn typing_asks_at_most_once_a_second() {
        let mut pulse = Pulse::new(ms(0));
        let mut questions = 0;
        for now in (0..10_000).step_by(50) {
            pulse.typed();
            if pulse.check(ms(now), false) == Beat::Ask {
                questions += 1;
            }
            pulse.heard(ms(now + 10));
        }
        assert_eq!(questions, 10);
    }

    #[test]
    fn who_slept_asks_again_before_giving_up() {
        let mut pulse = Pulse::new(ms(0));
        assert_eq!(pulse.check(ms(4000), false), Beat::Ask);
        let woke = ms(3_600_000);
        assert_eq!(pulse.check(woke, false), Beat::Ask);
        assert!(death(pulse, woke) < ms(5000));
    }

    #[test]
    fn a_slow_upload_that_moves_is_not_dead() {
        let mut pulse = Pulse::new(ms(0));
        assert_eq!(pulse.check(ms(4000), false), Beat::Ask);
        assert_eq!(pulse.check(ms(7000), true), Beat::Ask);
        assert_eq!(pulse.check(ms(10_000), false), Beat::Dead);
    }

    #[test]
    fn a_hint_is_checked_at_once_and_quickly() {
        let mut pulse = Pulse::new(ms(0));
        pulse.doubted();
        assert_eq!(pulse.check(ms(100), false), Beat::Ask);
        assert_eq!(death(pulse, ms(100)), ms(1500));
    }

    #[test]
    fn attempts_become_rarer_up_to_a_bound_and_never_agree() {
        for (failed, longest_ms) in [(0, 125), (1, 250), (3, 1000), (6, 8000), (40, 8000)] {
            assert_eq!(wait_before(failed, 1.0), ms(longest_ms));
            assert_eq!(wait_before(failed, 0.0), ms(longest_ms) / 2);
        }
    }
}
