//! The server's end of a WebSocket ([RFC 6455]).
//!
//! Ours and no library's for three reasons: an idle session keeps no buffer at all, a message is
//! read into the allocation in which it goes on and written from the one in which it came, and each
//! mistake of a client gets its own close code.
//!
//! [RFC 6455]: https://www.rfc-editor.org/rfc/rfc6455

mod head;
mod upgrade;
mod way;

use core::future::poll_fn;
use core::mem::MaybeUninit;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use hyper::upgrade::Upgraded;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use head::{Head, MAX_CONTROL_BYTES, MAX_HEAD_BYTES, Opcode, OwnHead, close_code, unmask};
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
    max_bytes: usize,
    /// Bytes that no message is made of yet. Without an allocation while nothing comes.
    buffer: BytesMut,
    /// The frame whose payload is still on its way.
    head: Option<Head>,
    /// The begin of a message in parts.
    parts: Option<BytesMut>,
    /// Bytes of the last message with its head, as a guess at the next one.
    guess: usize,
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
            max_bytes,
            buffer: BytesMut::from(early),
            head: None,
            parts: None,
            guess: 0,
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
            match self.take_frame() {
                Ok(Some(received)) => return Poll::Ready(Ok(received)),
                Ok(None) => {}
                Err(violation) => {
                    self.failed = Some(violation);
                    self.buffer = BytesMut::new();
                    self.parts = None;
                    return Poll::Ready(Err(SocketError::Violation(violation)));
                }
            }
            if ready!(self.poll_fill(context))? == 0 {
                return Poll::Ready(Err(SocketError::Gone));
            }
        }
    }

    /// Takes whole frames out of the buffer up to one that means something; `None` where more
    /// bytes are needed.
    fn take_frame(&mut self) -> Result<Option<Received>, Violation> {
        loop {
            let head = match self.head {
                Some(head) => head,
                None => match Head::parse(&self.buffer)? {
                    Some((head, used)) => {
                        self.check(&head)?;
                        self.buffer.advance(used);
                        *self.head.insert(head)
                    }
                    None => return Ok(None),
                },
            };
            if self.buffer.len() < head.length {
                return Ok(None);
            }
            self.head = None;
            let mut payload = self.buffer.split_to(head.length);
            if self.buffer.is_empty() {
                // The message alone keeps the allocation.
                self.buffer = BytesMut::new();
            }
            unmask(&mut payload, head.mask);
            if let Some(received) = self.arrived(&head, payload)? {
                return Ok(Some(received));
            }
        }
    }

    /// Whether a frame may come now, before its payload is waited for.
    fn check(&self, head: &Head) -> Result<(), Violation> {
        match (head.opcode, &self.parts) {
            (Opcode::Text, None) => return Err(Violation::Text),
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Violation::Protocol("a message inside of another"));
            }
            (Opcode::Continuation, None) => {
                return Err(Violation::Protocol("a continuation of nothing"));
            }
            _ => {}
        }
        let before = self.parts.as_ref().map_or(0, BytesMut::len);
        if !head.opcode.is_control() && before.saturating_add(head.length) > self.max_bytes {
            return Err(Violation::TooLong);
        }
        Ok(())
    }

    fn arrived(&mut self, head: &Head, payload: BytesMut) -> Result<Option<Received>, Violation> {
        match head.opcode {
            Opcode::Ping => {
                self.pong = Some(Bytes::copy_from_slice(&payload));
                Ok(Some(Received::Alive))
            }
            Opcode::Pong => Ok(Some(Received::Alive)),
            Opcode::Close => {
                let code = close_code(&payload)?;
                self.close_received = true;
                if !self.close_sent {
                    let answer = payload.get(..2).unwrap_or_default();
                    self.enqueue(Opcode::Close, Bytes::copy_from_slice(answer));
                    self.close_sent = true;
                }
                Ok(Some(Received::Closed(code)))
            }
            Opcode::Text | Opcode::Binary | Opcode::Continuation => {
                self.guess = payload.len() + MAX_HEAD_BYTES;
                let whole = match self.parts.take() {
                    Some(mut parts) => {
                        parts.extend_from_slice(&payload);
                        parts
                    }
                    None => payload,
                };
                if head.is_last {
                    return Ok(Some(Received::Binary(whole.freeze())));
                }
                self.parts = Some(whole);
                Ok(None)
            }
        }
    }

    /// Reads what is there; 0 at the end.
    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let wanted = match self.head {
            Some(head) => head.length.saturating_sub(self.buffer.len()),
            None => self.guess,
        };
        if wanted <= SCRATCH_BYTES {
            let mut scratch = [const { MaybeUninit::uninit() }; SCRATCH_BYTES];
            let mut scratch = ReadBuf::uninit(&mut scratch);
            let read = Pin::new(&mut self.way);
            ready!(tokio::io::AsyncRead::poll_read(read, context, &mut scratch))?;
            self.buffer.extend_from_slice(scratch.filled());
            return Poll::Ready(Ok(scratch.filled().len()));
        }
        self.buffer.reserve(wanted);
        let mut room = (&mut self.buffer).limit(wanted);
        let read = pin!(self.way.read_buf(&mut room)).poll(context);
        if read.is_pending() && self.buffer.is_empty() {
            // Nobody knows how long it takes until more comes.
            self.buffer = BytesMut::new();
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
