//! A login shell on a pseudo-terminal.

use core::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::channel::Channel;
use crate::spool::{Mode, Stream};
use crate::{ChannelError, ExitStatus, PtySize, ShellRequest};

/// A shell and its two directions. They are used apart and may live in different tasks.
#[derive(Debug)]
pub struct Shell {
    /// What it prints. Dropping it closes the shell.
    pub output: ShellOutput,
    /// What is typed.
    pub input: ShellInput,
}

/// What a shell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellEvent {
    /// Bytes for the terminal, never empty, at most 256 KiB. They may end inside a character.
    Data(Bytes),
    /// The shell ended; all its output came before.
    Exit(ExitStatus),
}

/// The output of a [`Shell`].
pub struct ShellOutput {
    channel: Arc<Channel>,
    exited: bool,
}

/// The input of a [`Shell`]. Clones type into the same shell.
#[derive(Clone)]
pub struct ShellInput {
    channel: Arc<Channel>,
}

impl Shell {
    pub(crate) async fn start(
        channel: Channel,
        request: &ShellRequest,
    ) -> Result<Self, ChannelError> {
        channel.set_mode(Mode::Shell);
        channel.set_env(&request.env).await?;
        if request.forward_agent {
            channel.forward_agent().await?;
        }
        channel.request_pty(&request.term, request.size).await?;
        channel.request_shell().await?;
        // Both are on their way before the first answer is awaited: one round trip less.
        channel.granted("a terminal").await?;
        channel.granted("a shell").await?;
        let channel = Arc::new(channel);
        Ok(Self {
            output: ShellOutput {
                channel: Arc::clone(&channel),
                exited: false,
            },
            input: ShellInput { channel },
        })
    }
}

impl ShellOutput {
    /// Takes what comes next; `None` after [`ShellEvent::Exit`].
    ///
    /// While nobody takes, at most about 350 KiB are kept for the shell, and then the server is
    /// held back, for all channels of the connection.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by a wait that is dropped.
    pub async fn next(&mut self) -> Option<ShellEvent> {
        if self.exited {
            return None;
        }
        if let Ok(Some(data)) = self.channel.spool.next(Stream::Output).await {
            return Some(ShellEvent::Data(data));
        }
        let status = self.channel.spool.exit().await;
        self.exited = true;
        Some(ShellEvent::Exit(status))
    }

    /// Keeps about `bytes` for the shell while nobody takes them, 32 to 128 KiB.
    ///
    /// A consumer that is slow wants few: all of them are shown before the effect of a key.
    pub fn limit(&self, bytes: usize) {
        self.channel.spool.limit(bytes);
    }
}

impl Drop for ShellOutput {
    fn drop(&mut self) {
        self.channel.spool.abandon(Stream::Output);
        self.channel.spool.want_close();
    }
}

impl ShellInput {
    /// Types `data`. Waits while the server takes nothing more.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Closed`]. Bytes handed over before may be lost then, as on a terminal
    /// that hangs up.
    ///
    /// # Cancel safety
    ///
    /// A dropped call has typed none, some or all of it, from the beginning.
    pub async fn write(&self, data: impl Into<Bytes>) -> Result<(), ChannelError> {
        self.channel.outbox.write(data.into()).await
    }

    /// Tells the terminal's new size. It does not wait behind what is typed.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Closed`] or [`ChannelError::PeerTimeout`].
    pub async fn resize(&self, size: PtySize) -> Result<(), ChannelError> {
        self.channel.resize(size).await
    }

    /// Sends a signal ([RFC 4254 §6.9]); `name` without `SIG`. Servers may ignore it.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Closed`] or [`ChannelError::PeerTimeout`].
    ///
    /// [RFC 4254 §6.9]: https://www.rfc-editor.org/rfc/rfc4254#section-6.9
    pub async fn signal(&self, name: &str) -> Result<(), ChannelError> {
        self.channel.signal(name).await
    }

    /// Says that nothing more will be typed.
    pub fn eof(&self) {
        self.channel.outbox.eof();
    }

    /// Closes the shell: what runs in it gets a hang-up. Output that was received stays readable.
    pub fn close(&self) {
        self.channel.spool.want_close();
    }
}

impl fmt::Debug for ShellOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ShellOutput")
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ShellInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ShellInput").finish_non_exhaustive()
    }
}
