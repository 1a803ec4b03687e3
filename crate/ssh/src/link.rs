//! The transport as russh sees it: the caller's byte stream with a brake, a cutter and counters.
//!
//! russh 0.65.1 adjusts channel windows on receipt and waits in its only loop for a full channel
//! queue. So its channels are never used as a brake; this is: while the brake is on, reading
//! stays pending and writing goes on.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

use crate::Stage;
use crate::display::display_safe_bytes;
use crate::options::StageObserver;
use crate::shared::lock;

/// Bytes of the server's first words that are kept to tell what it is.
///
/// russh reads at most 20 lines of 255 bytes before it gives up; the sentence shown to a person
/// needs 200.
const TAP_BYTES: usize = 6 * 1024;

/// Bytes of the server's first words that are shown.
const SAID_BYTES: usize = 200;

/// Bytes of an identification string ([RFC 4253 §4.2]).
///
/// [RFC 4253 §4.2]: https://www.rfc-editor.org/rfc/rfc4253#section-4.2
const IDENTIFICATION_BYTES: usize = 255;

/// What both ends of a [`Link`] share.
pub(crate) struct LinkState {
    inner: Mutex<Inner>,
    /// Told whenever bytes were written, the stage changed, or the link was cut.
    changed: Notify,
    on_stage: Option<StageObserver>,
}

struct Inner {
    /// Number of channels that hold more than they may. Reading waits while it is not 0.
    brakes: usize,
    /// Whether the brake was on at any time since [`LinkState::start_watch`].
    braked: bool,
    cut: bool,
    read_bytes: u64,
    written_bytes: u64,
    stage: Stage,
    tap: Tap,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// Listens to the plain text before the key exchange.
#[derive(Default)]
struct Tap {
    said: Vec<u8>,
    identification: Option<String>,
}

impl Tap {
    /// Takes what was read; true when the identification is complete.
    fn hear(&mut self, bytes: &[u8]) -> bool {
        if self.identification.is_some() {
            return false;
        }
        let room = TAP_BYTES.saturating_sub(self.said.len());
        self.said.extend(bytes.iter().take(room));
        self.identification = self
            .said
            .split_inclusive(|byte| *byte == b'\n')
            .filter(|line| line.ends_with(b"\n"))
            .find(|line| line.starts_with(b"SSH-2.0-") || line.starts_with(b"SSH-1.99-"))
            .map(|line| display_safe_bytes(line.trim_ascii_end(), IDENTIFICATION_BYTES));
        self.identification.is_some()
    }
}

/// What happened on a link since a [`LinkState::start_watch`].
pub(crate) struct Watched {
    /// Bytes arrived.
    pub(crate) heard: bool,
    /// The brake was on for some of the time, so that nothing could arrive.
    pub(crate) braked: bool,
}

impl LinkState {
    pub(crate) fn new(on_stage: Option<StageObserver>) -> Arc<Self> {
        Arc::new(Self {
            inner: Mutex::new(Inner {
                brakes: 0,
                braked: false,
                cut: false,
                read_bytes: 0,
                written_bytes: 0,
                stage: Stage::Identifying,
                tap: Tap::default(),
                reader: None,
                writer: None,
            }),
            changed: Notify::new(),
            on_stage,
        })
    }

    /// Puts one more brake on, or takes one off.
    pub(crate) fn brake(&self, on: bool) {
        let woken = {
            let mut inner = lock(&self.inner);
            if on {
                inner.brakes = inner.brakes.saturating_add(1);
                inner.braked = true;
                None
            } else {
                inner.brakes = inner.brakes.saturating_sub(1);
                if inner.brakes == 0 {
                    inner.reader.take()
                } else {
                    None
                }
            }
        };
        if let Some(reader) = woken {
            reader.wake();
        }
    }

