//! A server of russh's, for dialogues that OpenSSH's cannot be brought to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use russh::keys::PrivateKey;
use russh::server::{Auth, ChannelOpenHandle, Config, Handle, Handler, Msg, Response, Session};
use russh::{Channel, ChannelId, MethodKind, MethodSet, Pty};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::keygen::make_key;
use crate::liar::{Liar, Lie};

/// What a [`Double`] does.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Sent before the first answer to an attempt to log in.
    pub banner: Option<String>,
    /// Rounds of keyboard-interactive prompts, each a text and whether its answer may be seen.
    /// Without any, everybody is let in.
    pub rounds: Vec<Vec<(String, bool)>>,
    /// Ends the connection with these words when a shell is asked for.
    pub disconnect: Option<String>,
    /// Tries to open channels of every kind when a shell is asked for.
    pub opens_channels: bool,
    /// Refuses a terminal.
    pub refuses_pty: bool,
    /// Never answers the request for a shell.
    pub ignores_shell: bool,
    /// Has an SFTP subsystem that lies.
    pub sftp: Option<Lie>,
}

/// What a [`Double`] was told and could do.
#[derive(Clone, Debug, Default)]
struct Record {
    answers: Vec<Vec<String>>,
    opened: Option<usize>,
}

/// A scripted server. Dropping it ends it.
#[derive(Debug)]
pub struct Double {
    port: u16,
    record: Arc<Mutex<Record>>,
    task: JoinHandle<()>,
}

impl Double {
    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// No port can be listened on, or no host key made.
    pub async fn start(script: Script) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let key = make_key(folder.path(), "host", &["-t", "ed25519"], "")?;
        let config = Arc::new(Config {
            keys: vec![PrivateKey::from_openssh(key.private()?)?],
            auth_rejection_time: std::time::Duration::ZERO,
            ..Config::default()
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let record = Arc::new(Mutex::new(Record::default()));
        let told = Arc::clone(&record);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let actor = Actor {
                    script: script.clone(),
                    record: Arc::clone(&told),
                    round: 0,
                    liars: HashMap::new(),
                };
                let session = russh::server::run_stream(Arc::clone(&config), client, actor);
                tokio::spawn(async move {
                    if let Ok(session) = session.await {
                        // Clients end in many ways here.
                        let _ = session.await;
                    }
                });
            }
        });
        Ok(Self { port, record, task })
    }

    /// Port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The answers to its prompts, round by round.
    pub fn answers(&self) -> Vec<Vec<String>> {
        self.record().answers
    }

    /// How many of its channels the client accepted; `None` while it has not tried all.
    pub fn opened(&self) -> Option<usize> {
        self.record().opened
    }

    fn record(&self) -> Record {
        let record = self.record.lock();
        record.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection of a [`Double`].
struct Actor {
    script: Script,
    record: Arc<Mutex<Record>>,
    round: usize,
    /// SFTP conversations, by their channels.
    liars: HashMap<ChannelId, Liar>,
}

impl Actor {
    fn note(&self, change: impl FnOnce(&mut Record)) {
        change(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Handler for Actor {
    type Error = russh::Error;

    async fn authentication_banner(&mut self) -> Result<Option<String>, Self::Error> {
        Ok(self.script.banner.clone())
    }

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, Self::Error> {
        if self.script.rounds.is_empty() {
            return Ok(Auth::Accept);
        }
        Ok(Auth::Reject {
            proceed_with_methods: Some(MethodSet::from(&[MethodKind::KeyboardInteractive][..])),
            partial_success: false,
        })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        if let Some(response) = response {
            let answers = response
                .map(|answer| String::from_utf8_lossy(&answer).into_owned())
                .collect();
            self.note(|record| record.answers.push(answers));
        }
        let Some(prompts) = self.script.rounds.get(self.round) else {
            return Ok(Auth::Accept);
        };
        self.round += 1;
        Ok(Auth::Partial {
            name: Cow::Owned(format!("Round {}", self.round)),
            instructions: Cow::Borrowed(""),
            prompts: prompts
                .iter()
                .map(|(text, echo)| (Cow::Owned(text.clone()), *echo))
                .collect(),
        })
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        _rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.script.refuses_pty {
            session.channel_failure(channel)
        } else {
            session.channel_success(channel)
        }
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        match self.script.sftp.filter(|_| name == "sftp") {
            Some(lie) => {
                self.liars.insert(channel, Liar::new(lie));
                session.channel_success(channel)
            }
            None => session.channel_failure(channel),
        }
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        match self.liars.get_mut(&channel) {
            Some(liar) => session.data(channel, liar.hear(data)),
            None => Ok(()),
        }
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.script.ignores_shell {
            return Ok(());
        }
        session.channel_success(channel)?;
        let handle = session.handle();
        if let Some(words) = self.script.disconnect.clone() {
            tokio::spawn(async move {
                let reason = russh::Disconnect::ProtocolError;
                handle.disconnect(reason, words, "en".to_owned()).await
            });
        } else if self.script.opens_channels {
            let record = Arc::clone(&self.record);
            tokio::spawn(async move {
                let opened = open_all(&handle).await;
                record.lock().unwrap_or_else(PoisonError::into_inner).opened = Some(opened);
            });
        }
        Ok(())
    }
}

/// Tries to open a channel of every kind, and counts those that the client accepts.
async fn open_all(handle: &Handle) -> usize {
    let opened = [
        handle.channel_open_session().await.is_ok(),
        handle.channel_open_agent().await.is_ok(),
        handle.channel_open_x11("127.0.0.1", 1).await.is_ok(),
        handle
            .channel_open_forwarded_tcpip("127.0.0.1", 1, "127.0.0.1", 2)
            .await
            .is_ok(),
        handle
            .channel_open_forwarded_streamlocal("/tmp/none")
            .await
            .is_ok(),
        handle
            .channel_open_direct_tcpip("127.0.0.1", 1, "127.0.0.1", 2)
            .await
            .is_ok(),
        handle
            .channel_open_direct_streamlocal("/tmp/none")
            .await
            .is_ok(),
    ];
    opened.into_iter().filter(|opened| *opened).count()
}
