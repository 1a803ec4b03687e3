//! A command without a terminal: three streams and a status.

use core::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::channel::Channel;
use crate::spool::{Mode, Stream};
use crate::{ChannelError, ExitStatus};

/// A running command. Its parts are independent and may live in different tasks; when the last
/// one is dropped, the channel is closed.
///
/// Read both outputs, and write, at the same time where much may come. Any order works as long
/// as no more than 4 MiB pile up unread (a local pipe holds 64 KiB); beyond that the server is
/// held back until they are read, whatever else is waited for.
#[derive(Debug)]
pub struct Exec {
    /// Standard input. Dropping it is the end of the input.
    pub stdin: ExecInput,
    /// Standard output.
    pub stdout: ExecOutput,
    /// Standard error.
    pub stderr: ExecOutput,
    channel: Handle,
}

/// Standard input of an [`Exec`].
pub struct ExecInput(Arc<Channel>);

/// One output stream of an [`Exec`]. Dropping it discards what comes.
pub struct ExecOutput {
    channel: Arc<Channel>,
    stream: Stream,
}

/// Keeps the channel without showing it.
struct Handle(Arc<Channel>);

impl Exec {
    pub(crate) async fn start(
        channel: Channel,
        command: &[u8],
        env: &[(String, String)],
    ) -> Result<Self, ChannelError> {
        channel.set_mode(Mode::Exec);
        channel.set_env(env).await?;
        channel.request_exec(command).await?;
        channel.granted("the command").await?;
        let channel = Arc::new(channel);
        let output = |stream| ExecOutput {
            channel: Arc::clone(&channel),
            stream,
        };
        Ok(Self {
            stdin: ExecInput(Arc::clone(&channel)),
            stdout: output(Stream::Output),
            stderr: output(Stream::Error),
            channel: Handle(channel),
        })
    }

    /// Waits until the command has ended.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by a wait that is dropped.
    pub async fn exit(&self) -> ExitStatus {
        self.channel.0.spool.exit().await
    }

    /// Sends a signal ([RFC 4254 §6.9]); `name` without `SIG`. Servers may ignore it.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Closed`] or [`ChannelError::PeerTimeout`].
    ///
    /// [RFC 4254 §6.9]: https://www.rfc-editor.org/rfc/rfc4254#section-6.9
    pub async fn signal(&self, name: &str) -> Result<(), ChannelError> {
        self.channel.0.signal(name).await
    }

    /// Closes the channel without waiting for the command.
    pub fn close(&self) {
        self.channel.0.spool.want_close();
    }
}

impl ExecInput {
    /// Writes `data`. Waits while the command takes nothing more.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Closed`].
    ///
    /// # Cancel safety
    ///
    /// A dropped call has written none, some or all of it, from the beginning.
    pub async fn write(&mut self, data: impl Into<Bytes>) -> Result<(), ChannelError> {
        self.0.outbox.write(data.into()).await
    }
}

impl Drop for ExecInput {
    fn drop(&mut self) {
        self.0.outbox.eof();
    }
}

impl ExecOutput {
    /// Takes the next bytes; `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Closed`] when the channel closed before the end of the stream: what was
    /// read is not all.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by a wait that is dropped.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ChannelError> {
        self.channel.spool.next(self.stream).await
    }
}

impl Drop for ExecOutput {
    fn drop(&mut self) {
        self.channel.spool.abandon(self.stream);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Channel")
    }
}

impl fmt::Debug for ExecInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ExecInput")
    }
}

impl fmt::Debug for ExecOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("ExecOutput")
            .field(&self.stream)
            .finish()
    }
}
