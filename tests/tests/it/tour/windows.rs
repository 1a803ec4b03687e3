//! A tab in a window of its own.

use anyhow::{Context, Result};
use transom_tests::{PATIENCE, World};

use super::Tour;
use crate::windows::{OUT, to_new_window};

/// The window, the one it came from, and a window that waits for its tab.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    world.dial(&world.server()?.address()).await?;
    world.trust().await?;
    world
        .answer("Password", transom_tests::server::PASSWORD)
        .await?;
    world.ready().await?;
    let browser = world.browser();
    browser.press("Not now").await?;
    browser.new_tab(1).await?;
    browser.press(OUT).await?;
    let (new, main) = to_new_window(browser).await?;
    browser.status("Connected", PATIENCE).await?;
    world.run("uname; echo o''ut", "out").await?;
    tour.stop(world, "window").await?;
    browser.driver().switch_to_window(main.clone()).await?;
    tour.stop(world, "window-left").await?;
    browser.driver().switch_to_window(new).await?;
    browser.close_window(main.clone()).await?;
    // Who has no tab to give opens a window that waits for one.
    let open = "window.open('/#/window/nobody', '_blank', 'popup'); return 1";
    browser.script(open, vec![]).await?;
    let windows = browser.driver().windows().await?;
    let waiting = windows.into_iter().find(|window| *window != main);
    let waiting = waiting.context("no window waits")?;
    browser.driver().switch_to_window(waiting).await?;
    browser.says("The tab is on its way", PATIENCE).await?;
    tour.stop(world, "window-waiting").await?;
    browser.close_window(main).await
}
