//! What a person types stays, however often the page is drawn anew meanwhile.

use anyhow::Result;
use serde_json::Value;
use thirtyfour::{Key, WebElement};
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::panes::choose;

/// Changes the title again and again, as a program does that works, and leaves the prompt free.
const WORKING: &str =
    "(n=0; while sleep 0.1; do n=$((n+1)); printf '\\e]2;step %d\\a' $n; done) & echo wor''king";

const TITLE: &str = "return document.querySelector('.tab-title')?.textContent ?? ''";

/// Waits until the tab was drawn anew, and with it what is on the page.
async fn drawn_anew(browser: &Browser) -> Result<()> {
    let before = browser.script(TITLE, vec![]).await?;
    until("the title changes", PATIENCE, async || {
        Ok(browser.script(TITLE, vec![]).await? != before)
    })
    .await
}

async fn holds(browser: &Browser, field: &WebElement, text: &str) -> Result<()> {
    drawn_anew(browser).await?;
    drawn_anew(browser).await?;
    assert_eq!(field.value().await?.as_deref(), Some(text));
    Ok(())
}

/// Types instead of what is in a field, as a person does.
pub(crate) async fn retype(browser: &Browser, field: &WebElement, text: &str) -> Result<()> {
    field.click().await?;
    browser.chord(&Chord::ctrl("a")).await?;
    browser.type_text(text).await
}

async fn begin(world: &World) -> Result<()> {
    world.log_in().await?;
    let browser = world.browser();
    world.run(WORKING, "working").await?;
    until("the title tells of work", PATIENCE, async || {
        let title = browser.script(TITLE, vec![]).await?;
        Ok(title
            .as_str()
            .is_some_and(|title| title.starts_with("step")))
    })
    .await
}

#[tokio::test]
async fn the_name_of_a_snippet_stays_while_a_shell_works() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl_shift("S")).await?;
        browser.press("New snippet").await?;
        browser.fill("Snippet name", "Restart").await?;
        let enter = browser.see(Role::Checkbox, "Press Enter after it").await?;
        enter.click().await?;
        let name = browser.see(Role::Textbox, "Snippet name").await?;
        holds(browser, &name, "Restart").await?;
        assert!(enter.is_selected().await?);
        browser.fill("Text*", "echo {{word}}").await?;
        browser.press("Save").await?;
        browser.press("Insert Restart").await?;
        browser.fill("word", "again").await?;
        let word = browser.see(Role::Textbox, "word").await?;
        holds(browser, &word, "again").await?;
        browser.press("Insert").await?;
        browser.shows("again").await
    })
    .await
}

#[tokio::test]
async fn the_name_of_a_tab_stays_while_a_shell_works() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let browser = world.browser();
        browser.new_tab(1).await?;
        browser.tab(0).await?;
        browser.press("Split right").await?;
        browser.see(Role::Region, "Terminal 2").await?;
        browser.shows("ready>").await?;
        browser.focus_terminal().await?;
        choose(browser, "rename tab").await?;
        let field = browser.see(Role::Textbox, "Name of the tab").await?;
        field.send_keys("build").await?;
        // The title is on the bar of the pane while the tab has its field.
        let title = "return document.querySelector('.pane-title')?.textContent ?? ''";
        for _change in 0..2 {
            let before: Value = browser.script(title, vec![]).await?;
            until("the title changes", PATIENCE, async || {
                Ok(browser.script(title, vec![]).await? != before)
            })
            .await?;
        }
        assert_eq!(field.value().await?.as_deref(), Some("build"));
        browser.key(Key::Enter).await?;
        browser.see(Role::Button, "running build*").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn settings_are_typed_in_peace_while_a_shell_works() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        for (name, text) in [
            ("Font*", "Fira Mono"),
            ("Scrollback*", "4321"),
            ("Relay address", "wss://relay.example/relay"),
        ] {
            let field = browser.see(Role::Textbox, name).await?;
            retype(browser, &field, text).await?;
            holds(browser, &field, text).await?;
        }
        // What is out of range becomes what is kept.
        let size = browser.see(Role::Textbox, "Font size*").await?;
        retype(browser, &size, "99").await?;
        holds(browser, &size, "99").await?;
        browser.key(Key::Tab).await?;
        until("the size is the largest", PATIENCE, async || {
            Ok(size.value().await?.as_deref() == Some("32"))
        })
        .await
    })
    .await
}
