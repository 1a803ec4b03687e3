//! Dropbear, where it is installed: an SSH server that shares no line with OpenSSH's, with OpenSSH's program for
//! SFTP behind it, as small devices have it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::SftpServer;
use crate::keygen::make_key;
use crate::listening::listening;
use crate::sshd::free_port;

/// Where Debian puts the server, what makes its keys, and the program that it starts for SFTP.
const FILES: [&str; 3] = [
    "/usr/sbin/dropbear",
    "/usr/bin/dropbearkey",
    "/usr/lib/sftp-server",
];

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct Dropbear {
    _child: Child,
    port: u16,
    files: TempDir,
}

impl Dropbear {
    /// Starts a server whose account begins in `folder`, which gets a hidden folder with the key that may log in;
    /// `None` where Dropbear is not installed (`apt-get install dropbear-bin openssh-sftp-server`).
    ///
    /// # Errors
    ///
    /// It does not start, or this is not root.
    pub async fn start(folder: &Path) -> Result<Option<Self>> {
        if !FILES.iter().all(|file| Path::new(file).exists()) {
            return Ok(None);
        }
        let files = tempfile::tempdir()?;
        let port = free_port()?;
        write(files.path(), folder).await?;
        // Accounts are laid over the machine's, in a namespace of their own.
        let script =
            "mount --bind passwd /etc/passwd && exec dropbear -F -E -s -r host -P pid -p \"$0\"";
        let child = Command::new("unshare")
            .args(["--mount", "sh", "-c", script])
            .arg(format!("127.0.0.1:{port}"))
            .current_dir(files.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(files.path().join("log"))?)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start dropbear")?;
        listening("dropbear", port, &files.path().join("log")).await?;
        Ok(Some(Self {
            _child: child,
            port,
            files,
        }))
    }

    /// A pipe to its SFTP subsystem, through OpenSSH's client.
    ///
    /// # Errors
    ///
    /// OpenSSH's client is missing.
    pub fn connect(&self) -> Result<SftpServer> {
        let key = self.files.path().join("key").display().to_string();
        let options = ["-o", "IdentitiesOnly=yes", "-i", &key];
        SftpServer::through_ssh(self.port, "anybody", &options)
    }
}

/// Writes its keys and its account.
async fn write(files: &Path, folder: &Path) -> Result<()> {
    let made = Command::new("dropbearkey")
        .args(["-t", "ed25519", "-f"])
        .arg(files.join("host"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await?;
    ensure!(made.success(), "dropbearkey makes no key");
    let key = make_key(files, "key", &["-t", "ed25519"], "")?;
    let hidden = folder.join(".ssh");
    fs::create_dir(&hidden)?;
    fs::copy(
        format!("{}.pub", key.path.display()),
        hidden.join("authorized_keys"),
    )?;
    for private in [folder, &hidden] {
        fs::set_permissions(private, fs::Permissions::from_mode(0o700))?;
    }
    let account = format!("anybody:x:0:0::{}:/bin/sh\n", folder.display());
    fs::write(files.join("passwd"), account)?;
    Ok(())
}
