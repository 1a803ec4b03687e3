//! `cargo xtask check`: every rule that a machine can hold.

mod arrow;
pub(crate) mod budget;
pub(crate) mod graph;
mod said;
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
        ("formatting", "5 s", &formatting),
        ("sizes of files", "1 s", &size::check),
        ("texts of the page", "1 s", &said::check),
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
    ];
    let failed = rules
        .iter()
        .filter(|(what, usually, rule)| tells(run::step(what, usually, rule)));
    let failed = failed.count();
    let site = site::build(site::Mode::Release)
        .and_then(|()| run::step("budgets and imports of the site", "1 s", budget::check));
    failed + usize::from(tells(site))
}

/// Shows an error. Returns whether there is one.
fn tells(result: Result<()>) -> bool {
    result
        .inspect_err(|error| run::say(format!("{error:#}")))
        .is_err()
}

/// Formatting of everything, as plain rustfmt has it.
fn formatting() -> Result<()> {
    let mut cargo = run::cargo();
    run::quietly(cargo.args(["fmt", "--all", "--check", "--", "--color", "never"]))
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
