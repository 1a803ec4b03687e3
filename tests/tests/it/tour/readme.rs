//! The pictures of the README: a day's work, so that each shows what a screen is for.

use std::fs;

use anyhow::Result;
use serde_json::{Value, json};
use transom_tests::server::{PASSWORD, USER};
use transom_tests::{PATIENCE, Role, World, until};

use super::{Tour, command, files};
use crate::files_screen::{choose, click, local};
use crate::vault_passkey::by_name;

/// What a deployment, a log of changes and a table of processes look like.
const DEPLOYED: &str = include_str!("../../../fixture/readme/deployed.sh");
const CHANGES: &str = include_str!("../../../fixture/readme/changes.sh");
const BUSY: &str = include_str!("../../../fixture/readme/busy.sh");

/// Saves the server as a host with a name.
async fn save(world: &World) -> Result<()> {
    let list: Value = json!([
        { "id": "1", "name": "web-1", "host": "127.0.0.1", "port": world.server()?.port(),
          "user": USER, "group": "Shop", "tags": ["eu"], "colour": "teal" },
    ]);
    let file = tempfile::NamedTempFile::with_suffix(".json")?;
    fs::write(file.path(), list.to_string())?;
    let browser = world.browser();
    browser.give("Import hosts", file.path()).await?;
    browser.press("Connect to web-1").await?;
    world.trust().await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    browser.press("Not now").await
}

/// Runs a script whose output ends with a prompt of its own.
async fn show(world: &World, name: &str, script: &str) -> Result<()> {
    world.server()?.put(name, script)?;
    world.browser().enter(&format!(". ./{name}")).await?;
    world.browser().shows_in("tara@web-1").await?;
    Ok(())
}

/// Three panes, in the dark.
pub(crate) async fn panes(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    save(world).await?;
    let browser = world.browser();
    command(world, "mark commands").await?;
    browser.says("Only the prompt", PATIENCE).await?;
    until("the notice is gone", PATIENCE, async || {
        Ok(!browser.words().await?.contains("Only the prompt"))
    })
    .await?;
    browser.focus_terminal().await?;
    show(world, "deployed.sh", DEPLOYED).await?;
    for (button, name, script) in [
        ("Split right", "changes.sh", CHANGES),
        ("Split down", "busy.sh", BUSY),
    ] {
        browser.press(button).await?;
        browser.shows("ready>").await?;
        show(world, name, script).await?;
    }
    tour.stop_here(world, "readme-panes").await
}

/// Files while some of them move, on paper.
pub(crate) async fn moving(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    save(world).await?;
    let browser = world.browser();
    files::fill(world)?;
    browser.press("Files").await?;
    browser.see(Role::Grid, "Files").await?;
    browser.press("home").await?;
    let disk = tempfile::tempdir()?;
    let small = local(&disk, "checksums.txt", 4_321)?;
    choose(browser, &[&small]).await?;
    browser.says("transfer finished", PATIENCE).await?;
    let large = disk.path().join("shop-2026-11-28.dump");
    fs::File::create(&large)?.set_len(2_000_000_000)?;
    choose(browser, &[&large]).await?;
    click(browser, "release-2026.11.tar.zst").await?;
    until("it moves", PATIENCE, async || {
        let done = "return document.querySelector('.transfers progress')?.position ?? 0";
        Ok(browser.script(done, vec![]).await?.as_f64() > Some(0.05))
    })
    .await?;
    tour.stop_here(world, "readme-files").await?;
    browser.press("Cancel").await
}

/// Keys and the vault.
pub(crate) async fn keys(world: &mut World, tour: Tour) -> Result<()> {
    by_name(world);
    tour.home(world).await?;
    save(world).await?;
    let browser = world.browser();
    browser.press_role(Role::Rail, "Keys").await?;
    browser.make_key("laptop").await?;
    browser.press("Install on host").await?;
    let host = format!("{USER}@[127.0.0.1]:{}", world.server()?.port());
    browser.press(&host).await?;
    browser.says("lets you in with this key", PATIENCE).await?;
    browser.press("Close").await?;
    tour.stop_here(world, "readme-keys").await
}

/// A host key that changed.
pub(crate) async fn changed(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    save(world).await?;
    world.server_mut()?.change_host_key().await?;
    let browser = world.browser();
    browser.press_role(Role::Rail, "Home").await?;
    browser.press("Connect to web-1").await?;
    browser.see(Role::Dialog, "Host key changed").await?;
    tour.stop_here(world, "readme-host-key").await
}

/// Settings, and the colours of terminals among them.
pub(crate) async fn settings(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    world.browser().press_role(Role::Rail, "Settings").await?;
    world.browser().says("Appearance", PATIENCE).await?;
    tour.stop_here(world, "readme-settings").await
}
