//! The task between a pipe and a session of the relay protocol, over one socket after another.

use core::pin::Pin;
use core::time::Duration;
use std::rc::Rc;

use bytes::Bytes;
use futures::FutureExt;
use gloo_timers::future::TimeoutFuture;
use transom_wire::{
    Close, CloseReason, DATA_HEADER, DATA_HEADER_BYTES, DEFAULT_WINDOW_BYTES, Frame, Opened,
    Resume, Stream,
};

use super::link::{LinkEnd, LinkEvent, LinkObserver, Shared};
use super::pulse::{Beat, Pulse, wait_before};
use super::width::Width;
use super::{RelayError, answer, within};
use crate::pipe::{Outbound, PipePeer};
use crate::socket::{Socket, SocketClosed};
use crate::time::monotonic;
use crate::wake::OnlineListener;

/// Time for one attempt to come back.
const ATTEMPT_DEADLINE: Duration = Duration::from_secs(5);

/// Between two questions that only measure the round trip.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// A session that the relay holds while its socket is broken.
pub(super) struct Session {
    url: String,
    opened: Opened,
    stream: Stream,
    width: Width,
    peer: PipePeer,
    observer: LinkObserver,
    shared: Rc<Shared>,
    /// Attempts to come back since the session began.
    attempt: u32,
    questions: u64,
    /// When the last question was asked.
    asked: Duration,
}

/// Why the bytes stopped.
enum Stop {
    /// The session is over.
    Over(LinkEnd),
    /// The socket broke; the session may go on.
    Broken,
}

/// A socket that tells the relay when the session is no longer wanted: without a word it would be
/// held.
struct Line(Option<Socket>);

impl Session {
    pub(super) fn new(
        url: String,
        opened: Opened,
        peer: PipePeer,
        observer: LinkObserver,
        shared: Rc<Shared>,
    ) -> Self {
        Self {
            url,
            stream: Stream::new(opened.window_bytes, DEFAULT_WINDOW_BYTES),
            width: Width::new(DEFAULT_WINDOW_BYTES, monotonic()),
            opened,
            peer,
            observer,
            shared,
            attempt: 0,
            questions: 0,
            asked: Duration::ZERO,
        }
    }

    /// Carries bytes until the session is over.
    pub(super) async fn run(mut self, socket: Socket) -> LinkEnd {
        let nudged = Rc::clone(&self.shared);
        let _online = OnlineListener::new(move || nudged.nudge.notify_one());
        let mut line = Line(Some(socket));
        loop {
            let Some(socket) = &mut line.0 else {
                return LinkEnd::Lost;
            };
            if let Stop::Over(end) = self.carry(socket).await {
                return end;
            }
            // Dropped without a farewell: the relay must hold the session.
            line.0 = None;
            if self.opened.grace.is_zero() {
                return LinkEnd::Lost;
            }
            match self.come_back().await {
                Ok(socket) => line.0 = Some(socket),
                Err(end) => return end,
            }
        }
    }

    /// Moves bytes both ways until the socket breaks or the session is over.
    async fn carry(&mut self, socket: &mut Socket) -> Stop {
        let mut pulse = Pulse::new(monotonic());
        let mut timer = Timer::default();
        let mut waiting_bytes = 0;
        loop {
            let congested = self.replay(socket);
            let sendable = !congested && self.stream.may_send() > 0;
            timer.arm(pulse.due());
            futures::select_biased! {
                message = socket.next().fuse() => {
                    pulse.heard(monotonic());
                    if let Err(stop) = self.arrived(message, socket) {
                        return stop;
                    }
                }
                () = self.peer.stirred(sendable).fuse() => {
                    self.consumed(socket);
                    if sendable && self.send(socket) {
                        pulse.typed();
                    }
                }
                () = Socket::room(congested).fuse() => {}
                () = self.shared.nudge.notified().fuse() => pulse.doubted(),
                () = timer.fired().fuse() => {
                    let left_bytes = socket.waiting_bytes();
                    let moving = left_bytes < waiting_bytes;
                    waiting_bytes = left_bytes;
                    match pulse.check(monotonic(), moving) {
                        Beat::Wait => {}
                        Beat::Ask => self.ask(socket),
                        Beat::Dead => return Stop::Broken,
                    }
                }
            }
            if self.is_finished() {
                return Stop::Over(closed(CloseReason::Finished, String::new()));
            }
        }
    }

