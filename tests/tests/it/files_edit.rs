//! Texts on the server, edited in place.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use thirtyfour::{Key, WebElement};
use transom_tests::server::PASSWORD;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files_screen::{click, open};

/// Number of the account and its group.
const ACCOUNT: u32 = 48021;

/// A file of the account in its home.
pub(crate) fn place(
    world: &World,
    name: &str,
    content: impl AsRef<[u8]>,
    mode: u32,
) -> Result<PathBuf> {
    let file = world.server()?.home().join(name);
    fs::write(&file, content)?;
    fs::set_permissions(&file, fs::Permissions::from_mode(mode))?;
    chown(&file, Some(ACCOUNT), Some(ACCOUNT))?;
    Ok(file)
}

/// Opens the screen and a file in the editor, and gives the text.
pub(crate) async fn edit(world: &World, name: &str) -> Result<WebElement> {
    open(world).await?;
    let browser = world.browser();
    click(browser, name).await?;
    browser.press("Edit").await?;
    browser.see(Role::Dialog, name).await?;
    text(browser).await
}

pub(crate) async fn text(browser: &Browser) -> Result<WebElement> {
    browser.see(Role::Textbox, "Text").await
}

/// Types at the end of the text.
pub(crate) async fn add(browser: &Browser, words: &str) -> Result<()> {
    let text = text(browser).await?;
    text.send_keys(Key::Control + Key::End).await?;
    text.send_keys(words).await?;
    browser.says("Not saved yet", PATIENCE).await
}

pub(crate) async fn holds(file: &Path, content: &str) -> Result<()> {
    let what = format!("{} holds {content:?}", file.display());
    until(what, PATIENCE, async || {
        Ok(fs::read(file).is_ok_and(|found| found == content.as_bytes()))
    })
    .await
}

#[tokio::test]
async fn an_edit_is_saved_whole_with_mode_and_owner_and_the_ends_of_lines() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let content = "\u{feff}[a]\r\n\tport = 1\r\n";
        let file = place(world, "app.conf", content, 0o640)?;
        let before = fs::metadata(&file)?.ino();
        edit(world, "app.conf").await?;
        let lines =
            "return document.querySelectorAll('.editor .cm-lineNumbers .cm-gutterElement').length";
        ensure!(
            browser.script(lines, vec![]).await?.as_u64() >= Some(3),
            "no numbers of lines"
        );
        let text = text(browser).await?;
        text.send_keys(Key::Control + Key::End).await?;
        text.send_keys(Key::Up + Key::End).await?;
        // The new line begins as the one above it.
        text.send_keys(Key::Enter + "host = ä").await?;
        browser.says("Not saved yet", PATIENCE).await?;
        text.send_keys(Key::Control + "s").await?;
        browser.says("Saved", PATIENCE).await?;
        holds(&file, "\u{feff}[a]\r\n\tport = 1\r\n\thost = ä\r\n").await?;
        let now = fs::metadata(&file)?;
        ensure!(now.mode() & 0o7777 == 0o640 && now.uid() == ACCOUNT && now.gid() == ACCOUNT);
        ensure!(now.ino() != before, "it was written in place");
        browser.press("Close").await?;
        browser.gone(Role::Dialog, "app.conf").await?;
        let left = super::files::names(world)?;
        ensure!(left == ["app.conf"], "{left:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_that_somebody_changed_is_shown_beside_ones_own_and_not_written_over() -> Result<()>
{
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let file = place(world, "notes.txt", "one\ntwo\n", 0o644)?;
        edit(world, "notes.txt").await?;
        add(browser, "mine").await?;
        // As long as before and within the same second: only the bytes tell.
        let before = fs::metadata(&file)?.modified()?;
        fs::write(&file, "ONE\ntwo\n")?;
        fs::File::options()
            .write(true)
            .open(&file)?
            .set_modified(before)?;
        browser.press("Save").await?;
        browser.says("Somebody changed this file", PATIENCE).await?;
        holds(&file, "ONE\ntwo\n").await?;
        browser.see(Role::Textbox, "On the server").await?;
        browser.see(Role::Textbox, "Yours").await?;
        browser.press("Save a copy").await?;
        browser.says("Saved as notes (2).txt", PATIENCE).await?;
        holds(&file, "ONE\ntwo\n").await?;
        let copy = world.server()?.home().join("notes (2).txt");
        holds(&copy, "one\ntwo\nmine").await?;
        // From now on the copy is edited.
        add(browser, "!").await?;
        fs::write(&copy, "theirs")?;
        browser.press("Save").await?;
        browser.press("Reload").await?;
        until("their text is shown", PATIENCE, async || {
            Ok(text(browser).await?.text().await? == "theirs")
        })
        .await?;
        text(browser).await?.send_keys(Key::Control + "z").await?;
        browser.says("Not saved yet", PATIENCE).await?;
        fs::remove_file(&copy)?;
        browser.press("Save").await?;
        browser.says("no longer on the server", PATIENCE).await?;
        browser.press("Replace anyway").await?;
        holds(&copy, "one\ntwo\nmine!").await
    })
    .await
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_left_alone_and_the_text_kept() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let file = place(world, "fixed.yaml", "a: 1\n", 0o444)?;
        edit(world, "fixed.yaml").await?;
        add(browser, "b: 2").await?;
        browser.press("Save").await?;
        browser.says("you may only read", PATIENCE).await?;
        browser.says("mode 0444", PATIENCE).await?;
        holds(&file, "a: 1\n").await?;
        browser.press("Save a copy").await?;
        holds(&world.server()?.home().join("fixed (2).yaml"), "a: 1\nb: 2").await
    })
    .await
}

