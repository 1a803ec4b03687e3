//! The running session: bytes in both directions at the same time, in one task.
//!
//! Each direction waits for its own slowest part: the target is read only while the client's
//! window has room and the WebSocket takes more; what the client sent is acknowledged only
//! after the target took it. Neither direction waits for the other.
//!
//! Without a client the target is not read at all, and still gets what came before the cut.

use core::pin::{Pin, pin};
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::io;

use bytes::{BufMut, Bytes};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use transom_wire::{Close, CloseReason, Frame, MAX_DATA_BYTES, Notice};

use super::client::Client;
use super::farewell;
use super::flow::{Arrived, Framing};
use super::outbox::Outbox;
use super::pace::Pace;
use super::registry::Newcomer;
use crate::socket::Socket;

/// Time in which the target must take what the client sent before it left.
const FLUSH_DEADLINE: Duration = Duration::from_secs(3);

/// Bytes that a first read of the target makes room for; each full read doubles it, up to a whole
/// message. What is sent is kept, and a keystroke should not keep 64 KiB.
const FIRST_READ_BYTES: usize = 2 * 1024;

/// Bytes from the target that are acknowledged without delay: key exchange, log-in and the begin
/// of a shell. Until the shell runs, OpenSSH's server leaves Nagle's algorithm on, so that its next
/// small packet waits for our acknowledgement, which Linux would hold back for 40 ms.
const PROMPT_ACK_BYTES: u64 = 64 * 1024;

/// Why a session is over.
#[derive(Debug)]
pub(super) enum End {
    /// The client said so.
    Client,
    /// The client is gone without a word; it may come back.
    Cut,
    /// The client must be told this.
    Ours(Close),
}

/// Bytes that were carried, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    /// From the client to the target.
    pub(super) up: u64,
    /// From the target to the client.
    pub(super) down: u64,
}

/// A WebSocket and a TCP connection.
#[derive(Debug)]
pub(super) struct Bridge {
    client: Option<Client>,
    target: TcpStream,
    framing: Framing,
    /// Bytes that wait for the target; bounded by [`Framing`].
    outbox: Outbox,
    next_read_bytes: usize,
    client_ended: bool,
    target_shut: bool,
    target_ended: bool,
    /// Why the target is lost, until a client is there to hear it.
    lost: Option<Close>,
    carried: Carried,
    /// When the last byte was carried.
    moved: Instant,
    pace: Pace,
}

/// Whether anything happened, or why the session is over.
type Step = Result<bool, End>;

impl Bridge {
    pub(super) fn new(socket: Socket, target: TcpStream, framing: Framing) -> Self {
        Self {
            client: Some(Client::new(socket)),
            target,
            framing,
            outbox: Outbox::default(),
            next_read_bytes: FIRST_READ_BYTES,
            client_ended: false,
            target_shut: false,
            target_ended: false,
            lost: None,
            carried: Carried::default(),
            moved: Instant::now(),
            pace: Pace::new(Instant::now()),
        }
    }

    /// When the last byte was carried, in either direction.
    pub(super) fn moved(&self) -> Instant {
        self.moved
    }

    /// Bytes carried so far.
    pub(super) fn carried(&self) -> Carried {
        self.carried
    }

    /// Bytes that the session takes up while it waits for its client.
    pub(super) fn kept_bytes(&self) -> u64 {
        let queued = u64::try_from(self.outbox.len()).unwrap_or(u64::MAX);
        self.framing.kept_bytes().saturating_add(queued)
    }

