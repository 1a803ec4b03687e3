//! Snippets: made once, filled in and typed again and again.

use anyhow::Result;
use thirtyfour::Key;
use transom_tests::{Chord, Need, PATIENCE, Role, WorldOptions, scenario};

#[tokio::test]
async fn a_snippet_is_filled_in_and_typed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl_shift("S")).await?;
        browser.see(Role::Dialog, "Snippets").await?;
        browser.press("New snippet").await?;
        browser.fill("Snippet name", "Greet").await?;
        browser
            .fill("Text*", "echo {{word}}-{{word}}-{{other}}")
            .await?;
        browser
            .press_role(Role::Checkbox, "Press Enter after it")
            .await?;
        browser.press("Save").await?;
        browser.see(Role::Button, "Insert Greet").await?;
        browser.key(Key::Escape).await?;
        browser.gone(Role::Dialog, "Snippets").await?;
        world.run("echo typed", "typed").await?;
        // By keys alone: the first of those found is taken.
        browser.chord(&Chord::ctrl_shift("S")).await?;
        browser.see(Role::Button, "Insert Greet").await?;
        browser.enter("gree").await?;
        browser.fill("word", "{{other}}").await?;
        browser.fill("other", "hi").await?;
        browser
            .says("echo {{other}}-{{other}}-hi", PATIENCE)
            .await?;
        browser.press("Insert").await?;
        browser.shows("{{other}}-{{other}}-hi").await?;
        // Another page finds it, and can delete it.
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        browser.shows("{{other}}-{{other}}-hi").await?;
        browser.chord(&Chord::ctrl_shift("S")).await?;
        browser.press("Delete Greet").await?;
        browser.gone(Role::Button, "Insert Greet").await?;
        browser.key(Key::Escape).await?;
        world.run("echo back", "back").await
    })
    .await
}

#[tokio::test]
async fn a_snippet_of_several_lines_is_a_question_first() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press("Commands").await?;
        browser.fill("Command", "snippets").await?;
        browser.key(Key::Enter).await?;
        browser.press("New snippet").await?;
        browser
            .fill("Text*", "echo one >> made\necho two >> made\n")
            .await?;
        browser.press("Save").await?;
        browser.press("Insert echo one*").await?;
        browser.see(Role::Dialog, "Paste several lines?").await?;
        browser.press("Cancel").await?;
        world.run("ls made; echo asked", "asked").await?;
        assert_eq!(world.server()?.file("made"), "");
        Ok(())
    })
    .await
}
