//! A phone: keys that its keyboard lacks, and the pages in their narrow form.

use anyhow::Result;
use transom_tests::server::PASSWORD;
use transom_tests::{PATIENCE, Role, World};

use super::{Tour, command, escape, files};
use crate::phone::key;

/// The width and height of a phone, in CSS pixels.
const PHONE: (u32, u32) = (390, 780);

/// All of it, in the size of the phone.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.become_phone(PHONE.0, PHONE.1).await?;
    tour.home(world).await?;
    tour.stop_here(world, "phone-home").await?;
    world.dial(&world.server()?.address()).await?;
    browser.see(Role::Dialog, "Unknown host key").await?;
    tour.stop_here(world, "phone-host-key").await?;
    world.trust().await?;
    browser.see(Role::Textbox, "Password").await?;
    tour.stop_here(world, "phone-log-in").await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    tour.stop_here(world, "phone-save-password").await?;
    browser.press("Not now").await?;
    browser.see(Role::Toolbar, "Extra keys").await?;
    world.run("uname; echo he''re", "here").await?;
    key(browser, "Ctrl").await?;
    tour.stop_here(world, "phone-keys").await?;
    key(browser, "Ctrl").await?;
    tour.stop_here(world, "phone-keys-locked").await?;
    key(browser, "Ctrl, locked").await?;
    command(world, "split right").await?;
    browser.see(Role::Region, "Terminal 2").await?;
    browser.shows("ready>").await?;
    tour.stop_here(world, "phone-panes").await?;
    browser.press("Panes, 2 of 2").await?;
    browser.see(Role::Dialog, "Panes").await?;
    tour.stop_here(world, "phone-panes-sheet").await?;
    escape(world, "Panes").await?;
    let more = browser.see(Role::Button, "More").await?;
    browser.touch(&more).await?;
    browser.see(Role::Rail, "Settings").await?;
    tour.stop_here(world, "phone-rail").await?;
    browser.press_role(Role::Rail, "Settings").await?;
    browser.says("Appearance", PATIENCE).await?;
    tour.stop_here(world, "phone-settings").await?;
    browser.press_role(Role::Rail, "Sessions").await?;
    files::fill(world)?;
    browser.press("Files").await?;
    browser.see(Role::Grid, "Files").await?;
    browser.press("home").await?;
    browser.see(Role::Row, "site.conf").await?;
    tour.stop_here(world, "phone-files").await?;
    browser.press("Commands").await?;
    browser.see(Role::Dialog, "Commands").await?;
    tour.stop_here(world, "phone-palette").await
}
