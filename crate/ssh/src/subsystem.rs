//! A subsystem ([RFC 4254 §6.5]): a stream of bytes in each direction.
//!
//! [RFC 4254 §6.5]: https://www.rfc-editor.org/rfc/rfc4254#section-6.5

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::ChannelError;
use crate::channel::Channel;
use crate::spool::{Mode, Stream};

/// Bytes that one write takes at most. The next one waits until they are on their way.
const WRITE_BYTES: usize = 64 * 1024;

/// A running subsystem. Its halves may live in different tasks; when both are dropped, the channel is
/// closed.
///
/// Read all the time: while output waits unread, the server is held back, and with it every other
/// channel of the connection. What it says on standard error is dropped.
#[derive(Debug)]
pub struct Subsystem {
    /// What it says.
    pub output: SubsystemOutput,
    /// What it is told. Shutting it down tells that there is no more.
    pub input: SubsystemInput,
}

/// The reading half.
pub struct SubsystemOutput {
    channel: Arc<Channel>,
    rest: Bytes,
    next: Option<BoxFuture<'static, Result<Option<Bytes>, ChannelError>>>,
}

/// The writing half.
pub struct SubsystemInput {
    channel: Arc<Channel>,
    /// What was taken and is not on its way yet.
    writing: Option<BoxFuture<'static, Result<(), ChannelError>>>,
}

impl Subsystem {
    pub(crate) async fn start(channel: Channel, name: &str) -> Result<Self, ChannelError> {
        channel.set_mode(Mode::Exec);
        channel.spool.abandon(Stream::Error);
        channel.request_subsystem(name).await?;
        channel.granted("the subsystem").await?;
        let channel = Arc::new(channel);
        let input = SubsystemInput {
            channel: Arc::clone(&channel),
            writing: None,
        };
        let output = SubsystemOutput {
            channel,
            rest: Bytes::new(),
            next: None,
        };
        Ok(Self { output, input })
    }
}

impl AsyncRead for SubsystemOutput {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            let channel = Arc::clone(&self.channel);
            let next = self.next.get_or_insert_with(|| {
                Box::pin(async move { channel.spool.next(Stream::Output).await })
            });
            let read = ready!(next.as_mut().poll(context));
            self.next = None;
            match read {
                Ok(Some(bytes)) => self.rest = bytes,
                Ok(None) => return Poll::Ready(Ok(())),
                Err(_) => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        buffer.put_slice(self.rest.get(..length).unwrap_or_default());
        self.rest.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl Drop for SubsystemOutput {
    fn drop(&mut self) {
        self.channel.spool.abandon(Stream::Output);
    }
}

impl SubsystemInput {
    /// Waits until what was taken is on its way.
    fn poll_written(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(writing) = &mut self.writing else {
            return Poll::Ready(Ok(()));
        };
        let written = ready!(writing.as_mut().poll(context));
        self.writing = None;
        Poll::Ready(written.map_err(|_| io::ErrorKind::BrokenPipe.into()))
    }
}

impl AsyncWrite for SubsystemInput {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_written(context))?;
        let taken = buffer.get(..WRITE_BYTES).unwrap_or(buffer);
        let (channel, bytes) = (Arc::clone(&self.channel), Bytes::copy_from_slice(taken));
        self.writing = Some(Box::pin(async move { channel.outbox.write(bytes).await }));
        // Begun at once; whether it has to wait concerns the next one.
        if let Poll::Ready(Err(error)) = self.poll_written(context) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_written(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_written(context))?;
        self.channel.outbox.eof();
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for SubsystemOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SubsystemOutput")
    }
}

impl fmt::Debug for SubsystemInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SubsystemInput")
    }
}
