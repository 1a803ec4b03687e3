//! `cargo xtask screens`: a picture of every screen, in both themes and three widths.

use std::fs;

use anyhow::{Context, Result};

use crate::setup::apt;
use crate::{place, run, site};

/// The end-to-end tests that take the pictures.
const TESTS: &str = "screens::of_";

/// The one that takes those of the README.
const README: &str = "screens::for_the_readme";

/// What it calls each picture, and where the README has it.
const PICTURES: [(&str, &str); 5] = [
    ("readme-panes-dark", "docs/screenshot.png"),
    ("readme-files-light", "docs/screen/files.png"),
    ("readme-keys-light", "docs/screen/keys.png"),
    ("readme-host-key-dark", "docs/screen/host-key.png"),
    ("readme-settings-dark", "docs/screen/settings.png"),
];

/// Builds quickly, then lets tests walk through the page and keep what it looks like.
///
/// # Errors
///
/// When something cannot be built, or a screen is not reached.
pub(crate) fn take() -> Result<()> {
    walk(TESTS)
}

/// Takes the pictures of the README anew.
///
/// # Errors
///
/// As [`take`], or when a picture cannot be copied.
pub(crate) fn take_readme() -> Result<()> {
    walk(README)?;
    for (name, target) in PICTURES {
        let from = folder().join(format!("{name}.png"));
        fs::copy(&from, place::root().join(target))
            .with_context(|| format!("cannot copy {}", from.display()))?;
        run::say(format!("{target} is new"));
    }
    Ok(())
}

/// Where the pictures go.
fn folder() -> std::path::PathBuf {
    place::root().join("target/screens")
}

fn walk(tests: &str) -> Result<()> {
    apt::ensure_programs(apt::TEST_PROGRAMS)?;
    site::build(site::Mode::Dev)?;
    let mut relay = run::cargo();
    relay.args(["build", "--locked", "-p", "transom-relay"]);
    run::quietly(&mut relay)?;
    let mut cargo = run::cargo();
    cargo
        .args(["test", "--locked", "-p", "transom-tests", "--test", "it"])
        .args(["--", "--ignored", tests])
        .env("TRANSOM_SCREENS", folder())
        .env("TRANSOM_DIST", place::dist())
        .env("TRANSOM_RELAY", place::program("debug", "transom-relay"));
    run::quietly(&mut cargo)?;
    run::say(format!("the pictures are in {}", folder().display()));
    Ok(())
}
