//! From Rust to wasm and its JavaScript: the page by trunk, the worker by cargo and wasm-bindgen.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow};

use super::Mode;
use super::bundle::Bundle;
use crate::setup::{Kit, TARGET};
use crate::{place, run};

/// The worker's entry: written by hand, found under this name by every page.
const WORKER_ENTRY: &str = "crate/engine/engine.js";

/// What every browser of 2023 and later has, and what we allow wasm-opt to use.
const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Builds the page and everything `index.html` links.
///
/// # Errors
///
/// What trunk said.
pub(crate) fn page(kit: &Kit, mode: Mode) -> Result<Bundle> {
    let folder = place::scratch().join("page");
    let mut trunk = kit.tool("trunk");
    with_full_names(&mut trunk, mode);
    trunk
        .args([
            "build",
            "--skip-version-check",
            "--color",
            "never",
            "--cargo-profile",
        ])
        .arg(mode.profile())
        .arg("--dist")
        .arg(&folder)
        // Trunk reads this as a boolean of its own and fails on "1".
        .env_remove("NO_COLOR");
    run::quietly(&mut trunk)?;
    Bundle::read(&folder)
}

/// Builds the worker: its wasm, the JavaScript around it, and its entry.
///
/// # Errors
///
/// What cargo or wasm-bindgen said.
pub(crate) fn worker(kit: &Kit, mode: Mode) -> Result<Bundle> {
    let mut cargo = kit.cargo();
    with_full_names(&mut cargo, mode);
    cargo.args([
        "build",
        "--package",
        "transom-engine",
        "--lib",
        "--target",
        TARGET,
    ]);
    cargo.args(["--profile", mode.profile()]);
    run::quietly(&mut cargo)?;
    let wasm = place::target()
        .join(TARGET)
        .join(mode.folder())
        .join("transom_engine.wasm");
    let folder = place::scratch().join("worker");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut bindgen = kit.tool("wasm-bindgen");
    bindgen
        .args([
            "--target",
            "web",
            "--no-typescript",
            "--out-name",
            "transom-engine",
            "--out-dir",
        ])
        .arg(&folder)
        .arg(&wasm);
    run::quietly(&mut bindgen)?;
    let entry = place::root().join(WORKER_ENTRY);
    fs::copy(&entry, folder.join("engine.js"))
        .with_context(|| format!("cannot read {}", entry.display()))?;
    Bundle::read(&folder)
}

/// Makes the compiler name functions with all their types: the parts of a program are told apart
/// by these names (`super::split`). Cargo adds these flags to those of `.cargo/config.toml`.
fn with_full_names(command: &mut Command, mode: Mode) {
    const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
    if mode == Mode::Dev {
        return;
    }
    let before = command.get_envs().find(|(name, _)| *name == FLAGS);
    let mut flags = before
        .and_then(|(_, value)| value)
        .unwrap_or_default()
        .to_owned();
    flags.push(" -Csymbol-mangling-version=v0");
    command.env(FLAGS, flags);
}

/// Makes every wasm file of the bundle smaller and faster, all at the same time.
///
/// # Errors
///
/// What wasm-opt said.
pub(crate) fn optimise(kit: &Kit, bundle: &mut Bundle) -> Result<()> {
    let folder = place::scratch().join("wasm-opt");
    fs::create_dir_all(&folder)?;
    thread::scope(|scope| {
        let running: Vec<_> = bundle
            .wasm()
            .map(|(name, bytes)| {
                let folder = &folder;
                scope.spawn(move || optimise_one(kit, folder, name, bytes))
            })
            .collect();
        for one in running {
            one.join()
                .map_err(|_| anyhow!("wasm-opt's thread ended early"))??;
        }
        anyhow::Ok(())
    })?;
    bundle.replace_wasm(|name| Ok(fs::read(folder.join(format!("{name}.out")))?))
}

fn optimise_one(kit: &Kit, folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let before = folder.join(name);
    fs::write(&before, bytes)?;
    // The page is loaded before anything can be seen; the worker moves the bytes.
    let goal = if name.starts_with("transom-engine") {
        "-O3"
    } else {
        "-Os"
    };
    let mut command = kit.tool("wasm-opt");
    command
        .args(WASM_FEATURES)
        // The names of functions are needed until the program is split.
        .args([goal, "--debuginfo", "--strip-producers", "-o"])
        .arg(folder.join(format!("{name}.out")))
        .arg(&before);
    run::quietly(&mut command)
}
