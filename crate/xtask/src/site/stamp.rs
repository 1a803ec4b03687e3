//! Whether the site in `dist/` is what the present sources give.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Mode;
use super::content::Digester;
use crate::{place, run};

/// Everything the site is made of, and what makes it. Native-only crates are left out, so
/// that a change of the relay does not rebuild the page.
const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crate/aes",
    "crate/browser",
    "crate/ctr",
    "crate/engine",
    "crate/keys",
    "crate/protocol",
    "crate/ring",
    "crate/russh-util",
    "crate/sftp",
    "crate/ssh",
    "crate/wire",
    "crate/xtask/later",
    "crate/xtask/src/setup",
    "crate/xtask/src/site",
    "index.html",
    "package-lock.json",
    "web",
];

/// The digest of the sources, the compiler and the mode.
///
/// # Errors
///
/// When a source cannot be read.
pub(crate) fn of_sources(mode: Mode) -> Result<String> {
    let mut digester = Digester::default();
    digester.add("mode", mode.profile().as_bytes());
    let compiler = run::captured(run::rustc().arg("-vV"))?;
    digester.add("compiler", compiler.as_bytes());
    let root = place::root();
    for source in SOURCES {
        add(&mut digester, &root, &root.join(source))?;
    }
    Ok(digester.finish())
}

/// The stamp of what is in `dist/`, if it is known.
#[must_use]
pub(crate) fn read() -> Option<String> {
    fs::read_to_string(file()).ok()
}

/// Remembers what is in `dist/`.
///
/// # Errors
///
/// When the build folder cannot be written.
pub(crate) fn write(stamp: &str) -> Result<()> {
    fs::write(file(), stamp).context("cannot write the site's stamp")
}

/// Forgets what is in `dist/`.
///
/// # Errors
///
/// When the build folder cannot be written.
pub(crate) fn forget() -> Result<()> {
    write("")
}

fn file() -> PathBuf {
    place::scratch().join("site.stamp")
}

fn add(digester: &mut Digester, root: &Path, path: &Path) -> Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<Vec<_>>>()?;
        entries.sort();
        return entries
            .iter()
            .try_for_each(|entry| add(digester, root, entry));
    }
    if !path.exists() {
        return Ok(());
    }
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    digester.add(&name, &bytes);
    Ok(())
}
