//! What a channel sends: bounded, in order, never more than the window, and never in the way of
//! a keystroke on another channel.
//!
//! russh 0.65.1 stops sending for *all* channels while one has data beyond its window. Its
//! channel writer takes from the window before it hands data over, so only that writer is used.
//! It loses what it took when it is dropped halfway; so it runs in a task that never drops it.

use std::sync::Arc;

use bytes::Bytes;
use russh::ChannelWriteHalf;
use russh::client::Msg;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::ChannelError;
use crate::link::LinkState;
use crate::spool::Spool;

/// Bytes that a caller may hand over before it must wait for the server's window.
///
/// Twice a packet, so that the next one is ready when the window opens.
const OUTBOX_BYTES: usize = 64 * 1024;

/// Bytes of one channel that may be on their way to the transport at a time.
///
/// russh has one queue for all channels. With one such chunk of each bulk sender in it, a
/// keystroke waits for at most that much.
const CHUNK_BYTES: usize = 32 * 1024;

enum Item {
    Data(Bytes, OwnedSemaphorePermit),
    Eof,
}

/// The sending half of one channel. Clones send into the same channel.
#[derive(Clone)]
pub(crate) struct Outbox {
    items: mpsc::UnboundedSender<Item>,
    /// INVARIANT: its permits and those inside `items` are [`OUTBOX_BYTES`] together, so the
    /// queue is bounded.
    room: Arc<Semaphore>,
    spool: Arc<Spool>,
}

impl Outbox {
    /// Starts the task that sends; it ends when the channel does, and closes it if asked to.
    pub(crate) fn start(
        writer: Arc<ChannelWriteHalf<Msg>>,
        spool: Arc<Spool>,
        link: Arc<LinkState>,
        on_end: impl FnOnce() + Send + 'static,
    ) -> Self {
        let (items, queue) = mpsc::unbounded_channel();
        let room = Arc::new(Semaphore::new(OUTBOX_BYTES));
        let outbox = Self {
            items,
            room: Arc::clone(&room),
            spool: Arc::clone(&spool),
        };
        // The task owns all it needs; it is never joined.
        drop(russh_util::runtime::spawn(async move {
            tokio::select! {
                biased;
                () = spool.over() => {}
                () = send_all(&writer, queue, &link) => {}
            }
            spool.over().await;
            room.close();
            if !spool.is_closed() {
                // An error means that the session is over, and the channel with it.
                let _ = writer.close().await;
            }
            on_end();
        }));
        outbox
    }

    /// Sends `data` in order; waits while the server has no room for it.
    ///
    /// # Cancel safety
    ///
    /// A dropped call has sent none, some or all of it.
    pub(crate) async fn write(&self, mut data: Bytes) -> Result<(), ChannelError> {
        while !data.is_empty() {
            let chunk = data.split_to(data.len().min(CHUNK_BYTES));
            let permit = self.room_for(chunk.len()).await?;
            self.items
                .send(Item::Data(chunk, permit))
                .map_err(|_| ChannelError::Closed)?;
        }
        Ok(())
    }

    /// Says that no more will be written ([RFC 4254 §5.3]).
    ///
    /// [RFC 4254 §5.3]: https://www.rfc-editor.org/rfc/rfc4254#section-5.3
    pub(crate) fn eof(&self) {
        // An error means that the channel is closed, which says the same.
        let _ = self.items.send(Item::Eof);
    }

    async fn room_for(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ChannelError> {
        // CHUNK_BYTES fit.
        let wanted = u32::try_from(bytes).map_err(|_| ChannelError::Closed)?;
        let room = Arc::clone(&self.room);
        if let Ok(permit) = Arc::clone(&room).try_acquire_many_owned(wanted) {
            return Ok(permit);
        }
        let _waiting = self.spool.waiting();
        room.acquire_many_owned(wanted)
            .await
            .map_err(|_| ChannelError::Closed)
    }
}

async fn send_all(
    writer: &ChannelWriteHalf<Msg>,
    mut queue: mpsc::UnboundedReceiver<Item>,
    link: &LinkState,
) {
    while let Some(item) = queue.recv().await {
        let sent = match item {
            Item::Data(chunk, permit) => {
                let bytes = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
                let before = link.written_bytes();
                let sent = writer.data_bytes(chunk).await;
                if sent.is_ok() {
                    link.wait_written(before.saturating_add(bytes)).await;
                }
                drop(permit);
                sent
            }
            Item::Eof => writer.eof().await,
        };
        if sent.is_err() {
            return;
        }
    }
}