    /// Ends the link: reading gives end-of-file and writing fails, from now on.
    pub(crate) fn cut(&self) {
        let wakers = {
            let mut inner = lock(&self.inner);
            inner.cut = true;
            [inner.reader.take(), inner.writer.take()]
        };
        wakers.into_iter().flatten().for_each(Waker::wake);
        self.changed.notify_waiters();
    }

    /// Starts to watch what happens; returns a mark for [`Self::since`].
    pub(crate) fn start_watch(&self) -> u64 {
        let mut inner = lock(&self.inner);
        inner.braked = inner.brakes > 0;
        inner.read_bytes
    }

    /// Says what happened since the mark.
    pub(crate) fn since(&self, mark: u64) -> Watched {
        let inner = lock(&self.inner);
        Watched {
            heard: inner.read_bytes != mark,
            braked: inner.braked,
        }
    }

    /// Bytes that the transport has taken so far.
    pub(crate) fn written_bytes(&self) -> u64 {
        lock(&self.inner).written_bytes
    }

    /// Waits until the transport has taken `bytes` in all, or the link is cut.
    pub(crate) async fn wait_written(&self, bytes: u64) {
        self.wait(|inner| inner.cut || inner.written_bytes >= bytes)
            .await;
    }

    /// What the server said first, if it did not identify itself as SSH.
    pub(crate) fn foreign_words(&self) -> Option<String> {
        let inner = lock(&self.inner);
        match inner.tap.identification {
            Some(_) => None,
            None => Some(display_safe_bytes(inner.tap.said.trim_ascii(), SAID_BYTES)),
        }
    }

    /// The server's identification, safe to show; empty before it came.
    pub(crate) fn identification(&self) -> String {
        let inner = lock(&self.inner);
        inner.tap.identification.clone().unwrap_or_default()
    }

    pub(crate) fn stage(&self) -> Stage {
        lock(&self.inner).stage
    }

    pub(crate) fn set_stage(&self, stage: Stage) {
        lock(&self.inner).stage = stage;
        self.changed.notify_waiters();
        if let Some(observer) = &self.on_stage {
            observer(stage);
        }
    }

    /// Waits until the stage is another than `stage`.
    pub(crate) async fn left(&self, stage: Stage) {
        self.wait(|inner| inner.stage != stage).await;
    }

    async fn wait(&self, is_done: impl Fn(&Inner) -> bool) {
        loop {
            // Made before the look, so that a change in between is not missed.
            let changed = self.changed.notified();
            if is_done(&lock(&self.inner)) {
                return;
            }
            changed.await;
        }
    }

    fn count_read(&self, bytes: &[u8]) {
        let identified = {
            let mut inner = lock(&self.inner);
            inner.read_bytes = inner.read_bytes.wrapping_add(length(bytes.len()));
            inner.tap.hear(bytes)
        };
        if identified {
            self.set_stage(Stage::ExchangingKeys);
        }
    }

    fn count_written(&self, count: usize) {
        {
            let mut inner = lock(&self.inner);
            inner.written_bytes = inner.written_bytes.wrapping_add(length(count));
        }
        self.changed.notify_waiters();
    }
}

/// No buffer is longer than 2^64 bytes.
fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The caller's stream, as russh reads and writes it.
pub(crate) struct Link<S> {
    stream: S,
    state: Arc<LinkState>,
}

impl<S> Link<S> {
    pub(crate) fn new(stream: S, state: Arc<LinkState>) -> Self {
        Self { stream, state }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Link<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        {
            let mut inner = lock(&self.state.inner);
            if inner.cut {
                return Poll::Ready(Ok(()));
            }
            inner.reader = Some(context.waker().clone());
            if inner.brakes > 0 {
                return Poll::Pending;
            }
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = polled {
            let fresh = buffer.filled().get(before..).unwrap_or_default();
            self.state.count_read(fresh);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Link<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        {
            let mut inner = lock(&self.state.inner);
            if inner.cut {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            inner.writer = Some(context.waker().clone());
        }
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = polled {
            self.state.count_written(count);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if lock(&self.state.inner).cut {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