#[tokio::test]
async fn what_is_no_text_is_refused_with_the_reason() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let home = world.server()?.home();
        let long = vec![b'a'; 4_000_001];
        let files: [(&str, &[u8], &str); 4] = [
            ("latin.txt", b"gr\xfcn", "not in UTF-8"),
            ("wide.txt", b"\xff\xfea\0", "UTF-16"),
            ("data.txt", b"a\0b", "This is no text"),
            ("long.txt", &long, "4.0 MB are too much"),
        ];
        for (name, content, _) in &files {
            fs::write(home.join(name), content)?;
        }
        open(world).await?;
        for (name, _, reason) in &files {
            click(browser, name).await?;
            browser.press("Edit").await?;
            browser.says(reason, PATIENCE).await?;
            ensure!(
                browser.find(Role::Button, "Save").await?.is_none(),
                "{name}"
            );
            browser.press("Close").await?;
            browser.gone(Role::Dialog, name).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_text_outlives_its_connection_and_is_saved_over_the_next_one() -> Result<()> {
    let options = WorldOptions {
        expected: vec!["WebSocket connection to"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        let file = place(world, "run.sh", "#!/bin/sh\n", 0o755)?;
        edit(world, "run.sh").await?;
        add(world.browser(), "echo kept").await?;
        // Nothing else is fetched while the relay is away.
        let kept = "return navigator.serviceWorker.ready.then(() => true)";
        world.browser().script(kept, vec![]).await?;
        let (relay, artifacts) = world.relay_mut();
        relay.restart(artifacts).await?;
        let browser = world.browser();
        browser.status("Disconnected", PATIENCE).await?;
        browser.press("Save").await?;
        browser.says("the connection is lost", PATIENCE).await?;
        browser.press("Files").await?;
        browser.press("Reconnect").await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        browser.press("Files").await?;
        ensure!(text(browser).await?.text().await?.contains("echo kept"));
        browser.press("Save").await?;
        browser.says("Saved", PATIENCE).await?;
        holds(&file, "#!/bin/sh\necho kept").await?;
        ensure!(fs::metadata(&file)?.mode() & 0o7777 == 0o755);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn leaving_unsaved_changes_asks_and_the_keyboard_is_never_caught() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let file = place(world, "list", "a\n", 0o644)?;
        let text = edit(world, "list").await?;
        text.send_keys(Key::Control + "f").await?;
        let field = browser.see(Role::Textbox, "Find").await?;
        field.send_keys(Key::Escape + "").await?;
        browser.gone(Role::Textbox, "Find").await?;
        add(browser, "b").await?;
        // Tab belongs to the text; Esc leads out of it.
        text.send_keys(Key::Escape + "").await?;
        let focused = "return document.activeElement.textContent";
        ensure!(browser.script(focused, vec![]).await? == "Close");
        browser.press("Close").await?;
        browser.see(Role::Dialog, "Save your changes?").await?;
        browser.press("Keep editing").await?;
        browser.gone(Role::Dialog, "Save your changes?").await?;
        // So does what would end the connection.
        browser.press("Close 127.0.0.1").await?;
        browser.see(Role::Dialog, "Save your changes?").await?;
        let save = "[...document.querySelectorAll('dialog button')].find((it) => it.textContent === 'Save').click()";
        browser.script(save, vec![]).await?;
        browser.gone(Role::Dialog, "list").await?;
        holds(&file, "a\nb").await
    })
    .await
}
