//! Debian's and Ubuntu's packages, installed only when we are root.

use std::path::Path;
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
