//! The standard library for wasm32 where rustup's server cannot be reached: Debian's `rustc-web`
//! builds it once from `rust-web-src`, into the user's cache folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use super::apt;
use super::wasm_std::TARGET;
use crate::{place, run};

/// Debian's compiler, as its package installs it.
const RUSTC: &str = "/usr/bin/rustc";
/// Debian's `cargo clippy`, which runs the `clippy-driver` beside it.
const CARGO_CLIPPY: &str = "/usr/bin/cargo-clippy";
/// Compiler, library sources and lints of one version.
const PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "rust-web-clippy"];
/// A linker for wasm, where no rustup toolchain has one.
const LINKER_PACKAGE: &str = "lld-19";

/// A compiler of Debian's and the library that was built for it.
#[derive(Clone, Debug)]
pub(crate) struct Sysroot {
    folder: PathBuf,
    linker: PathBuf,
}

impl Sysroot {
    /// Makes cargo build wasm32 with this library. Cargo adds these flags to those of
    /// `.cargo/config.toml`, and gives them to the wasm32 target only.
    pub(crate) fn apply(&self, command: &mut Command) {
        let flags = format!("--sysroot={}", self.folder.display());
        command
            .env("RUSTC", RUSTC)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker);
    }
}

/// Debian's clippy, with the folder and environment of `cargo`.
#[must_use]
pub(crate) fn clippy(cargo: &Command) -> Command {
    let mut command = Command::new(CARGO_CLIPPY);
    for (name, value) in cargo.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = cargo.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// Finds the built library, or builds it.
///
/// # Errors
///
/// When this is not Debian, or its packages cannot be installed; says what to run.
pub(crate) fn ensure() -> Result<Sysroot> {
    if !has_compiler() {
        apt::install("Debian's compiler and library sources", "1 min", PACKAGES)?;
    }
    let version = compiler_version()?;
    let folder = place::cache()?.join(format!("wasm-sysroot-{version}"));
    let linker = linker()?;
    let libraries = folder.join("lib/rustlib").join(TARGET).join("lib");
    if !libraries.is_dir() {
        run::step(
            "wasm32 standard library, from Debian's sources",
            "45 s to 2 min",
            || build(&folder, &libraries),
        )?;
    }
    Ok(Sysroot { folder, linker })
}

fn has_compiler() -> bool {
    Path::new(RUSTC).exists()
        && Path::new(CARGO_CLIPPY).exists()
        && Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").exists()
}

/// `rustc 1.96.0 (ac68faa20 2026-05-25) …` → `1.96.0`.
fn compiler_version() -> Result<String> {
    let said = run::captured(Command::new(RUSTC).arg("--version"))?;
    let version = said.split_whitespace().nth(1);
    version
        .map(str::to_owned)
        .with_context(|| format!("{RUSTC} has no version: {said}"))
}

/// Builds the library with an empty crate as its only user, and keeps the compiled parts.
fn build(folder: &Path, libraries: &Path) -> Result<()> {
    let work = place::scratch().join("wasm-std");
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "")?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
    )?;
    let mut cargo = run::cargo();
    cargo
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "-Zbuild-std=std,panic_abort",
        ])
        .current_dir(&work)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // `lto = "fat"` later needs the bitcode of the library too.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?);
    run::quietly(&mut cargo)?;
    let compiled = work.join("target").join(TARGET).join("release/deps");
    // Copied beside, then renamed: an interrupted copy must not look complete.
    let partial = folder.with_extension("partial");
    let into = partial.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&into)?;
    copy_libraries(&compiled, &into)?;
    if !libraries.is_dir() {
        fs::rename(&partial, folder).context("cannot keep the built library")?;
    }
    Ok(())
}

fn copy_libraries(from: &Path, into: &Path) -> Result<()> {
    let mut count = 0_u32;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        let is_library = path.extension().is_some_and(|ending| ending == "rlib");
        if is_library && !name.to_string_lossy().starts_with("libempty") {
            fs::copy(&path, into.join(name))?;
            count += 1;
        }
    }
    if count == 0 {
        bail!(
            "building the library left no libraries in {}",
            from.display()
        );
    }
    Ok(())
}

/// `rust-lld` of any rustup toolchain, or Debian's own.
fn linker() -> Result<PathBuf> {
    if let Some(found) = rustup_linker() {
        return Ok(found);
    }
    let debian = PathBuf::from("/usr/bin/wasm-ld-19");
    if !debian.exists() {
        apt::install("a linker for wasm", "30 s", &[LINKER_PACKAGE])?;
    }
    Ok(debian)
}

fn rustup_linker() -> Option<PathBuf> {
    let home = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".rustup")))?;
    for toolchain in home.join("toolchains").read_dir().ok()?.flatten() {
        for host in toolchain
            .path()
            .join("lib/rustlib")
            .read_dir()
            .into_iter()
            .flatten()
            .flatten()
        {
            let linker = host.path().join("bin/rust-lld");
            if linker.exists() {
                return Some(linker);
            }
        }
    }
    None
}
