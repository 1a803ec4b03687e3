//! The server's end of a WebSocket ([RFC 6455]).
//!
//! Ours and no library's for three reasons: an idle session keeps no buffer at all, a message is
//! read into the allocation in which it goes on and written from the one in which it came, and each
//! mistake of a client gets its own close code.
//!
//! [RFC 6455]: https://www.rfc-editor.org/rfc/rfc6455

mod head;
#[cfg(any(test, feature = "fuzzing"))]
pub mod oracle;
mod reader;
mod upgrade;
mod way;

use core::future::poll_fn;
use core::mem::MaybeUninit;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};

use bytes::{BufMut, Bytes, BytesMut};
use hyper::upgrade::Upgraded;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use head::{MAX_CONTROL_BYTES, Opcode, OwnHead};
use reader::{Incoming, Reader};
use way::Way;

pub(crate) use head::Violation;
pub(crate) use upgrade::Upgrade;

/// Bytes that are read where nothing says that much comes. They are on the stack, so that who waits
/// keeps none.
const SCRATCH_BYTES: usize = 4 * 1024;

/// Bytes that wait to be written and make [`Socket::poll_ready`] wait: one full frame. Beyond it
/// go the frame that was let in last, and answers to pings.
const QUEUE_BYTES: usize = 64 * 1024;

/// Pieces that are written with one call of the system.
const SLICES: usize = 16;

/// What came.
#[derive(Debug)]
pub(crate) enum Received {
    /// A whole message.
    Binary(Bytes),
    /// A ping, which is answered already, or a pong.
    Alive,
    /// The client's close, with its code; nothing comes behind it.
    Closed(Option<u16>),
}

/// Why nothing comes any more.
#[derive(Debug)]
pub(crate) enum SocketError {
    /// The connection is gone.
    Gone,
    /// The client broke the rules. What it sends from here on means nothing.
    Violation(Violation),
}

impl From<io::Error> for SocketError {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// A WebSocket.
#[derive(Debug)]
pub(crate) struct Socket {
    way: Way,
    reader: Reader,
    pong: Option<Bytes>,
    queue: VecDeque<Piece>,
    queued_bytes: usize,
    /// Bytes of the first piece that are written.
    written: usize,
    close_sent: bool,
    close_received: bool,
    /// What the client did wrong; what it sends from then on means nothing.
    failed: Option<Violation>,
}

/// A frame to be written.
#[derive(Debug)]
struct Piece {
    head: OwnHead,
    payload: Bytes,
}

impl Piece {
    fn len(&self) -> usize {
        self.head.as_slice().len() + self.payload.len()
    }
}

impl Socket {
    /// Takes over a connection that HTTP has left; `None` where it is of an unknown kind.
    fn new(upgraded: Upgraded, max_bytes: usize) -> Option<Self> {
        let (way, early) = Way::new(upgraded)?;
        Some(Self {
            way,
            reader: Reader::new(early, max_bytes),
            pong: None,
            queue: VecDeque::new(),
            queued_bytes: 0,
            written: 0,
            close_sent: false,
            close_received: false,
            failed: None,
        })
    }

    /// Waits for what comes next.
    ///
    /// # Cancel safety
    ///
    /// A dropped call loses nothing.
    pub(crate) async fn receive(&mut self) -> Result<Received, SocketError> {
        poll_fn(|context| self.poll_receive(context)).await
    }

    /// As [`Socket::receive`].
    pub(crate) fn poll_receive(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Received, SocketError>> {
        loop {
            if self.pong.is_some() {
                // Who does not take answers gets no further questions in.
                ready!(self.poll_ready(context))?;
                if let Some(payload) = self.pong.take() {
                    self.enqueue(Opcode::Pong, payload);
                }
                // It leaves now, or when there is room again.
                let _ = self.poll_flush(context)?;
            }
            if self.close_received || self.failed.is_some() {
                return Poll::Ready(Err(SocketError::Gone));
            }
            match self.reader.next_message() {
                Ok(Some(incoming)) => return Poll::Ready(Ok(self.arrived(incoming))),
                Ok(None) => {}
                Err(violation) => {
                    self.failed = Some(violation);
                    self.reader.clear();
                    return Poll::Ready(Err(SocketError::Violation(violation)));
                }
            }
            if ready!(self.poll_fill(context))? == 0 {
                return Poll::Ready(Err(SocketError::Gone));
            }
        }
    }

    /// Does what RFC 6455 wants done at once.
    fn arrived(&mut self, incoming: Incoming) -> Received {
        match incoming {
            Incoming::Binary(message) => Received::Binary(message),
            Incoming::Ping(payload) => {
                self.pong = Some(payload);
                Received::Alive
            }
            Incoming::Pong => Received::Alive,
            Incoming::Close { code, answer } => {
                self.close_received = true;
                self.enqueue(Opcode::Close, answer);
                self.close_sent = true;
                Received::Closed(code)
            }
        }
    }

    /// Reads what is there; 0 at the end.
    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let wanted = self.reader.wanted_bytes();
        if wanted <= SCRATCH_BYTES {
            let mut scratch = [const { MaybeUninit::uninit() }; SCRATCH_BYTES];
            let mut scratch = ReadBuf::uninit(&mut scratch);
            let read = Pin::new(&mut self.way);
            ready!(tokio::io::AsyncRead::poll_read(read, context, &mut scratch))?;
            self.reader.extend(scratch.filled());
            return Poll::Ready(Ok(scratch.filled().len()));
        }
        let mut room = self.reader.room(wanted).limit(wanted);
        let read = pin!(self.way.read_buf(&mut room)).poll(context);
        if read.is_pending() {
            self.reader.rest();
        }
        read
    }

