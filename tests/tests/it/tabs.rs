//! Tabs are named, moved, doubled, closed and opened again.

use anyhow::Result;
use thirtyfour::{By, Key};
use transom_tests::server::{PASSWORD, PROMPT};
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, WorldOptions, scenario, until};

use crate::panes::choose;

/// What the tabs say, from left to right.
async fn tabs(browser: &Browser, wanted: &[&str]) -> Result<()> {
    let script = "return [...document.querySelectorAll('[aria-label=Sessions] .tab-host')]
        .map((it) => it.textContent)";
    let mut seen = serde_json::Value::Null;
    let outcome = until(format!("the tabs are {wanted:?}"), PATIENCE, async || {
        seen = browser.script(script, vec![]).await?;
        Ok(seen == serde_json::json!(wanted))
    })
    .await;
    outcome.map_err(|error| error.context(format!("tabs: {seen}")))
}

async fn name(browser: &Browser, name: &str) -> Result<()> {
    browser.see(Role::Textbox, "Name of the tab").await?;
    let focused = "return document.activeElement.ariaLabel";
    until("the name can be typed", PATIENCE, async || {
        Ok(browser.script(focused, vec![]).await? == "Name of the tab")
    })
    .await?;
    browser.enter(name).await
}

#[tokio::test]
async fn a_tab_is_named_moved_doubled_closed_and_opened_again() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let first = browser.driver().find(By::Css(".tab-name")).await?;
        browser
            .driver()
            .action_chain()
            .double_click_element(&first)
            .perform()
            .await?;
        name(browser, "logs").await?;
        tabs(browser, &["logs"]).await?;
        browser.new_tab(1).await?;
        choose(browser, "rename tab").await?;
        name(browser, "build").await?;
        tabs(browser, &["logs", "build"]).await?;
        // Moved by the keyboard, and back by the mouse.
        browser.focus_terminal().await?;
        let page_up = Chord::new(vec![Key::Alt, Key::Shift], char::from(Key::PageUp));
        browser.chord(&page_up).await?;
        tabs(browser, &["build", "logs"]).await?;
        let build = browser.driver().find(By::Css(".tab .tab-host")).await?;
        let chain = browser
            .driver()
            .action_chain()
            .move_to_element_center(&build);
        let chain = chain.click_and_hold().move_by_offset(10, 0);
        chain.move_by_offset(500, 0).release().perform().await?;
        tabs(browser, &["logs", "build"]).await?;
        // A double has its own shell on the same connection.
        browser.tab(1).await?;
        browser.press("Split right").await?;
        browser.see(Role::Region, "Terminal 2").await?;
        browser.shows(PROMPT).await?;
        choose(browser, "duplicate tab").await?;
        tabs(browser, &["logs", "build", "build"]).await?;
        browser.see(Role::Region, "Terminal 2").await?;
        browser.shows(PROMPT).await?;
        browser.press("Close 127.0.0.1").await?;
        tabs(browser, &["build", "build"]).await?;
        choose(browser, "reopen closed").await?;
        tabs(browser, &["build", "build", "logs"]).await?;
        browser.shows(PROMPT).await?;
        assert_eq!(world.server()?.attempts("password"), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tab_whose_connection_is_gone_connects_again() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let address = world.server()?.address();
        browser.press("Close 127.0.0.1").await?;
        browser.press(&format!("Connect to {address}")).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        browser.press("Close 127.0.0.1").await?;
        browser.see(Role::Textbox, "Address").await?;
        browser.key(Key::F1).await?;
        browser.fill("Command", "reopen closed").await?;
        browser.key(Key::Enter).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}
