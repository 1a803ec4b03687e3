//! The standard library for wasm32: from rustup, or from Debian's sources.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::debian;
use crate::{place, run};

/// The only target the browser's programs are built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Set to `debian` to build with Debian's compiler and library sources even where rustup
/// has the library.
const CHOICE: &str = "TRANSOM_WASM_STD";

/// Where the standard library for wasm32 comes from.
#[derive(Clone, Debug)]
pub(crate) enum WasmStd {
    /// The compiler that cargo uses anyway has it.
    Ordinary,
    /// Debian's compiler, with a library folder of ours.
    Debian(debian::Sysroot),
}

impl WasmStd {
    /// Tells `command` (cargo, or a program that runs cargo) to build wasm32 with it.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Self::Debian(sysroot) = self {
            sysroot.apply(command);
        }
    }

    /// Cargo's lint command: each clippy knows only its own compiler.
    #[must_use]
    pub(crate) fn clippy(&self, cargo: Command) -> Command {
        let mut command = match self {
            Self::Ordinary => cargo,
            Self::Debian(_) => debian::clippy(&cargo),
        };
        command.arg("clippy");
        command
    }
}

/// Finds the library, or installs it.
///
/// # Errors
///
/// When neither rustup nor Debian's packages can give it; says what to run.
pub(crate) fn ensure() -> Result<WasmStd> {
    let forced = env::var_os(CHOICE).is_some_and(|choice| choice == "debian");
    if !forced && (is_installed() || add_target()) {
        return Ok(WasmStd::Ordinary);
    }
    debian::ensure().map(WasmStd::Debian).context(
        "the wasm32 standard library is missing; run `rustup target add wasm32-unknown-unknown`",
    )
}

fn is_installed() -> bool {
    library_folder().is_some_and(|folder| {
        folder.read_dir().is_ok_and(|mut entries| {
            entries.any(|entry| {
                entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
            })
        })
    })
}

fn library_folder() -> Option<PathBuf> {
    let said =
        run::captured(run::rustc().args(["--print", "target-libdir", "--target", TARGET])).ok()?;
    Some(PathBuf::from(said.trim()))
}

fn add_target() -> bool {
    run::step("wasm32 standard library, by rustup", "10 s", || {
        let mut rustup = Command::new("rustup");
        rustup.current_dir(place::root());
        // Without rustup, or where its server cannot be reached, Debian's packages may do.
        let added = run::succeeds(rustup.args(["target", "add", TARGET]));
        Ok(added && is_installed())
    })
    .unwrap_or(false)
}
