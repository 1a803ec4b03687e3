//! Accessibility: axe-core finds nothing on any screen, in either theme.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use transom_tests::World;

use crate::tour::{Eye, begin, files, german, keys, phone, session, trust, walk, windows};

/// Runs axe with all rules of WCAG 2.2 A and AA, and its best practices. What runs in xterm.js's
/// own elements is left to xterm.js. A control that fades from disabled to enabled has other colours
/// for a moment, so what moves may come to rest first.
const RUN: &str = r#"
const rests = ({ effect, playState }) =>
  playState === "running" && effect?.getComputedTiming().endTime < Infinity;
const moving = document.getAnimations().filter(rests).map(({ finished }) => finished);
return Promise.allSettled(moving).then(() => axe.run({ exclude: [[".xterm"]] }))
  .then(({ passes, violations }) =>
    passes.length < 10 ? ["axe looked at nothing"] : violations.map((rule) =>
      [rule.id, rule.help, ...rule.nodes.map((node) =>
        `${node.html.slice(0, 200)} ${node.failureSummary}`)]));
"#;

/// axe's own program, from `node_modules/`.
fn axe() -> Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("node_modules/axe-core/axe.min.js");
    fs::read_to_string(path).context("axe-core is not installed: `cargo xtask build` does it")
}

/// Checks what is on the screen now.
pub(crate) async fn check(world: &World, screen: &str) -> Result<()> {
    let browser = world.browser();
    if browser.script("return typeof axe", vec![]).await? == "undefined" {
        browser
            .script(&format!("{}; self.axe = axe", axe()?), vec![])
            .await?;
    }
    let found = browser.script(RUN, vec![]).await?;
    let none = found.as_array().is_some_and(Vec::is_empty);
    ensure!(none, "{screen}: {found:#}");
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_without_a_session() -> Result<()> {
    walk(Eye::Axe, begin::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_host_keys_and_failures() -> Result<()> {
    walk(Eye::Axe, trust::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_the_agent() -> Result<()> {
    walk(Eye::Axe, trust::walk_agent).await
}

#[tokio::test]
async fn axe_finds_nothing_on_terminals() -> Result<()> {
    walk(Eye::Axe, session::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_recordings_blocks_and_broadcasts() -> Result<()> {
    walk(Eye::Axe, session::walk_on).await
}

#[tokio::test]
async fn axe_finds_nothing_on_keys_and_the_vault() -> Result<()> {
    walk(Eye::Axe, keys::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_files() -> Result<()> {
    walk(Eye::Axe, files::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_windows() -> Result<()> {
    walk(Eye::Axe, windows::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_a_phone() -> Result<()> {
    walk(Eye::Axe, phone::walk).await
}

#[tokio::test]
async fn axe_finds_nothing_on_german() -> Result<()> {
    walk(Eye::Axe, german::walk).await
}
