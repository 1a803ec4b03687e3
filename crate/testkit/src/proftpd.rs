//! ProFTPD's SFTP server (`mod_sftp`), where it is installed: a server that shares no line with
//! OpenSSH's.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::SftpServer;
use crate::keygen::{make_key, ssh_keygen};
use crate::listening::listening;
use crate::sshd::free_port;

/// Where Debian puts the server and its module.
const FILES: [&str; 2] = ["/usr/sbin/proftpd", "/usr/lib/proftpd/mod_sftp.so"];

/// What no test changes.
const CONFIG: &str = "\
LoadModule mod_sftp.c
ServerName test
ServerType standalone
DefaultAddress 127.0.0.1
UseIPv6 off
User root
Group root
UseReverseDNS off
AuthOrder mod_auth_file.c
RequireValidShell off
RootLogin on
<IfModule mod_cap.c>
CapabilitiesEngine off
</IfModule>
WtmpLog off
AllowOverwrite on
SFTPEngine on
SFTPAuthMethods publickey
";

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct ProFtpd {
    _child: Child,
    port: u16,
    files: TempDir,
}

impl ProFtpd {
    /// Starts a server whose account begins in `folder`; `None` where ProFTPD is not installed
    /// (`apt-get install proftpd-core proftpd-mod-crypto`).
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
        write(files.path(), folder, port)?;
        let child = Command::new("/usr/sbin/proftpd")
            .arg("--nodaemon")
            .arg("--config")
            .arg(files.path().join("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start proftpd")?;
        listening("proftpd", port, &files.path().join("log")).await?;
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
        SftpServer::through_ssh(
            self.port,
            "anybody",
            &["-o", "IdentitiesOnly=yes", "-i", &key],
        )
    }
}

/// Writes its configuration, keys and account.
fn write(files: &Path, folder: &Path, port: u16) -> Result<()> {
    let at = |name: &str| files.join(name).display().to_string();
    make_key(files, "host", &["-t", "ed25519"], "")?;
    let key = make_key(files, "key", &["-t", "ed25519"], "")?;
    let public = format!("{}.pub", key.path.display());
    fs::write(
        files.join("authorized"),
        ssh_keygen(&["-e", "-f", &public])?,
    )?;
    let account = format!("anybody:x:0:0::{}:/bin/sh\n", folder.display());
    fs::write(files.join("passwd"), account)?;
    // It reads no file of accounts that others could read.
    fs::set_permissions(files.join("passwd"), fs::Permissions::from_mode(0o600))?;
    let config = format!(
        "{CONFIG}Port {port}\nScoreboardFile {}\nPidFile {}\nSystemLog {}\nAuthUserFile {}\n\
         SFTPHostKey {}\nSFTPAuthorizedUserKeys file:{}\n",
        at("score"),
        at("pid"),
        at("log"),
        at("passwd"),
        at("host"),
        at("authorized"),
    );
    fs::write(files.join("config"), config)?;
    Ok(())
}
