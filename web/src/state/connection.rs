//! One connection as its engine tells about it.

use std::rc::Rc;

use transom_protocol::{
    Event, Failure, LinkState, Phase, Question, QuestionId, RelayNotice, SessionSummary,
    ShellSummary, Target, VERSION,
};
use yew::AttrValue;

/// Names a connection: the `<id>` in its worker's name `conn-<id>` and in the page's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionId(pub(crate) AttrValue);

/// How far this page and the engine have come with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    /// This page asked the engine to connect.
    Started,
    /// This page found the id in its address and waits for the engine's first word.
    Attaching,
    /// The engine said where it stands.
    Attached,
    /// The engine knows of no session: it ended with its worker.
    Gone,
    /// The engine is of another version than this page.
    Foreign,
}

/// A question that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) id: QuestionId,
    pub(crate) question: Question,
}

/// What is known about a connection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) contact: Contact,
    /// `None` only while attaching to a session that this page did not start.
    pub(crate) target: Option<Target>,
    /// `SHA256:…` of the only host key to accept.
    pub(crate) pinned: Option<String>,
    pub(crate) phase: Phase,
    /// The jump host that the phase and the questions are about; `None` for the target.
    pub(crate) hop: Option<Target>,
    /// The phase before the connection closed: where it stopped.
    pub(crate) last_alive: Phase,
    pub(crate) session: Option<Rc<SessionSummary>>,
    pub(crate) questions: Vec<Asked>,
    /// The server's banner, already safe to show.
    pub(crate) banner: Option<AttrValue>,
    pub(crate) round_trip_ms: Option<f64>,
    /// Counts the commands to connect, so that a pane knows to ask for its shell again.
    pub(crate) attempt: u32,
    /// It was open once, so what follows a cut is a reconnection.
    pub(crate) was_open: bool,
    /// The way to the relay; while it is broken the relay holds the session.
    pub(crate) link: LinkState,
    /// What the relay announced last.
    pub(crate) notice: Option<RelayNotice>,
    /// The server is reached, but refused a shell.
    pub(crate) shell_refused: Option<Failure>,
}

impl Connection {
    /// A connection that this page starts.
    pub(crate) fn started(id: ConnectionId, target: Target, pinned: Option<String>) -> Self {
        Self {
            target: Some(target),
            pinned,
            phase: Phase::ReachingRelay,
            attempt: 1,
            ..Self::attaching(id, None)
        }
        .with_contact(Contact::Started)
    }

    /// A connection that this page looks for.
    pub(crate) fn attaching(id: ConnectionId, target: Option<Target>) -> Self {
        Self {
            id,
            contact: Contact::Attaching,
            target,
            pinned: None,
            phase: Phase::Idle,
            hop: None,
            last_alive: Phase::ReachingRelay,
            session: None,
            questions: Vec::new(),
            banner: None,
            round_trip_ms: None,
            attempt: 0,
            was_open: false,
            link: LinkState::Connected,
            notice: None,
            shell_refused: None,
        }
    }

    fn with_contact(mut self, contact: Contact) -> Self {
        self.contact = contact;
        self
    }

    /// The host as people call it; empty where it is not known yet.
    pub(crate) fn host(&self) -> &str {
        self.target.as_ref().map_or("", |target| &target.host)
    }

    /// The host that asks now: a jump host, or the one that the session leads to.
    pub(crate) fn asking_host(&self) -> &str {
        self.hop
            .as_ref()
            .map_or_else(|| self.host(), |hop| &hop.host)
    }

    /// Which of how many jump hosts is passed now, counted from 1.
    pub(crate) fn hop_number(&self) -> Option<(usize, usize)> {
        let (hop, jump) = (self.hop.as_ref()?, &self.target.as_ref()?.jump);
        let place = jump.iter().position(|known| known == hop)?;
        Some((place + 1, jump.len()))
    }

    /// Whether commands make sense: the engine is of our version and knows the session.
    pub(crate) fn is_usable(&self) -> bool {
        matches!(self.contact, Contact::Started | Contact::Attached)
    }

    /// Whether it is on its way to being open.
    pub(crate) fn is_connecting(&self) -> bool {
        self.is_usable() && !matches!(self.phase, Phase::Idle | Phase::Open | Phase::Closed { .. })
    }

    /// Whether the relay holds the session because the way to it is broken.
    pub(crate) fn is_held(&self) -> bool {
        matches!(self.link, LinkState::Held { .. })
    }

