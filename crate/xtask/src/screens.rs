//! `cargo xtask screens`: a picture of every screen, in both themes and three widths.

use anyhow::Result;

use crate::setup::apt;
use crate::{place, run, site};

/// The end-to-end test that takes the pictures.
const TEST: &str = "screens::every_screen_has_its_picture";

/// Builds quickly, then lets a test walk through the page and keep what it looks like.
///
/// # Errors
///
/// When something cannot be built, or a screen is not reached.
pub(crate) fn take() -> Result<()> {
    apt::ensure_programs(apt::TEST_PROGRAMS)?;
    site::build(site::Mode::Dev)?;
    let mut relay = run::cargo();
    relay.args(["build", "--locked", "-p", "transom-relay"]);
    run::quietly(&mut relay)?;
    let folder = place::root().join("target/screens");
    let mut cargo = run::cargo();
    cargo
        .args(["test", "--locked", "-p", "transom-tests", "--test", "it"])
        .args(["--", "--ignored", "--exact", TEST])
        .env("TRANSOM_SCREENS", &folder)
        .env("TRANSOM_DIST", place::dist())
        .env("TRANSOM_RELAY", place::program("debug", "transom-relay"));
    run::quietly(&mut cargo)?;
    run::say(format!("the pictures are in {}", folder.display()));
    Ok(())
}
