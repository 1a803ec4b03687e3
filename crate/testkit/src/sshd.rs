//! Debian's OpenSSH server with an account, keys and a log of its own.
//!
//! It runs in mount and process namespaces, so that its account exists for it alone, nothing of
//! the machine changes, and ending it ends every session. That takes root.

mod files;

use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::keygen::{KeyFile, make_key};

/// Name of the only account.
pub const USER: &str = "tara";
/// Its password.
pub const PASSWORD: &str = "open sesame 7";

/// Longest time that the server takes to say that it listens, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a server differs from the ordinary.
#[derive(Clone, Debug, Default)]
pub struct SshdOptions {
    /// Further lines of `sshd_config`. They come first, and the first value of a keyword counts.
    pub config: Vec<String>,
    /// Port to listen on; any free one where `None`.
    pub port: Option<u16>,
    /// Asks for the password by keyboard-interactive (PAM) as well.
    pub prompts: bool,
}

/// A running server.
///
/// INVARIANT: dropping it ends the server and all sessions, by the id of the process at the root
/// of their namespace.
#[derive(Debug)]
pub struct Sshd {
    child: Child,
    port: u16,
    folder: TempDir,
    log: watch::Receiver<String>,
}

impl Sshd {
    /// Starts a server with fresh host keys of three types.
    ///
    /// # Errors
    ///
    /// OpenSSH's server is missing, or this is not root.
    pub async fn start(options: &SshdOptions) -> Result<Self> {
        let folder = files::folder()?;
        let port = match options.port {
            Some(port) => port,
            None => free_port()?,
        };
        files::write(folder.path(), options, port)?;
        let mut child = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--mount-proc"])
            .args(["--kill-child=KILL", "/bin/sh", "-e"])
            .arg(folder.path().join("start"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start unshare")?;
        let lines = child.stderr.take().context("no stderr")?;
        let (sender, log) = watch::channel(String::new());
        tokio::spawn(async move {
            let mut lines = BufReader::new(lines).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                sender.send_modify(|log| {
                    log.push_str(&line);
                    log.push('\n');
                });
            }
        });
        let server = Self {
            child,
            port,
            folder,
            log,
        };
        server.logged("Server listening on").await.context(
            "these tests start OpenSSH's server as root: apt-get install openssh-server",
        )?;
        Ok(server)
    }

    /// Port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Folder with its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Begins a command in the server's mount namespace, as root: what is mounted there, it alone
    /// sees.
    ///
    /// # Errors
    ///
    /// The server has ended.
    pub fn inside(&self) -> Result<std::process::Command> {
        let process = self.child.id().context("the server has ended")?;
        let mut command = std::process::Command::new("nsenter");
        command.args(["--mount", "--target", &process.to_string(), "--"]);
        Ok(command)
    }

    /// What it logged, at level DEBUG1.
    pub fn log(&self) -> String {
        self.log.borrow().clone()
    }

    /// Waits until the log has `text`.
    ///
    /// # Errors
    ///
    /// It does not come, or the server ended; the error has the log.
    pub async fn logged(&self, text: &str) -> Result<()> {
        let mut log = self.log.clone();
        let found = log.wait_for(|log| log.contains(text));
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(Ok(_)) => Ok(()),
            _ => bail!("no {text:?} in the log:\n{}", self.log()),
        }
    }

    /// How often a client tried to log in with `method`, whatever came of it.
    pub fn attempts(&self, method: &str) -> usize {
        let mark = format!("service ssh-connection method {method}");
        self.log().matches(&mark).count()
    }

    /// Makes a key pair that may log in.
    ///
    /// - `arguments`: what `ssh-keygen` gets beside the file, such as `-t rsa -b 3072`.
    ///
    /// # Errors
    ///
    /// `ssh-keygen` failed.
    pub fn authorize(&self, name: &str, arguments: &[&str], passphrase: &str) -> Result<KeyFile> {
        let key = make_key(self.folder(), name, arguments, passphrase)?;
        files::authorize(self.folder(), &key.public()?)?;
        Ok(key)
    }

    /// The host key of a type: `ed25519`, `ecdsa` or `rsa`.
    pub fn host_key(&self, kind: &str) -> KeyFile {
        KeyFile {
            path: self.folder().join(format!("host_{kind}")),
        }
    }

    /// Ends every session, and leaves the server running.
    ///
    /// # Errors
    ///
    /// There is no session to end.
    pub fn kill_sessions(&self) -> Result<()> {
        let root = self.child.id().context("the server has ended")?;
        let listener = children(root).into_iter().next().context("no server")?;
        let mut sessions = descendants(listener);
        ensure!(!sessions.is_empty(), "no session");
        // A session forks while it begins, so one look may not find all of it.
        while !sessions.is_empty() {
            for session in sessions {
                // Its id was read just now, and its parent is ours. It may have ended meanwhile.
                std::process::Command::new("kill")
                    .args(["-KILL", &session.to_string()])
                    .stderr(Stdio::null())
                    .status()?;
            }
            sessions = descendants(listener);
        }
        Ok(())
    }

    /// Ends the server and every session at once.
    ///
    /// # Errors
    ///
    /// It cannot be ended.
    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Replaces it by a server with other host keys on the same port.
    ///
    /// # Errors
    ///
    /// As for [`Self::start`].
    pub async fn restart(&mut self, options: &SshdOptions) -> Result<()> {
        self.kill().await?;
        let options = SshdOptions {
            port: Some(self.port),
            ..options.clone()
        };
        *self = Self::start(&options).await?;
        Ok(())
    }
}

/// All processes below `process`: a session is a monitor, a child without rights, and a shell.
fn descendants(process: u32) -> Vec<u32> {
    let mut all = children(process);
    let mut next = 0;
    while let Some(process) = all.get(next) {
        all.extend(children(*process));
        next += 1;
    }
    all
}

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect()
}

/// Ports that were given out, so that two servers of one test run do not get the same.
static TAKEN: Mutex<Vec<u16>> = Mutex::new(Vec::new());

/// Finds a port that nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    loop {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?
            .local_addr()?
            .port();
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken.contains(&port) {
            taken.push(port);
            return Ok(port);
        }
    }
}