    /// Why it closed, where that was not in order.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        match &self.phase {
            Phase::Closed { failure } => failure.as_ref(),
            _ => None,
        }
    }

    /// Notes that this page asks to connect again.
    pub(crate) fn restart(&mut self) {
        self.contact = Contact::Started;
        self.attempt += 1;
        self.session = None;
        self.banner = None;
        self.hop = None;
        self.shell_refused = None;
        self.round_trip_ms = None;
        self.move_to(Phase::ReachingRelay);
    }

    /// Takes in what the engine says, but for what it says about shells.
    pub(crate) fn on(&mut self, event: &Event) {
        match event {
            Event::Hello {
                version,
                phase,
                target,
                session,
                shells,
            } => self.greet(*version, phase, target.as_ref(), session.as_ref(), shells),
            Event::Phase { phase } => self.move_to(phase.clone()),
            Event::Hop { hop } => {
                self.hop.clone_from(hop);
                self.banner = None;
            }
            Event::Question { id, question } => {
                self.questions.retain(|asked| asked.id != *id);
                self.questions.push(Asked {
                    id: *id,
                    question: question.clone(),
                });
            }
            Event::QuestionClosed { id } => self.questions.retain(|asked| asked.id != *id),
            Event::Banner { text } => self.banner = Some(text.clone().into()),
            Event::Session { summary } => self.session = Some(Rc::new(summary.clone())),
            Event::ShellRefused { failure } => self.shell_refused = Some(failure.clone()),
            Event::RoundTrip { milliseconds } => self.round_trip_ms = Some(*milliseconds),
            Event::Link { state } => {
                self.link = *state;
                self.round_trip_ms = None;
            }
            Event::Notice { notice, .. } => self.notice = Some(*notice),
            Event::ShellOpened { .. } => self.shell_refused = None,
            Event::Output { .. }
            | Event::Watched { .. }
            | Event::ShellExited { .. }
            | Event::Files { .. }
            | Event::Keys { .. }
            | Event::KnownHosts { .. } => {}
        }
    }

    fn greet(
        &mut self,
        version: u32,
        phase: &Phase,
        target: Option<&Target>,
        session: Option<&SessionSummary>,
        shells: &[ShellSummary],
    ) {
        if version != VERSION {
            self.contact = Contact::Foreign;
            return;
        }
        if *phase == Phase::Idle {
            // A fresh engine greets before it reads our command to connect.
            if self.contact != Contact::Started {
                self.contact = Contact::Gone;
            }
            return;
        }
        self.contact = Contact::Attached;
        self.hop = None;
        self.attempt = self.attempt.max(1);
        self.was_open |= !shells.is_empty();
        self.target = target.cloned().or(self.target.take());
        self.session = session.cloned().map(Rc::new);
        self.move_to(phase.clone());
    }

    fn move_to(&mut self, phase: Phase) {
        match phase {
            Phase::Closed { .. } => {
                self.link = LinkState::Connected;
                self.notice = None;
                self.questions.clear();
                self.round_trip_ms = None;
            }
            Phase::Open => self.was_open = true,
            _ => {}
        }
        if !matches!(phase, Phase::Closed { .. } | Phase::Idle) {
            self.last_alive = phase.clone();
        }
        self.phase = phase;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        "ops@web-1".parse().unwrap()
    }

    fn hello(version: u32, phase: Phase) -> Event {
        Event::Hello {
            version,
            phase,
            target: Some(target()),
            session: None,
            shells: Vec::new(),
        }
    }

    fn id() -> ConnectionId {
        ConnectionId("k3v9".into())
    }

    #[test]
    fn an_idle_engine_is_new_to_its_starter_and_gone_to_a_visitor() {
        let mut starter = Connection::started(id(), target(), None);
        starter.on(&hello(VERSION, Phase::Idle));
        assert_eq!(starter.contact, Contact::Started);
        let mut visitor = Connection::attaching(id(), None);
        visitor.on(&hello(VERSION, Phase::Idle));
        assert_eq!(visitor.contact, Contact::Gone);
    }

    #[test]
    fn an_engine_of_another_version_gets_no_commands() {
        let mut connection = Connection::attaching(id(), None);
        connection.on(&hello(VERSION + 1, Phase::Open));
        assert!(!connection.is_usable());
    }

    #[test]
    fn closing_forgets_questions_and_remembers_where_it_stopped() {
        let mut connection = Connection::started(id(), target(), None);
        connection.on(&Event::Phase {
            phase: Phase::Authenticating,
        });
        connection.on(&Event::Question {
            id: QuestionId(4),
            question: Question::User,
        });
        connection.on(&Event::Phase {
            phase: Phase::Closed { failure: None },
        });
        assert!(connection.questions.is_empty());
        assert_eq!(connection.last_alive, Phase::Authenticating);
    }

    #[test]
    fn a_held_session_is_held_until_the_link_stands_or_the_session_ends() {
        let held = Event::Link {
            state: LinkState::Held {
                attempts: 1,
                remaining_ms: 90_000,
                typed_bytes: 0,
            },
        };
        for after in [
            Event::Link {
                state: LinkState::Connected,
            },
            Event::Phase {
                phase: Phase::Closed { failure: None },
            },
        ] {
            let mut connection = Connection::started(id(), target(), None);
            connection.on(&held);
            assert!(connection.is_held());
            connection.on(&after);
            assert!(!connection.is_held());
        }
    }

    #[test]
    fn who_asks_is_the_jump_host_until_it_is_passed() {
        let target: Target = "ops@db-1 via edge,second".parse().unwrap();
        let mut connection = Connection::started(id(), target.clone(), None);
        let hop = target.jump.get(1).cloned();
        connection.on(&Event::Hop { hop });
        assert_eq!(connection.asking_host(), "second");
        assert_eq!(connection.hop_number(), Some((2, 2)));
        connection.on(&Event::Hop { hop: None });
        assert_eq!(connection.asking_host(), "db-1");
        assert_eq!(connection.hop_number(), None);
    }

    #[test]
    fn a_question_told_twice_is_asked_once() {
        let mut connection = Connection::started(id(), target(), None);
        for _ in 0..2 {
            connection.on(&Event::Question {
                id: QuestionId(4),
                question: Question::User,
            });
        }
        assert_eq!(connection.questions.len(), 1);
    }

    #[test]
    fn a_session_that_was_open_reconnects() {
        let mut connection = Connection::attaching(id(), None);
        connection.on(&hello(VERSION, Phase::Open));
        connection.restart();
        assert!(connection.was_open && connection.is_connecting());
    }
}
