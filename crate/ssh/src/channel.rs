//! One channel: [RFC 4254 §5 to §7].
//!
//! [RFC 4254 §5 to §7]: https://www.rfc-editor.org/rfc/rfc4254#section-5

use std::sync::Arc;

use russh::client::Msg;
use russh::{ChannelOpenFailure, ChannelWriteHalf, Pty, Sig};

use crate::clock::within;
use crate::connection::Inner;
use crate::outbox::Outbox;
use crate::spool::{Mode, Spool};
use crate::{ChannelError, PtySize};

/// Names that a shell or command may be asked to have in its environment; more are not sent.
const MAX_ENV: usize = 64;

/// Where a connection that we have forwarded is said to come from. Nothing listens here that a server
/// could call back; OpenSSH says the same for a jump host.
const ORIGINATOR: (&str, u32) = ("127.0.0.1", 65_535);

/// What a channel is for.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A shell, command or subsystem ([RFC 4254 §6.1]).
    ///
    /// [RFC 4254 §6.1]: https://www.rfc-editor.org/rfc/rfc4254#section-6.1
    Session,
    /// A TCP connection that the server makes ([RFC 4254 §7.2], `direct-tcpip`).
    ///
    /// [RFC 4254 §7.2]: https://www.rfc-editor.org/rfc/rfc4254#section-7.2
    Tcp { host: String, port: u16 },
    /// A socket in the server's file system (OpenSSH PROTOCOL §2.4).
    Unix { path: String },
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Self::Session => "a channel",
            Self::Tcp { .. } | Self::Unix { .. } => "a connection onward",
        }
    }
}

/// An open channel. Dropping it closes the channel.
pub(crate) struct Channel {
    pub(crate) spool: Arc<Spool>,
    pub(crate) outbox: Outbox,
    writer: Arc<ChannelWriteHalf<Msg>>,
    connection: Arc<Inner>,
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.spool.want_close();
    }
}

impl Channel {
    /// Opens a channel.
    ///
    /// # Cancel safety
    ///
    /// The work goes on in a task of its own, and a channel that nobody waits for is closed.
    pub(crate) async fn open(connection: &Arc<Inner>, kind: Kind) -> Result<Self, ChannelError> {
        let connection = Arc::clone(connection);
        let opening = russh_util::runtime::spawn(async move {
            let limit = connection.shared().deadlines.channel;
            let clock = Arc::clone(&connection.shared().clock);
            let what = kind.name();
            within(&clock, limit, Self::open_now(connection, kind))
                .await
                .unwrap_or(Err(ChannelError::PeerTimeout { what }))
        });
        opening.await.unwrap_or(Err(ChannelError::Closed))
    }

    async fn open_now(connection: Arc<Inner>, kind: Kind) -> Result<Self, ChannelError> {
        let (handle, what) = (&connection.handle, kind.name());
        let opened = match kind {
            Kind::Session => handle.channel_open_session().await,
            Kind::Tcp { host, port } => {
                let (from, from_port) = ORIGINATOR;
                handle
                    .channel_open_direct_tcpip(host, port.into(), from, from_port)
                    .await
            }
            Kind::Unix { path } => handle.channel_open_direct_streamlocal(path).await,
        };
        let channel = opened.map_err(|error| match error {
            russh::Error::ChannelOpenFailure(ChannelOpenFailure::ConnectFailed) => {
                ChannelError::PeerCannotReach
            }
            russh::Error::ChannelOpenFailure(_) => ChannelError::PeerRefused { what },
            _ => ChannelError::Closed,
        })?;
        // russh waits for a reader that does not keep up, and not for one that is gone. All it
        // would say there comes through `Events` as well.
        let (reader, writer) = channel.split();
        drop(reader);
        Self::begin(connection, writer).ok_or(ChannelError::Closed)
    }

    /// Takes over a channel that the server opened; `None` where it is closed again already.
    pub(crate) fn adopt(
        connection: &crate::Connection,
        writer: ChannelWriteHalf<Msg>,
    ) -> Option<Self> {
        Self::begin(connection.inner(), writer)
    }

