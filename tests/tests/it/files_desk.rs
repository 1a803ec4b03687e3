//! The list of a folder: its order, what is chosen in it, who owns it, and what leaves it by the clipboard.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::Key;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files_edit::place;
use crate::files_screen::{click, open, press_key};

/// Names of the rows from top to bottom, and the columns that say that they order them.
const ROWS: &str = "const place = (row) => Number(row.getAttribute('aria-rowindex'));
    const rows = [...document.querySelectorAll('[role=row][aria-label]')];
    const sorted = document.querySelectorAll('[role=columnheader][aria-sort]');
    return [rows.sort((a, b) => place(a) - place(b)).map((row) => row.getAttribute('aria-label')).join(' '),
            [...sorted].map((head) => `${head.textContent.trim()} ${head.getAttribute('aria-sort')}`).join()]";

async fn rows_are(browser: &Browser, names: &str, sorted: &str) -> Result<()> {
    let expected = json!([names, sorted]);
    until(format!("the rows are {expected}"), PATIENCE, async || {
        Ok(browser.script(ROWS, vec![]).await? == expected)
    })
    .await
}

/// A file with size, mode, owner and days of age.
fn aged(world: &World, name: &str, size: usize, mode: u32, (user, days): (u32, u64)) -> Result<()> {
    let path = place(world, name, "x".repeat(size), mode)?;
    chown(&path, Some(user), Some(user))?;
    let age = Duration::from_hours(24 * days);
    let file = fs::File::options().write(true).open(path)?;
    Ok(file.set_modified(SystemTime::now() - age)?)
}

#[tokio::test]
async fn each_column_orders_the_rows_both_ways() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        aged(world, "a", 1000, 0o644, (48021, 2))?;
        aged(world, "b", 10, 0o700, (0, 3))?;
        aged(world, "c", 100, 0o400, (48022, 1))?;
        fs::create_dir(world.server()?.home().join("folder"))?;
        open(world).await?;
        rows_are(browser, "folder a b c", "Name ↑ ascending").await?;
        for (column, shown, up, down) in [
            ("Sort by size", "Size", "b c a", "a c b"),
            ("Sort by modified", "Modified", "b a c", "c a b"),
            ("Sort by permissions", "Permissions", "c a b", "b a c"),
            ("Sort by owner", "Owner", "b a c", "c a b"),
            ("Sort by name", "Name", "a b c", "c b a"),
        ] {
            // Folders stay above files.
            for (order, arrow, way) in [(up, "↑", "ascending"), (down, "↓", "descending")] {
                browser.press(column).await?;
                let (names, sorted) = (format!("folder {order}"), format!("{shown} {arrow} {way}"));
                rows_are(browser, &names, &sorted).await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn links_tell_where_they_lead_and_hidden_names_are_shown_when_asked() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let home = world.server()?.home();
        fs::create_dir(home.join("real"))?;
        symlink("real", home.join("way"))?;
        symlink("no/where", home.join("broken"))?;
        fs::write(home.join(".secret"), "x")?;
        open(world).await?;
        browser.says("→ real", PATIENCE).await?;
        browser.says("→ no/where", PATIENCE).await?;
        browser.gone(Role::Row, ".secret").await?;
        browser.press("Hidden files").await?;
        browser.see(Role::Row, ".secret").await?;
        browser.press("Hidden files").await?;
        browser.gone(Role::Row, ".secret").await?;
        // A link to a folder leads into it.
        click(browser, "way").await?;
        press_key(browser, Key::Enter + "").await?;
        browser.says("Empty folder", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn several_are_chosen_and_their_paths_copied() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        let home = world.server()?.home();
        for name in ["a", "b", "c", "two words"] {
            fs::write(home.join(name), "12345")?;
        }
        open(world).await?;
        let copies = async |paths: &[String]| {
            browser.press("Copy path").await?;
            let expected = json!(paths.join("\n"));
            until(format!("{expected} is copied"), PATIENCE, async || {
                let read = "return navigator.clipboard.readText()";
                Ok(browser.script(read, vec![]).await? == expected)
            })
            .await
        };
        let path = |name: &str| home.join(name).display().to_string();
        // Nothing is chosen: the folder itself.
        copies(&[home.display().to_string()]).await?;
        click(browser, "two words").await?;
        copies(&[path("two words")]).await?;
        press_key(browser, Key::Home + "").await?;
        press_key(browser, Key::Shift + Key::Down).await?;
        browser.says("2 of 4 chosen, 10 B", PATIENCE).await?;
        copies(&[path("a"), path("b")]).await?;
        press_key(browser, Key::Control + "a").await?;
        browser.says("4 of 4 chosen, 20 B", PATIENCE).await
    })
    .await
}

/// Lets the server's SFTP subsystem do what an administrator may.
fn rule_files(world: &World) -> Result<()> {
    let server = world.server()?;
    let usual = "/usr/lib/openssh/sftp-server";
    let copy = server.home().join(".ssh/sftp-server");
    fs::copy(usual, &copy)?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o4755))?;
    let copy = copy.to_str().context("the folder's path is not text")?;
    server.inside(&["mount", "--bind", copy, usual])?;
    Ok(())
}

/// Types a number into the dialog that is open, and sets it.
async fn set_number(browser: &Browser, field: &str, number: &str) -> Result<()> {
    let field = browser.see(Role::Textbox, field).await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(number).await?;
    browser.press("Set permissions").await
}

#[tokio::test]
async fn owner_and_group_are_set_and_nothing_else_is_touched() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        rule_files(world)?;
        let browser = world.browser();
        aged(world, "one", 1, 0o600, (48021, 1))?;
        aged(world, "two", 1, 0o644, (48022, 2))?;
        let home = world.server()?.home();
        let has = |name: &str| -> Result<(u32, u32, u32)> {
            let found = fs::metadata(home.join(name))?;
            Ok((found.uid(), found.gid(), found.mode() & 0o7777))
        };
        let comes_to = async |one: (u32, u32, u32), two: (u32, u32, u32)| {
            until(format!("{one:?} and {two:?}"), PATIENCE, async || {
                Ok((has("one")?, has("two")?) == (one, two))
            })
            .await
        };
        open(world).await?;
        browser.see(Role::Row, "two").await?;
        press_key(browser, Key::Control + "a").await?;
        browser.press("Permissions").await?;
        set_number(browser, "Group number", "48023").await?;
        comes_to((48021, 48023, 0o600), (48022, 48023, 0o644)).await?;
        click(browser, "one").await?;
        browser.press("Permissions").await?;
        set_number(browser, "User number", "48024").await?;
        comes_to((48024, 48023, 0o600), (48022, 48023, 0o644)).await?;
        browser.says("48024:48023", PATIENCE).await?;
        browser.press("Permissions").await?;
        set_number(browser, "Octal", "0640").await?;
        comes_to((48024, 48023, 0o640), (48022, 48023, 0o644)).await
    })
    .await
}

#[tokio::test]
async fn an_owner_that_may_not_be_given_away_is_told() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        aged(world, "mine", 1, 0o600, (48021, 1))?;
        open(world).await?;
        click(browser, "mine").await?;
        browser.press("Permissions").await?;
        set_number(browser, "User number", "0").await?;
        browser.says("permission denied", PATIENCE).await?;
        let found = fs::metadata(world.server()?.home().join("mine"))?;
        ensure!((found.uid(), found.mode() & 0o7777) == (48021, 0o600));
        Ok(())
    })
    .await
}
