//! A connection that is logged in: the place where channels come from.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use russh::client::Handle;

use crate::channel::{Channel, Kind};
use crate::clock::within;
use crate::events::Events;
use crate::handshake::CutOnDrop;
use crate::shared::Shared;
use crate::trust::HostKeyVerified;
use crate::{
    ChannelError, Clock, CloseCause, ConnectError, Exec, Negotiated, Shell, ShellRequest, Stage,
    Subsystem, Tunnel,
};

/// A connection to a server that accepted a credential. Clones are the same connection.
///
/// When the last clone and the last channel are dropped, the connection is cut.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) handle: Handle<Events>,
    guard: CutOnDrop,
    negotiated: Negotiated,
    _proof: HostKeyVerified,
}

impl Inner {
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.guard.0
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("negotiated", &self.inner.negotiated)
            .finish_non_exhaustive()
    }
}

impl Connection {
    pub(crate) fn new(
        handle: Handle<Events>,
        guard: CutOnDrop,
        negotiated: Negotiated,
        proof: HostKeyVerified,
    ) -> Self {
        guard.0.link.set_stage(Stage::Open);
        Self {
            inner: Arc::new(Inner {
                handle,
                guard,
                negotiated,
                _proof: proof,
            }),
        }
    }

    /// What was agreed on.
    pub fn negotiated(&self) -> &Negotiated {
        &self.inner.negotiated
    }

    /// What the server may send on a channel before it must wait for us, in bytes
    /// ([`Options::window_bytes`](crate::Options::window_bytes)).
    pub fn window_bytes(&self) -> u32 {
        self.shared().window_bytes
    }

    /// The server's banners ([RFC 4252 §5.4]), safe to show, at most 64 KiB.
    ///
    /// [RFC 4252 §5.4]: https://www.rfc-editor.org/rfc/rfc4252#section-5.4
    pub fn banner(&self) -> String {
        self.shared().banner()
    }

    /// Opens a login shell on a pseudo-terminal.
    ///
    /// # Errors
    ///
    /// Every [`ChannelError`]. The connection stays usable, unless it is closed.
    ///
    /// # Cancel safety
    ///
    /// A dropped call closes the channel, as soon as the server has opened it.
    pub async fn open_shell(&self, request: &ShellRequest) -> Result<Shell, ChannelError> {
        let channel = Channel::open(&self.inner, Kind::Session).await?;
        Shell::start(channel, request).await
    }

    /// Runs a command without a terminal.
    ///
    /// - `command`: given to the user's shell as it is; it need not be UTF-8.
    /// - `env`: environment to ask for; servers accept few names.
    ///
    /// # Errors
    ///
    /// As for [`Self::open_shell`].
    ///
    /// # Cancel safety
    ///
    /// As for [`Self::open_shell`].
    pub async fn exec(
        &self,
        command: &[u8],
        env: &[(String, String)],
    ) -> Result<Exec, ChannelError> {
        let channel = Channel::open(&self.inner, Kind::Session).await?;
        Exec::start(channel, command, env).await
    }

    /// Starts a subsystem ([RFC 4254 §6.5]), such as `sftp`.
    ///
    /// # Errors
    ///
    /// As for [`Self::open_shell`].
    ///
    /// # Cancel safety
    ///
    /// As for [`Self::open_shell`].
    ///
    /// [RFC 4254 §6.5]: https://www.rfc-editor.org/rfc/rfc4254#section-6.5
    pub async fn subsystem(&self, name: &str) -> Result<Subsystem, ChannelError> {
        let channel = Channel::open(&self.inner, Kind::Session).await?;
        Subsystem::start(channel, name).await
    }

