//! The real OpenSSH server as the conversations need it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use transom_testkit::{Sshd, SshdOptions};

pub use transom_testkit::{PASSWORD, USER};

/// The code that [`Login::Prompts`] asks for, with echo.
pub const CODE: &str = "246810";
/// Where a new password is kept, in the server's folder.
const CHANGED: &str = "changed-password";
/// What its shell prints when it is ready; on the screen, without the trailing blank.
pub const PROMPT: &str = "ready>";

/// What the account's shell reads when it begins.
const PROFILE: &str = "\
export LANG=C.UTF-8
unset HISTFILE PROMPT_COMMAND
bind 'set enable-bracketed-paste off' 2>/dev/null
PS1='ready> '
";

/// How the server lets people in, beside the keys that it knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// By [`PASSWORD`].
    #[default]
    Password,
    /// Keyboard-interactive: "Verification code" with echo, then "Password" without.
    Prompts,
    /// Keyboard-interactive: [`PASSWORD`], which has expired, then a new one twice.
    Expired,
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

/// A running server with one account. Dropping it ends it and all sessions.
#[derive(Debug)]
pub struct Server {
    sshd: Sshd,
}

impl Server {
    /// Starts a server with fresh host keys.
    pub async fn start(options: &ServerOptions) -> Result<Self> {
        let mut config = options.config.clone();
        if options.login != Login::Password {
            config.push("PasswordAuthentication no".to_owned());
        }
        let prompts = matches!(options.login, Login::Prompts | Login::Expired);
        if prompts {
            config.push("PubkeyAuthentication no".to_owned());
        }
        let sshd = Sshd::start(&SshdOptions {
            config,
            port: options.port,
            prompts,
        })
        .await?;
        let this = Self { sshd };
        this.put(".bash_profile", PROFILE)?;
        if options.login == Login::Prompts {
            ask_with_echo(this.sshd.folder())?;
        }
        if options.login == Login::Expired {
            ask_for_another(this.sshd.folder())?;
        }
        Ok(this)
    }

    /// `user@127.0.0.1:port`, as a person types it.
    pub fn address(&self) -> String {
        format!("{USER}@127.0.0.1:{}", self.port())
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        self.sshd.port()
    }

    /// What it logged, at level DEBUG1.
    pub fn log(&self) -> String {
        self.sshd.log()
    }

    /// Home folder of the account, to look at what commands left there.
    pub fn home(&self) -> PathBuf {
        self.sshd.folder().join("home")
    }

    /// Content of a file in the home folder; empty where there is none.
    pub fn file(&self, name: &str) -> String {
        fs::read_to_string(self.home().join(name)).unwrap_or_default()
    }

    /// Puts a file into the home folder, for everybody to read.
    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        fs::write(self.home().join(name), content).with_context(|| format!("cannot put {name}"))
    }

    /// What an expired password was changed to; empty where it was not.
    pub fn changed_password(&self) -> String {
        fs::read_to_string(self.sshd.folder().join(CHANGED)).unwrap_or_default()
    }

    /// How often a client tried to log in with `method`, whatever came of it.
    pub fn attempts(&self, method: &str) -> usize {
        self.sshd.attempts(method)
    }

    /// How often a client tried to log in with a credential, whatever came of it.
    pub fn credentials(&self) -> usize {
        ["password", "publickey", "keyboard-interactive"]
            .iter()
            .map(|method| self.attempts(method))
            .sum()
    }

    /// Fingerprint and randomart of the host key, as `ssh-keygen -lv` prints them.
    pub fn fingerprint(&self) -> Result<(String, String)> {
        self.sshd.host_key("ed25519").fingerprint()
    }

    /// The line that trusts the host key, as known_hosts files have it.
    pub fn known_hosts_line(&self) -> Result<String> {
        let public = self.sshd.host_key("ed25519").public()?;
        let key: Vec<&str> = public.split_whitespace().take(2).collect();
        Ok(format!("[127.0.0.1]:{} {}", self.port(), key.join(" ")))
    }

    /// Makes a key pair that may log in, and returns the path of its private half.
    ///
    /// - `arguments`: what ssh-keygen gets beside the file, such as `-t rsa -b 3072`.
    pub fn key(&self, name: &str, arguments: &[&str], passphrase: &str) -> Result<PathBuf> {
        Ok(self.sshd.authorize(name, arguments, passphrase)?.path)
    }

    /// Replaces the server by one with other host keys on the same port.
    pub async fn change_host_key(&mut self) -> Result<()> {
        let port = Some(self.port());
        self.kill().await?;
        *self = Self::start(&ServerOptions {
            port,
            ..ServerOptions::default()
        })
        .await?;
        Ok(())
    }

    /// Ends the server and every session at once.
    pub async fn kill(&mut self) -> Result<()> {
        self.sshd.kill().await
    }

    /// Runs a program in the server's own namespaces, as root, and returns what it printed.
    pub fn inside(&self, arguments: &[&str]) -> Result<String> {
        run(self.sshd.inside()?.args(arguments))
    }

    /// Lets whoever has the key of this public line log in, beside those who may.
    pub fn authorize(&self, line: &str) -> Result<()> {
        let path = self.home().join(".ssh/authorized_keys");
        let others = fs::read_to_string(&path).unwrap_or_default();
        // sshd reads what root owns as well.
        fs::write(&path, format!("{line}\n{others}"))?;
        Ok(())
    }

    /// A native client that logs in with `key`, to compare with.
    pub fn native_ssh(&self, key: &Path) -> Command {
        let mut command = Command::new("ssh");
        command
            .args(["-F", "none", "-o", "StrictHostKeyChecking=no"])
            .args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"])
            .args(["-o", "IdentitiesOnly=yes", "-p", &self.port().to_string()])
            .arg("-i")
            .arg(key)
            .arg(format!("{USER}@127.0.0.1"));
        command
    }
}

/// Lets the server ask for a code with echo and then for the password.
///
/// The server sees its PAM stack through a bind mount, so it follows what is written here.
fn ask_with_echo(folder: &Path) -> Result<()> {
    let module = pam_module(folder, "pam_prompts")?;
    let stack = format!(
        "auth requisite {} {CODE}\nauth requisite pam_unix.so nodelay\n\
         account required pam_permit.so\nsession required pam_permit.so\n",
        module.display()
    );
    fs::write(folder.join("pam"), stack)?;
    Ok(())
}

/// Lets the server say that the password has expired, and ask for a new one.
fn ask_for_another(folder: &Path) -> Result<()> {
    let (module, kept) = (pam_module(folder, "pam_expired")?, folder.join(CHANGED));
    let (module, kept) = (module.display(), kept.display());
    let stack = format!(
        "auth requisite pam_unix.so nodelay\naccount required {module} {kept}\n\
         password required {module} {kept}\nsession required pam_permit.so\n"
    );
    fs::write(folder.join("pam"), stack)?;
    Ok(())
}

/// Builds one of our PAM modules.
fn pam_module(folder: &Path, name: &str) -> Result<PathBuf> {
    let module = folder.join(format!("{name}.so"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixture/{name}.c"));
    run(Command::new("cc")
        .args(["-shared", "-fPIC", "-w", "-o"])
        .args([&module, &source]))?;
    Ok(module)
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
