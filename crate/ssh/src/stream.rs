//! The two halves of a channel that carries one stream of bytes in each direction.

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
use crate::spool::Stream;

/// Bytes that one write takes at most. The next one waits until they are on their way.
const WRITE_BYTES: usize = 64 * 1024;

/// The reading half.
pub struct ChannelOutput {
    channel: Arc<Channel>,
    rest: Bytes,
    next: Option<BoxFuture<'static, Result<Option<Bytes>, ChannelError>>>,
}

/// The writing half.
pub struct ChannelInput {
    channel: Arc<Channel>,
    /// What was taken and is not on its way yet.
    writing: Option<BoxFuture<'static, Result<(), ChannelError>>>,
}

impl ChannelOutput {
    pub(crate) fn new(channel: Arc<Channel>) -> Self {
        Self {
            channel,
            rest: Bytes::new(),
            next: None,
        }
    }
}

impl ChannelInput {
    pub(crate) fn new(channel: Arc<Channel>) -> Self {
        Self {
            channel,
            writing: None,
        }
    }
}

impl AsyncRead for ChannelOutput {
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

impl Drop for ChannelOutput {
    fn drop(&mut self) {
        self.channel.spool.abandon(Stream::Output);
    }
}

impl ChannelInput {
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

impl AsyncWrite for ChannelInput {
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

impl fmt::Debug for ChannelOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChannelOutput")
    }
}

impl fmt::Debug for ChannelInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChannelInput")
    }
}