    /// Has the server connect onward ([RFC 4254 §7.2]): the stream of a connection behind it, such as
    /// the next one's SSH.
    ///
    /// - `host`: resolved by the server; without brackets.
    ///
    /// # Errors
    ///
    /// [`ChannelError::PeerRefused`] where the server forwards nothing (`AllowTcpForwarding no`) or
    /// not there, [`ChannelError::PeerCannotReach`] where nothing answers, and as for
    /// [`Self::open_shell`].
    ///
    /// # Cancel safety
    ///
    /// As for [`Self::open_shell`].
    ///
    /// [RFC 4254 §7.2]: https://www.rfc-editor.org/rfc/rfc4254#section-7.2
    pub async fn open_tunnel(&self, host: &str, port: u16) -> Result<Tunnel, ChannelError> {
        let host = host.to_owned();
        let channel = Channel::open(&self.inner, Kind::Tcp { host, port }).await?;
        Ok(Tunnel::new(channel))
    }

    /// Has the server connect to a socket in its file system (`direct-streamlocal@openssh.com`, OpenSSH
    /// PROTOCOL §2.4), such as that of a database or of Docker.
    ///
    /// # Errors
    ///
    /// As for [`Self::open_tunnel`]; OpenSSH says [`ChannelError::PeerCannotReach`] also where
    /// `AllowStreamLocalForwarding` forbids it.
    ///
    /// # Cancel safety
    ///
    /// As for [`Self::open_shell`].
    pub async fn open_unix_tunnel(&self, path: &str) -> Result<Tunnel, ChannelError> {
        let path = path.to_owned();
        let channel = Channel::open(&self.inner, Kind::Unix { path }).await?;
        Ok(Tunnel::new(channel))
    }

    /// Asks the server for a sign of life and measures the round trip.
    ///
    /// # Errors
    ///
    /// [`ConnectError::PeerTimeout`] when there was none in time; that is no verdict yet, since
    /// the answer may be queued behind output that nobody takes: see [`Self::keep_alive`].
    pub async fn ping(&self) -> Result<Duration, ConnectError> {
        let stage = Stage::Open;
        let limit = self.shared().keep_alive.patience;
        let answer = within(self.clock(), limit, self.round_trip()).await;
        answer.unwrap_or(Err(ConnectError::PeerTimeout { stage }))
    }

    /// Waits for one answer, without a deadline.
    pub(crate) async fn round_trip(&self) -> Result<Duration, ConnectError> {
        let asked = self.clock().now();
        let gone = || {
            let cause = self.shared().close_cause();
            crate::handshake::from_cause(cause.unwrap_or(CloseCause::LinkClosed), Stage::Open)
        };
        self.inner.handle.send_ping().await.map_err(|_| gone())?;
        // russh says `Ok` as well when the session ended while it waited.
        if self.shared().close_cause().is_some() {
            return Err(gone());
        }
        Ok(self.clock().now().saturating_sub(asked))
    }

    /// How the connection ended; `None` while it stands.
    pub fn close_cause(&self) -> Option<CloseCause> {
        self.shared().close_cause()
    }

    /// Waits until the connection has ended, and says how.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by a wait that is dropped.
    pub async fn closed(&self) -> CloseCause {
        self.shared().closed().await
    }

    /// Ends the connection in order ([RFC 4253 §11.1]), and cuts it if that takes too long.
    ///
    /// # Cancel safety
    ///
    /// A dropped call may leave the connection open until its last handle is dropped.
    ///
    /// [RFC 4253 §11.1]: https://www.rfc-editor.org/rfc/rfc4253#section-11.1
    pub async fn disconnect(&self) {
        let shared = self.shared();
        shared.end_is_ours();
        let orderly = async {
            let reason = russh::Disconnect::ByApplication;
            // An error means that the session is over already.
            let _ = self.inner.handle.disconnect(reason, "", "").await;
            shared.closed().await;
        };
        let _in_order = within(self.clock(), shared.deadlines.disconnect, orderly).await;
        shared.close(CloseCause::Ours);
        shared.link.cut();
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        self.inner.shared()
    }

    pub(crate) fn inner(&self) -> Arc<Inner> {
        Arc::clone(&self.inner)
    }

    pub(crate) fn handle(&self) -> &Handle<Events> {
        &self.inner.handle
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared().clock
    }
}
