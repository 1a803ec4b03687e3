//! A reload brings tabs, panes, titles and screens back.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{By, Key};
use transom_tests::server::{PASSWORD, PROMPT};
use transom_tests::{Browser, Need, PATIENCE, Role, WorldOptions, scenario, until};

use crate::panes::{choose, focused, seen, split};

/// Each tab with its name, and each pane on the screen with its name and where it is.
const LAYOUT: &str = "
const round = (length) => Math.round(length / 8);
return {
  tabs: [...document.querySelectorAll('[aria-label=Sessions] .tab-name')].map((it) => it.innerText),
  panes: [...document.querySelectorAll('section[aria-label^=Terminal]')]
    .filter((it) => it.checkVisibility({checkVisibilityCSS: true}))
    .map((it) => [it.ariaLabel, it.closest('.pane').querySelector('.pane-title')?.textContent,
      ...Object.values(it.getBoundingClientRect().toJSON()).map(round)])
    .sort((one, other) => one[0].localeCompare(other[0])),
};";

/// Whether the part that makes text of a screen is there.
const CAN_KEEP: &str = "return performance.getEntriesByType('resource')
  .some(({name, responseEnd}) => name.includes('serialize') && responseEnd > 0)";

async fn layout(browser: &Browser) -> Result<Value> {
    browser.script(LAYOUT, vec![]).await
}

/// Names the terminal that has the keyboard, and shows its device on its screen.
async fn sign(browser: &Browser, title: &str) -> Result<String> {
    let command = format!("printf '\\e]2;{title}\\a'; echo {title}:$(tty)");
    browser.enter(&command).await?;
    browser.shows_in(&format!("{title}:/")).await
}

/// Waits for the prompt of a new shell under the line that tells of the lost one.
async fn prompt_again(browser: &Browser) -> Result<()> {
    until("a new shell is ready", PATIENCE, async || {
        let screen = browser.screen().await?;
        let mut below = screen
            .iter()
            .skip_while(|row| !row.contains("session lost"));
        Ok(below.any(|row| row == PROMPT))
    })
    .await
}

#[tokio::test]
async fn two_hosts_and_five_panes_are_back_after_a_reload() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        // The offer to save the password has a line of its own, and does not outlive a reload.
        browser.press("Not now").await?;
        let mut rows = vec![sign(browser, "one").await?];
        split(browser, "Split right", "Terminal 2").await?;
        rows.push(sign(browser, "two").await?);
        split(browser, "Split down", "Terminal 3").await?;
        rows.push(sign(browser, "three").await?);
        let divider = browser.driver().find(By::Css(".divider.upright")).await?;
        let right = char::from(Key::Right).to_string();
        divider.send_keys(right.repeat(5)).await?;
        browser.press_role(Role::Rail, "Home").await?;
        let address = world.server()?.address().replace("127.0.0.1", "localhost");
        world.dial(&address).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        browser.press("Not now").await?;
        rows.push(sign(browser, "four").await?);
        split(browser, "Split down", "Terminal 2").await?;
        rows.push(sign(browser, "five").await?);
        browser.tab(0).await?;
        focused(browser, "Terminal").await?;
        let before = layout(browser).await?;
        let logins = world.server()?.attempts("password");

        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        seen(browser, 3).await?;
        let mut after = Value::Null;
        let same = until("all is where it was", PATIENCE, async || {
            after = layout(browser).await?;
            Ok(after == before)
        });
        let same = same.await;
        same.with_context(|| format!("before: {before:#} after: {after:#}"))?;
        for (name, row) in ["Terminal", "Terminal 2", "Terminal 3"].iter().zip(&rows) {
            browser.see(Role::Region, name).await?.click().await?;
            focused(browser, name).await?;
            browser.shows(row).await?;
        }
        // They are the same shells.
        let row = rows.get(2).context("three rows")?;
        world
            .run("echo three:$(tty); echo a''live", "alive")
            .await?;
        assert_eq!(
            browser
                .screen()
                .await?
                .iter()
                .filter(|seen| *seen == row)
                .count(),
            2
        );
        browser.tab(1).await?;
        seen(browser, 2).await?;
        for (name, row) in ["Terminal", "Terminal 2"].iter().zip(rows.iter().skip(3)) {
            browser.see(Role::Region, name).await?.click().await?;
            focused(browser, name).await?;
            browser.shows(row).await?;
        }
        assert_eq!(world.server()?.attempts("password"), logins);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_that_ends_with_its_page_leaves_its_screens() -> Result<()> {
    let options = WorldOptions::without_shared_workers();
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let first = sign(browser, "one").await?;
        split(browser, "Split right", "Terminal 2").await?;
        let second = sign(browser, "two").await?;
        choose(browser, "rename tab").await?;
        browser.see(Role::Textbox, "Name of the tab").await?;
        browser.enter("pair").await?;
        until("screens can be kept", PATIENCE, async || {
            Ok(browser.script(CAN_KEEP, vec![]).await? == json!(true))
        })
        .await?;

        browser.reload().await?;
        browser.says("The shell is gone", PATIENCE).await?;
        seen(browser, 2).await?;
        browser.says("pair", PATIENCE).await?;
        browser.focus_terminal().await?;
        focused(browser, "Terminal").await?;
        browser.shows(&first).await?;
        browser
            .shows_in("session lost: it ended when its page")
            .await?;
        // Nothing of it is kept any longer than it is needed.
        let kept = "return Object.keys(sessionStorage).filter((key) => key.includes('screen'))";
        assert_eq!(browser.script(kept, vec![]).await?, json!([]));
        let other = browser.see(Role::Region, "Terminal 2").await?;
        other.click().await?;
        focused(browser, "Terminal 2").await?;
        browser.shows(&second).await?;
        browser.key(Key::Enter).await?;
        world.answer("Password", PASSWORD).await?;
        browser.status("Connected", PATIENCE).await?;
        focused(browser, "Terminal 2").await?;
        prompt_again(browser).await?;
        world.run("echo $((6*7))", "42").await?;
        // The other one waits until it is wanted, and then needs no log-in.
        browser.focus_terminal().await?;
        browser.says("The shell is gone", PATIENCE).await?;
        browser.key(Key::Enter).await?;
        prompt_again(browser).await?;
        world.run("echo $((5*9))", "45").await?;
        assert_eq!(world.server()?.attempts("password"), 2);
        Ok(())
    })
    .await
}
