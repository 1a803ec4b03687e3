//! One session: from the first frame to the farewell, over one WebSocket after another.

mod bridge;
mod client;
mod farewell;
mod flow;
mod handshake;
mod life;
mod outbox;
mod pace;
mod recycle;
mod registry;
mod term;

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::watch;
use transom_wire::{Close, CloseReason, Open, Resume};

use crate::access::{Access, Caller};
use crate::policy::Target;
use crate::socket::Socket;
use bridge::Bridge;
use flow::{Flow, Framing};
use handshake::{Aborted, First};
use life::Life;
use registry::Newcomer;

pub(crate) use registry::{HeldLimits, Registry};

/// What a connection is given.
pub(crate) struct Session {
    /// Decides what it may.
    pub(crate) access: Arc<Access>,
    /// Who is behind it.
    pub(crate) caller: Caller,
    /// Sessions that can be resumed.
    pub(crate) registry: Arc<Registry>,
    /// How long a session waits for its client; zero where it does not.
    pub(crate) grace: Duration,
    /// Time for the first frame.
    pub(crate) first_frame: Duration,
    /// How far the relay has stopped. It waits until all of these are dropped.
    pub(crate) stopping: watch::Receiver<Stop>,
}

/// How far the relay has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stop {
    /// Not at all.
    Serving,
    /// No new session begins; those that there are may finish until so long after the begin.
    Draining(Duration),
    /// Sessions end now.
    Over,
}

/// Serves a connection that speaks the relay protocol.
pub(crate) async fn framed(mut socket: Socket, session: Session) {
    let first = tokio::select! {
        first = handshake::first_frame(&mut socket, session.first_frame) => first,
        () = draining(session.stopping.clone()) => Err(Aborted::Refused(going_away())),
    };
    match first {
        Ok(First::Open(open)) => begin(socket, session, &open).await,
        Ok(First::Resume(resume)) => go_on(socket, session, resume).await,
        Err(Aborted::TooLong(close)) => {
            let close = session.access.overlong(&session.caller, close);
            leave(&mut socket, Aborted::Refused(close)).await;
        }
        Err(aborted) => leave(&mut socket, aborted).await,
    }
}

/// Runs a new session.
async fn begin(mut socket: Socket, mut session: Session, open: &Open) {
    let opening = async {
        let admitted = session.access.admit(&session.caller, open).await;
        let admission = admitted.map_err(Aborted::Refused)?;
        session.caller.settle();
        let target = handshake::reach(&mut socket, &session.access, &admission).await?;
        let opened = handshake::opened(&target, session.grace)?;
        let seat = session
            .registry
            .register(opened.session, opened.secret.clone());
        handshake::welcome(&mut socket, opened).await?;
        Ok((target, seat, admission))
    };
    let opened = tokio::select! {
        opened = opening => opened,
        () = draining(session.stopping.clone()) => Err(Aborted::Refused(going_away())),
    };
    match opened {
        Ok((target, seat, admission)) => {
            let framing = Framing::Transom(Flow::new(open.window_bytes));
            let bridge = Bridge::new(socket, target, framing);
            let life = Life::new(bridge, Some(seat), session, admission);
            // A task of its own, because this one has become large with the handshake.
            tokio::spawn(life.run());
        }
        Err(aborted) => leave(&mut socket, aborted).await,
    }
}

/// Hands a client that comes back to its session, which runs where it began.
async fn go_on(socket: Socket, session: Session, resume: Resume) {
    let newcomer = Box::new(Newcomer { socket, resume });
    if let Err(mut unknown) = session.registry.hand_over(newcomer).await {
        let text = "the session is over or was never here";
        let refused = handshake::refused(CloseReason::SessionUnknown, text);
        leave(&mut unknown.socket, refused).await;
    }
}

async fn leave(socket: &mut Socket, aborted: Aborted) {
    match aborted {
        Aborted::Refused(close) | Aborted::TooLong(close) => {
            tracing::debug!(reason = %close.reason, "session refused");
            farewell::framed(socket, &close).await;
        }
        Aborted::ClientGone => farewell::drain(socket).await,
    }
}

/// Runs a session of plain mode.
pub(crate) async fn plain(mut socket: Socket, mut session: Session, target: Target) {
    let dialing = async {
        let admitted = session.access.admit_plain(&session.caller, target);
        let admission = admitted.map_err(Aborted::Refused)?;
        session.caller.settle();
        let stream = session.access.dial(&admission).await;
        let stream = stream.map_err(|error| Aborted::Refused(error.close()))?;
        Ok((stream, admission))
    };
    let dialed = tokio::select! {
        dialed = dialing => dialed,
        () = draining(session.stopping.clone()) => Err(Aborted::Refused(going_away())),
    };
    match dialed {
        Ok((stream, admission)) => {
            let bridge = Bridge::new(socket, stream, Framing::Plain);
            tokio::spawn(Life::new(bridge, None, session, admission).run());
        }
        Err(Aborted::Refused(close) | Aborted::TooLong(close)) => {
            farewell::plain(&mut socket, &close).await;
        }
        Err(Aborted::ClientGone) => farewell::drain(&mut socket).await,
    }
}

fn going_away() -> Close {
    Close::new(CloseReason::GoingAway, "the relay stops")
}

/// Waits until the relay begins no more sessions.
pub(crate) async fn draining(mut stopping: watch::Receiver<Stop>) {
    // An error means that the sender went without a word: `serve` was dropped, which is a stop
    // as well.
    let _ = stopping.wait_for(|stop| *stop > Stop::Serving).await;
}

/// Waits until sessions must end.
async fn over(mut stopping: watch::Receiver<Stop>) {
    // As above.
    let _ = stopping.wait_for(|stop| *stop == Stop::Over).await;
}
