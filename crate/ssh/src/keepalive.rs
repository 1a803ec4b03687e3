//! Whether the server is still there.

use core::time::Duration;

use crate::{CloseCause, Connection};

/// By how much a timer may be late before we conclude that the machine was asleep.
///
/// Timers of a busy browser are late by some 100 ms. After sleep, everything that the server
/// sent meanwhile is still to be read; it gets a new chance.
const OVERSLEPT: Duration = Duration::from_secs(2);

impl Connection {
    /// Asks again and again whether the server is there, until the connection is closed.
    ///
    /// Each answer goes to `on_round_trip`. When the link is silent for too long
    /// ([`crate::KeepAlive`]), it is cut, and [`Self::closed`] says [`CloseCause::Dead`].
    /// Anything that arrives counts as a sign of life. While the brake is on, nothing can arrive
    /// and nobody is declared dead.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by dropping it; nobody asks any more then.
    pub async fn keep_alive(&self, mut on_round_trip: impl FnMut(Duration)) {
        let schedule = self.shared().keep_alive;
        loop {
            tokio::select! {
                biased;
                _ = self.closed() => return,
                () = self.clock().sleep(schedule.interval) => {}
            }
            match self.ask(schedule.patience).await {
                Some(round_trip) => on_round_trip(round_trip),
                None => break,
            }
        }
        self.shared().close(CloseCause::Dead);
        self.shared().link.cut();
    }

    /// Waits for an answer for as long as there are signs of life; `None` if there are none.
    async fn ask(&self, patience: Duration) -> Option<Duration> {
        let link = &self.shared().link;
        let mut mark = link.start_watch();
        let answer = self.round_trip();
        tokio::pin!(answer);
        loop {
            let begun = self.clock().now();
            tokio::select! {
                biased;
                // An error is the end of the connection, whose cause is known already.
                answer = &mut answer => return answer.ok(),
                () = self.clock().sleep(patience) => {}
            }
            let late = self.clock().now().saturating_sub(begun);
            let watched = link.since(mark);
            let overslept = late > patience + OVERSLEPT;
            if !(watched.heard || watched.braked || overslept) {
                return None;
            }
            mark = link.start_watch();
        }
    }
}
