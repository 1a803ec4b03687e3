//! SFTP servers of Python libraries, in an environment of their own in the user's cache folder.
//! Other programs in Python are installed there too.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::SftpServer;

/// What is installed, in exactly these versions. The folder is named after them.
const PACKAGES: [&str; 3] = ["asyncssh==2.24.1", "paramiko==5.1.0", "ssh-audit==3.9.0"];

/// A server of a Python library. Dropping it ends it.
#[derive(Debug)]
pub struct PythonServer {
    _child: Child,
    port: u16,
}

/// Which library serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// asyncssh.
    Asyncssh,
    /// asyncssh without files: it answers every password with `SSH_MSG_USERAUTH_PASSWD_CHANGEREQ`.
    AsyncsshExpired,
    /// Paramiko.
    Paramiko,
    /// Paramiko without files: it takes every password, and exchanges keys anew when a program is started.
    ParamikoRekey,
    /// As [`Library::ParamikoRekey`], and shows another host key of the same type then.
    ParamikoSwap,
    /// Paramiko without files: it takes every password, and opens channels of every kind to its client when
    /// a program is started.
    ParamikoOpens,
}

impl PythonServer {
    /// Starts a server on a folder.
    ///
    /// # Errors
    ///
    /// Python is missing, or the library cannot be installed; the sentence says what to do.
    pub async fn start(library: Library, folder: &Path) -> Result<Self> {
        let script = match library {
            Library::Asyncssh => include_str!("python/asyncssh_server.py"),
            Library::AsyncsshExpired => include_str!("python/asyncssh_expired.py"),
            Library::Paramiko => include_str!("python/paramiko_server.py"),
            Library::ParamikoOpens => include_str!("python/paramiko_opens.py"),
            Library::ParamikoRekey | Library::ParamikoSwap => {
                include_str!("python/paramiko_rekey.py")
            }
        };
        let mut child = Command::new(python().await?)
            .arg("-c")
            .arg(script)
            .arg(folder)
            .args((library == Library::ParamikoSwap).then_some("swap"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start Python")?;
        let output = child.stdout.take().context("no output")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let line = line.context("the Python server ended at once")?;
        let port = line
            .trim()
            .parse()
            .context("the Python server told no port")?;
        Ok(Self {
            _child: child,
            port,
        })
    }

    /// Port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A pipe to its SFTP subsystem, through OpenSSH's client.
    ///
    /// # Errors
    ///
    /// OpenSSH's client is missing.
    pub fn connect(&self) -> Result<SftpServer> {
        SftpServer::through_ssh(self.port, "anybody", &[])
    }
}

/// Path of a Python that has the libraries, after installing what is missing.
///
/// # Errors
///
/// Python is missing, or the libraries cannot be installed; the sentence says what to do.
pub async fn python() -> Result<PathBuf> {
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    let name = PACKAGES.join("-").replace("==", "-");
    let folder = PathBuf::from(home)
        .join(".cache/transom")
        .join(format!("python-{name}"));
    let python = folder.join("bin/python");
    // Several tests may come here at once: one installs, and the others wait for its lock.
    let parent = folder.parent().context("no cache folder")?;
    std::fs::create_dir_all(parent)?;
    let lock = std::fs::File::create(parent.join("python.lock"))?;
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    if !folder.join("whole").exists() {
        let made = Command::new("python3")
            .args(["-m", "venv"])
            .arg(&folder)
            .output()
            .await;
        let made = made.context("these tests need Python: apt-get install python3-venv")?;
        ensure!(
            made.status.success(),
            "these tests need Python's venv and pip: apt-get install python3-venv"
        );
        let mut install = Command::new(&python);
        install
            .args(["-m", "pip", "install", "--quiet"])
            .args(PACKAGES);
        let installed = install.output().await?;
        ensure!(
            installed.status.success(),
            "`python3 -m pip install {}` did not work:\n{}",
            PACKAGES.join(" "),
            String::from_utf8_lossy(&installed.stderr)
        );
        std::fs::write(folder.join("whole"), "")?;
    }
    drop(lock);
    Ok(python)
}
