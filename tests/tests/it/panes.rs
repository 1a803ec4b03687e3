//! Terminals side by side, on one connection.

use anyhow::{Context, Result};
use thirtyfour::{By, Key, WebElement};
use transom_tests::server::PROMPT;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files;

fn alt_shift(key: impl Into<String>) -> Chord {
    Chord::new(vec![Key::Alt, Key::Shift], key)
}

/// How many terminals a person sees.
pub(crate) async fn seen(browser: &Browser, count: usize) -> Result<()> {
    let terminals = "return [...document.querySelectorAll('section[aria-label^=Terminal]')]
        .filter((it) => it.checkVisibility({checkVisibilityCSS: true})).length";
    until(
        format!("{count} terminals are seen"),
        PATIENCE,
        async || Ok(browser.script(terminals, vec![]).await? == count),
    )
    .await
}

/// Waits until the keyboard is in the terminal called `name`.
pub(crate) async fn focused(browser: &Browser, name: &str) -> Result<()> {
    let script = "return document.activeElement?.closest('section')?.ariaLabel ?? null";
    until(format!("the keyboard is in {name}"), PATIENCE, async || {
        Ok(browser.script(script, vec![]).await? == name)
    })
    .await
}

/// Chooses an entry of the palette.
pub(crate) async fn choose(browser: &Browser, words: &str) -> Result<()> {
    browser.press("Commands").await?;
    browser.fill("Command", words).await?;
    browser.key(Key::Enter).await?;
    browser.gone(Role::Dialog, "Commands").await
}

/// Splits by the button of this name, and waits for the new shell.
pub(crate) async fn split(browser: &Browser, button: &str, name: &str) -> Result<()> {
    browser.press(button).await?;
    browser.see(Role::Region, name).await?;
    focused(browser, name).await?;
    browser.shows(PROMPT).await
}

/// Asks the shell that has the keyboard for its terminal.
async fn tty(world: &World) -> Result<String> {
    let _ = std::fs::remove_file(world.server()?.home().join("tty"));
    world.browser().enter("tty > tty").await?;
    until("the shell tells its terminal", PATIENCE, async || {
        Ok(!world.server()?.file("tty").is_empty())
    })
    .await?;
    Ok(world.server()?.file("tty"))
}

async fn width(element: &WebElement) -> Result<f64> {
    Ok(element.rect().await?.width)
}

async fn drag(browser: &Browser, from: &WebElement, by: (i64, i64)) -> Result<()> {
    browser
        .driver()
        .action_chain()
        .move_to_element_center(from)
        .click_and_hold()
        .move_by_offset(by.0, by.1)
        .release()
        .perform()
        .await?;
    Ok(())
}

#[tokio::test]
async fn three_panes_are_three_shells_of_one_log_in() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let first = tty(world).await?;
        split(browser, "Split right", "Terminal 2").await?;
        let second = tty(world).await?;
        browser.chord(&alt_shift("_")).await?;
        browser.see(Role::Region, "Terminal 3").await?;
        focused(browser, "Terminal 3").await?;
        browser.shows(PROMPT).await?;
        let third = tty(world).await?;
        assert!(first != second && second != third && first != third);
        assert_eq!(world.server()?.attempts("password"), 1);
        // The arrows go where the eyes see it.
        browser.chord(&alt_shift(char::from(Key::Up))).await?;
        focused(browser, "Terminal 2").await?;
        assert_eq!(tty(world).await?, second);
        browser.chord(&alt_shift(char::from(Key::Left))).await?;
        focused(browser, "Terminal").await?;
        assert_eq!(tty(world).await?, first);
        // A closed pane gives its area to the one beside it.
        browser.chord(&alt_shift(char::from(Key::Right))).await?;
        browser.chord(&alt_shift("W")).await?;
        seen(browser, 2).await?;
        focused(browser, "Terminal 2").await?;
        assert_eq!(tty(world).await?, third);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn three_panes_and_a_transfer_share_one_log_in() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        files::begin(world).await?;
        let browser = world.browser();
        let upload = files::js(
            world,
            "const file = await files.make('large', 40_000_003);
             return files.upload('uploaduploadupload', 'large.bin', file);",
        );
        let shells = async {
            let mut ttys = vec![tty(world).await?];
            split(browser, "Split right", "Terminal 2").await?;
            ttys.push(tty(world).await?);
            split(browser, "Split down", "Terminal 3").await?;
            ttys.push(tty(world).await?);
            anyhow::Ok(ttys)
        };
        let (upload, ttys) = tokio::try_join!(upload, shells)?;
        assert_eq!(files::state(&upload), "done", "{upload:#}");
        let large = world.server()?.home().join("large.bin");
        assert_eq!(std::fs::metadata(large)?.len(), 40_000_003);
        let different: std::collections::HashSet<_> = ttys.iter().collect();
        assert_eq!(different.len(), 3, "{ttys:?}");
        let log = world.server()?.log();
        let count = |words: &str| log.lines().filter(|line| line.contains(words)).count();
        assert_eq!(count("Accepted "), 1, "log-ins:\n{log}");
        assert_eq!(count("Connection from "), 1, "connections:\n{log}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_zoomed_pane_has_the_whole_tab_for_a_while() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        split(browser, "Split right", "Terminal 2").await?;
        let half = width(&browser.see(Role::Region, "Terminal 2").await?).await?;
        let zoom = Chord::new(vec![Key::Control, Key::Alt], char::from(Key::Enter));
        browser.chord(&zoom).await?;
        seen(browser, 1).await?;
        let whole = width(&browser.see(Role::Region, "Terminal 2").await?).await?;
        assert!(whole > 1.9 * half, "{half} {whole}");
        browser.press("Show all panes").await?;
        seen(browser, 2).await
    })
    .await
}