    fn begin(connection: Arc<Inner>, writer: ChannelWriteHalf<Msg>) -> Option<Self> {
        let id = writer.id();
        let shared = connection.shared();
        let spool = shared.spool(id)?;
        let writer = Arc::new(writer);
        let outbox = Outbox::start(
            Arc::clone(&writer),
            Arc::clone(&spool),
            Arc::clone(&shared.link),
            {
                let shared = Arc::clone(shared);
                move || shared.remove_channel(id)
            },
        );
        Some(Self {
            spool,
            outbox,
            writer,
            connection,
        })
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        self.spool.set_mode(mode);
    }

    /// Asks for environment. Servers ignore most names, so no answer is wanted.
    pub(crate) async fn set_env(&self, env: &[(String, String)]) -> Result<(), ChannelError> {
        for (name, value) in env.iter().take(MAX_ENV) {
            let request = self.writer.set_env(false, name.as_str(), value.as_str());
            self.sent(request).await?;
        }
        Ok(())
    }

    /// Asks for a terminal. The answer is to be awaited with [`Self::granted`].
    pub(crate) async fn request_pty(&self, term: &str, size: PtySize) -> Result<(), ChannelError> {
        // Characters are UTF-8: erasing one in the line editor of the terminal takes all of its
        // bytes. The speeds matter to nobody, but some programs divide by them.
        let modes = [
            (Pty::IUTF8, 1),
            (Pty::TTY_OP_ISPEED, 38_400),
            (Pty::TTY_OP_OSPEED, 38_400),
        ];
        let PtySize {
            columns,
            rows,
            width_px,
            height_px,
        } = size;
        let request = self
            .writer
            .request_pty(true, term, columns, rows, width_px, height_px, &modes);
        self.sent(request).await
    }

    /// Says that programs of this channel may ask for an agent. Who refuses it does without, so no
    /// answer is wanted.
    pub(crate) async fn forward_agent(&self) -> Result<(), ChannelError> {
        self.sent(self.writer.agent_forward(false)).await
    }

    /// Asks for a shell. The answer is to be awaited with [`Self::granted`].
    pub(crate) async fn request_shell(&self) -> Result<(), ChannelError> {
        self.sent(self.writer.request_shell(true)).await
    }

    /// Asks to run a command. The answer is to be awaited with [`Self::granted`].
    pub(crate) async fn request_exec(&self, command: &[u8]) -> Result<(), ChannelError> {
        self.sent(self.writer.exec(true, command)).await
    }

    /// Asks for a subsystem. The answer is to be awaited with [`Self::granted`].
    pub(crate) async fn request_subsystem(&self, name: &str) -> Result<(), ChannelError> {
        self.sent(self.writer.request_subsystem(true, name)).await
    }

    pub(crate) async fn resize(&self, size: PtySize) -> Result<(), ChannelError> {
        let PtySize {
            columns,
            rows,
            width_px,
            height_px,
        } = size;
        self.sent(
            self.writer
                .window_change(columns, rows, width_px, height_px),
        )
        .await
    }

    pub(crate) async fn signal(&self, name: &str) -> Result<(), ChannelError> {
        self.sent(self.writer.signal(Sig::Custom(name.to_owned())))
            .await
    }

    /// Waits for the answer to the oldest request; `what` names it for people.
    pub(crate) async fn granted(&self, what: &'static str) -> Result<(), ChannelError> {
        let shared = self.connection.shared();
        match within(&shared.clock, shared.deadlines.channel, self.spool.reply()).await {
            Some(Some(true)) => Ok(()),
            Some(Some(false)) => Err(ChannelError::PeerRefused { what }),
            Some(None) => Err(ChannelError::Closed),
            None => Err(ChannelError::PeerTimeout { what }),
        }
    }

    /// Hands a request to russh, which may have to write first.
    async fn sent(
        &self,
        request: impl Future<Output = Result<(), russh::Error>>,
    ) -> Result<(), ChannelError> {
        if self.spool.is_closed() {
            return Err(ChannelError::Closed);
        }
        let shared = self.connection.shared();
        match within(&shared.clock, shared.deadlines.channel, request).await {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(ChannelError::Closed),
            None => Err(ChannelError::PeerTimeout { what: "a request" }),
        }
    }
}
