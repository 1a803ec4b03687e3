//! A session that is open: attached to a client, held without one, over.

use core::future::poll_fn;
use core::time::Duration;

use tokio::time::{Instant, interval_at, sleep, sleep_until};
use transom_wire::{Close, CloseReason, Notice, NoticeKind};

use super::bridge::{Bridge, End};
use super::registry::{Newcomer, Seat};
use super::term::{Term, Verdict};
use super::{Session, Stop, draining, farewell, going_away, over};
use crate::access::Admission;
use crate::metrics::{Outcome, Summary};
use crate::socket::Socket;

/// Time between two questions whether the client still lives. Home routers forget connections
/// after some minutes without traffic.
const PING_INTERVAL: Duration = Duration::from_secs(30);

/// A session that is open.
pub(super) struct Life {
    bridge: Bridge,
    /// Where clients that come back are handed over; `None` in plain mode.
    seat: Option<Seat>,
    session: Session,
    admission: Admission,
    term: Term,
    begun: Instant,
    resumes: u32,
    /// Clients were told that the relay stops.
    warned: bool,
}

impl Life {
    pub(super) fn new(
        bridge: Bridge,
        seat: Option<Seat>,
        session: Session,
        admission: Admission,
    ) -> Self {
        Self {
            bridge,
            term: Term::new(&admission),
            admission,
            seat: seat.filter(|_| !session.grace.is_zero()),
            session,
            begun: Instant::now(),
            resumes: 0,
            warned: false,
        }
    }

    /// Carries bytes until the session is over, then says farewell.
    pub(super) async fn run(mut self) {
        let end = loop {
            match self.attached().await {
                End::Cut => {}
                End::Ours(close) if self.seat.is_some() && outlasts(&close) => {
                    match self.tell(close).await {
                        Told::Yes(close) => break End::Ours(close),
                        Told::Again => continue,
                        Told::No => {}
                    }
                }
                end => break end,
            }
            if let Err(end) = self.held().await {
                break end;
            }
        };
        self.log(&end);
        // Nobody comes back from here on.
        self.seat = None;
        self.bridge.end(end).await;
    }

    /// Runs while a client is there.
    async fn attached(&mut self) -> End {
        let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
        loop {
            let stopping = self.session.stopping.clone();
            let due = self.term.due(self.bridge.moved());
            tokio::select! {
                end = poll_fn(|context| self.bridge.poll(context)) => return end,
                () = until(due) => match self.term.look(self.bridge.moved()) {
                    Verdict::Nothing => {}
                    Verdict::Warn(notice) => self.bridge.notify(notice),
                    Verdict::End(close) => return End::Ours(close),
                },
                newcomer = newcomer(&mut self.seat) => self.attach(newcomer),
                () = draining(stopping.clone()), if !self.warned => self.warn(),
                () = over(stopping) => return End::Ours(going_away()),
                _ = pings.tick() => {
                    if let Err(end) = self.bridge.ask_client() {
                        return end;
                    }
                }
            }
        }
    }

    /// Tells the client that the target is done. A connection that breaks meanwhile may have taken
    /// the target's last bytes with it, so the client must have confirmed the end.
    async fn tell(&mut self, close: Close) -> Told {
        let Some(mut socket) = self.bridge.detach() else {
            return Told::No;
        };
        let stopping = self.session.stopping.clone();
        tokio::select! {
            told = farewell::framed(&mut socket, &close) => if told {
                return Told::Yes(close);
            },
            () = over(stopping) => return Told::Yes(close),
            newcomer = newcomer(&mut self.seat) => {
                let resumes = self.resumes;
                self.bridge.owe(close);
                self.attach(newcomer);
                return if self.resumes > resumes { Told::Again } else { Told::No };
            }
        }
        self.bridge.owe(close);
        Told::No
    }

    /// Waits for the client to come back. `Err` where it does not.
    async fn held(&mut self) -> Result<(), End> {
        let room = self
            .seat
            .as_ref()
            .and_then(|_| self.session.registry.hold(self.bridge.kept_bytes()));
        let Some(_room) = room else {
            return Err(End::Cut);
        };
        if let Some(socket) = self.bridge.detach() {
            self.part(socket, None);
        }
        tracing::debug!("session held");
        let deadline = Instant::now() + self.session.grace;
        let resumes = self.resumes;
        while self.resumes == resumes {
            tokio::select! {
                // Only for what it does; without a client it does not end.
                end = poll_fn(|context| self.bridge.poll(context)) => return Err(end),
                newcomer = newcomer(&mut self.seat) => self.attach(newcomer),
                () = draining(self.session.stopping.clone()) => return Err(End::Cut),
                () = sleep(deadline.saturating_duration_since(Instant::now())) => {
                    return Err(End::Cut);
                }
            }
        }
        Ok(())
    }

    /// Goes on with a client that proved the secret.
    fn attach(&mut self, newcomer: Box<Newcomer>) {
        match self.bridge.attach(newcomer) {
            Ok(before) => {
                self.resumes = self.resumes.saturating_add(1);
                tracing::debug!("session resumed");
                if let Some(before) = before {
                    let text = "a newer connection carries the session";
                    self.part(before, Some(Close::new(CloseReason::Superseded, text)));
                }
            }
            Err((newcomer, close)) => self.part(newcomer.socket, Some(close)),
        }
    }

    /// Says farewell to a connection, while the session goes on.
    fn part(&self, mut socket: Socket, close: Option<Close>) {
        // The relay waits for it when it stops.
        let stopping = self.session.stopping.clone();
        tokio::spawn(async move {
            match close {
                Some(close) => drop(farewell::framed(&mut socket, &close).await),
                None => farewell::drain(&mut socket).await,
            }
            drop(stopping);
        });
    }

    fn warn(&mut self) {
        self.warned = true;
        let after = match *self.session.stopping.borrow() {
            Stop::Draining(after) => after,
            Stop::Serving | Stop::Over => Duration::ZERO,
        };
        if !after.is_zero() {
            self.bridge.notify(Notice {
                kind: NoticeKind::GOING_AWAY,
                after,
                detail: "the relay stops".to_owned(),
            });
        }
    }

    /// One line for each session.
    fn log(&self, end: &End) {
        let outcome = match end {
            End::Client => Outcome::Left,
            End::Cut => Outcome::Gone,
            End::Ours(close) => Outcome::Told(close.reason),
        };
        let carried = self.bridge.carried();
        let session = self.seat.as_ref().map(|seat| seat.id);
        let summary = Summary {
            up_bytes: carried.up,
            down_bytes: carried.down,
            time: self.begun.elapsed(),
            resumes: self.resumes,
        };
        let access = &self.session.access;
        access.ended(&self.admission, session, outcome, summary);
    }
}

/// Whether the client knows how its session ended.
enum Told {
    /// It confirmed the end.
    Yes(Close),
    /// Its connection broke meanwhile.
    No,
    /// It came back meanwhile.
    Again,
}

/// Whether what came before the end may still be fetched.
fn outlasts(close: &Close) -> bool {
    matches!(
        close.reason,
        CloseReason::Finished | CloseReason::TargetLost
    )
}

/// Waits until `due`; for ever where there is nothing to wait for.
async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => core::future::pending().await,
    }
}

/// Waits for a client that comes back; for ever where none can.
async fn newcomer(seat: &mut Option<Seat>) -> Box<Newcomer> {
    match seat {
        Some(seat) => seat.newcomer().await,
        None => core::future::pending().await,
    }
}