#[tokio::test]
async fn a_divider_is_moved_by_the_mouse_and_by_the_keyboard() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        split(browser, "Split right", "Terminal 2").await?;
        let divider = browser.see(Role::Separator, "Resize panes").await?;
        let now = async || {
            let value = divider.attr("aria-valuenow").await?;
            value
                .context("no value")?
                .parse::<u32>()
                .context("a number")
        };
        assert_eq!(now().await?, 50);
        drag(browser, &divider, (-200, 0)).await?;
        until("the divider is moved", PATIENCE, async || {
            Ok(now().await? < 40)
        })
        .await?;
        let dragged = now().await?;
        divider
            .send_keys(char::from(Key::Right).to_string())
            .await?;
        until("a key moves it", PATIENCE, async || {
            Ok(now().await? == dragged + 2)
        })
        .await?;
        divider.send_keys(char::from(Key::Home).to_string()).await?;
        until("it stops at its bound", PATIENCE, async || {
            Ok(now().await? == 10)
        })
        .await?;
        // The shell was told of its new size.
        browser.focus_terminal().await?;
        browser
            .enter("[ $(tput cols) -lt 40 ] && echo nar''row")
            .await?;
        browser
            .row("a narrow terminal", PATIENCE, |row| row.contains("narrow"))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_pane_is_moved_by_its_bar_and_by_commands() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.enter("echo le''ft").await?;
        browser.shows("left").await?;
        split(browser, "Split right", "Terminal 2").await?;
        browser.enter("echo ri''ght").await?;
        browser.shows("right").await?;
        choose(browser, "move the pane to the left").await?;
        focused(browser, "Terminal").await?;
        browser.shows("right").await?;
        // Its bar is dragged over the right half of the other one.
        let bar = browser
            .driver()
            .find(By::Css(".pane.focused .pane-bar .pane-host"))
            .await?;
        drag(browser, &bar, (1000, 300)).await?;
        focused(browser, "Terminal 2").await?;
        browser.shows("right").await?;
        choose(browser, "tab of its own").await?;
        seen(browser, 1).await?;
        browser.shows("right").await?;
        browser.tab(0).await?;
        browser.shows("left").await?;
        browser.tab(1).await?;
        choose(browser, "tab on the left").await?;
        seen(browser, 2).await
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_one_pane_at_a_time() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        split(browser, "Split down", "Terminal 2").await?;
        browser.enter("echo sec''ond").await?;
        browser.shows("second").await?;
        browser.resize(420, 800).await?;
        seen(browser, 1).await?;
        browser.enter("printf '\\033]0;coun''ting\\007'").await?;
        // A sheet from below lists them by their titles.
        browser.press("Panes, 2 of 2").await?;
        let sheet = browser.see(Role::Dialog, "Panes").await?;
        let rect = "const rect = document.querySelector('.pane-sheet').getBoundingClientRect();
            return [rect.left, rect.right - innerWidth, rect.bottom - innerHeight].every((off) => Math.abs(off) < 1)";
        assert_eq!(browser.script(rect, vec![]).await?, true);
        until("both are listed with their titles", PATIENCE, async || {
            let text = sheet.text().await?;
            Ok(text.contains("Terminal 1") && text.contains("counting"))
        })
        .await?;
        browser.press("Terminal 1 127.0.0.1*").await?;
        browser.gone(Role::Dialog, "Panes").await?;
        browser.see(Role::Region, "Terminal").await?;
        seen(browser, 1).await?;
        world.run("echo fi''rst", "first").await?;
        browser.press("Panes, 1 of 2").await?;
        browser.press("Terminal 2 127.0.0.1*").await?;
        browser.see(Role::Region, "Terminal 2").await?;
        browser.shows("second").await?;
        // The keyboard is there as well.
        world.run("echo thi''rd", "third").await
    })
    .await
}
