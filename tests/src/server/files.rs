//! The files of one server: its configuration, accounts and the account's home.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{CODE, Login, PASSWORD, ServerOptions, USER, run};

/// Number of the account; no account of the machine has it.
const USER_ID: u32 = 48_022;

/// What the account's shell reads when it begins.
const PROFILE: &str = "\
export LANG=C.UTF-8
unset HISTFILE PROMPT_COMMAND
bind 'set enable-bracketed-paste off' 2>/dev/null
PS1='ready> '
";

/// Asks for nothing that is not in the server's own folder.
const CONFIG: &str = "\
ListenAddress 127.0.0.1
PidFile none
LogLevel DEBUG1
StrictModes no
PrintMotd no
PrintLastLog no
X11Forwarding no
UseDNS no
MaxStartups 100
MaxAuthTries 12
AuthorizedKeysFile .ssh/authorized_keys
Subsystem sftp internal-sftp
";

/// Makes the server's folder, which the account may enter.
pub(super) fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("transom-sshd-").tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

/// Writes all files.
pub(super) fn write(folder: &Path, options: &ServerOptions, port: u16) -> Result<()> {
    let home = folder.join("home");
    for made in [home.clone(), home.join(".ssh")] {
        fs::create_dir(&made)?;
        own(&made)?;
    }
    put(&home.join(".bash_profile"), PROFILE.as_bytes(), 0o600)?;
    run(Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "host", "-f"])
        .arg(folder.join("host_key")))?;
    fs::write(folder.join("config"), config(folder, options, port))?;
    let extra = format!(
        "{USER}:x:{USER_ID}:{USER_ID}::{}:/bin/bash\n",
        home.display()
    );
    let accounts = fs::read_to_string("/etc/passwd")?;
    fs::write(folder.join("passwd"), format!("{accounts}{extra}"))?;
    let hash = run(Command::new("openssl").args(["passwd", "-6", PASSWORD]))?;
    let extra = format!("{USER}:{}:19000:0:99999:7:::\n", hash.trim());
    let shadow = fs::read_to_string("/etc/shadow").context("these tests need root")?;
    fs::write(folder.join("shadow"), format!("{shadow}{extra}"))?;
    if options.login == Login::Prompts {
        pam(folder)?;
    }
    fs::write(folder.join("start"), start(folder, options))?;
    Ok(())
}

/// Writes a file that the account owns.
pub(super) fn put(path: &Path, content: &[u8], mode: u32) -> Result<()> {
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    own(path)
}

fn own(path: &Path) -> Result<()> {
    chown(path, Some(USER_ID), Some(USER_ID)).context("these tests need root")
}

fn config(folder: &Path, options: &ServerOptions, port: u16) -> String {
    let (pam, password, prompts) = match options.login {
        Login::Password => ("no", "yes", "no"),
        Login::Prompts => ("yes", "no", "yes"),
        Login::KeysOnly => ("no", "no", "no"),
    };
    let own = options.config.join("\n");
    format!(
        "{own}\nPort {port}\nHostKey {}\nUsePAM {pam}\nPasswordAuthentication {password}\n\
         KbdInteractiveAuthentication {prompts}\n{CONFIG}",
        folder.join("host_key").display()
    )
}

/// Lays the accounts over the machine's, in a namespace of their own, and becomes sshd.
fn start(folder: &Path, options: &ServerOptions) -> String {
    let folder = folder.display();
    let pam = if options.login == Login::Prompts {
        format!("mount --bind {folder}/pam /etc/pam.d/sshd\n")
    } else {
        String::new()
    };
    format!(
        "mount --bind {folder}/passwd /etc/passwd\nmount --bind {folder}/shadow /etc/shadow\n{pam}\
         mount -t tmpfs tmpfs /run\nmkdir /run/sshd\n\
         exec /usr/sbin/sshd -D -e -f {folder}/config\n"
    )
}

/// Builds the module that asks with echo, and the stack that asks for code and password.
fn pam(folder: &Path) -> Result<()> {
    let module = folder.join("pam_prompts.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixture/pam_prompts.c");
    run(Command::new("cc")
        .args(["-shared", "-fPIC", "-w", "-o"])
        .args([&module, &source]))?;
    let stack = format!(
        "auth requisite {} {CODE}\nauth requisite pam_unix.so nodelay\n\
         account required pam_permit.so\nsession required pam_permit.so\n",
        module.display()
    );
    fs::write(folder.join("pam"), stack)?;
    Ok(())
}
