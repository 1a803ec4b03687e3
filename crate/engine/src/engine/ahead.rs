//! A shell that is opened before a page asks for it: by a link the engine is faster than the page.

use futures::channel::oneshot;
use transom_protocol::TerminalSize;
use transom_ssh::{ChannelError, Connection, PtySize, Shell, ShellRequest};

use crate::shell::pty_size;

/// The shell of a link.
#[derive(Debug, Default)]
pub(super) enum Ahead {
    /// None is wanted, or a page has it.
    #[default]
    None,
    /// To be opened with the session.
    Wished(PtySize),
    /// On its way.
    Opening(Opening),
}

/// A shell that was asked for.
#[derive(Debug)]
pub(super) struct Opening {
    /// What its terminal was thought to be.
    size: PtySize,
    shell: oneshot::Receiver<Result<Shell, ChannelError>>,
}

impl Ahead {
    /// Wishes for a shell of `size`, if that is known and can be.
    pub(super) fn wish(size: Option<TerminalSize>) -> Self {
        size.and_then(pty_size).map_or(Self::None, Self::Wished)
    }

    /// Asks the server for the shell that is wished for.
    pub(super) fn begin(&mut self, connection: Connection) {
        let Self::Wished(size) = *self else { return };
        let (opened, shell) = oneshot::channel();
        *self = Self::Opening(Opening { size, shell });
        wasm_bindgen_futures::spawn_local(async move {
            let shell = connection.open_shell(&ShellRequest::new(size)).await;
            // Nobody waits when the session is over. The shell closes with what is dropped.
            let _ = opened.send(shell);
        });
    }

    /// Takes the shell for a page that asks for one.
    pub(super) fn take(&mut self) -> Option<Opening> {
        match core::mem::take(self) {
            Self::Opening(opening) => Some(opening),
            Self::None | Self::Wished(_) => None,
        }
    }
}

impl Opening {
    /// Waits for the shell, and gives it the size of the terminal that will show it.
    ///
    /// # Errors
    ///
    /// As of a shell that is opened now.
    pub(super) async fn take(self, size: PtySize) -> Result<Shell, ChannelError> {
        let shell = self.shell.await.unwrap_or(Err(ChannelError::Closed))?;
        if size != self.size {
            shell.input.resize(size).await?;
        }
        Ok(shell)
    }
}
