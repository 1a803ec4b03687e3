//! Tabs in windows of their own.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use thirtyfour::{Key, WindowHandle};
use transom_tests::{
    Browser, BrowserOptions, Need, PATIENCE, Role, World, WorldOptions, scenario, until, until_some,
};

use crate::panes::choose;
use crate::reload::{counting, nothing_is_missing, shell_id};

pub(crate) const OUT: &str = "Move tab to a new window";
const BACK: &str = "Move back to main window";

/// How many tabs the strip has.
async fn tabs(browser: &Browser, count: usize) -> Result<()> {
    let script = "return document.querySelectorAll('[aria-label=Sessions] .tab-name').length";
    until(format!("there are {count} tabs"), PATIENCE, async || {
        Ok(browser.script(script, vec![]).await? == count)
    })
    .await
}

async fn windows(browser: &Browser, count: usize) -> Result<Vec<WindowHandle>> {
    let what = format!("there are {count} windows");
    until_some(what, PATIENCE, async || {
        let windows = browser.driver().windows().await?;
        Ok((windows.len() == count).then_some(windows))
    })
    .await
}

/// Goes to the window that a tab was moved to; returns it and the one before.
pub(crate) async fn to_new_window(browser: &Browser) -> Result<(WindowHandle, WindowHandle)> {
    let main = browser.driver().window().await?;
    let windows = windows(browser, 2).await?;
    let new = windows.into_iter().find(|window| *window != main);
    let new = new.context("no other window")?;
    browser.driver().switch_to_window(new.clone()).await?;
    Ok((new, main))
}

/// Checks that the last shell that began on this page brought every line once and in order, however
/// often the page has shown it.
async fn all_came_back(browser: &Browser, first: &str, last: &str) -> Result<()> {
    let tapped = browser.tapped().await?;
    let shells = tapped.as_object().context("no shells")?;
    let mut tails = shells
        .values()
        .filter_map(|shell| shell.get("tail")?.as_str());
    let tail = tails.find(|tail| tail.contains(last));
    let tail = tail.with_context(|| format!("no shell wrote {last}"))?;
    let (_, replay) = tail
        .rsplit_once(first)
        .context("its beginning is missing")?;
    let rows = replay
        .split("\r\n")
        .filter_map(|row| row.strip_prefix("more "));
    let numbers: Vec<&str> = rows.collect();
    let expected: Vec<String> = (1..=900).map(|number: u32| number.to_string()).collect();
    ensure!(numbers == expected, "{} lines came back", numbers.len());
    Ok(())
}

#[tokio::test]
async fn a_tab_goes_to_a_window_of_its_own_and_back_with_every_byte() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.new_tab(1).await?;
        let before = shell_id(world).await?;
        browser.enter(&counting("finis")).await?;
        browser.shows_in("line 3").await?;
        browser.press(OUT).await?;
        let (_, main) = to_new_window(browser).await?;
        browser.status("Connected", PATIENCE).await?;
        browser.see(Role::Button, BACK).await?;
        browser.focus_terminal().await?;
        browser.shows("finis").await?;
        nothing_is_missing(browser).await?;
        tabs(browser, 1).await?;
        assert_eq!(shell_id(world).await?, before);
        world.run("echo be''gin", "begin").await?;
        // It goes back while it writes.
        let more = "for i in $(seq 900); do echo more $i; [ $((i % 9)) = 0 ] && sleep 0.02; done";
        browser.enter(&format!("{more}; echo l''ast")).await?;
        browser.shows_in("more 9").await?;
        browser.driver().switch_to_window(main.clone()).await?;
        tabs(browser, 1).await?;
        let new = windows(browser, 2)
            .await?
            .into_iter()
            .find(|it| *it != main);
        let new = new.context("no other window")?;
        browser.driver().switch_to_window(new).await?;
        browser.press(BACK).await?;
        // The window closes once its tab is there.
        windows(browser, 1).await?;
        browser.driver().switch_to_window(main).await?;
        tabs(browser, 2).await?;
        browser.focus_terminal().await?;
        browser.shows("last").await?;
        all_came_back(browser, "begin\r\n", "last").await?;
        assert_eq!(shell_id(world).await?, before);
        assert_eq!(world.server()?.attempts("password"), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn both_windows_stay_as_they_are_when_they_are_loaded_anew() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let first = shell_id(world).await?;
        browser.new_tab(1).await?;
        let second = shell_id(world).await?;
        choose(browser, "new window").await?;
        let (new, main) = to_new_window(browser).await?;
        browser.status("Connected", PATIENCE).await?;
        browser.focus_terminal().await?;
        world.run("echo po''pped", "popped").await?;
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        browser.focus_terminal().await?;
        browser.shows("popped").await?;
        tabs(browser, 1).await?;
        assert_eq!(shell_id(world).await?, second);
        browser.driver().switch_to_window(main.clone()).await?;
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        tabs(browser, 1).await?;
        browser.focus_terminal().await?;
        assert_eq!(shell_id(world).await?, first);
        // A window that is closed leaves its tab to the one that it came from.
        browser.driver().switch_to_window(new).await?;
        browser.close_window(main).await?;
        tabs(browser, 2).await?;
        browser.tab(1).await?;
        browser.shows("popped").await?;
        assert_eq!(shell_id(world).await?, second);
        assert_eq!(world.server()?.attempts("password"), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_only_tab_goes_and_the_main_window_has_it_back() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let before = shell_id(world).await?;
        browser.press(OUT).await?;
        let (_, main) = to_new_window(browser).await?;
        browser.status("Connected", PATIENCE).await?;
        // A tab that is opened there stays there.
        browser.new_tab(1).await?;
        browser.driver().switch_to_window(main.clone()).await?;
        browser.see(Role::Textbox, "Address").await?;
        let new = windows(browser, 2)
            .await?
            .into_iter()
            .find(|it| *it != main);
        browser
            .driver()
            .switch_to_window(new.context("no window")?)
            .await?;
        browser.tab(0).await?;
        choose(browser, "back to main").await?;
        tabs(browser, 1).await?;
        browser.driver().switch_to_window(main).await?;
        tabs(browser, 1).await?;
        browser.status("Connected", PATIENCE).await?;
        browser.focus_terminal().await?;
        assert_eq!(shell_id(world).await?, before);
        assert_eq!(world.server()?.attempts("password"), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_window_that_is_blocked_is_told_and_the_tab_stays() -> Result<()> {
    let browser = BrowserOptions {
        script: Some("window.open = () => null"),
        ..BrowserOptions::default()
    };
    let options = WorldOptions {
        browser,
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press(OUT).await?;
        browser.says("blocks pop-ups", PATIENCE).await?;
        tabs(browser, 1).await?;
        browser.focus_terminal().await?;
        world.run("echo $((6*7))", "42").await
    })
    .await
}

#[tokio::test]
async fn without_shared_workers_no_tab_can_go_and_the_page_says_why() -> Result<()> {
    let options = WorldOptions::without_shared_workers();
    scenario(Need::Share, options, async |world: &mut World| {
        world.log_in().await?;
        let browser = world.browser();
        let button = browser.see(Role::Button, OUT).await?;
        assert!(!button.is_enabled().await?);
        browser.press("Commands").await?;
        browser.fill("Command", "new window").await?;
        browser.says("cannot share a session", PATIENCE).await?;
        browser.key(Key::Enter).await?;
        browser.see(Role::Dialog, "Commands").await?;
        browser.key(Key::Escape).await?;
        let windows: Value = browser.driver().windows().await?.len().into();
        assert_eq!(windows, 1);
        Ok(())
    })
    .await
}
