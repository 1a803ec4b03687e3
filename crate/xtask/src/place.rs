//! Where things are: this clone, its build folder, the user's cache.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The top folder of this clone.
#[must_use]
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest
        .ancestors()
        .nth(2)
        .map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// Cargo's build folder.
#[must_use]
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Scratch of these commands inside the build folder: intermediate sites, stamps, logs.
#[must_use]
pub(crate) fn scratch() -> PathBuf {
    target().join("transom")
}

/// The finished site: what the relay serves.
#[must_use]
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Tools that outlive a clone: `$XDG_CACHE_HOME/transom`, or `~/.cache/transom`.
///
/// # Errors
///
/// When neither `XDG_CACHE_HOME` nor `HOME` is set; the person should set one.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set, so there is no cache folder")?;
    Ok(base.join("transom"))
}

/// A program of this workspace built natively with `profile` ("debug" or "release").
#[must_use]
pub(crate) fn program(profile: &str, name: &str) -> PathBuf {
    target()
        .join(profile)
        .join(format!("{name}{}", env::consts::EXE_SUFFIX))
}
