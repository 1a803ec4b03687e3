//! The files of one server: its configuration, its account and the account's home.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::{PASSWORD, SshdOptions, USER};
use crate::keygen::make_key;

/// Number of the account; no account of the machine has it.
const USER_ID: u32 = 48_021;

/// What no test changes. Limits are wide, since tests fail on purpose and in parallel.
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
MaxAuthTries 10
AcceptEnv TRANSOM_*
AuthorizedKeysFile .ssh/authorized_keys
PasswordAuthentication yes
Subsystem sftp /usr/lib/openssh/sftp-server
";

/// Asks for the password once more by itself, without the machine's rules and delays.
const PAM: &str = "\
auth required pam_unix.so nodelay
account required pam_permit.so
session required pam_permit.so
";

/// What the account's shell reads when it begins.
const PROFILE: &str = "\
unset HISTFILE
bind 'set enable-bracketed-paste off' 2>/dev/null
PS1='ready> '
";

/// Makes the server's folder, which the account may enter.
pub(super) fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("transom-sshd-").tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

/// Writes all files.
pub(super) fn write(folder: &Path, options: &SshdOptions, port: u16) -> Result<()> {
    for made in [folder.join("home"), folder.join("home/.ssh")] {
        fs::create_dir(&made)?;
        own(&made)?;
    }
    own_file(&folder.join("home/.bash_profile"), PROFILE)?;
    make_key(folder, "host_ed25519", &["-t", "ed25519"], "")?;
    make_key(folder, "host_ecdsa", &["-t", "ecdsa"], "")?;
    make_key(folder, "host_rsa", &["-t", "rsa", "-b", "2048"], "")?;
    fs::write(folder.join("config"), config(folder, options, port))?;
    fs::write(folder.join("passwd"), passwd(folder)?)?;
    fs::write(folder.join("shadow"), shadow()?)?;
    fs::write(folder.join("pam"), PAM)?;
    fs::write(folder.join("start"), start(folder))?;
    Ok(())
}

/// Lets a public key in.
pub(super) fn authorize(folder: &Path, line: &str) -> Result<()> {
    let path = folder.join("home/.ssh/authorized_keys");
    let before = fs::read_to_string(&path).unwrap_or_default();
    own_file(&path, &format!("{before}{line}"))
}

fn own_file(path: &Path, content: &str) -> Result<()> {
    fs::write(path, content)?;
    own(path)
}

fn own(path: &Path) -> Result<()> {
    chown(path, Some(USER_ID), Some(USER_ID)).context("these tests need root")
}

fn passwd(folder: &Path) -> Result<String> {
    let machine = fs::read_to_string("/etc/passwd")?;
    let home = folder.join("home");
    let own = format!(
        "{USER}:x:{USER_ID}:{USER_ID}::{}:/bin/bash\n",
        home.display()
    );
    Ok(machine + &own)
}

fn shadow() -> Result<String> {
    let machine = fs::read_to_string("/etc/shadow").context("these tests need root")?;
    let output = Command::new("openssl")
        .args(["passwd", "-6", PASSWORD])
        .output()
        .context("cannot start openssl")?;
    ensure!(output.status.success(), "openssl passwd failed");
    let hash = String::from_utf8(output.stdout)?;
    Ok(format!(
        "{machine}{USER}:{}:19000:0:99999:7:::\n",
        hash.trim()
    ))
}

fn config(folder: &Path, options: &SshdOptions, port: u16) -> String {
    let own = options.config.join("\n");
    let keys: String = ["ed25519", "ecdsa", "rsa"]
        .map(|kind| {
            format!(
                "HostKey {}\n",
                folder.join(format!("host_{kind}")).display()
            )
        })
        .concat();
    let prompts = if options.prompts { "yes" } else { "no" };
    format!(
        "{own}\nPort {port}\n{keys}UsePAM {prompts}\nKbdInteractiveAuthentication {prompts}\n{CONFIG}"
    )
}

/// Lays the account over the machine's, in a namespace of their own, and becomes sshd.
fn start(folder: &Path) -> String {
    let folder = folder.display();
    let (layers, sshd) = program();
    format!(
        "{layers}mount --bind {folder}/passwd /etc/passwd\nmount --bind {folder}/shadow /etc/shadow\n\
         mount --bind {folder}/pam /etc/pam.d/sshd\nmount -t tmpfs tmpfs /run\n\
         mkdir /run/sshd\nexec {sshd} -D -e -f {folder}/config\n"
    )
}

/// The server's program, and what it needs laid over the machine's.
///
/// `TRANSOM_SSHD` names another one than Debian's: `FOLDER/usr/sbin/sshd`, where a newer package and
/// what it depends on were unpacked to `FOLDER`. Its helpers have fixed paths, and its libraries may be
/// newer; older programs run with those as well.
fn program() -> (String, String) {
    const MACHINE: &str = "/usr/sbin/sshd";
    let named = std::env::var("TRANSOM_SSHD").unwrap_or_else(|_| MACHINE.to_owned());
    let Some(root) = named.strip_suffix(MACHINE).filter(|root| !root.is_empty()) else {
        return (String::new(), named);
    };
    let (helpers, libraries) = ("/usr/lib/openssh", "/usr/lib/x86_64-linux-gnu");
    let mut layers = format!("mount --bind {root}{helpers} {helpers}\n");
    if Path::new(&format!("{root}{libraries}")).exists() {
        layers = format!(
            "mount -t overlay overlay -o lowerdir={root}{libraries}:{libraries} {libraries}\n{layers}"
        );
    }
    (layers, named)
}