    /// Moves bytes until the session is over. Without a client it is never over by itself: a client
    /// that comes back must hear the rest.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<End> {
        loop {
            match self.step(context) {
                Ok(true) => {}
                Ok(false) => return Poll::Pending,
                Err(End::Ours(close)) if self.client.is_none() => self.lost = Some(close),
                Err(end) => return Poll::Ready(end),
            }
        }
    }

    fn step(&mut self, context: &mut Context<'_>) -> Step {
        let mut moved = self.receive(context)?;
        if self.lost.is_none() {
            moved |= self.write_target(context)?;
        }
        if self.client.is_none() {
            return Ok(moved);
        }
        moved |= self.answer(context)?;
        moved |= self.read_target(context)?;
        if !self.framing.is_replaying() {
            if let Some(close) = self.lost.take() {
                return Err(End::Ours(close));
            }
            if self.target_ended && (self.target_shut || !self.framing.is_framed()) {
                return Err(End::Ours(Close::new(CloseReason::Finished, "")));
            }
        }
        if !moved && let Some(client) = &mut self.client {
            // Only now: messages that follow each other closely leave together.
            client.poll_flush(context)?;
        }
        Ok(moved)
    }

    /// Reads one message of the client.
    fn receive(&mut self, context: &mut Context<'_>) -> Step {
        let Some(client) = &mut self.client else {
            return Ok(false);
        };
        if !self.framing.may_receive(self.outbox.len()) {
            return Ok(false);
        }
        let Poll::Ready(message) = client.poll_message(context) else {
            return Ok(false);
        };
        match self.framing.arrived(message?)? {
            Arrived::Bytes(bytes) => self.outbox.push(bytes),
            Arrived::Ended => self.client_ended = true,
            Arrived::Ping(number) => client.answer(number, self.framing.ack()),
            Arrived::Nothing => {}
        }
        Ok(true)
    }

    /// Writes what the client sent, then its end.
    fn write_target(&mut self, context: &mut Context<'_>) -> Step {
        if self.outbox.front().is_empty() {
            if !self.client_ended || self.target_shut {
                return Ok(false);
            }
            let shut = Pin::new(&mut self.target).poll_shutdown(context);
            self.target_shut = shut.is_ready();
            return Ok(self.target_shut);
        }
        let Poll::Ready(written) = self.poll_write(context) else {
            return Ok(false);
        };
        let written = written.map_err(|error| lost(&error))?;
        self.outbox.advance(written);
        self.carried.up += u64::try_from(written).unwrap_or_default();
        self.moved = Instant::now();
        let ack = self.framing.consumed(written)?;
        if let Some(client) = &mut self.client {
            client.acknowledge(ack);
        }
        Ok(true)
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.target).poll_write(context, self.outbox.front())
    }

    /// Sends what the client must get before new bytes.
    fn answer(&mut self, context: &mut Context<'_>) -> Step {
        let Some(client) = &mut self.client else {
            return Ok(false);
        };
        if client.poll_answer(context)? {
            return Ok(true);
        }
        if !self.framing.is_replaying() || !client.is_greeted() || !client.is_ready(context)? {
            return Ok(false);
        }
        if let Some(frame) = self.framing.replay() {
            client.send(frame.encode());
        }
        Ok(true)
    }

    /// Reads from the target and sends it on.
    fn read_target(&mut self, context: &mut Context<'_>) -> Step {
        let limit = self.framing.may_send().min(self.next_read_bytes);
        let ready = match &mut self.client {
            Some(client) if limit > 0 && !self.target_ended && self.lost.is_none() => {
                client.is_greeted() && client.is_ready(context)?
            }
            _ => false,
        };
        if !ready || !self.pace.is_due(context) {
            return Ok(false);
        }
        let Poll::Ready(read) = self.poll_read(context, limit) else {
            return Ok(false);
        };
        let Some((message, count)) = read.map_err(|error| lost(&error))? else {
            self.target_ended = true;
            self.framing.finish();
            return Ok(true);
        };
        self.next_read_bytes = if count == self.next_read_bytes {
            (count * 2).min(MAX_DATA_BYTES)
        } else {
            (count * 2).clamp(FIRST_READ_BYTES, self.next_read_bytes)
        };
        self.carried.down += u64::try_from(count).unwrap_or_default();
        self.moved = Instant::now();
        self.pace.read(count, self.moved);
        if self.carried.down <= PROMPT_ACK_BYTES {
            acknowledge_at_once(&self.target);
        }
        self.framing.sent(&message)?;
        if let Some(client) = &mut self.client {
            client.send(message);
        }
        Ok(true)
    }

    /// Reads one message of at most `limit` bytes of payload, and their number; `None` at the
    /// end.
    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        limit: usize,
    ) -> Poll<io::Result<Option<(Bytes, usize)>>> {
        ready!(self.target.poll_read_ready(context))?;
        let mut message = self.framing.begin_message(limit);
        let mut room = (&mut message).limit(limit);
        // Unlike `try_read_buf` it knows that nothing is behind a read that was not full.
        let count = ready!(pin!(self.target.read_buf(&mut room)).poll(context))?;
        Poll::Ready(Ok((count > 0).then(|| (message.freeze(), count))))
    }

    /// Asks whether the client lives; call it from time to time.
    pub(super) fn ask_client(&mut self) -> Result<(), End> {
        match &mut self.client {
            // Otherwise its answer could not be seen.
            Some(client) if self.framing.may_receive(self.outbox.len()) => client.ask(),
            _ => Ok(()),
        }
    }

    /// Tells the client what will happen.
    pub(super) fn notify(&mut self, notice: Notice) {
        if let Some(client) = &mut self.client
            && self.framing.is_framed()
        {
            client.notify(Frame::Notice(notice));
        }
    }

    /// Lets go of a client that is gone.
    pub(super) fn detach(&mut self) -> Option<Socket> {
        self.client.take().map(Client::into_socket)
    }

    /// Goes on with a client that came back; gives back the one before it, if it is still there.
    ///
    /// `Err` says why the new one must go again; nothing has changed then.
    pub(super) fn attach(
        &mut self,
        newcomer: Box<Newcomer>,
    ) -> Result<Option<Socket>, (Box<Newcomer>, Close)> {
        match self.framing.resume(&newcomer.resume) {
            Err(close) => Err((newcomer, close)),
            Ok(resumed) => {
                let before = self.detach();
                self.client = Some(Client::resumed(newcomer.socket, resumed));
                Ok(before)
            }
        }
    }

    /// Keeps what the client was told and may not have heard: it is told again when it comes back,
    /// behind what it has not received.
    pub(super) fn owe(&mut self, close: Close) {
        self.lost = Some(close);
    }

    /// Ends both connections as `end` wants it.
    pub(super) async fn end(mut self, end: End) {
        let socket = self.detach();
        let framed = self.framing.is_framed();
        if let End::Ours(close) = &end {
            drop(self.target);
            match socket {
                Some(mut socket) if framed => drop(farewell::framed(&mut socket, close).await),
                Some(mut socket) => farewell::plain(&mut socket, close).await,
                None => {}
            }
            return;
        }
        let last = async {
            while !self.outbox.front().is_empty() {
                let written = self.target.write(self.outbox.front()).await?;
                self.outbox.advance(written);
            }
            self.target.shutdown().await
        };
        // The client's last words, such as SSH's disconnect, should arrive if they can.
        let _: Result<io::Result<()>, _> = timeout(FLUSH_DEADLINE, last).await;
        if let Some(mut socket) = socket {
            farewell::drain(&mut socket).await;
        }
    }
}

fn lost(error: &io::Error) -> End {
    End::Ours(Close::new(CloseReason::TargetLost, error.to_string()))
}

/// Acknowledges what was read, and what comes next as soon as it is there. Linux forgets the wish
/// after a few packets, so it is said again after each read.
fn acknowledge_at_once(target: &TcpStream) {
    #[cfg(target_os = "linux")]
    // Without it all works, later.
    let _ = target.set_quickack(true);
    #[cfg(not(target_os = "linux"))]
    let _ = target;
}
