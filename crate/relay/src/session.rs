//! One session: from the first frame to the farewell.

mod bridge;
mod farewell;
mod flow;
mod handshake;
mod outbox;

use core::future::poll_fn;
use core::time::Duration;
use std::sync::Arc;

use axum::extract::ws::WebSocket;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, interval_at};
use transom_wire::{Close, CloseReason};

use crate::dial::dial;
use crate::policy::{Policy, Target};
use bridge::{Bridge, End};
use flow::Framing;
use handshake::Aborted;

/// Time between two questions whether the client still lives. Home routers forget connections
/// after some minutes without traffic.
const PING_INTERVAL: Duration = Duration::from_secs(30);

/// What a session is given.
pub(crate) struct Session {
    /// Where it may go.
    pub(crate) policy: Arc<Policy>,
    /// Its place among the sessions at the same time; `None` where the relay is full.
    pub(crate) slot: Option<OwnedSemaphorePermit>,
    /// Becomes true when the relay stops. The relay waits until all of these are dropped.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Runs a session of the relay protocol.
pub(crate) async fn framed(mut socket: WebSocket, session: Session) {
    let opening = async {
        session.require_slot()?;
        handshake::open(&mut socket, &session.policy).await
    };
    let opened = tokio::select! {
        opened = opening => opened,
        () = stopped(session.stopping.clone()) => Err(Aborted::Refused(going_away())),
    };
    match opened {
        Ok((target, framing)) => bridge(Bridge::new(socket, target, framing), &session).await,
        Err(Aborted::Refused(close)) => {
            tracing::debug!(reason = %close.reason, "session refused");
            farewell::framed(&mut socket, &close).await;
        }
        Err(Aborted::ClientGone) => farewell::drain(&mut socket).await,
    }
}

/// Runs a session of plain mode.
pub(crate) async fn plain(mut socket: WebSocket, session: Session, target: Target) {
    let dialing = async {
        session.require_slot()?;
        let stream = dial(&session.policy, &target).await;
        stream.map_err(|error| Aborted::Refused(error.close()))
    };
    let dialed = tokio::select! {
        dialed = dialing => dialed,
        () = stopped(session.stopping.clone()) => Err(Aborted::Refused(going_away())),
    };
    match dialed {
        Ok(stream) => bridge(Bridge::new(socket, stream, Framing::Plain), &session).await,
        Err(Aborted::Refused(close)) => farewell::plain(&mut socket, &close).await,
        Err(Aborted::ClientGone) => farewell::drain(&mut socket).await,
    }
}

async fn bridge(mut bridge: Bridge, session: &Session) {
    let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
    let end = loop {
        tokio::select! {
            end = poll_fn(|context| bridge.poll(context)) => break end,
            () = stopped(session.stopping.clone()) => break End::Ours(going_away()),
            _ = pings.tick() => {
                if let Err(end) = bridge.ask_client() {
                    break end;
                }
            }
        }
    };
    bridge.end(end).await;
}

impl Session {
    fn require_slot(&self) -> Result<(), Aborted> {
        if self.slot.is_some() {
            return Ok(());
        }
        let detail = "the relay serves as many sessions as it may";
        Err(Aborted::Refused(Close::new(CloseReason::Full, detail)))
    }
}

fn going_away() -> Close {
    Close::new(CloseReason::GoingAway, "the relay stops")
}

/// Waits until the relay stops.
pub(crate) async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender went without a word: `serve` was dropped, which is a stop
    // as well.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
