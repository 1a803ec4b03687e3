//! Rows of the list that are dragged: into a folder, to a crumb, onto a terminal, out of the window.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::{Key, WebElement};
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files_screen::{click, downloads_into, open, press_key};

/// Drags by the mouse, as a hand does: it begins slowly and ends on the target.
async fn drag(browser: &Browser, from: &WebElement, to: &WebElement) -> Result<()> {
    let (from, to) = (from.rect().await?, to.rect().await?);
    let middle =
        |rect: &thirtyfour::ElementRect| (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
    let (begin, end) = (middle(&from), middle(&to));
    let near = (begin.0 + 8.0, begin.1 + 8.0);
    let session = browser.page_session().await?;
    let steps = [
        ("mousePressed", begin),
        ("mouseMoved", near),
        ("mouseMoved", end),
        ("mouseMoved", (end.0 + 1.0, end.1)),
        ("mouseReleased", (end.0 + 1.0, end.1)),
    ];
    for (kind, (x, y)) in steps {
        let params =
            json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1});
        browser
            .devtools()
            .call(Some(&session), "Input.dispatchMouseEvent", params)
            .await?;
    }
    Ok(())
}

/// Files of the account, in its home and in a folder there.
fn plant(world: &World) -> Result<()> {
    let home = world.server()?.home();
    fs::create_dir(home.join("into"))?;
    fs::write(home.join("a b.txt"), "a file")?;
    fs::write(home.join("other.txt"), "another one")?;
    for name in ["into", "a b.txt", "other.txt"] {
        std::os::unix::fs::chown(home.join(name), Some(48021), Some(48021))?;
    }
    Ok(())
}

async fn is_there(path: &Path) -> Result<()> {
    until("the file is there", PATIENCE, async || Ok(path.exists())).await
}

/// Begins to drag a row by the page's own event, since a browser without a screen has no other windows.
const BEGIN: &str =
    "const row = document.querySelector(`[role=row][aria-label='${arguments[0]}']`);
    window.dragged = new DataTransfer();
    const how = {dataTransfer: window.dragged, bubbles: true, cancelable: true};
    row.dispatchEvent(new DragEvent('dragstart', how));
    return window.dragged.getData('text/plain')";

/// Ends it at a place of the window.
const END: &str = "const [name, x, y] = arguments;
    const row = document.querySelector(`[role=row][aria-label='${name}']`);
    const how = {dataTransfer: window.dragged, bubbles: true, clientX: x, clientY: y};
    row.dispatchEvent(new DragEvent('dragend', how))";

#[tokio::test]
async fn rows_that_are_dragged_on_a_folder_or_a_crumb_move_there() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        plant(world)?;
        let home = world.server()?.home();
        let browser = world.browser();
        open(world).await?;
        // All that is chosen goes along.
        click(browser, "a b.txt").await?;
        press_key(browser, Key::Shift + Key::Down).await?;
        let into = browser.see(Role::Row, "into").await?;
        let row = browser.see(Role::Row, "a b.txt").await?;
        drag(browser, &row, &into).await?;
        is_there(&home.join("into/a b.txt")).await?;
        is_there(&home.join("into/other.txt")).await?;
        browser.says("Moved 2 entries to ", PATIENCE).await?;
        browser.gone(Role::Row, "a b.txt").await?;
        // A row that was not chosen goes alone.
        click(browser, "into").await?;
        press_key(browser, Key::Enter + "").await?;
        let row = browser.see(Role::Row, "other.txt").await?;
        let crumb = browser.see(Role::Button, "home").await?;
        drag(browser, &row, &crumb).await?;
        is_there(&home.join("other.txt")).await?;
        browser.says("Moved 1 entry to ", PATIENCE).await?;
        ensure!(home.join("into/a b.txt").exists());
        // Where a name is taken, nothing is replaced.
        fs::write(home.join("into/other.txt"), "in the way")?;
        browser.press("home").await?;
        let row = browser.see(Role::Row, "other.txt").await?;
        let into = browser.see(Role::Row, "into").await?;
        drag(browser, &row, &into).await?;
        until("it is told", PATIENCE, async || {
            let notice = "return document.querySelector('.file-notice')?.textContent ?? ''";
            let told = browser.script(notice, vec![]).await?;
            Ok(told.as_str().is_some_and(|told| told.contains("other.txt")))
        })
        .await?;
        ensure!(world.server()?.file("other.txt") == "another one");
        ensure!(world.server()?.file("into/other.txt") == "in the way");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_that_is_dragged_out_of_the_window_is_downloaded() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        plant(world)?;
        let browser = world.browser();
        let disk = tempfile::tempdir()?;
        open(world).await?;
        downloads_into(browser, disk.path()).await?;
        // Where it ends inside of the window, nothing is meant.
        for (name, x) in [("other.txt", 200), ("a b.txt", -20)] {
            browser.see(Role::Row, name).await?;
            browser.script(BEGIN, vec![name.into()]).await?;
            let end = vec![name.into(), x.into(), 200.into()];
            browser.script(END, end).await?;
        }
        let there = disk.path().join("a b.txt");
        until("the file is downloaded", PATIENCE, async || {
            Ok(there.exists() && fs::read(&there)? == b"a file")
        })
        .await?;
        browser
            .says("It goes to the browser's downloads", PATIENCE)
            .await?;
        browser.says("1 transfer finished", PATIENCE).await?;
        ensure!(!disk.path().join("other.txt").exists());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_that_is_dropped_on_a_terminal_types_its_path() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        plant(world)?;
        let browser = world.browser();
        open(world).await?;
        browser.see(Role::Row, "a b.txt").await?;
        let text = browser.script(BEGIN, vec!["a b.txt".into()]).await?;
        let text = text.as_str().context("no text")?;
        let path = world.server()?.home().join("a b.txt");
        ensure!(text == format!("'{}' ", path.display()), "{text}");
        // As in a second window of the same connection.
        browser.press("Files").await?;
        let dropped = browser
            .script(
                "const how = {dataTransfer: window.dragged, bubbles: true, cancelable: true};
                 const terminal = document.querySelector('.terminal-region');
                 return ['dragover', 'drop'].map((kind) => !terminal.dispatchEvent(new DragEvent(kind, how)))",
                vec![],
            )
            .await?;
        ensure!(dropped == json!([true, true]), "{dropped}");
        browser.shows(&format!("ready> {}", text.trim_end())).await?;
        Ok(())
    })
    .await
}
