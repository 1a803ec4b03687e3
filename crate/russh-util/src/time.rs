//! A clock that never steps back.

use core::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
use std::time as clock;
#[cfg(target_arch = "wasm32")]
use web_time as clock;

/// A moment on a monotonic clock: `performance.now()` in a browser, the system's elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Instant(clock::Instant);

impl Instant {
    /// The present moment.
    pub fn now() -> Self {
        Self(clock::Instant::now())
    }

    /// Time from `earlier` to this moment; zero when `earlier` is the later one.
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_never_negative() {
        let earlier = Instant::now();
        let later = Instant(earlier.0 + Duration::from_secs(1));
        assert_eq!(later.duration_since(earlier), Duration::from_secs(1));
        assert_eq!(earlier.duration_since(later), Duration::ZERO);
    }
}