    /// Sends what goes before new bytes; says whether the socket is congested.
    fn replay(&mut self, socket: &Socket) -> bool {
        while !socket.is_congested() {
            match self.stream.replay() {
                Some(frame) => socket.send(&frame.encode()),
                None => return false,
            }
        }
        true
    }

    /// Sends what the SSH client has; says whether it was anything.
    fn send(&mut self, socket: &Socket) -> bool {
        match self.peer.take_outbound(self.stream.may_send()) {
            Some(Outbound::Bytes(bytes)) => {
                socket.send(&data_frame(&bytes));
                // At most what may be sent was taken, so it cannot be refused.
                let sent = self.stream.send(bytes);
                debug_assert!(sent.is_ok());
                true
            }
            Some(Outbound::End) => {
                self.stream.finish();
                false
            }
            None => false,
        }
    }

    /// Acknowledges what the SSH client has read.
    fn consumed(&mut self, socket: &Socket) {
        let bytes = self.peer.take_consumed();
        if let Ok(Some(received)) = self.stream.consume(bytes) {
            socket.send(&Frame::Ack { received }.encode());
        }
        self.resize(bytes, socket);
    }

    /// Grants the relay what the way holds.
    fn resize(&mut self, consumed_bytes: usize, socket: &Socket) {
        if !self.opened.takes_window {
            return;
        }
        let now = monotonic();
        if let Some(window_bytes) = self.width.taken(consumed_bytes, now) {
            // The round trip that this follows is the shortest of several.
            if now.saturating_sub(self.asked) >= ASK_EVERY {
                self.ask(socket);
            }
            socket.send(&self.stream.resize(window_bytes).encode());
        }
    }

    /// Asks whether the relay lives, and lets it forget what it need not keep.
    fn ask(&mut self, socket: &Socket) {
        if let Some(received) = self.stream.ack() {
            socket.send(&Frame::Ack { received }.encode());
        }
        self.questions = self.questions.wrapping_add(1);
        self.asked = monotonic();
        socket.send(&Frame::Ping(self.questions).encode());
    }

    fn arrived(
        &mut self,
        message: Result<Bytes, SocketClosed>,
        socket: &Socket,
    ) -> Result<(), Stop> {
        let message = message.map_err(|closed| stopped(&closed))?;
        let misbehaved = || Stop::Over(LinkEnd::Misbehaved);
        match Frame::decode(message) {
            Ok(Frame::Data(bytes)) => {
                let counted = self.stream.on_data(bytes.len());
                counted.map_err(|_| misbehaved())?;
                self.peer.push(bytes);
            }
            Ok(Frame::Ack { received }) => {
                let counted = self.stream.on_ack(received);
                counted.map_err(|_| misbehaved())?;
            }
            Ok(Frame::Eof) => {
                self.stream.on_eof();
                self.peer.finish();
            }
            Ok(Frame::Close(Close { reason, detail })) => {
                return Err(Stop::Over(closed(reason, detail)));
            }
            Ok(Frame::Ping(number)) => socket.send(&Frame::Pong(number).encode()),
            Ok(Frame::Pong(number)) if number == self.questions => {
                self.width.answered(monotonic().saturating_sub(self.asked));
            }
            Ok(Frame::Pong(_)) => {}
            Ok(Frame::Notice(notice)) => self.observer.tell(LinkEvent::Notice(notice)),
            Ok(_) | Err(_) => return Err(misbehaved()),
        }
        Ok(())
    }

    /// Whether nothing more can come from either side.
    fn is_finished(&self) -> bool {
        self.stream.has_finished() && self.stream.peer_has_finished() && !self.stream.is_replaying()
    }

