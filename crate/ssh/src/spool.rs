//! What a channel has received and its consumer has not yet taken: bounded, and the brake.
//!
//! One spool for each channel, with two streams (standard output and standard error). The
//! session's loop puts bytes in and never waits; consumers wait here.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::{Bytes, BytesMut};
use tokio::sync::Notify;

use crate::link::LinkState;
use crate::shared::lock;
use crate::{ChannelError, ExitStatus};

/// Bytes that may wait in a spool before the transport is no longer read, unless its consumer
/// wants fewer.
///
/// 128 KiB are 12 ms of what a fast terminal parses (10 MB/s), so the consumer never runs dry
/// while the brake is released; and no more than that must be shown after Ctrl-C. One packet
/// (at most 256 KiB) may still arrive on top.
pub(crate) const HIGH_WATER_BYTES: usize = 128 * 1024;

/// Fewest bytes that a consumer can want: a packet of a server.
const LEAST_HIGH_WATER_BYTES: usize = 32 * 1024;

/// Bytes that may wait in the spool of a command while its consumer waits for something else of
/// the same channel.
///
/// The output streams and the input of a command share one connection: whoever waits for the
/// end of standard error while standard output is full would wait for ever. So for them the
/// brake comes on only here, far above what error messages take and far below what a browser's
/// memory suffers from. Beyond it, all streams must be read for any to go on.
const SIDEWAYS_BYTES: usize = 4 * 1024 * 1024;

/// One of the two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Error,
}

/// How a channel's output is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Both streams into one, in the order of arrival; the brake holds whatever is waited for.
    Shell,
    /// Two streams; the brake comes later for a consumer who waits for something else.
    Exec,
}

/// The receiving half of one channel.
pub(crate) struct Spool {
    inner: Mutex<Inner>,
    changed: Notify,
    link: Arc<LinkState>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, told by the server and by the consumer in any order"
)]
struct Inner {
    mode: Mode,
    output: Queue,
    error: Queue,
    /// Answers to channel requests, in their order.
    replies: VecDeque<bool>,
    exit: Option<ExitStatus>,
    eof: bool,
    closed: bool,
    /// The consumer wants no more; the sending half closes the channel.
    close_wanted: bool,
    /// Consumers that wait for something of this channel.
    waiting: usize,
    /// Bytes from which on the brake holds.
    high_water_bytes: usize,
    /// INVARIANT: true exactly while this spool holds one of the link's brakes.
    braking: bool,
}

#[derive(Default)]
struct Queue {
    chunks: VecDeque<BytesMut>,
    bytes: usize,
    /// Nobody will read it: what arrives is dropped.
    abandoned: bool,
}

impl Queue {
    /// Adds `data`, joined with what came before up to `chunk_bytes`.
    fn push(&mut self, data: &[u8], chunk_bytes: usize) {
        if self.abandoned || data.is_empty() {
            return;
        }
        self.bytes += data.len();
        match self.chunks.back_mut() {
            Some(last) if last.len() + data.len() <= chunk_bytes => last.extend_from_slice(data),
            _ => self.chunks.push_back(BytesMut::from(data)),
        }
    }

    fn pop(&mut self) -> Option<Bytes> {
        let chunk = self.chunks.pop_front()?;
        self.bytes -= chunk.len();
        Some(chunk.freeze())
    }

    fn abandon(&mut self) {
        *self = Self {
            abandoned: true,
            ..Self::default()
        };
    }
}

impl Inner {
    fn held_bytes(&self) -> usize {
        self.output.bytes + self.error.bytes
    }

    /// Bytes at which reading goes on: half, so that the brake does not flutter with every chunk.
    /// Small messages are joined into one chunk up to as many.
    fn low_water_bytes(&self) -> usize {
        self.high_water_bytes / 2
    }

    fn queue(&mut self, stream: Stream) -> &mut Queue {
        match (self.mode, stream) {
            (Mode::Exec, Stream::Error) => &mut self.error,
            _ => &mut self.output,
        }
    }

    fn is_over(&self) -> bool {
        self.closed || self.close_wanted
    }
}

impl Spool {
    pub(crate) fn new(link: Arc<LinkState>) -> Arc<Self> {
        Arc::new(Self {
            inner: Mutex::new(Inner {
                mode: Mode::Shell,
                output: Queue::default(),
                error: Queue::default(),
                replies: VecDeque::new(),
                exit: None,
                eof: false,
                closed: false,
                close_wanted: false,
                waiting: 0,
                high_water_bytes: HIGH_WATER_BYTES,
                braking: false,
            }),
            changed: Notify::new(),
            link,
        })
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        self.update(|inner| inner.mode = mode);
    }

    // What the session's loop tells.

    pub(crate) fn push(&self, stream: Stream, data: &[u8]) {
        self.update(|inner| {
            if !inner.is_over() {
                let chunk_bytes = inner.low_water_bytes();
                inner.queue(stream).push(data, chunk_bytes);
            }
        });
    }

    pub(crate) fn push_reply(&self, success: bool) {
        /// Requests that are open at one time; more answers than that are nonsense.
        const MAX_REPLIES: usize = 16;
        self.update(|inner| {
            if inner.replies.len() < MAX_REPLIES {
                inner.replies.push_back(success);
            }
        });
    }

    pub(crate) fn set_exit(&self, exit: ExitStatus) {
        self.update(|inner| inner.exit = Some(exit));
    }

