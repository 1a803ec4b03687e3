//! `ssh-keygen`, the judge of everything about keys.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A key pair in files.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// The private half; the public one is beside it, with `.pub`.
    pub path: PathBuf,
}

impl KeyFile {
    /// The private half.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn private(&self) -> Result<Vec<u8>> {
        Ok(std::fs::read(&self.path)?)
    }

    /// The public half: one line.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn public(&self) -> Result<String> {
        // The name may have a dot, and then what follows is no extension.
        let mut path = self.path.clone().into_os_string();
        path.push(".pub");
        Ok(std::fs::read_to_string(path)?)
    }

    /// Fingerprint and randomart as `ssh-keygen -lv` prints them.
    ///
    /// # Errors
    ///
    /// `ssh-keygen` failed.
    pub fn fingerprint(&self) -> Result<(String, String)> {
        let path = self.path.to_string_lossy().into_owned();
        let shown = ssh_keygen(&["-l", "-v", "-f", &path])?;
        let (line, art) = shown.split_once('\n').context("no randomart")?;
        let print = line.split(' ').nth(1).context("no fingerprint")?;
        Ok((print.to_owned(), art.trim_end().to_owned()))
    }
}

/// Makes a key pair in `folder`.
///
/// - `arguments`: what `ssh-keygen` gets beside the file, such as `-t rsa -b 3072`.
///
/// # Errors
///
/// `ssh-keygen` failed.
pub fn make_key(
    folder: &Path,
    name: &str,
    arguments: &[&str],
    passphrase: &str,
) -> Result<KeyFile> {
    let path = folder.join(name);
    let text = path.to_string_lossy().into_owned();
    let mut all = vec!["-q", "-C", name, "-N", passphrase, "-f", &text];
    all.extend(arguments);
    ssh_keygen(&all)?;
    Ok(KeyFile { path })
}

/// Whether `ssh-keygen -F` finds `name` in a known hosts file.
///
/// # Errors
///
/// `ssh-keygen` cannot be started.
pub fn known_hosts_finds(file: &Path, name: &str) -> Result<bool> {
    let output = Command::new("ssh-keygen")
        .args(["-F", name, "-f"])
        .arg(file)
        .output()?;
    Ok(output.status.success())
}

/// Runs `ssh-keygen` and returns what it printed.
///
/// # Errors
///
/// It cannot be started, or failed; the error has its words.
pub fn ssh_keygen(arguments: &[&str]) -> Result<String> {
    let output = Command::new("ssh-keygen")
        .args(arguments)
        .output()
        .context("cannot start ssh-keygen: apt-get install openssh-client")?;
    ensure!(
        output.status.success(),
        "ssh-keygen {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
