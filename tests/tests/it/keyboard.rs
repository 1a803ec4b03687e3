//! Keys of a person's own choice, and those that the browser would keep.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::Key;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, WorldOptions, scenario, until};

/// Opens the palette and does what is named.
async fn command(browser: &Browser, words: &str) -> Result<()> {
    browser.press("Commands").await?;
    browser.fill("Command", words).await?;
    browser.key(Key::Enter).await?;
    browser.gone(Role::Dialog, "Commands").await
}

#[tokio::test]
async fn chosen_keys_are_recorded_work_and_are_shown() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        browser
            .fill("Search settings", "find in the output")
            .await?;
        browser.press("Change the keys of Find*").await?;
        browser.says("Press the new keys", PATIENCE).await?;
        browser.chord(&Chord::ctrl("f")).await?;
        browser.says("always goes to the shell", PATIENCE).await?;
        browser.chord(&Chord::ctrl_shift("T")).await?;
        browser
            .says("This browser keeps Ctrl+Shift+T", PATIENCE)
            .await?;
        browser.key(Key::F6).await?;
        browser.says("F6 always does the same", PATIENCE).await?;
        browser.chord(&Chord::ctrl_shift("S")).await?;
        browser
            .says("Ctrl+Shift+S already does: Snippets", PATIENCE)
            .await?;
        browser.press("Use them here").await?;
        until("the new keys are shown", PATIENCE, async || {
            Ok(browser.words().await?.contains("Ctrl+Shift+S"))
        })
        .await?;
        // They are kept.
        browser.reload().await?;
        browser.press_role(Role::Rail, "Sessions").await?;
        browser.focus_terminal().await?;
        browser.chord(&Chord::ctrl_shift("S")).await?;
        browser.see(Role::Textbox, "Find").await?;
        browser.press("Close search").await?;
        browser.press("Commands").await?;
        browser.fill("Command", "find in").await?;
        browser.says("Ctrl+Shift+S", PATIENCE).await?;
        browser.key(Key::Escape).await?;
        // The old keys go to the shell now.
        browser.focus_terminal().await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        world.run("echo sti''ll", "still").await?;
        ensure!(browser.find(Role::Textbox, "Find").await?.is_none());
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Reset all keys").await?;
        browser.says("Ctrl+Shift+F", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn escape_leaves_the_keys_as_they_are() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Change the keys of New tab").await?;
        browser.says("Press the new keys", PATIENCE).await?;
        // Not the palette's: the choice takes every key.
        browser.key(Key::F1).await?;
        browser.says("F1 already does: Commands", PATIENCE).await?;
        browser.key(Key::Escape).await?;
        until("the choice is over", PATIENCE, async || {
            Ok(!browser.words().await?.contains("already does"))
        })
        .await?;
        ensure!(browser.find(Role::Dialog, "Commands").await?.is_none());
        let kept = "return JSON.parse(localStorage.getItem('transom.settings')).keys";
        assert_eq!(browser.script(kept, vec![]).await?, json!({}));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn keys_of_the_browser_reach_the_shell_by_the_palette_and_in_full_screen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser
            .enter("stty -icanon lnext undef werase undef; clear; cat -v")
            .await?;
        for (words, seen) in [
            ("send ctrl+w", "^W"),
            ("send ctrl+t", "^T"),
            ("send ctrl+n", "^N"),
        ] {
            command(browser, words).await?;
            browser.shows_in(seen).await?;
        }
        let watch = "self.locked = 0;
            navigator.keyboard.lock = () => { self.locked += 1; return Promise.resolve(); };
            return 1";
        browser.script(watch, vec![]).await?;
        command(browser, "full screen").await?;
        let state = "return [document.fullscreenElement === document.documentElement, self.locked]";
        until(
            "the page fills the screen, with all keys",
            PATIENCE,
            async || Ok(browser.script(state, vec![]).await? == json!([true, 1])),
        )
        .await?;
        command(browser, "full screen").await?;
        until("the page has its window again", PATIENCE, async || {
            Ok(browser.script(state, vec![]).await? == json!([false, 1]))
        })
        .await
    })
    .await
}
