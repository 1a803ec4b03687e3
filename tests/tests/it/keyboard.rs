//! Keys of a person's own choice, and those that the browser would keep.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::Key;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, WorldOptions, scenario, until};

use crate::files_screen::{choose, local};

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

/// Waits until the tab of this place, from 1, is in front.
async fn in_front(browser: &Browser, place: u32) -> Result<()> {
    let front = "return [...document.querySelectorAll('[aria-label=Sessions] .tab-name')]
        .findIndex((tab) => tab.ariaCurrent === 'true') + 1";
    until(format!("tab {place} is in front"), PATIENCE, async || {
        Ok(browser.script(front, vec![]).await? == place)
    })
    .await
}

#[tokio::test]
async fn alt_and_a_number_lead_to_a_tab_and_else_to_the_shell() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let cat = "stty -icanon -echo; clear; echo ca''t; cat -v";
        world.run(cat, "cat").await?;
        browser.chord(&Chord::alt("1")).await?;
        browser.shows("^[1").await?;
        browser.new_tab(1).await?;
        browser.chord(&Chord::alt("1")).await?;
        in_front(browser, 1).await?;
        // There is no third one.
        browser.chord(&Chord::alt("3")).await?;
        browser.shows("^[1^[3").await?;
        browser.chord(&Chord::alt("2")).await?;
        in_front(browser, 2).await?;
        // Other keys, and the shell has these.
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Change the keys of Go to tab 1").await?;
        browser.says("Press the new keys", PATIENCE).await?;
        browser.key(Key::F9).await?;
        browser.press_role(Role::Rail, "Sessions").await?;
        browser.focus_terminal().await?;
        let cat = "stty -icanon -echo; clear; echo ca''t; cat -v";
        world.run(cat, "cat").await?;
        browser.chord(&Chord::alt("1")).await?;
        browser.shows("^[1").await?;
        browser.key(Key::F9).await?;
        in_front(browser, 1).await
    })
    .await
}

#[tokio::test]
async fn keys_that_select_words_do_so_in_a_field_and_change_no_tab() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.new_tab(1).await?;
        browser.chord(&Chord::ctrl_shift("F")).await?;
        browser.fill("Find", "some words").await?;
        let left = Chord::ctrl_shift(char::from(Key::Left));
        browser.chord(&left).await?;
        let selected = "const {value, selectionStart, selectionEnd} = document.activeElement;
            return value?.slice(selectionStart, selectionEnd)";
        ensure!(browser.script(selected, vec![]).await? == "words");
        in_front(browser, 2).await?;
        // In the terminal they lead to the next tab.
        browser.key(Key::Escape).await?;
        browser.focus_terminal().await?;
        browser.chord(&left).await?;
        in_front(browser, 1).await
    })
    .await
}

#[tokio::test]
async fn keys_show_the_files_and_ask_for_another_server() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl_shift("E")).await?;
        browser.see(Role::Grid, "Files").await?;
        browser.chord(&Chord::ctrl_shift("E")).await?;
        browser.gone(Role::Grid, "Files").await?;
        world.run("echo he''re", "here").await?;
        browser.chord(&Chord::ctrl_shift("O")).await?;
        browser.see(Role::Textbox, "Address").await?;
        // The keyboard is in the field already.
        let address = world.server()?.address().replace("127.0.0.1", "localhost");
        let focused = "return document.activeElement.id";
        until("the address can be typed", PATIENCE, async || {
            Ok(browser.script(focused, vec![]).await? == "address")
        })
        .await?;
        browser.enter(&address).await?;
        browser.see(Role::Dialog, "Unknown host key").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn on_home_the_key_for_another_server_leads_into_the_field() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.fill("Address", "ops@web-1").await?;
        let blur = "document.activeElement.blur(); return history.length";
        let before = browser.script(blur, vec![]).await?;
        browser.chord(&Chord::ctrl_shift("O")).await?;
        let focused = "return document.activeElement.id";
        assert_eq!(browser.script(focused, vec![]).await?, "address");
        // What was there is selected, and the way back is no longer than before.
        browser.type_text("db-1").await?;
        let typed = "return [document.activeElement.value, history.length]";
        let typed = browser.script(typed, vec![]).await?;
        assert_eq!(typed, json!(["db-1", before]));
        // The page in front is told where a screen reader looks for it.
        browser.press_role(Role::Rail, "Keys").await?;
        let current = "return [...document.querySelectorAll('.rail [aria-current]')]
            .map((it) => `${it.tagName} ${it.textContent} ${it.ariaCurrent}`)";
        until("the link is the current one", PATIENCE, async || {
            let current = browser.script(current, vec![]).await?;
            Ok(current == json!(["A Keys page"]))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_key_shows_the_transfers() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.chord(&Chord::ctrl_shift("J")).await?;
        browser.says("There are no transfers", PATIENCE).await?;
        browser.press("Files").await?;
        browser.see(Role::Grid, "Files").await?;
        browser.press("home").await?;
        let disk = tempfile::tempdir()?;
        choose(browser, &[&local(&disk, "brought.txt", 100)?]).await?;
        browser.see(Role::Progress, "brought.txt").await?;
        browser.chord(&Chord::ctrl_shift("E")).await?;
        browser.gone(Role::Grid, "Files").await?;
        world.run("echo he''re", "here").await?;
        browser.chord(&Chord::ctrl_shift("J")).await?;
        browser.see(Role::Region, "Transfers").await?;
        let inside = "return !!document.activeElement.closest('.transfers')";
        until("the transfers have the keyboard", PATIENCE, async || {
            Ok(browser.script(inside, vec![]).await? == true)
        })
        .await
    })
    .await
}

/// Waits until the button says this in its tooltip.
async fn tooltip(browser: &Browser, button: &str, words: &str) -> Result<()> {
    let button = browser.see(Role::Button, button).await?;
    until(format!("a tooltip says {words}"), PATIENCE, async || {
        Ok(button.attr("title").await?.as_deref() == Some(words))
    })
    .await
}

#[tokio::test]
async fn tooltips_name_the_keys_that_work() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        tooltip(browser, "Split right", "Split right (Alt+Shift+=)").await?;
        tooltip(browser, "Commands", "Commands (Ctrl+Shift+P)").await?;
        let same = "New tab on the same connection";
        tooltip(browser, "New tab", &format!("{same} (Alt+Shift+T)")).await?;
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Change the keys of New tab").await?;
        browser.says("Press the new keys", PATIENCE).await?;
        browser.key(Key::F9).await?;
        browser.press_role(Role::Rail, "Sessions").await?;
        tooltip(browser, "New tab", &format!("{same} (F9)")).await?;
        browser.focus_terminal().await?;
        browser.key(Key::F9).await?;
        in_front(browser, 2).await?;
        browser.shows("ready>").await?;
        browser.press("Split right").await?;
        tooltip(browser, "Zoom pane", "Zoom pane (Ctrl+Alt+Enter)").await?;
        tooltip(browser, "Close pane", "Close pane (Alt+Shift+W)").await
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
        let cat = "stty -icanon lnext undef werase undef; clear; echo ca''t; cat -v";
        world.run(cat, "cat").await?;
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
