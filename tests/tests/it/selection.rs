//! Finding, copying and pasting text in a terminal, by the keys of each platform.

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::{By, Key};
use transom_tests::{
    Browser, BrowserOptions, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until,
};

/// What the page sees on a Mac.
const MAC: &str = "Object.defineProperty(Navigator.prototype, 'platform', {get: () => 'MacIntel'})";

async fn in_clipboard(browser: &Browser) -> Result<String> {
    let read = "return navigator.clipboard.readText()";
    let text = browser.script(read, vec![]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn put_into_clipboard(browser: &Browser, text: &str) -> Result<()> {
    let write = "return navigator.clipboard.writeText(arguments[0]).then(() => true)";
    browser.script(write, vec![text.into()]).await?;
    Ok(())
}

/// Selects a word on the screen by a double click.
async fn select(browser: &Browser, word: &str) -> Result<()> {
    let query = format!("//*[contains(@class, 'xterm-rows')]//span[text()='{word}']");
    let place = browser.driver().find(By::XPath(query)).await;
    let place = place.with_context(|| format!("{word} is not on the screen"))?;
    let chain = browser.driver().action_chain();
    chain.double_click_element(&place).perform().await?;
    Ok(())
}

/// Presses Ctrl+Shift+V once. ChromeDriver's chords make the browser paste twice.
async fn paste(browser: &Browser) -> Result<()> {
    const CTRL_SHIFT: u32 = 2 + 8;
    let key = json!({
        "key": "V", "code": "KeyV", "windowsVirtualKeyCode": 86, "modifiers": CTRL_SHIFT,
    });
    browser.raw_key(key).await
}

async fn copied(browser: &Browser, word: &str) -> Result<()> {
    until("the selection is in the clipboard", PATIENCE, async || {
        Ok(in_clipboard(browser).await? == word)
    })
    .await
}

async fn with_text(world: &World, text: &str) -> Result<()> {
    world.log_in().await?;
    world
        .browser()
        .allow_clipboard(&world.relay().origin())
        .await?;
    world.run(&format!("echo {text}"), text).await?;
    select(world.browser(), text).await
}

#[tokio::test]
async fn what_is_copied_can_be_pasted() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        with_text(world, "grapefruit").await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl_shift("C")).await?;
        copied(browser, "grapefruit").await?;
        browser.type_text("echo pasted-").await?;
        paste(browser).await?;
        browser.shows_in("echo pasted-grapefruit").await?;
        browser.key(Key::Enter).await?;
        browser.shows("pasted-grapefruit").await
    })
    .await
}

#[tokio::test]
async fn control_c_copies_a_selection_and_else_interrupts() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        with_text(world, "elderberry").await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl("c")).await?;
        copied(browser, "elderberry").await?;
        browser.type_text("never-run").await?;
        browser.shows("ready> never-run").await?;
        browser.chord(&Chord::ctrl("c")).await?;
        browser.shows_in("never-run^C").await?;
        world.run("echo fresh", "fresh").await
    })
    .await
}

#[tokio::test]
async fn on_a_mac_command_c_copies_and_control_c_interrupts() -> Result<()> {
    let options = WorldOptions {
        browser: BrowserOptions {
            script: Some(MAC),
            ..BrowserOptions::default()
        },
        ..WorldOptions::default()
    };
    scenario(Need::Alone, options, async |world| {
        with_text(world, "mulberry").await?;
        let browser = world.browser();
        browser.chord(&Chord::new(vec![Key::Meta], "c")).await?;
        copied(browser, "mulberry").await?;
        browser.type_text("never-run").await?;
        browser.chord(&Chord::ctrl("c")).await?;
        browser.shows_in("never-run^C").await?;
        world.run("echo fresh", "fresh").await
    })
    .await
}

#[tokio::test]
async fn several_lines_are_pasted_only_after_a_question() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        put_into_clipboard(browser, "echo one >> made\necho two >> made\n").await?;
        paste(browser).await?;
        browser.see(Role::Dialog, "Paste several lines?").await?;
        browser.press("Cancel").await?;
        browser.gone(Role::Dialog, "Paste several lines?").await?;
        world.run("ls made; echo asked", "asked").await?;
        assert_eq!(world.server()?.file("made"), "");
        paste(browser).await?;
        browser.press("Paste").await?;
        until("both lines ran", PATIENCE, async || {
            Ok(world.server()?.file("made") == "one\ntwo\n")
        })
        .await
    })
    .await
}

#[tokio::test]
async fn what_scrolled_away_is_found_again() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world
            .run("echo needle-1 && seq 1 500 && echo end", "end")
            .await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "needle-1").await?;
        browser.press("Find previous").await?;
        browser.shows_in("needle-1").await?;
        browser.fill("Find", "haystack").await?;
        browser.says("Not found", PATIENCE).await?;
        browser.press("Close search").await?;
        world.run("echo typed", "typed").await
    })
    .await
}
