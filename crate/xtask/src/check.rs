//! `cargo xtask check`: every rule that a machine can hold.

mod arrow;
pub(crate) mod budget;
pub(crate) mod graph;
mod size;

use std::process::Command;

use anyhow::{Result, bail};

use crate::setup::{Kit, TARGET};
use crate::{run, site};

/// What runs in the browser: linted for its own target too.
const WASM_PACKAGES: &[&str] = &["transom-browser", "transom-engine", "transom-web"];

/// One rule and what breaks it.
type Rule<'a> = (&'a str, &'a str, &'a dyn Fn() -> Result<()>);

/// Runs every check, also after one fails.
///
/// # Errors
///
/// Says how many failed; each has told why before.
pub(crate) fn all() -> Result<()> {
    match failures(&Kit::prepare_wasm()?) {
        0 => Ok(()),
        count => bail!("{count} of the checks failed"),
    }
}

/// Runs every check and counts those that fail.
pub(crate) fn failures(kit: &Kit) -> usize {
    let rules: &[Rule<'_>] = &[
        ("formatting", "5 s", &|| {
            run::quietly(run::cargo().args(["fmt", "--all", "--check"]))
        }),
        ("sizes of files", "1 s", &size::check),
        ("arrows between crates", "1 s", &arrow::check),
        (
            "clippy, native",
            "30 s; 4 min the first time",
            &clippy_native,
        ),
        ("clippy, wasm32", "20 s; 3 min the first time", &|| {
            clippy_wasm(kit)
        }),
        ("documentation", "1 to 2 min", &documentation),
        ("site", "1 s; 8 min the first time", &|| {
            site::build(site::Mode::Release)
        }),
        ("budgets and imports of the site", "1 s", &budget::check),
    ];
    let failed = rules.iter().filter(|(what, usually, rule)| {
        let result = run::step(what, usually, rule);
        if let Err(error) = &result {
            run::say(format!("{error:#}"));
        }
        result.is_err()
    });
    failed.count()
}

fn clippy_native() -> Result<()> {
    run::quietly(warnings_refused(run::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
    ])))
}

fn clippy_wasm(kit: &Kit) -> Result<()> {
    let mut cargo = kit.wasm_std.clippy(kit.cargo());
    cargo.args(["--target", TARGET, "--all-targets", "--locked"]);
    for package in WASM_PACKAGES {
        cargo.args(["--package", package]);
    }
    run::quietly(warnings_refused(&mut cargo))
}

fn warnings_refused(command: &mut Command) -> &mut Command {
    command.args(["--", "-D", "warnings"])
}

fn documentation() -> Result<()> {
    let mut cargo = run::cargo();
    cargo
        .args(["doc", "--workspace", "--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings");
    run::quietly(&mut cargo)
}
