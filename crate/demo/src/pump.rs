//! Moves bytes between a channel and a program, with a bound on what waits.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use russh::ChannelWriteHalf;
use russh::server::Msg;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

/// Bytes of a channel that may wait for a program that does not read.
///
/// russh opens the client's window as soon as bytes arrive, so only this limit holds back a fast
/// sender. Beyond it the whole connection waits, which is why it is generous.
const INPUT_BYTES: u32 = 16 << 20;

/// Bytes of one read: the largest packet that OpenSSH takes.
const CHUNK_BYTES: usize = 32 * 1024;

/// How long a terminal must be silent after its shell has ended until nothing more is expected.
/// Without background programs in it the end is seen at once.
const QUIET: Duration = Duration::from_millis(100);

/// Makes a queue from a channel to a program.
pub(crate) fn input_queue() -> (InputSender, InputReceiver) {
    let (sender, receiver) = mpsc::unbounded_channel();
    // INVARIANT: every queued chunk holds as many permits as it has bytes, which bounds the queue.
    let space = Arc::new(Semaphore::new(
        usize::try_from(INPUT_BYTES).unwrap_or(usize::MAX),
    ));
    (InputSender { sender, space }, InputReceiver(receiver))
}

/// The channel's end. Dropping it is the end of file.
pub(crate) struct InputSender {
    sender: mpsc::UnboundedSender<(Bytes, OwnedSemaphorePermit)>,
    space: Arc<Semaphore>,
}

impl InputSender {
    /// Queues `bytes`; waits while the queue is full. Bytes for a program that ended are dropped.
    pub(crate) async fn send(&self, bytes: &[u8]) {
        // A packet is far smaller than the queue.
        let permits = u32::try_from(bytes.len())
            .unwrap_or(INPUT_BYTES)
            .min(INPUT_BYTES);
        let Ok(permit) = Arc::clone(&self.space).acquire_many_owned(permits).await else {
            return;
        };
        let _program_has_ended = self.sender.send((Bytes::copy_from_slice(bytes), permit));
    }
}

/// The program's end.
pub(crate) struct InputReceiver(mpsc::UnboundedReceiver<(Bytes, OwnedSemaphorePermit)>);

/// Writes a channel's bytes to a program until the end of file or until the program stops reading.
///
/// Then the writer is dropped, which closes a pipe. To a terminal the end of file means nothing, as
/// with sshd: the person would type Ctrl-D.
pub(crate) async fn feed(
    mut queue: InputReceiver,
    mut program: Box<dyn AsyncWrite + Send + Unpin>,
) {
    while let Some((bytes, _permit)) = queue.0.recv().await {
        if program.write_all(&bytes).await.is_err() {
            return;
        }
    }
    let _already_closed = program.shutdown().await;
}

/// Sends a program's output to a channel until its end; waits for the client's window, so that
/// at most one chunk is held here and the program waits as well.
///
/// - `extended`: the data type code of [RFC 4254 §5.2], 1 for standard error.
/// - `ended`: after it is cancelled, a short silence counts as the end.
///
/// [RFC 4254 §5.2]: https://www.rfc-editor.org/rfc/rfc4254#section-5.2
pub(crate) async fn drain(
    mut program: Box<dyn AsyncRead + Send + Unpin>,
    channel: &ChannelWriteHalf<Msg>,
    extended: Option<u32>,
    ended: CancellationToken,
) {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(CHUNK_BYTES);
        let read = tokio::select! {
            biased;
            read = program.read_buf(&mut buffer) => read,
            () = quiet_after(&ended) => return,
        };
        // A terminal that nobody holds any more reports an input/output error: its end of file.
        if !matches!(read, Ok(1..)) {
            return;
        }
        let bytes = buffer.split().freeze();
        let sent = match extended {
            None => channel.data_bytes(bytes).await,
            Some(code) => channel.extended_data_bytes(code, bytes).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn quiet_after(ended: &CancellationToken) {
    ended.cancelled().await;
    tokio::time::sleep(QUIET).await;
}