    pub(crate) fn set_eof(&self) {
        self.update(|inner| inner.eof = true);
    }

    /// The channel is gone, whoever closed it.
    pub(crate) fn set_closed(&self) {
        self.update(|inner| inner.closed = true);
    }

    // What consumers ask.

    /// Keeps about `bytes` at most from now on; see [`LEAST_HIGH_WATER_BYTES`] and
    /// [`HIGH_WATER_BYTES`].
    pub(crate) fn limit(&self, bytes: usize) {
        let bytes = bytes.clamp(LEAST_HIGH_WATER_BYTES, HIGH_WATER_BYTES);
        self.update_quietly(|inner| inner.high_water_bytes = bytes);
    }

    /// Drops what is held of `stream` and everything that will come.
    pub(crate) fn abandon(&self, stream: Stream) {
        self.update(|inner| inner.queue(stream).abandon());
    }

    /// Asks the sending half to close the channel.
    pub(crate) fn want_close(&self) {
        self.update(|inner| inner.close_wanted = true);
    }

    /// Takes the next bytes of a stream; `None` at its end, an error where it was cut short.
    ///
    /// # Cancel safety
    ///
    /// Nothing is taken by a wait that is dropped.
    pub(crate) async fn next(&self, stream: Stream) -> Result<Option<Bytes>, ChannelError> {
        self.wait(|inner| {
            if let Some(chunk) = inner.queue(stream).pop() {
                return Some(Ok(Some(chunk)));
            }
            if inner.eof {
                return Some(Ok(None));
            }
            inner.is_over().then_some(Err(ChannelError::Closed))
        })
        .await
    }

    /// Waits until the program has ended and nothing more can come.
    pub(crate) async fn exit(&self) -> ExitStatus {
        self.wait(|inner| {
            let ended = inner.is_over() || (inner.eof && inner.exit.is_some());
            ended.then(|| inner.exit.clone().unwrap_or(ExitStatus::Unknown))
        })
        .await
    }

    /// Waits for the answer to the oldest open request; `None` when the channel closed instead.
    pub(crate) async fn reply(&self) -> Option<bool> {
        self.wait(|inner| match inner.replies.pop_front() {
            Some(reply) => Some(Some(reply)),
            None => inner.is_over().then_some(None),
        })
        .await
    }

    /// Waits until the channel is closed or is to be closed.
    pub(crate) async fn over(&self) {
        loop {
            let changed = self.changed.notified();
            if lock(&self.inner).is_over() {
                return;
            }
            changed.await;
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.inner).closed
    }

    /// Counts its life as waiting, so that the brake lets pass what is waited for.
    pub(crate) fn waiting(&self) -> Waiting<'_> {
        self.update(|inner| inner.waiting += 1);
        Waiting(self)
    }

    /// Waits until `look` finds something.
    async fn wait<T>(&self, mut look: impl FnMut(&mut Inner) -> Option<T>) -> T {
        if let Some(found) = self.update(&mut look) {
            return found;
        }
        let _waiting = self.waiting();
        loop {
            // Made before the look, so that a change in between is not missed.
            let changed = self.changed.notified();
            if let Some(found) = self.update_quietly(&mut look) {
                return found;
            }
            changed.await;
        }
    }

    /// Changes the state, sets the brake accordingly and wakes everybody.
    fn update<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let result = self.update_quietly(change);
        self.changed.notify_waiters();
        result
    }

    fn update_quietly<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = lock(&self.inner);
        let result = change(&mut inner);
        self.rebalance(&mut inner);
        result
    }

    /// Puts the brake on or takes it off, as the amount that is held demands.
    fn rebalance(&self, inner: &mut Inner) {
        let held = inner.held_bytes();
        let sideways = inner.mode == Mode::Exec && inner.waiting > 0;
        let wanted = if inner.is_over() {
            // What a closed channel still holds is bounded: nothing is added to it.
            false
        } else if sideways {
            held >= SIDEWAYS_BYTES
        } else if inner.braking {
            held > inner.low_water_bytes()
        } else {
            held >= inner.high_water_bytes
        };
        if wanted != inner.braking {
            inner.braking = wanted;
            self.link.brake(wanted);
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if lock(&self.inner).braking {
            self.link.brake(false);
        }
    }
}

/// See [`Spool::waiting`].
pub(crate) struct Waiting<'a>(&'a Spool);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0
            .update(|inner| inner.waiting = inner.waiting.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that a spool takes before its brake comes on.
    fn taken(limit_bytes: Option<usize>) -> usize {
        const PACKET: [u8; 4096] = [0; 4096];
        let spool = Spool::new(LinkState::new(None));
        if let Some(bytes) = limit_bytes {
            spool.limit(bytes);
        }
        let mut taken = 0;
        while !lock(&spool.inner).braking {
            spool.push(Stream::Output, &PACKET);
            taken += PACKET.len();
        }
        taken
    }

    #[test]
    fn a_slow_consumer_has_less_waiting_for_it() {
        assert_eq!(taken(None), HIGH_WATER_BYTES);
        assert_eq!(taken(Some(48 * 1024)), 48 * 1024);
    }

    #[test]
    fn a_limit_is_at_least_a_packet_and_never_more_than_a_fast_consumer_needs() {
        assert_eq!(taken(Some(0)), LEAST_HIGH_WATER_BYTES);
        assert_eq!(taken(Some(usize::MAX)), HIGH_WATER_BYTES);
    }
}
