//! Brings what a build needs: looks first, installs only what is missing.

pub(crate) mod apt;
mod debian;
mod npm;
mod tool;
mod wasm_std;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

pub(crate) use wasm_std::{TARGET, WasmStd};

use crate::{place, run};

/// The tools of a build, all present.
#[derive(Debug)]
pub(crate) struct Kit {
    /// How the standard library for wasm32 is found.
    pub(crate) wasm_std: WasmStd,
    path: OsString,
}

impl Kit {
    /// Makes sure that everything a build of the site needs is there.
    ///
    /// # Errors
    ///
    /// Says which step did not work and which command the person can run instead.
    pub(crate) fn prepare() -> Result<Self> {
        let wasm_std = wasm_std::ensure()?;
        fetch_crates()?;
        let folders = [
            tool::ensure(&tool::wasm_bindgen()?)?,
            tool::ensure(&tool::trunk())?,
            npm::ensure()?,
        ];
        Ok(Self {
            wasm_std,
            path: path_with(folders.into_iter().flatten())?,
        })
    }

    /// Makes sure that what compiling and testing wasm needs is there, without the page's tools.
    ///
    /// # Errors
    ///
    /// As [`Kit::prepare`].
    pub(crate) fn prepare_wasm() -> Result<Self> {
        let wasm_std = wasm_std::ensure()?;
        let folder = tool::ensure(&tool::wasm_bindgen()?)?;
        Ok(Self {
            wasm_std,
            path: path_with(folder)?,
        })
    }

    /// Cargo for the wasm32 target, with every tool on `PATH`.
    #[must_use]
    pub(crate) fn cargo(&self) -> Command {
        let mut command = run::cargo();
        self.equip(&mut command);
        command
    }

    /// One of the tools: `trunk`, `wasm-bindgen`, `wasm-opt`.
    #[must_use]
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.find(name).unwrap_or_else(|| name.into()));
        command.current_dir(place::root());
        self.equip(&mut command);
        command
    }

    fn equip(&self, command: &mut Command) {
        command.env("PATH", &self.path);
        self.wasm_std.apply(command);
    }

    /// `Command` looks a program up on our own `PATH`, not on the child's.
    fn find(&self, name: &str) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
    }
}

/// Brings every crate of the lock file: trunk then builds without asking the network.
fn fetch_crates() -> Result<()> {
    if run::succeeds(run::cargo().args(["fetch", "--offline"])) {
        return Ok(());
    }
    run::step("crates of Cargo.lock", "30 s", || {
        run::quietly(run::cargo().arg("fetch"))
    })
}

fn path_with(folders: impl IntoIterator<Item = PathBuf>) -> Result<OsString> {
    let inherited = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.into_iter().chain(env::split_paths(&inherited)))
        .context("a folder's name cannot be part of PATH")
}
