//! SFTP servers on pipes: a process whose standard input and output speak the protocol.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Where Debian keeps OpenSSH's SFTP server.
const SFTP_SERVER: &str = "/usr/lib/openssh/sftp-server";

/// An SFTP server on pipes. Dropping it ends it.
#[derive(Debug)]
pub struct SftpServer {
    child: Child,
}

impl SftpServer {
    /// Starts OpenSSH's server.
    ///
    /// - `folder`: where relative paths begin.
    /// - `arguments`: of `sftp-server(8)`, such as `-R` (read only).
    ///
    /// # Errors
    ///
    /// It is not installed.
    pub fn openssh(folder: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(SFTP_SERVER);
        command.arg("-d").arg(folder).args(arguments);
        Self::spawn(command)
            .context("these tests start OpenSSH's SFTP server: apt-get install openssh-sftp-server")
    }

    /// Reaches the SFTP subsystem of an SSH server on loopback, through OpenSSH's client, which
    /// trusts any host key here.
    ///
    /// - `arguments`: further ones of `ssh(1)`.
    ///
    /// # Errors
    ///
    /// OpenSSH's client is missing.
    pub fn through_ssh(port: u16, user: &str, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new("ssh");
        command
            .args([
                "-F",
                "none",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "LogLevel=ERROR",
            ])
            .args(["-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"])
            .args(arguments)
            .args([
                "-p",
                &port.to_string(),
                "-s",
                &format!("{user}@127.0.0.1"),
                "sftp",
            ]);
        Self::spawn(command)
            .context("these tests start OpenSSH's client: apt-get install openssh-client")
    }

    /// Starts any program that speaks SFTP on its standard input and output.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn spawn(mut command: Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                let program = command.as_std().get_program().display();
                format!("cannot start {program}")
            })?;
        Ok(Self { child })
    }

    /// What it says, and what it is told. Once only.
    ///
    /// # Errors
    ///
    /// They were taken before.
    pub fn streams(&mut self) -> Result<(ChildStdout, ChildStdin)> {
        let output = self.child.stdout.take().context("taken before")?;
        let input = self.child.stdin.take().context("taken before")?;
        Ok((output, input))
    }

    /// Its process.
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }
}
