//! Finding text in the scrollback, with the keyboard alone.

use anyhow::Result;
use thirtyfour::Key;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, WorldOptions, scenario, until};

/// Waits until the bar says exactly `words`.
pub(crate) async fn says(browser: &Browser, words: &str) -> Result<()> {
    let read = "return document.querySelector('.search [role=status]').textContent";
    until(format!("the bar says \"{words}\""), PATIENCE, async || {
        Ok(browser.script(read, vec![]).await?.as_str() == Some(words))
    })
    .await
}

/// Whether a choice of the bar is on.
async fn is_on(browser: &Browser, name: &str) -> Result<bool> {
    let choice = browser.see(Role::Button, name).await?;
    Ok(choice.attr("aria-pressed").await?.as_deref() == Some("true"))
}

#[tokio::test]
async fn matches_are_counted_and_stepped_through() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        world
            .run("clear; seq -f 'Row %g row' 1 41; echo end", "end")
            .await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.see(Role::Textbox, "Find").await?;
        browser.type_text("Row ").await?;
        // The capital and the small one; the command's own line scrolled by `clear`.
        says(browser, "1 of 41").await?;
        browser.key(Key::Enter).await?;
        browser.key(Key::Enter).await?;
        says(browser, "3 of 41").await?;
        browser.shows_in("Row 3 row").await?;
        browser
            .chord(&Chord::new(vec![Key::Shift], char::from(Key::Enter)))
            .await?;
        says(browser, "2 of 41").await?;
        // What comes later is counted too.
        browser.key(Key::Escape).await?;
        browser.gone(Role::Textbox, "Find").await?;
        world.run("echo typed", "typed").await
    })
    .await
}

/// Waits until the only row with this text is in sight, and the bar is elsewhere.
async fn not_covered(browser: &Browser, text: &str) -> Result<()> {
    let apart = "
        const bar = document.querySelector('.search').getBoundingClientRect();
        const row = [...document.querySelectorAll('.xterm-rows > div')]
            .find((row) => row.textContent.includes(arguments[0]))?.getBoundingClientRect();
        const screen = document.querySelector('.screen').getBoundingClientRect();
        return !!row && row.top >= screen.top - 1 && row.bottom <= screen.bottom + 1
            && (row.top >= bar.bottom || row.bottom <= bar.top);";
    until(format!("{text} is beside the bar"), PATIENCE, async || {
        let apart = browser.script(apart, vec![text.into()]).await?;
        Ok(apart == true)
    })
    .await
}

#[tokio::test]
async fn on_a_narrow_screen_the_bar_does_not_hide_what_is_found() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        browser.resize(400, 800).await?;
        world.log_in().await?;
        world.run("clear; echo nee''dle; echo e''nd", "end").await?;
        // There is nothing above it.
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "needle").await?;
        says(browser, "1 of 1").await?;
        not_covered(browser, "needle").await?;
        browser.key(Key::Escape).await?;
        browser.gone(Role::Textbox, "Find").await?;
        let rows = browser.screen().await?.len();
        let line = format!(
            "clear; seq 2000 2200; echo nee''dle; seq 3000 {}; echo la''st",
            2994 + rows
        );
        world.run(&line, "last").await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "needle").await?;
        says(browser, "1 of 1").await?;
        not_covered(browser, "needle").await
    })
    .await
}

#[tokio::test]
async fn case_words_and_patterns_are_chosen_by_keys() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser
            .enter("clear; printf 'Cat cat\\nconcat\\ncut 7\\n'; echo e''nd")
            .await?;
        browser.shows("end").await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "cat").await?;
        says(browser, "1 of 3").await?;
        browser.chord(&Chord::alt("c")).await?;
        says(browser, "1 of 2").await?;
        assert!(is_on(browser, "Match case").await?);
        browser.chord(&Chord::alt("w")).await?;
        says(browser, "1 of 1").await?;
        browser.press("Match case").await?;
        browser.press("Whole word").await?;
        browser.fill("Find", "c.t").await?;
        says(browser, "Not found").await?;
        browser.chord(&Chord::alt("r")).await?;
        says(browser, "1 of 4").await?;
        browser.fill("Find", "c(").await?;
        browser
            .says("Wrong pattern: Unterminated group", PATIENCE)
            .await?;
        browser.fill("Find", r"^c\w+ \d").await?;
        says(browser, "1 of 1").await?;
        browser.press("Close search").await?;
        world.run("echo typed", "typed").await
    })
    .await
}
