//! A byte pipe between the SSH client, which must be `Send`, and the task that owns the
//! `WebSocket`, which cannot be.
//!
//! `tokio::io::duplex` would do, but copies each byte twice and cannot say how much was
//! consumed, which is what the relay's credit is made of.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that the SSH client may have written and the link not yet taken.
///
/// Two packets of the largest size every implementation must accept (35 000 bytes, RFC 4253
/// §6.1). Beyond it the SSH client waits, and a keystroke waits behind no more than this.
const OUTBOUND_CAPACITY_BYTES: usize = 70_000;

#[derive(Debug, Default)]
struct State {
    /// From the relay, not read yet. Bounded by the relay's window.
    inbound: VecDeque<Bytes>,
    inbound_ended: bool,
    /// Read by the SSH client and not yet reported by [`PipePeer::consumed`].
    consumed: usize,
    outbound: BytesMut,
    outbound_ended: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
    peer: Option<Waker>,
}

type Shared = Arc<Mutex<State>>;

/// No code of ours panics while it holds the lock, so a poisoned one is still sound.
fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(slot: &mut Option<Waker>) {
    if let Some(waker) = slot.take() {
        waker.wake();
    }
}

/// The SSH client's end.
#[derive(Debug)]
pub struct Pipe(Shared);

/// The link's end.
#[derive(Debug)]
pub struct PipePeer(Shared);

/// Makes a pipe. Dropping either end is end of file for the other.
#[must_use]
pub fn pipe() -> (Pipe, PipePeer) {
    let shared = Shared::default();
    (Pipe(Arc::clone(&shared)), PipePeer(shared))
}

impl AsyncRead for Pipe {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = lock(&self.0);
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut taken = 0;
        while let Some(chunk) = state.inbound.front_mut() {
            let part = chunk.len().min(buffer.remaining());
            buffer.put_slice(&chunk.split_to(part));
            taken += part;
            if !chunk.is_empty() {
                break;
            }
            state.inbound.pop_front();
        }
        if taken == 0 && !state.inbound_ended {
            state.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        if taken > 0 {
            state.consumed += taken;
            wake(&mut state.peer);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut state = lock(&self.0);
        if state.outbound_ended || state.inbound_ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = OUTBOUND_CAPACITY_BYTES.saturating_sub(state.outbound.len());
        if room == 0 {
            state.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        let (now, _) = bytes.split_at(room.min(bytes.len()));
        state.outbound.extend_from_slice(now);
        wake(&mut state.peer);
        Poll::Ready(Ok(now.len()))
    }

    /// Returns at once: russh flushes after each packet and reads nothing while it waits.
    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = lock(&self.0);
        state.outbound_ended = true;
        wake(&mut state.peer);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.outbound_ended = true;
        state.inbound.clear();
        wake(&mut state.peer);
    }
}

/// What the SSH client's end has for the link.
#[derive(Debug, PartialEq, Eq)]
pub enum Outbound {
    /// Bytes to send, never empty.
    Bytes(Bytes),
    /// The SSH client sends nothing more.
    End,
}

impl PipePeer {
    /// Hands bytes of the relay to the SSH client. The caller keeps within its window.
    pub fn push(&self, bytes: Bytes) {
        let mut state = lock(&self.0);
        if bytes.has_remaining() {
            state.inbound.push_back(bytes);
            wake(&mut state.reader);
        }
    }

    /// Tells the SSH client that nothing more comes, once it has read what is queued.
    pub fn finish(&self) {
        let mut state = lock(&self.0);
        state.inbound_ended = true;
        wake(&mut state.reader);
        wake(&mut state.writer);
    }

    /// Takes the number of bytes that the SSH client read since the last call.
    pub fn take_consumed(&self) -> usize {
        core::mem::take(&mut lock(&self.0).consumed)
    }

    /// Takes what is to be sent, at most `limit` bytes; `None` when there is nothing yet.
    pub fn take_outbound(&self, limit: usize) -> Option<Outbound> {
        let mut state = lock(&self.0);
        if state.outbound.is_empty() {
            return state.outbound_ended.then_some(Outbound::End);
        }
        let part = limit.min(state.outbound.len());
        if part == 0 {
            return None;
        }
        let bytes = state.outbound.split_to(part).freeze();
        wake(&mut state.writer);
        Some(Outbound::Bytes(bytes))
    }

    /// Waits until there is something to take: bytes consumed, or (if `sendable`) to send.
    ///
    /// # Cancel safety
    ///
    /// Nothing is taken, so nothing is lost.
    pub async fn stirred(&self, sendable: bool) {
        futures::future::poll_fn(|context| {
            let mut state = lock(&self.0);
            let outbound = sendable && (!state.outbound.is_empty() || state.outbound_ended);
            if state.consumed > 0 || outbound {
                return Poll::Ready(());
            }
            state.peer = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Drop for PipePeer {
    fn drop(&mut self) {
        self.finish();
    }
}
