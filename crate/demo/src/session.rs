//! One connection: log-in ([RFC 4252], [RFC 4256]) and the requests of its channels ([RFC 4254]).
//!
//! [RFC 4252]: https://www.rfc-editor.org/rfc/rfc4252
//! [RFC 4254]: https://www.rfc-editor.org/rfc/rfc4254
//! [RFC 4256]: https://www.rfc-editor.org/rfc/rfc4256

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, Response, Session as Link};
use russh::{Channel, ChannelId, ChannelOpenFailure, Pty, Sig};
use tokio_util::sync::CancellationToken;

use crate::channel::{self, Requests, Running};
use crate::environment::is_sane;
use crate::server::{Shared, methods};
use crate::spawn::Program;
use crate::terminal::{Size, Terminal};

/// Channels of one connection. OpenSSH allows ten (sshd_config(5), `MaxSessions`); a page with
/// many tabs wants more.
const MAX_CHANNELS: usize = 64;

/// Handles what one client sends. Dropping it hangs up all its programs.
pub(crate) struct Session {
    shared: Arc<Shared>,
    peer: SocketAddr,
    authenticated: CancellationToken,
    channels: HashMap<ChannelId, channel::State>,
}

impl Session {
    /// - `authenticated`: is cancelled once the client has logged in.
    pub(crate) fn new(
        shared: Arc<Shared>,
        peer: SocketAddr,
        authenticated: CancellationToken,
    ) -> Self {
        Self {
            shared,
            peer,
            authenticated,
            channels: HashMap::new(),
        }
    }

    /// Judges a log-in. A wrong name takes the same way as a wrong password.
    fn judge(&self, user: &str, password: &[u8]) -> Auth {
        let demo = &self.shared.demo;
        let known = demo.password.matches(password);
        if known && user == demo.account.name {
            Auth::Accept
        } else {
            Auth::Reject {
                proceed_with_methods: Some(methods()),
                partial_success: false,
            }
        }
    }

    /// Starts a program on a channel and answers the request.
    fn start(&mut self, id: ChannelId, program: &Program, link: &mut Link) -> Answer {
        let Some(state) = self.channels.remove(&id) else {
            return link.channel_failure(id);
        };
        let (state, started) = state.start(&self.shared, program, link.handle());
        self.channels.insert(id, state);
        answer(link, id, started)
    }

    fn running(&self, id: ChannelId) -> Option<&Running> {
        match self.channels.get(&id) {
            Some(channel::State::Running(running)) => Some(running),
            _ => None,
        }
    }

    fn requests(&mut self, id: ChannelId) -> Option<&mut Requests> {
        match self.channels.get_mut(&id) {
            Some(channel::State::Opened(opened)) => Some(&mut opened.requests),
            _ => None,
        }
    }
}

type Answer = Result<(), russh::Error>;

/// Where systems keep OpenSSH's program for files: Debian, Fedora, Arch and SUSE, BSD and macOS.
const SFTP_SERVERS: [&str; 4] = [
    "/usr/lib/openssh/sftp-server",
    "/usr/libexec/openssh/sftp-server",
    "/usr/lib/ssh/sftp-server",
    "/usr/libexec/sftp-server",
];

/// What a subsystem runs: files, where this machine has a program for them.
fn subsystem(name: &str) -> Option<Program> {
    let path = SFTP_SERVERS
        .into_iter()
        .find(|path| name == "sftp" && Path::new(path).is_file())?;
    Some(Program::Command(format!("exec {path}").into_bytes()))
}

/// Answers a channel request, if the client wants an answer.
fn answer(link: &mut Link, id: ChannelId, done: bool) -> Answer {
    if done {
        link.channel_success(id)
    } else {
        link.channel_failure(id)
    }
}

impl Handler for Session {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        Ok(self.judge(user, password.as_bytes()))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        Ok(match response.and_then(|mut answers| answers.next()) {
            Some(password) => self.judge(user, &password),
            None => Auth::Partial {
                name: Cow::Borrowed(""),
                instructions: Cow::Borrowed("The password is where this demo was started."),
                prompts: Cow::Owned(vec![(Cow::Borrowed("Password: "), false)]),
            },
        })
    }

    async fn auth_succeeded(&mut self, _link: &mut Link) -> Answer {
        self.authenticated.cancel();
        tracing::info!(peer = %self.peer, "logged in");
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _link: &mut Link,
    ) -> Answer {
        self.channels.retain(|_, state| state.is_alive());
        if self.channels.len() >= MAX_CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        self.channels
            .insert(channel.id(), channel::State::opened(channel));
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        id: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        width_px: u32,
        height_px: u32,
        _modes: &[(Pty, u32)],
        link: &mut Link,
    ) -> Answer {
        let size = Size {
            columns,
            rows,
            width_px,
            height_px,
        };
        let done = match self.requests(id) {
            Some(requests) if is_sane(term) && requests.terminal.is_none() => {
                requests.terminal = Some(Terminal {
                    term: term.to_owned(),
                    size,
                });
                true
            }
            _ => false,
        };
        answer(link, id, done)
    }

    async fn env_request(
        &mut self,
        id: ChannelId,
        name: &str,
        value: &str,
        link: &mut Link,
    ) -> Answer {
        let requests = self.requests(id);
        let done = requests.is_some_and(|requests| requests.environment.accept(name, value));
        answer(link, id, done)
    }

    async fn shell_request(&mut self, id: ChannelId, link: &mut Link) -> Answer {
        self.start(id, &Program::Shell, link)
    }

    async fn exec_request(&mut self, id: ChannelId, command: &[u8], link: &mut Link) -> Answer {
        self.start(id, &Program::Command(command.to_vec()), link)
    }

    async fn subsystem_request(&mut self, id: ChannelId, name: &str, link: &mut Link) -> Answer {
        match subsystem(name) {
            Some(program) => self.start(id, &program, link),
            None => link.channel_failure(id),
        }
    }

    async fn x11_request(
        &mut self,
        id: ChannelId,
        _single_connection: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        link: &mut Link,
    ) -> Answer {
        link.channel_failure(id)
    }

    async fn window_change_request(
        &mut self,
        id: ChannelId,
        columns: u32,
        rows: u32,
        width_px: u32,
        height_px: u32,
        _link: &mut Link,
    ) -> Answer {
        let size = Size {
            columns,
            rows,
            width_px,
            height_px,
        };
        if let Some(running) = self.running(id) {
            running.resize(size);
        }
        Ok(())
    }

    async fn signal(&mut self, id: ChannelId, signal: Sig, _link: &mut Link) -> Answer {
        if let Some(running) = self.running(id) {
            running.signal(signal).await;
        }
        Ok(())
    }

    async fn data(&mut self, id: ChannelId, bytes: &[u8], _link: &mut Link) -> Answer {
        if let Some(running) = self.running(id) {
            running.input(bytes).await;
        }
        Ok(())
    }

    async fn channel_eof(&mut self, id: ChannelId, _link: &mut Link) -> Answer {
        if let Some(channel::State::Running(running)) = self.channels.get_mut(&id) {
            running.end_input();
        }
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _link: &mut Link) -> Answer {
        self.channels.remove(&id);
        Ok(())
    }
}
