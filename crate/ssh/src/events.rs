//! What russh tells while its loop runs. Nothing here may wait, but for the host key.
//!
//! russh also offers channels with queues of their own. They are closed at once (see
//! [`crate::channel`]), so that its loop never waits for a consumer.

use std::sync::Arc;

use russh::client::{ChannelOpenHandle, Config, DisconnectReason, Handler, Msg, Session};
use russh::keys::PublicKeyOrCertificate;
use russh::{Channel, ChannelId, ChannelOpenFailure, Sig};
use transom_keys::{HostCertificate, PublicKey};

use crate::display::display_safe;
use crate::incoming::Door;
use crate::rekey;
use crate::shared::{Names, Shared};
use crate::spool::Stream;
use crate::trust::{ErasedTrust, HostKeyVerified, Shown};
use crate::{CloseCause, ExitStatus, Stage};

/// Bytes of a disconnect message or of another short text of the server that are kept.
pub(crate) const TEXT_BYTES: usize = 1024;

/// Bytes of a signal's name; the longest that the RFC defines has four.
const SIGNAL_BYTES: usize = 64;

/// Host keys that a server may say it has; real ones have three to five.
const MAX_ANNOUNCED: usize = 64;

/// Extended data of this type is standard error ([RFC 4254 §5.2]).
///
/// [RFC 4254 §5.2]: https://www.rfc-editor.org/rfc/rfc4254#section-5.2
const EXTENDED_DATA_STDERR: u32 = 1;

/// The receiver of russh's events for one connection.
pub(crate) struct Events {
    shared: Arc<Shared>,
    trust: Box<dyn ErasedTrust>,
    host_key: HostKey,
}

/// Which host key signs the exchanges of keys.
enum HostKey {
    /// None has ended.
    Unknown,
    /// The first one ends, signed by this key, which was accepted.
    First(PublicKey),
    /// It ended; this key signs all later ones too.
    Bound(PublicKey),
}

impl Events {
    pub(crate) fn new(shared: Arc<Shared>, trust: Box<dyn ErasedTrust>) -> Self {
        // Without it no key of a later exchange is known, and none is checked.
        let _ = rekey::listen();
        Self {
            shared,
            trust,
            host_key: HostKey::Unknown,
        }
    }

    fn with_spool(&self, id: ChannelId, act: impl FnOnce(&crate::spool::Spool)) {
        if let Some(spool) = self.shared.spool(id) {
            act(&spool);
        }
    }

    /// Whether an exchange of keys that ends was signed by the host key that was accepted.
    fn keeps_host_key(&mut self) -> bool {
        match std::mem::replace(&mut self.host_key, HostKey::Unknown) {
            HostKey::Unknown => true,
            HostKey::First(key) => {
                self.host_key = HostKey::Bound(key);
                true
            }
            HostKey::Bound(key) => {
                let same = !rekey::listen() || rekey::showed(&key);
                self.host_key = HostKey::Bound(key);
                same
            }
        }
    }

    /// Accepts a channel that the server opens, if it was asked for and somebody takes it.
    async fn arrive(&mut self, door: &Door, channel: Channel<Msg>, reply: ChannelOpenHandle) {
        let Some(room) = self.shared.doors.room(door) else {
            reply
                .reject(ChannelOpenFailure::AdministrativelyProhibited)
                .await;
            return;
        };
        // As for our own channels: all that comes goes through `Events` (see `Channel::open_now`).
        let (reader, writer) = channel.split();
        drop(reader);
        self.shared.add_channel(writer.id());
        reply.accept().await;
        room.send(writer);
    }
}

impl Drop for Events {
    /// The session's task is over, whatever ended it.
    fn drop(&mut self) {
        self.shared.close(CloseCause::LinkClosed);
    }
}

/// Makes russh's configuration. Its own timers stay off: they need tokio's clock.
pub(crate) fn config(options: &crate::Options) -> Config {
    Config {
        client_id: russh::SshId::Standard(
            concat!("SSH-2.0-Transom_", env!("CARGO_PKG_VERSION")).into(),
        ),
        preferred: crate::algorithm::preferred(options),
        gex: group_sizes(options.legacy),
        window_size: options.window_bytes,
        inactivity_timeout: None,
        keepalive_interval: None,
        ..Config::default()
    }
}

/// Sizes of the groups that a server may choose, in bits: 3072 are the least that is not worse than the
/// ciphers, and 2048 the least that russh takes.
fn group_sizes(legacy: bool) -> russh::client::GexParams {
    let least = if legacy { 2048 } else { 3072 };
    // These sizes are within what it takes; its own default has the larger one.
    russh::client::GexParams::new(least, 8192, 8192).unwrap_or_default()
}

/// Writes the handlers of channels that the server wants to open: russh accepts them unless told
/// otherwise, and nobody here has asked for one.
macro_rules! refuse_channels {
    ($($name:ident($($argument:ident: $type:ty),*)),* $(,)?) => {$(
        async fn $name(
            &mut self,
            _channel: Channel<Msg>,
            $($argument: $type,)*
            reply: ChannelOpenHandle,
            _session: &mut Session,
        ) -> Result<(), Self::Error> {
            reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
            Ok(())
        }
    )*};
}

