//! How often a target that sends in bulk is looked at.
//!
//! A server that prints writes each packet as it comes, some 4 KiB every 60 µs. A message for each
//! costs the relay, the browser's network process and the page far more than its bytes do. So while
//! much comes in small pieces, the relay waits a moment before it reads again.

use core::task::Context;
use core::time::Duration;

use tokio::time::Instant;

#[cfg(target_os = "linux")]
use fine::Timer;
#[cfg(not(target_os = "linux"))]
use none::Timer;

/// Between two looks at a target that sends in bulk. A key's echo waits for no more than that, and
/// at 60 MB/s 24 KiB come meanwhile.
const INTERVAL: Duration = Duration::from_micros(400);

/// A read of as much is worth a message of its own.
const LARGE_BYTES: usize = 32 * 1024;

/// Time over which bytes are counted.
const SLOT: Duration = Duration::from_millis(4);

/// Bytes in a slot that make a target one that sends in bulk: 8 MB/s, more than a person's doing.
const BULK_BYTES: usize = 32 * 1024;

/// Bytes in a slot from which a wait costs more than it saves: at 160 MB/s much comes with each
/// read anyway, and a target whose buffers are full stands still meanwhile.
const MUCH_BYTES: usize = 640 * 1024;

/// Says when to look at a target again.
#[derive(Debug)]
pub(super) struct Pace {
    since: Instant,
    bytes: usize,
    /// Only of a target that sends in bulk: it takes a file descriptor.
    timer: Option<Timer>,
    waiting: bool,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            bytes: 0,
            timer: None,
            waiting: false,
        }
    }

    /// Notes that `bytes` were read.
    pub(super) fn read(&mut self, bytes: usize, now: Instant) {
        self.bytes = self.bytes.saturating_add(bytes);
        let elapsed = now.saturating_duration_since(self.since);
        if elapsed >= SLOT {
            if (BULK_BYTES..MUCH_BYTES).contains(&self.bytes) && elapsed < 2 * SLOT {
                self.timer = self.timer.take().or_else(Timer::new);
            } else {
                self.timer = None;
            }
            self.since = now;
            self.bytes = 0;
        }
        self.waiting = match &self.timer {
            Some(timer) if bytes < LARGE_BYTES => timer.start(INTERVAL),
            _ => false,
        };
    }

    /// Whether to look at the target now; wakes the task when the time comes.
    pub(super) fn is_due(&mut self, context: &mut Context<'_>) -> bool {
        if self.waiting
            && let Some(timer) = &self.timer
        {
            self.waiting = !timer.has_fired(context);
        }
        !self.waiting
    }
}

/// A timer of the kernel. Those of tokio count in milliseconds, which is as long as a server needs to
/// send all of its window.
#[cfg(target_os = "linux")]
mod fine {
    use core::task::{Context, Poll};
    use core::time::Duration;
    use std::os::fd::OwnedFd;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    #[derive(Debug)]
    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        /// `None` where the system has no more descriptors: all works without it.
        pub(super) fn new() -> Option<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags).ok()?;
            #[expect(
                deprecated,
                reason = "wrong only for types that close their descriptor early; this one owns it"
            )]
            AsyncFd::with_interest(timer, Interest::READABLE)
                .ok()
                .map(Self)
        }

        /// Starts it afresh; says whether it will fire.
        pub(super) fn start(&self, after: Duration) -> bool {
            let wait = Itimerspec {
                it_interval: Timespec::default(),
                it_value: Timespec {
                    tv_sec: 0,
                    tv_nsec: after.subsec_nanos().into(),
                },
            };
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &wait).is_ok()
        }

        /// Whether it fired since its start.
        pub(super) fn has_fired(&self, context: &mut Context<'_>) -> bool {
            match self.0.poll_read_ready(context) {
                // Nothing is read from it: the next start forgets what was.
                Poll::Ready(Ok(mut ready)) => {
                    ready.clear_ready();
                    true
                }
                Poll::Ready(Err(_)) => true,
                Poll::Pending => false,
            }
        }
    }
}

/// Elsewhere each packet is looked at.
#[cfg(not(target_os = "linux"))]
mod none {
    use core::task::Context;
    use core::time::Duration;

    #[derive(Debug)]
    pub(super) enum Timer {}

    impl Timer {
        pub(super) fn new() -> Option<Self> {
            None
        }

        pub(super) fn start(&self, _after: Duration) -> bool {
            match *self {}
        }

        pub(super) fn has_fired(&self, _context: &mut Context<'_>) -> bool {
            match *self {}
        }
    }
}

#[cfg(test)]
mod tests {
    use core::future::poll_fn;
    use core::task::Poll;

    use super::*;

    /// What one packet of a shell carries.
    const PACKET: usize = 4132;

    fn flood(pace: &mut Pace, begin: Instant, packet: usize) -> Instant {
        let mut now = begin;
        for _ in 0..400 {
            pace.read(packet, now);
            now += Duration::from_micros(60);
        }
        now
    }

    #[tokio::test]
    async fn a_target_that_sends_very_much_is_looked_at_at_once() {
        let begin = Instant::now();
        let mut pace = Pace::new(begin);
        flood(&mut pace, begin, LARGE_BYTES - 1);
        let due = poll_fn(|context| Poll::Ready(pace.is_due(context))).await;
        assert!(due);
    }

    #[tokio::test]
    async fn a_target_that_sends_in_bulk_is_looked_at_later() {
        let begin = Instant::now();
        let mut pace = Pace::new(begin);
        flood(&mut pace, begin, PACKET);
        let asked = std::time::Instant::now();
        let mut waited = false;
        poll_fn(|context| {
            if pace.is_due(context) {
                return Poll::Ready(());
            }
            waited = true;
            Poll::Pending
        })
        .await;
        assert!(waited, "looked at once");
        assert!(asked.elapsed() >= INTERVAL / 2);
    }

    #[tokio::test]
    async fn what_comes_now_and_then_or_whole_is_looked_at_once() {
        let begin = Instant::now();
        let mut pace = Pace::new(begin);
        let due =
            async |pace: &mut Pace| poll_fn(|context| Poll::Ready(pace.is_due(context))).await;
        pace.read(PACKET, begin);
        assert!(due(&mut pace).await);
        let end = flood(&mut pace, begin, 2 * LARGE_BYTES);
        assert!(due(&mut pace).await);
        pace.read(PACKET, end + Duration::from_secs(1));
        assert!(due(&mut pace).await);
    }
}
