//! The steps on the way to a shell, as the phase rail shows them.

use transom_protocol::Phase;

use crate::state::connection::Connection;
use crate::state::message::{Message, status as words};

/// The steps in their order.
const LABELS: [Message; 5] = [
    words::STEP_RELAY,
    words::STEP_SERVER,
    words::STEP_KEYS,
    words::STEP_HOST_KEY,
    words::STEP_LOG_IN,
];

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Done,
    Current,
    Ahead,
    Failed,
}

impl Mark {
    /// Its name for people who do not see the shape.
    pub(crate) fn label(self) -> &'static str {
        let message = match self {
            Self::Done => words::DONE,
            Self::Current => words::CURRENT,
            Self::Ahead => words::AHEAD,
            Self::Failed => words::FAILED,
        };
        message.say()
    }

    /// Its class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Ahead => "ahead",
            Self::Failed => "failed",
        }
    }
}

/// The steps of a connection with their marks.
pub(crate) fn steps(connection: &Connection) -> [(&'static str, Mark); 5] {
    let closed = matches!(connection.phase, Phase::Closed { .. });
    let here = position(if closed {
        &connection.last_alive
    } else {
        &connection.phase
    });
    let mut place = 0;
    LABELS.map(|label| {
        let mark = match (place.cmp(&here), closed) {
            (core::cmp::Ordering::Less, _) => Mark::Done,
            (core::cmp::Ordering::Equal, true) => Mark::Failed,
            (core::cmp::Ordering::Equal, false) => Mark::Current,
            (core::cmp::Ordering::Greater, _) => Mark::Ahead,
        };
        place += 1;
        (label.say(), mark)
    })
}

fn position(phase: &Phase) -> usize {
    match phase {
        Phase::Idle | Phase::ReachingRelay => 0,
        Phase::ReachingServer => 1,
        Phase::ExchangingKeys => 2,
        Phase::CheckingHostKey => 3,
        Phase::Authenticating => 4,
        Phase::Open | Phase::Closed { .. } => LABELS.len(),
    }
}

#[cfg(test)]
mod tests {
    use transom_protocol::Event;

    use super::*;
    use crate::state::connection::ConnectionId;

    fn marks(phases: &[Phase]) -> Vec<Mark> {
        let target = "web-1".parse().unwrap();
        let mut connection = Connection::started(ConnectionId("a".into()), target, None);
        for phase in phases {
            connection.on(&Event::Phase {
                phase: phase.clone(),
            });
        }
        steps(&connection).map(|(_, mark)| mark).to_vec()
    }

    #[test]
    fn the_step_that_failed_is_the_last_one_tried() {
        use Mark::{Ahead, Done, Failed};
        let closed = Phase::Closed { failure: None };
        assert_eq!(
            marks(&[Phase::ReachingServer, closed]),
            [Done, Failed, Ahead, Ahead, Ahead]
        );
    }

    #[test]
    fn an_open_session_has_all_steps_done() {
        assert!(marks(&[Phase::Open]).iter().all(|mark| *mark == Mark::Done));
    }
}
