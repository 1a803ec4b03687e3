//! Moves the bytes of a connection, for as long as it lives.

use core::pin::pin;
use core::time::Duration;
use std::sync::Arc;

use futures::future::{Either, select};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::asked::{Pending, Why};
use super::shared::Shared;
use super::{Answer, RemoteHandle};
use crate::codec::{Frames, Response, Status};
use crate::error::SftpError;

/// Small packets are sent together, up to this many bytes. A larger one is not copied again.
const GATHER_BYTES: usize = 32 * 1024;

/// Moves the bytes of a connection. Nothing happens while [`Driver::run`] is not polled.
#[derive(Debug)]
pub struct Driver<R, W> {
    reader: R,
    writer: W,
    frames: Frames,
    shared: Arc<Shared>,
}

impl<R, W> Driver<R, W>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    pub(crate) fn new(reader: R, writer: W, frames: Frames, shared: Arc<Shared>) -> Self {
        Self {
            reader,
            writer,
            frames,
            shared,
        }
    }

    /// Runs until the connection ends: when the last [`crate::Sftp`] and everything that it opened
    /// are dropped, when the stream ends, or when the server breaks the protocol or is silent for
    /// too long while it owes an answer. Everything that still waits then fails with the reason.
    ///
    /// # Cancel safety
    ///
    /// Dropping it ends the connection.
    pub async fn run(self) {
        let Self {
            reader,
            writer,
            frames,
            shared,
        } = self;
        let ended = Ended(&shared);
        let why = {
            let receive = pin!(receive(reader, frames, &shared));
            let send = pin!(send(writer, &shared));
            let watch = pin!(watch(&shared));
            match select(receive, select(send, watch)).await {
                Either::Left((why, _)) => why,
                Either::Right((either, _)) => either.factor_first().0,
            }
        };
        shared.close(why);
        drop(ended);
    }
}

/// Ends the connection when the driver is dropped halfway.
struct Ended<'driver>(&'driver Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.close(Why::Closed);
    }
}

async fn receive<R: AsyncRead + Unpin>(
    mut reader: R,
    mut frames: Frames,
    shared: &Arc<Shared>,
) -> Why {
    loop {
        loop {
            match frames.take() {
                Ok(Some(packet)) => {
                    if let Err(why) = dispatch(packet, shared) {
                        return why;
                    }
                }
                Ok(None) => break,
                Err(_) => return Why::Misbehaved("a packet is too long"),
            }
        }
        match reader.read_buf(frames.space()).await {
            Ok(0) | Err(_) => return Why::Closed,
            Ok(_) => shared.progressed(),
        }
    }
}

/// Gives an answer to who asked.
fn dispatch(packet: bytes::Bytes, shared: &Arc<Shared>) -> Result<(), Why> {
    let Ok((id, response)) = Response::decode(packet) else {
        return Err(Why::Misbehaved("an answer cannot be read"));
    };
    let Some(pending) = shared.take_pending(id) else {
        return Err(Why::Misbehaved("it answers what was not asked"));
    };
    let Pending {
        answer,
        subject,
        most_data,
        ..
    } = pending;
    let result = match response {
        Response::Handle(handle) => Ok(Answer::Handle(RemoteHandle::new(&handle, shared))),
        Response::Status { status, message } if status != Status::Ok => {
            Err(SftpError::refused(subject, status, &message))
        }
        Response::Data(data) if u32::try_from(data.len()).is_ok_and(|len| len > most_data) => {
            let why = Why::Misbehaved("it sends more than was asked for");
            // Its asker is no longer among those that the end of the connection tells.
            let _ = answer.send(Err(why.error(subject)));
            return Err(why);
        }
        response => Ok(Answer::Plain(response)),
    };
    // Nobody may wait for it any more; a handle is then closed by being dropped.
    let _ = answer.send(result);
    Ok(())
}

async fn send<W: AsyncWrite + Unpin>(mut writer: W, shared: &Arc<Shared>) -> Why {
    let mut gathered = Vec::with_capacity(GATHER_BYTES);
    loop {
        while let Some(outgoing) = shared.next_outgoing() {
            let large = outgoing.packet.len() >= GATHER_BYTES;
            if !large {
                gathered.extend_from_slice(&outgoing.packet);
            }
            if (large || gathered.len() >= GATHER_BYTES)
                && !write(&mut writer, &mut gathered, shared).await
            {
                return Why::Closed;
            }
            if large && !write_large(&mut writer, &outgoing.packet, shared).await {
                return Why::Closed;
            }
        }
        if !write(&mut writer, &mut gathered, shared).await || writer.flush().await.is_err() {
            return Why::Closed;
        }
        shared.work.notified().await;
    }
}

async fn write<W: AsyncWrite + Unpin>(
    writer: &mut W,
    gathered: &mut Vec<u8>,
    shared: &Shared,
) -> bool {
    let written = gathered.is_empty() || write_large(writer, gathered, shared).await;
    gathered.clear();
    written
}

/// Writes all of it, and notes each piece that the stream took.
async fn write_large<W: AsyncWrite + Unpin>(
    writer: &mut W,
    mut packet: &[u8],
    shared: &Shared,
) -> bool {
    while !packet.is_empty() {
        match writer.write(packet).await {
            Ok(0) | Err(_) => return false,
            Ok(written) => {
                shared.progressed();
                packet = packet.get(written..).unwrap_or_default();
            }
        }
    }
    true
}

/// A sleep that takes this much longer than asked for means that the machine, or the tab, slept.
const OVERSLEPT: Duration = Duration::from_secs(5);

/// Returns once the server has been silent for too long while it owed an answer, or the
/// connection has been ended from here.
async fn watch(shared: &Arc<Shared>) -> Why {
    let mut left = shared.patience;
    loop {
        let slept = shared.clock.now();
        let sleep = shared.clock.sleep(left);
        if let Either::Left(_) = select(pin!(shared.ended.notified()), sleep).await {
            return Why::Closed;
        }
        if shared.clock.now().saturating_sub(slept) > left + OVERSLEPT {
            // The server had no chance to be heard meanwhile.
            shared.progressed();
        }
        left = match shared.silence() {
            Some(silence) if silence >= shared.patience => return Why::Silent,
            Some(silence) => shared.patience.saturating_sub(silence),
            None => shared.patience,
        };
        left = left.max(Duration::from_millis(1));
    }
}
