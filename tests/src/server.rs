//! Debian's OpenSSH server with accounts, keys and files of its own.
//!
//! It runs in mount and process namespaces, so that its accounts exist for it alone, nothing of
//! the machine changes, and ending it ends every session. That takes root.

mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::artifact::Artifacts;
use crate::process::{Process, free_port};
use crate::wait::PATIENCE;

/// Name of the only account.
pub const USER: &str = "tess";
/// Its password.
pub const PASSWORD: &str = "correct horse 9";
/// The code that [`Login::Prompts`] asks for, with echo.
pub const CODE: &str = "246810";
/// What its shell prints when it is ready; on the screen, without the trailing blank.
pub const PROMPT: &str = "ready>";

/// How the server lets people in, beside the keys in `authorized_keys`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// By [`PASSWORD`].
    #[default]
    Password,
    /// Keyboard-interactive: "Verification code" with echo, then "Password" without.
    Prompts,
    /// By keys only.
    KeysOnly,
}

/// How the server differs from the ordinary.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// The ways in.
    pub login: Login,
    /// Further lines of `sshd_config`; the first value of a keyword counts, and these come first.
    pub config: Vec<String>,
    /// Port to listen on; any free one where `None`.
    pub port: Option<u16>,
}

/// A running server.
///
/// INVARIANT: dropping it ends the server and all sessions, by the id of the process at the root
/// of their namespace.
#[derive(Debug)]
pub struct Server {
    process: Process,
    port: u16,
    folder: TempDir,
}

impl Server {
    /// Starts a server with a fresh Ed25519 host key; its log goes to `artifacts`, as `name`.
    pub async fn start(options: &ServerOptions, artifacts: &Artifacts, name: &str) -> Result<Self> {
        let folder = files::folder()?;
        let port = match options.port {
            Some(port) => port,
            None => free_port()?,
        };
        files::write(folder.path(), options, port)?;
        let mut command = Command::new("unshare");
        command
            .args([
                "--mount",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child=KILL",
            ])
            .args(["/bin/sh", "-e"])
            .arg(folder.path().join("start"));
        let mut process = Process::start(&mut command, &artifacts.path(&format!("{name}.log")))?;
        process
            .line("sshd listens", PATIENCE, |line| {
                line.starts_with("Server listening on").then_some(())
            })
            .await
            .context(
                "these tests start OpenSSH's server as root: apt-get install openssh-server",
            )?;
        Ok(Self {
            process,
            port,
            folder,
        })
    }

    /// `tess@127.0.0.1:port`, as a person types it.
    pub fn address(&self) -> String {
        format!("{USER}@127.0.0.1:{}", self.port)
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it logged, at level DEBUG1.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Home folder of the account, to look at what commands left there.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Content of a file in the home folder; empty where there is none.
    pub fn file(&self, name: &str) -> String {
        fs::read_to_string(self.home().join(name)).unwrap_or_default()
    }

    /// Puts a file into the home folder, owned by the account.
    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        files::put(&self.home().join(name), content.as_ref(), 0o600)
    }

    /// How often a client tried to log in with `method`, whatever came of it.
    pub fn attempts(&self, method: &str) -> usize {
        let mark = format!("service ssh-connection method {method}");
        self.log().matches(&mark).count()
    }

    /// What `ssh-keygen -lv` says about the host key: its first line and its randomart.
    pub fn fingerprint(&self) -> Result<(String, String)> {
        let shown = run(Command::new("ssh-keygen")
            .args(["-l", "-v", "-f"])
            .arg(self.folder.path().join("host_key.pub")))?;
        let (line, art) = shown.split_once('\n').context("no randomart")?;
        Ok((line.to_owned(), art.trim_end().to_owned()))
    }

    /// Makes a key pair that may log in, and returns the path of its private half.
    ///
    /// - `arguments`: what ssh-keygen gets beside the file, such as `-t rsa -b 3072`.
    pub fn key(&self, name: &str, arguments: &[&str], passphrase: &str) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        run(Command::new("ssh-keygen")
            .args(["-q", "-C", name, "-N", passphrase, "-f"])
            .arg(&path)
            .args(arguments))?;
        let public = fs::read(path.with_extension("pub"))?;
        let authorized = self.home().join(".ssh/authorized_keys");
        let mut content = fs::read(&authorized).unwrap_or_default();
        content.extend(public);
        files::put(&authorized, &content, 0o600)?;
        Ok(path)
    }

    /// Replaces the server by one with another host key on the same port.
    pub async fn change_host_key(&mut self, artifacts: &Artifacts) -> Result<()> {
        self.kill();
        let options = ServerOptions {
            port: Some(self.port),
            ..ServerOptions::default()
        };
        *self = Self::start(&options, artifacts, "sshd-changed").await?;
        Ok(())
    }

    /// Ends the server and every session at once.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// A native client that logs in with `key`, to compare with.
    pub fn native_ssh(&self, key: &Path) -> Command {
        let mut command = Command::new("ssh");
        command
            .args(["-F", "none", "-o", "StrictHostKeyChecking=no"])
            .args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"])
            .args([
                "-o",
                "IdentitiesOnly=yes",
                "-p",
                &self.port.to_string(),
                "-i",
            ])
            .arg(key)
            .arg(format!("{USER}@127.0.0.1"));
        command
    }
}

/// Runs a command to its end and returns what it printed.
fn run(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(
        output.status.success(),
        "{}: {}",
        command.get_program().display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
