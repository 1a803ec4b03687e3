//! The command palette: everything by name, and the terminal gets the keyboard back.

use anyhow::Result;
use thirtyfour::Key;
use transom_tests::{Chord, Need, PATIENCE, Role, WorldOptions, scenario, until};

#[tokio::test]
async fn the_palette_does_what_is_named_and_gives_the_keyboard_back() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.key(Key::F1).await?;
        browser.see(Role::Dialog, "Commands").await?;
        browser.key(Key::Escape).await?;
        browser.gone(Role::Dialog, "Commands").await?;
        world.run("echo typed", "typed").await?;
        browser.press("Commands").await?;
        browser.fill("Command", "new tab").await?;
        browser.key(Key::Enter).await?;
        browser.gone(Role::Dialog, "Commands").await?;
        browser.tab(1).await?;
        world.run("echo second", "second").await?;
        // One log-in for both shells.
        assert_eq!(world.server()?.attempts("password"), 1);
        browser.key(Key::F1).await?;
        browser.fill("Command", "find").await?;
        browser.key(Key::Enter).await?;
        browser.see(Role::Textbox, "Find").await?;
        browser.press("Close search").await?;
        browser.chord(&Chord::ctrl_shift("P")).await?;
        browser.fill("Command", "theme: dark").await?;
        browser.key(Key::Enter).await?;
        let theme = "return document.documentElement.dataset.theme";
        until("the theme is dark", PATIENCE, async || {
            Ok(browser.script(theme, vec![]).await? == "dark")
        })
        .await?;
        browser.key(Key::F1).await?;
        browser.fill("Command", "known").await?;
        browser.key(Key::Enter).await?;
        browser.says("Known hosts", PATIENCE).await
    })
    .await
}
