//! A session outlives its page.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Lines that the running command prints while pages come and go.
const LINES: usize = 3000;

/// Prints numbered lines for about six seconds, then a last word.
pub(crate) fn counting(last: &str) -> String {
    let step = "if [ $((i % 10)) = 0 ]; then sleep 0.02; fi";
    format!("for i in $(seq {LINES}); do echo line $i; {step}; done; echo {last}")
}

/// Asks the shell for its process id.
pub(crate) async fn shell_id(world: &World) -> Result<String> {
    let _ = std::fs::remove_file(world.server()?.home().join("id"));
    world.browser().enter("echo $$ > id").await?;
    until("the shell tells its id", PATIENCE, async || {
        Ok(!world.server()?.file("id").is_empty())
    })
    .await?;
    Ok(world.server()?.file("id"))
}

/// Checks that this page got the shell's whole output, each byte once, and in order.
pub(crate) async fn nothing_is_missing(browser: &Browser) -> Result<()> {
    let tapped = browser.tapped().await?;
    let shells = tapped.as_object().context("no shells")?;
    let shell = shells.values().next().context("no output")?;
    let number = |name: &str| shell.get(name).and_then(Value::as_u64);
    ensure!(
        number("first") == Some(0),
        "the beginning is missing: {shell}"
    );
    ensure!(number("gaps") == Some(0), "there are gaps: {shell}");
    let tail = shell
        .get("tail")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let lines: Vec<&str> = tail
        .split("\r\n")
        .filter(|line| line.starts_with("line "))
        .collect();
    let expected: Vec<String> = (1..=LINES).map(|number| format!("line {number}")).collect();
    ensure!(
        lines == expected,
        "{} lines, the last is {:?}",
        lines.len(),
        lines.last()
    );
    Ok(())
}

#[tokio::test]
async fn a_reload_keeps_the_shell_and_every_byte() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let before = shell_id(world).await?;
        browser.enter("echo marker-$((1000+1))").await?;
        browser.shows("marker-1001").await?;
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        // Scrollback is back on the screen.
        browser.shows("marker-1001").await?;
        browser.enter(&counting("finis")).await?;
        browser.shows_in("line 3").await?;
        browser.reload().await?;
        browser.shows("finis").await?;
        nothing_is_missing(browser).await?;
        assert_eq!(shell_id(world).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_closed_page_finds_its_shell_again_after_fifteen_seconds() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let before = shell_id(world).await?;
        browser.enter(&counting("finis")).await?;
        let page = browser.driver().window().await?;
        let empty = browser.new_window().await?;
        browser.driver().switch_to_window(page).await?;
        browser.close_window(empty).await?;
        // The absence itself is what is tested.
        tokio::time::sleep(Duration::from_secs(15)).await;
        world.home().await?;
        browser.press("Resume*").await?;
        browser.status("Connected", PATIENCE).await?;
        browser.shows("finis").await?;
        nothing_is_missing(browser).await?;
        browser.focus_terminal().await?;
        assert_eq!(shell_id(world).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_pages_on_one_connection_see_the_same() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let first = browser.driver().window().await?;
        let address = browser.driver().current_url().await?;
        browser.enter("echo from-$((500+5)) first").await?;
        browser.shows("from-505 first").await?;
        let second = browser.new_window().await?;
        browser.open(address.as_str()).await?;
        browser.status("Connected", PATIENCE).await?;
        browser.shows("from-505 first").await?;
        browser.focus_terminal().await?;
        browser.enter("echo from-$((600+6)) second").await?;
        browser.shows("from-606 second").await?;
        browser.driver().switch_to_window(first).await?;
        browser.shows("from-606 second").await?;
        browser.driver().switch_to_window(second).await?;
        assert!(browser.find(Role::Region, "Terminal").await?.is_some());
        Ok(())
    })
    .await
}
