//! A connection that the server makes for us ([RFC 4254 §7.2]): the way through a jump host.
//!
//! [RFC 4254 §7.2]: https://www.rfc-editor.org/rfc/rfc4254#section-7.2

use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::channel::Channel;
use crate::spool::{Mode, Stream};
use crate::{ChannelInput, ChannelOutput};

/// A byte stream through a server. Dropping it closes the connection behind it, without what is not on
/// its way yet: read to the end first where that matters. The connection that carries it lives at least
/// as long.
///
/// It can be given to [`handshake`](crate::handshake): what it was given is on its way without a
/// flush.
#[derive(Debug)]
pub struct Tunnel {
    output: ChannelOutput,
    input: ChannelInput,
}

impl Tunnel {
    pub(crate) fn new(channel: Channel) -> Self {
        // Whoever writes through it may be unable to read meanwhile, as the client of the next hop
        // is: what arrives then must not hold up the acknowledgements that the writing waits for.
        channel.set_mode(Mode::Exec);
        channel.spool.abandon(Stream::Error);
        let channel = Arc::new(channel);
        Self {
            output: ChannelOutput::new(Arc::clone(&channel)),
            input: ChannelInput::new(channel),
        }
    }
}

impl AsyncRead for Tunnel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.output).poll_read(context, buffer)
    }
}

impl AsyncWrite for Tunnel {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.input).poll_write(context, buffer)
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_shutdown(context)
    }
}
