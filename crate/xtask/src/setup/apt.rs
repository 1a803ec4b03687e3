//! Debian's and Ubuntu's packages, installed only when we are root.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::run;

/// Installs packages.
///
/// - `what`: the step as the person reads it.
/// - `usually`: how long it usually takes.
///
/// # Errors
///
/// When this is no Debian, we are not root, or apt refuses: says the command to run.
pub(crate) fn install(what: &str, usually: &str, packages: &[&str]) -> Result<()> {
    let advice = format!("sudo apt-get install {}", packages.join(" "));
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "{what}: install what Debian calls {}, and run this again",
            packages.join(", ")
        );
    }
    if !rustix::process::geteuid().is_root() {
        bail!("{what}: please run `{advice}`, then this again");
    }
    run::step(&format!("{what}: {}", packages.join(" ")), usually, || {
        if run::succeeds(&mut apt(packages)) {
            return Ok(());
        }
        // The list of packages may be old, or never loaded.
        run::quietly(Command::new("apt-get").args(["-qq", "update"]))?;
        run::quietly(&mut apt(packages))
    })
}

fn apt(packages: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(["-qq", "-y", "--no-install-recommends", "install"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Programs that the tests run, and the packages they come in.
pub(crate) const TEST_PROGRAMS: &[(&str, &str)] = &[
    ("caddy", "caddy"),
    ("chromedriver", "chromium-driver"),
    ("chromium", "chromium"),
    ("nginx", "nginx-light"),
    ("openssl", "openssl"),
    ("puttygen", "putty-tools"),
    ("sshd", "openssh-server"),
    ("ssh-keygen", "openssh-client"),
    ("tmux", "tmux"),
    ("top", "procps"),
    ("vim", "vim"),
    ("websockify", "websockify"),
];

/// Installs the packages of those programs that are missing.
///
/// # Errors
///
/// As [`install`].
pub(crate) fn ensure_programs(programs: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<&str> = programs
        .iter()
        .filter(|(program, _)| find(program).is_none())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install("programs for the tests", "1 to 2 min", &missing)
}

/// Finds a program on `PATH`, or where Debian keeps servers.
#[must_use]
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