    /// Tries until the session goes on or the relay no longer has it.
    async fn come_back(&mut self) -> Result<Socket, LinkEnd> {
        let until = monotonic() + self.opened.grace;
        for failed in 0.. {
            self.observer.tell(LinkEvent::Held {
                attempts: failed,
                until,
            });
            // The last attempt may begin just before the end, or after a sleep beyond it.
            let last = monotonic() >= until;
            self.attempt = self.attempt.saturating_add(1);
            match within(ATTEMPT_DEADLINE, self.resume()).await {
                Some(Ok(socket)) => {
                    self.observer.tell(LinkEvent::Resumed);
                    return Ok(socket);
                }
                Some(Err(RelayError::Closed { reason, detail })) => match reason {
                    CloseReason::SessionUnknown => return Err(LinkEnd::Expired),
                    CloseReason::BadFrame
                    | CloseReason::Superseded
                    | CloseReason::VersionUnsupported => return Err(closed(reason, detail)),
                    // This relay is full or stops; it, or the next one, may do better.
                    _ => {}
                },
                Some(Err(RelayError::Misbehaved)) => return Err(LinkEnd::Misbehaved),
                Some(Err(_)) | None => {}
            }
            if last {
                break;
            }
            let wait = wait_before(failed, js_sys::Math::random());
            let wait = wait.min(until.saturating_sub(monotonic()));
            futures::select_biased! {
                () = self.shared.nudge.notified().fuse() => {}
                () = TimeoutFuture::new(milliseconds(wait)).fuse() => {}
            }
        }
        Err(LinkEnd::Expired)
    }

    /// Makes one attempt to go on over a new socket.
    async fn resume(&mut self) -> Result<Socket, RelayError> {
        let mut socket = super::open_socket(&self.url).await?;
        let resume = Frame::Resume(Resume {
            session: self.opened.session,
            secret: self.opened.secret.clone(),
            received: self.stream.received(),
            window_bytes: self.width.granted_bytes(),
            attempt: self.attempt,
        });
        socket.send(&resume.encode());
        match answer(&mut socket).await? {
            Frame::Resumed(resumed) => {
                let resumed = self.stream.resume(resumed.received, resumed.window_bytes);
                resumed.map_err(|_| RelayError::Misbehaved)?;
                Ok(socket)
            }
            _ => Err(RelayError::Misbehaved),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(socket) = &self.0 {
            let close = Close::new(CloseReason::Finished, "");
            socket.send(&Frame::Close(close).encode());
        }
    }
}

/// A timer that is set again only where that makes it earlier: one for each message would cost more
/// than the message.
#[derive(Default)]
struct Timer(Option<(Duration, Pin<Box<TimeoutFuture>>)>);

impl Timer {
    /// Fires at `due`, or before.
    fn arm(&mut self, due: Duration) {
        if self.0.as_ref().is_none_or(|(armed, _)| due < *armed) {
            let wait = due.saturating_sub(monotonic());
            self.0 = Some((due, Box::pin(TimeoutFuture::new(milliseconds(wait)))));
        }
    }

    /// Waits for it; it must be armed again then.
    async fn fired(&mut self) {
        if let Some((_, timer)) = &mut self.0 {
            timer.await;
            self.0 = None;
        }
    }
}

/// Whole milliseconds, rounded up so that a timer never fires too early.
fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis().saturating_add(1)).unwrap_or(u32::MAX)
}

fn stopped(socket: &SocketClosed) -> Stop {
    match CloseReason::from_websocket_code(socket.code) {
        Some(reason) => Stop::Over(closed(reason, socket.reason.clone())),
        None => Stop::Broken,
    }
}

fn closed(reason: CloseReason, detail: String) -> LinkEnd {
    LinkEnd::Closed { reason, detail }
}

/// A data frame, built with one copy of its payload.
fn data_frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(DATA_HEADER_BYTES + payload.len());
    frame.extend_from_slice(&DATA_HEADER);
    frame.extend_from_slice(payload);
    frame
}
