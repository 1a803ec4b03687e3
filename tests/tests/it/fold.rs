//! Outputs of commands are folded: their rows are out of the way, and nothing of them is lost.

use anyhow::{Context, Result, ensure};
use thirtyfour::Key;
use transom_tests::{
    Browser, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until, until_some,
};

use crate::blocks::{badges, deed, marking};
use crate::find::says;

/// Writes a red line and then numbers, more than a screen holds.
const LONG: &str = "printf '\\033[31mcrim''son\\033[0m\\n'; seq 1100 1160";

/// Rows that are drawn in red.
const RED: &str = "
return [...document.querySelectorAll('.xterm-rows .xterm-fg-1')].map((it) => it.textContent.trim()).join();";

/// Runs [`LONG`] and another command after it.
async fn long_and_short(world: &World) -> Result<()> {
    marking(world).await?;
    world.run(LONG, "1160").await?;
    world.run("echo sh''ort", "short").await?;
    badges(world.browser(), |all| all.contains('✓')).await
}

/// Goes to the prompt of the command before the last one.
async fn up_twice(browser: &Browser) -> Result<()> {
    for _step in 0..2 {
        browser
            .chord(&Chord::ctrl_shift(char::from(Key::Up)))
            .await?;
    }
    browser.shows("crimson").await
}

async fn fold_key(browser: &Browser) -> Result<()> {
    browser.chord(&Chord::ctrl_shift("[")).await
}

/// The rows from that of the long command on, once `good` holds for those after it.
async fn rows_after(
    browser: &Browser,
    what: &str,
    good: impl Fn(&[String]) -> bool,
) -> Result<Vec<String>> {
    let mut last = vec![];
    let seen = until_some(what, PATIENCE, async || {
        last = browser.screen().await?;
        let place = last.iter().position(|row| row.contains("seq 1100 1160"));
        let rows = place.and_then(|place| last.get(place + 1..));
        Ok(rows.filter(|rows| good(rows)).map(<[String]>::to_vec))
    });
    seen.await.with_context(|| last.join("\n"))
}

fn begins(rows: &[String], expected: &[&str]) -> bool {
    rows.len() >= expected.len() && rows.iter().zip(expected).all(|(row, text)| row == text)
}

#[tokio::test]
async fn a_fold_takes_the_rows_away_and_brings_the_same_ones_back() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        long_and_short(world).await?;
        let browser = world.browser();
        up_twice(browser).await?;
        let before = rows_after(browser, "the output", |rows| rows.len() > 5).await?;
        let red = browser.script(RED, vec![]).await?;
        ensure!(
            red.as_str().is_some_and(|red| red.contains("crimson")),
            "{red}"
        );
        fold_key(browser).await?;
        browser.says("The output is folded", PATIENCE).await?;
        let short = ["ready> echo sh''ort", "short"];
        rows_after(browser, "what comes next follows", |rows| {
            begins(rows, &short)
        })
        .await?;
        // Output goes on below meanwhile.
        world.run("echo mo''re", "more").await?;
        rows_after(browser, "the order is kept", |rows| {
            begins(rows, &short) && rows.iter().any(|row| row == "more")
        })
        .await?;
        // The button says what it does, and for which command.
        let button = browser
            .see(Role::Button, "Unfold 62 lines of printf*")
            .await?;
        ensure!(button.attr("aria-expanded").await?.as_deref() == Some("false"));
        button.click().await?;
        // The view may show fewer of them than before.
        rows_after(browser, "the same rows", |rows| {
            rows.len() > 5 && before.starts_with(rows)
        })
        .await?;
        let red = browser.script(RED, vec![]).await?;
        ensure!(
            red.as_str().is_some_and(|red| red.contains("crimson")),
            "{red}"
        );
        browser.press("Fold the output of printf*").await?;
        rows_after(browser, "it is folded again", |rows| begins(rows, &short)).await?;
        // The keyboard has stayed in the terminal.
        world.run("echo ke''pt", "kept").await
    })
    .await
}