    /// Waits until [`Socket::enqueue_binary`] may be called.
    pub(crate) fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.queued_bytes >= QUEUE_BYTES {
            ready!(self.poll_write(context))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Queues a message; flush it some time.
    pub(crate) fn enqueue_binary(&mut self, message: Bytes) {
        self.enqueue(Opcode::Binary, message);
    }

    /// Queues the question whether the client lives.
    pub(crate) fn enqueue_ping(&mut self) {
        self.enqueue(Opcode::Ping, Bytes::new());
    }

    /// Nothing goes behind our close.
    fn enqueue(&mut self, opcode: Opcode, payload: Bytes) {
        if self.close_sent {
            return;
        }
        let head = OwnHead::new(opcode, payload.len());
        let piece = Piece { head, payload };
        self.queued_bytes += piece.len();
        self.queue.push_back(piece);
    }

    /// Writes all that waits.
    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.queue.is_empty() {
            ready!(self.poll_write(context))?;
        }
        Pin::new(&mut self.way).poll_flush(context)
    }

    /// Writes some of what waits.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let parts = self
            .queue
            .iter()
            .flat_map(|piece| [piece.head.as_slice(), &piece.payload]);
        let mut skipped = self.written;
        let mut used = 0;
        for (slice, part) in slices.iter_mut().zip(parts) {
            let begin = skipped.min(part.len());
            skipped -= begin;
            *slice = IoSlice::new(part.get(begin..).unwrap_or_default());
            used += 1;
        }
        let slices = slices.get(..used).unwrap_or_default();
        let count = ready!(Pin::new(&mut self.way).poll_write_vectored(context, slices))?;
        if count == 0 {
            return Poll::Ready(Err(ErrorKind::WriteZero.into()));
        }
        self.advance(count);
        Poll::Ready(Ok(()))
    }

    /// Drops `count` bytes that are written.
    fn advance(&mut self, count: usize) {
        self.queued_bytes = self.queued_bytes.saturating_sub(count);
        self.written += count;
        while let Some(first) = self.queue.front()
            && first.len() <= self.written
        {
            self.written -= first.len();
            self.queue.pop_front();
        }
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
    }

    /// Sends one message and sees it off.
    pub(crate) async fn send(&mut self, message: Bytes) -> io::Result<()> {
        poll_fn(|context| self.poll_ready(context)).await?;
        self.enqueue_binary(message);
        self.flush().await
    }

    async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|context| self.poll_flush(context)).await
    }

    /// Closes the WebSocket: our close, then the client's, then the connection. Says whether the
    /// client's came: then it has everything that was sent before.
    ///
    /// - `code`: unless RFC 6455 has another one for what the client did wrong.
    /// - `reason`: cut to what a control frame holds.
    pub(crate) async fn close(&mut self, code: u16, reason: &str) -> bool {
        if !self.close_sent {
            let end = reason.floor_char_boundary(MAX_CONTROL_BYTES - 2);
            let mut payload = BytesMut::with_capacity(2 + end);
            let violated = self.failed.and_then(Violation::websocket_code);
            payload.put_u16(violated.unwrap_or(code));
            payload.extend_from_slice(reason.get(..end).unwrap_or_default().as_bytes());
            self.enqueue(Opcode::Close, payload.freeze());
            self.close_sent = true;
        }
        if self.flush().await.is_err() {
            return false;
        }
        self.read_to_end().await
    }

    /// Reads and drops what comes until the client closes: closing a connection with unread bytes
    /// would reset it, and the client would never see what was sent last. Says as
    /// [`Socket::close`] whether it closed as it should.
    pub(crate) async fn read_to_end(&mut self) -> bool {
        while !self.close_received && self.failed.is_none() {
            match self.receive().await {
                Ok(_) | Err(SocketError::Violation(_)) => {}
                Err(SocketError::Gone) => return false,
            }
        }
        // What cannot be sent now is not waited for either.
        if self.flush().await.is_ok() && self.way.shutdown().await.is_ok() && self.failed.is_some()
        {
            self.discard().await;
        }
        self.close_received
    }

    /// Reads up to the end what means nothing any more.
    async fn discard(&mut self) {
        let mut nothing = vec![0; QUEUE_BYTES];
        while let Ok(1..) = self.way.read(&mut nothing).await {}
    }
}
