//! Files of a server: the list, looks into files, the editor, transfers.

use std::fs;

use anyhow::Result;
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{PATIENCE, Role, World};

use super::{Tour, escape};
use crate::files_edit::{add, place, text};
use crate::files_screen::{choose, click, local, press_key};

/// Something of each kind in the account's home.
pub(crate) fn fill(world: &World) -> Result<()> {
    let home = world.server()?.home();
    for folder in ["site", "site/assets", "backups"] {
        fs::create_dir_all(home.join(folder))?;
    }
    let config =
        "server {\n    listen 443 ssl;\n    server_name shop.example;\n    root /srv/site;\n}\n";
    place(world, "site.conf", config, 0o644)?;
    let lines = (0..40).map(|n| format!("2026-11-29T14:{n:02}:07Z web-1 GET /basket 200 {n} ms\n"));
    let log = lines.collect::<Vec<_>>().concat();
    place(world, "access.log", log, 0o640)?;
    place(world, "release-2026.11.tar.zst", vec![7; 1_234_567], 0o600)?;
    place(world, "deploy.sh", "#!/bin/sh\nset -eu\n", 0o755)?;
    std::os::unix::fs::symlink("site/assets", home.join("assets"))?;
    Ok(())
}

/// Dialogs about what is in the list.
async fn sheets(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    click(browser, "access.log").await?;
    press_key(browser, " ").await?;
    browser.says("GET /basket", PATIENCE).await?;
    tour.stop(world, "quick-look").await?;
    browser.press("Show bytes").await?;
    browser.says("00000000  32", PATIENCE).await?;
    tour.stop(world, "quick-look-bytes").await?;
    escape(world, "access.log").await?;
    browser.press("Permissions").await?;
    browser.see(Role::Button, "Set permissions").await?;
    tour.stop(world, "permissions").await?;
    escape(world, "Permissions of access.log").await?;
    browser.press("New folder").await?;
    browser.see(Role::Textbox, "Folder name").await?;
    tour.stop(world, "new-folder").await?;
    escape(world, "New folder").await?;
    click(browser, "site").await?;
    press_key(browser, Key::Delete + "").await?;
    browser.says("will be gone for good.", PATIENCE).await?;
    tour.stop(world, "delete").await?;
    escape(world, "Delete site?").await
}

/// The editor, and what it says when somebody else wrote.
async fn editor(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    click(browser, "site.conf").await?;
    browser.press("Edit").await?;
    text(browser).await?;
    tour.stop(world, "editor").await?;
    add(browser, "# mine\n").await?;
    let text = text(browser).await?;
    text.send_keys(Key::Control + "f").await?;
    browser.see(Role::Textbox, "Find").await?;
    tour.stop(world, "editor-find").await?;
    text.send_keys(Key::Escape + "").await?;
    place(world, "site.conf", "server {\n    listen 80;\n}\n", 0o644)?;
    browser.press("Save").await?;
    browser.says("Somebody changed this file", PATIENCE).await?;
    browser.see(Role::Textbox, "Yours").await?;
    tour.stop(world, "editor-conflict").await?;
    browser.press("Close").await?;
    browser.see(Role::Dialog, "Save your changes?").await?;
    tour.stop(world, "editor-leave").await?;
    browser.press("Discard").await?;
    browser.gone(Role::Dialog, "site.conf").await
}

/// The queue, with a name that is taken.
async fn transfers(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    let disk = tempfile::tempdir()?;
    let taken = local(&disk, "deploy.sh", 1000)?;
    let other = local(&disk, "access.log", 2000)?;
    let large = local(&disk, "dump.sql", 3_000_000)?;
    choose(browser, &[&large, &taken, &other]).await?;
    browser.see(Role::Checkbox, "The same for all 2").await?;
    tour.stop(world, "transfers-conflict").await?;
    browser
        .press_role(Role::Checkbox, "The same for all 2")
        .await?;
    browser.press("Keep both").await?;
    browser.says("All 3 transfers finished", PATIENCE).await?;
    tour.stop(world, "transfers").await?;
    browser.press("Clear finished").await?;
    browser.gone(Role::Region, "Transfers").await
}

/// All of it.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    world.dial(&world.server()?.address()).await?;
    world.trust().await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    let browser = world.browser();
    browser.press("Not now").await?;
    browser.press("Files").await?;
    browser.see(Role::Grid, "Files").await?;
    browser.press("home").await?;
    tour.stop(world, "files-empty").await?;
    fill(world)?;
    browser.press("Read again").await?;
    click(browser, "site.conf").await?;
    tour.stop(world, "files").await?;
    sheets(world, tour).await?;
    transfers(world, tour).await?;
    editor(world, tour).await
}