#[tokio::test]
async fn everything_is_folded_and_a_search_looks_into_it() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        long_and_short(world).await?;
        let browser = world.browser();
        deed(browser, "fold all finished").await?;
        browser.says("3 outputs are folded", PATIENCE).await?;
        until("the rows are gone", PATIENCE, async || {
            Ok(!browser.screen().await?.iter().any(|row| row == "1160"))
        })
        .await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "1137").await?;
        says(browser, "1 of 1").await?;
        browser.shows("1137").await?;
        browser.key(Key::Escape).await?;
        browser.gone(Role::Textbox, "Find").await?;
        // What was found stays in sight, the others are folded again.
        browser.shows("1137").await?;
        deed(browser, "unfold all").await?;
        browser.says("2 outputs are unfolded", PATIENCE).await?;
        world.run("echo do''ne", "done").await?;
        deed(browser, "unfold all").await?;
        browser.says("No output is folded", PATIENCE).await?;
        browser.allow_clipboard(&world.relay().origin()).await?;
        world.run("seq 3", "3").await?;
        fold_key(browser).await?;
        browser.says("The output is folded", PATIENCE).await?;
        browser.chord(&Chord::ctrl_shift("Y")).await?;
        browser.says("The output is copied", PATIENCE).await?;
        let read = "return navigator.clipboard.readText()";
        assert_eq!(browser.script(read, vec![]).await?, "1\n2\n3");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_fold_outlives_another_width_and_a_cleared_screen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        marking(world).await?;
        let browser = world.browser();
        // One row of a wide terminal, two of a narrow one.
        let wide = "printf 'long%.0s' $(seq 20); echo en''ding; seq 1100 1160";
        world.run(wide, "1160").await?;
        deed(browser, "fold all finished").await?;
        browser.says("2 outputs are folded", PATIENCE).await?;
        let columns = "return document.querySelector('[role=listitem]').parentElement.clientWidth";
        let before = browser.script(columns, vec![]).await?.as_f64();
        browser.resize(640, 700).await?;
        until("the terminal is narrower", PATIENCE, async || {
            let now = browser.script(columns, vec![]).await?.as_f64();
            Ok(now.is_some_and(|now| before.is_some_and(|before| now < before)))
        })
        .await?;
        world.run("echo nar''row", "narrow").await?;
        // It clears the screen with the prompt of the fold.
        browser.chord(&Chord::ctrl("l")).await?;
        until("the screen is clear", PATIENCE, async || {
            Ok(!browser.screen().await?.iter().any(|row| row == "narrow"))
        })
        .await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "ending").await?;
        says(browser, "1 of 1").await?;
        let wrapped = |row: &str| row.ends_with("ending") && row.len() < "long".len() * 20;
        browser
            .row("the end of the line in a row of its own", PATIENCE, wrapped)
            .await?;
        browser.fill("Find", "1101").await?;
        says(browser, "1 of 1").await?;
        browser.key(Key::Escape).await?;
        world.run("echo do''ne", "done").await
    })
    .await
}

#[tokio::test]
async fn what_is_folded_is_kept_over_a_reload() -> Result<()> {
    scenario(
        Need::Share,
        WorldOptions::without_shared_workers(),
        async |world| {
            long_and_short(world).await?;
            let browser = world.browser();
            up_twice(browser).await?;
            fold_key(browser).await?;
            browser.says("The output is folded", PATIENCE).await?;
            browser.reload().await?;
            browser.shows_in("session lost").await?;
            browser.chord(&Chord::ctrl_shift("F")).await?;
            browser.fill("Find", "1137").await?;
            says(browser, "1 of 1").await?;
            browser.shows("1137").await
        },
    )
    .await
}

#[tokio::test]
async fn a_terminal_that_is_reset_folds_what_comes_then() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        long_and_short(world).await?;
        let browser = world.browser();
        deed(browser, "fold all finished").await?;
        browser.says("3 outputs are folded", PATIENCE).await?;
        world.run("printf '\\033c'; echo re''set", "reset").await?;
        // What was folded is gone, as all that was above.
        deed(browser, "unfold all").await?;
        browser.says("No output is folded", PATIENCE).await?;
        world.run("seq 1100 1160", "1160").await?;
        fold_key(browser).await?;
        browser.says("The output is folded", PATIENCE).await?;
        rows_after(browser, "the prompt follows", |rows| {
            begins(rows, &["ready>"])
        })
        .await?;
        world.run("echo do''ne", "done").await
    })
    .await
}

#[tokio::test]
async fn the_screen_of_a_program_that_runs_is_left_alone() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        marking(world).await?;
        let browser = world.browser();
        world.run("seq 3", "3").await?;
        world.run("echo runn''ing; cat", "running").await?;
        fold_key(browser).await?;
        browser.says("A command runs and may", PATIENCE).await?;
        browser.shows("3").await?;
        browser.chord(&Chord::ctrl("d")).await?;
        browser
            .see(Role::Button, "Fold the output of echo runn*")
            .await?;
        fold_key(browser).await?;
        browser.says("The output is folded", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn the_row_of_the_next_prompt_is_not_folded() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        marking(world).await?;
        let browser = world.browser();
        world.run("printf x", "xready>").await?;
        badges(browser, |all| all.matches('✓').count() == 2).await?;
        let (whole, part) = ("Fold the output of printf x*", "Fold the output of seq*");
        browser.gone(Role::Button, whole).await?;
        world.run("seq 2; printf y", "yready>").await?;
        browser.press(part).await?;
        browser.see(Role::Button, "Unfold 2 lines of seq*").await?;
        browser.shows("yready>").await
    })
    .await
}
