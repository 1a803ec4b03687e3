//! Tickets that were used, until they expire.

use core::hash::BuildHasher;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

/// Remembers tickets. One lock: of a hundred uses at the same time exactly one is the first.
///
/// Names are kept as hashes under a random key: 64 bits each, so that two tickets are taken for
/// one about once in 10^9 times with 100 000 of them, which refuses the second.
#[derive(Debug)]
pub(super) struct Used {
    limit: usize,
    hasher: RandomState,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    names: HashSet<u64>,
    /// The same names by the second in which they expire.
    ends: BTreeSet<(u64, u64)>,
}

/// What became of a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    First,
    Again,
    /// As many are remembered as may be. To forget one early would let it be used again.
    Full,
}

impl Used {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            hasher: RandomState::new(),
            state: Mutex::default(),
        }
    }

    /// Uses the ticket with `name`, which is worth nothing from second `exp` on.
    pub(super) fn take(&self, name: (&str, &str), exp: u64, now: u64) -> Taken {
        let name = self.hasher.hash_one(name);
        // No code panics while it holds the lock, so a poisoned one is still sound.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((end, old)) = state.ends.first().copied().filter(|(end, _)| *end <= now) {
            state.ends.remove(&(end, old));
            state.names.remove(&old);
        }
        if state.names.contains(&name) {
            return Taken::Again;
        }
        if state.names.len() >= self.limit {
            return Taken::Full;
        }
        state.names.insert(name);
        state.ends.insert((exp, name));
        Taken::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_used_once_and_forgotten_when_it_has_expired() {
        let used = Used::new(10);
        assert_eq!(used.take(("", "a"), 100, 50), Taken::First);
        assert_eq!(used.take(("", "a"), 100, 99), Taken::Again);
        assert_eq!(used.take(("other", "a"), 100, 99), Taken::First);
        assert_eq!(used.take(("", "a"), 200, 100), Taken::First);
    }

    #[test]
    fn a_full_memory_refuses_until_something_expires() {
        let used = Used::new(2);
        assert_eq!(used.take(("", "a"), 100, 50), Taken::First);
        assert_eq!(used.take(("", "b"), 110, 50), Taken::First);
        assert_eq!(used.take(("", "c"), 120, 50), Taken::Full);
        assert_eq!(used.take(("", "a"), 100, 50), Taken::Again);
        assert_eq!(used.take(("", "c"), 120, 100), Taken::First);
    }
}