impl Handler for Events {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        shown: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let shown = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => {
                Shown::Key(PublicKey::from_ssh_key(key))
            }
            PublicKeyOrCertificate::Certificate(certificate) => {
                Shown::Certificate(HostCertificate::from_ssh_key(certificate))
            }
        };
        let key = shown.key();
        rekey::showed(&key);
        self.host_key = HostKey::First(key.clone());
        self.shared.set_offered(key);
        self.shared.link.set_stage(Stage::CheckingHostKey);
        let proof = tokio::select! {
            proof = HostKeyVerified::judge(self.trust.as_mut(), shown) => proof,
            // The handshake was dropped: nobody waits for the answer.
            _ = self.shared.closed() => None,
        };
        let Some(proof) = proof else {
            return Ok(false);
        };
        self.shared.set_proof(proof);
        self.shared.link.set_stage(Stage::Finishing);
        Ok(true)
    }

    async fn kex_done(
        &mut self,
        _shared_secret: Option<&[u8]>,
        names: &russh::Names,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        if !self.keeps_host_key() {
            self.shared.close(CloseCause::PeerMisbehaved {
                what: "another host key when keys were exchanged anew".to_owned(),
            });
            return Err(russh::Error::UnknownKey);
        }
        let cipher: &str = names.cipher.as_ref();
        let authenticates_itself = cipher.contains("gcm") || cipher.contains("poly1305");
        let mac: &str = names.client_mac.as_ref();
        self.shared.set_names(Names {
            kex: names.kex.as_ref().to_owned(),
            cipher: cipher.to_owned(),
            mac: if authenticates_itself { "" } else { mac }.to_owned(),
        });
        Ok(())
    }

    async fn auth_banner(
        &mut self,
        banner: &str,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.shared.add_banner(banner);
        Ok(())
    }

    async fn openssh_ext_host_keys_announced(
        &mut self,
        keys: Vec<russh::keys::PublicKey>,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let keys = keys.iter().take(MAX_ANNOUNCED);
        self.shared
            .set_announced(keys.map(PublicKey::from_ssh_key).collect());
        Ok(())
    }

    async fn channel_open_confirmation(
        &mut self,
        id: ChannelId,
        _max_packet_size: u32,
        _window_size: u32,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.shared.add_channel(id);
        Ok(())
    }

    async fn channel_success(
        &mut self,
        id: ChannelId,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.with_spool(id, |spool| spool.push_reply(true));
        Ok(())
    }

    async fn channel_failure(
        &mut self,
        id: ChannelId,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.with_spool(id, |spool| spool.push_reply(false));
        Ok(())
    }

    async fn data(
        &mut self,
        id: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.with_spool(id, |spool| spool.push(Stream::Output, data));
        Ok(())
    }

    async fn extended_data(
        &mut self,
        id: ChannelId,
        kind: u32,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        if kind == EXTENDED_DATA_STDERR {
            self.with_spool(id, |spool| spool.push(Stream::Error, data));
        }
        Ok(())
    }

    async fn exit_status(
        &mut self,
        id: ChannelId,
        code: u32,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.with_spool(id, |spool| spool.set_exit(ExitStatus::Code(code)));
        Ok(())
    }

    async fn exit_signal(
        &mut self,
        id: ChannelId,
        signal: Sig,
        core_dumped: bool,
        _message: &str,
        _language: &str,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let name = match &signal {
            Sig::Custom(name) => display_safe(name, SIGNAL_BYTES),
            // russh keeps the RFC's names to itself, and prints them as they are.
            known => format!("{known:?}"),
        };
        let exit = ExitStatus::Signal { name, core_dumped };
        self.with_spool(id, |spool| spool.set_exit(exit));
        Ok(())
    }

    async fn channel_eof(
        &mut self,
        id: ChannelId,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.with_spool(id, crate::spool::Spool::set_eof);
        Ok(())
    }

    async fn channel_close(
        &mut self,
        id: ChannelId,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.shared.remove_channel(id);
        Ok(())
    }

    async fn disconnected(
        &mut self,
        reason: DisconnectReason<Self::Error>,
    ) -> Result<(), Self::Error> {
        self.shared.close(match reason {
            DisconnectReason::ReceivedDisconnect(said) => CloseCause::Peer {
                reason: reason_code(said.reason_code),
                text: display_safe(&said.message, TEXT_BYTES),
            },
            DisconnectReason::Error(error) => crate::handshake::close_cause(&error),
        });
        Ok(())
    }

    async fn server_channel_open_agent_forward(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.arrive(&Door::Agent, channel, reply).await;
        Ok(())
    }

    async fn server_channel_open_forwarded_streamlocal(
        &mut self,
        channel: Channel<Msg>,
        path: &str,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.arrive(&Door::Unix(path.to_owned()), channel, reply)
            .await;
        Ok(())
    }

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        channel: Channel<Msg>,
        address: &str,
        port: u32,
        _from: &str,
        _from_port: u32,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let address = address.to_owned();
        self.arrive(&Door::Tcp { address, port }, channel, reply)
            .await;
        Ok(())
    }

    refuse_channels! {
        server_channel_open_session(),
        server_channel_open_direct_streamlocal(_path: &str),
        server_channel_open_x11(_address: &str, _port: u32),
        server_channel_open_direct_tcpip(_host: &str, _port: u32, _from: &str, _from_port: u32),
    }
}

fn reason_code(reason: russh::Disconnect) -> u32 {
    #[expect(
        clippy::as_conversions,
        reason = "a field-less enum with the RFC's numbers"
    )]
    {
        reason as u32
    }
}
