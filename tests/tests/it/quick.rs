//! Quick select: what is on the screen, by the letters of its label.

use anyhow::{Context, Result};
use thirtyfour::Key;
use transom_tests::{Browser, Chord, Need, PATIENCE, WorldOptions, scenario, until};

/// The label of a text.
const LABEL: &str = "
return document.querySelector(`.quick-select [aria-label$=\"${CSS.escape(arguments[0])}\"]`)?.textContent;";

async fn label(browser: &Browser, text: &str) -> Result<String> {
    browser.chord(&Chord::ctrl_shift(" ")).await?;
    until("labels are there", PATIENCE, async || {
        let any = "return document.querySelector('.quick-select') !== null";
        Ok(browser.script(any, vec![]).await? == true)
    })
    .await?;
    let label = browser.script(LABEL, vec![text.into()]).await?;
    let label = label.as_str().context("it has no label")?;
    Ok(label.to_owned())
}

#[tokio::test]
async fn what_is_in_sight_is_chosen_by_letters() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        world
            .run(
                "clear; echo 'see http://a.example/x.'; echo /etc/hosts 10.0.0.7; echo 0dd37f0",
                "0dd37f0",
            )
            .await?;
        let read = "return navigator.clipboard.readText()";
        for text in ["http://a.example/x", "/etc/hosts", "10.0.0.7", "0dd37f0"] {
            let label = label(browser, text).await?;
            browser.type_text(label).await?;
            browser.says(&format!("Copied {text}"), PATIENCE).await?;
            assert_eq!(browser.script(read, vec![]).await?, text);
        }
        // With Shift it is inserted; what is typed next follows it.
        let label = label(browser, "/etc/hosts").await?;
        browser.shows("ready>").await?;
        browser
            .chord(&Chord::new(vec![Key::Shift], label.to_uppercase()))
            .await?;
        browser.shows("ready> /etc/hosts").await?;
        browser.chord(&Chord::ctrl("c")).await?;
        // Escape leaves all as it was.
        self::label(browser, "/etc/hosts").await?;
        browser.key(Key::Escape).await?;
        world.run("echo go''on", "goon").await?;
        world.run("clear; echo no''thing", "nothing").await?;
        browser.chord(&Chord::ctrl_shift(" ")).await?;
        browser.says("No address, path or hash", PATIENCE).await
    })
    .await
}
