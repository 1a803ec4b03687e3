//! The Files screen: what a person does with files of the server, by role and name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{By, Key};
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Logs in and opens the screen at the account's home.
pub(crate) async fn open(world: &World) -> Result<()> {
    world.log_in().await?;
    let browser = world.browser();
    browser.press("Files").await?;
    browser.see(Role::Grid, "Files").await?;
    browser.press("home").await
}

/// SHA-256 of a file, by a program that is not ours.
pub(crate) fn digest(path: &Path) -> Result<String> {
    let output = Command::new("sha256sum").arg(path).output()?;
    ensure!(output.status.success(), "{}: no such file", path.display());
    let line = String::from_utf8(output.stdout)?;
    Ok(line
        .split(' ')
        .next()
        .unwrap_or_default()
        .trim_start_matches('\\')
        .to_owned())
}

/// A local file of bytes that repeat nowhere near.
pub(crate) fn local(folder: &TempDir, name: &str, size: u64) -> Result<PathBuf> {
    let path = folder.path().join(name);
    let mut source = fs::File::open("/dev/urandom")?;
    let mut target = fs::File::create(&path)?;
    std::io::copy(&mut std::io::Read::take(&mut source, size), &mut target)?;
    Ok(path)
}

/// Gives files to the page as its file picker would.
pub(crate) async fn choose(browser: &Browser, paths: &[&Path]) -> Result<()> {
    let input = By::Css("input[type=file][aria-label='Files to upload']");
    let input = browser.driver().find(input).await?;
    let paths: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    input.send_keys(paths.join("\n")).await?;
    Ok(())
}

/// Drops files or folders of the disk on an element, as a file manager would.
pub(crate) async fn drop_on(browser: &Browser, selector: &str, paths: &[&Path]) -> Result<()> {
    let middle = browser
        .script(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();
             return [box.x + box.width / 2, box.y + box.height / 2];",
            vec![selector.into()],
        )
        .await?;
    let session = browser.page_session().await?;
    for kind in ["dragEnter", "dragOver", "drop"] {
        let params = json!({
            "type": kind, "x": middle.get(0), "y": middle.get(1),
            "data": {"items": [], "files": paths, "dragOperationsMask": 1},
        });
        browser
            .devtools()
            .call(Some(&session), "Input.dispatchDragEvent", params)
            .await?;
    }
    Ok(())
}

/// Lets the browser put downloads into a folder.
pub(crate) async fn downloads_into(browser: &Browser, folder: &Path) -> Result<()> {
    let params = json!({"behavior": "allow", "downloadPath": folder, "eventsEnabled": true});
    browser
        .devtools()
        .call(None, "Browser.setDownloadBehavior", params)
        .await?;
    Ok(())
}

/// Clicks a row of the list.
pub(crate) async fn click(browser: &Browser, name: &str) -> Result<()> {
    browser.see(Role::Row, name).await?.click().await?;
    Ok(())
}

pub(crate) async fn press_key(
    browser: &Browser,
    keys: impl Into<thirtyfour::TypingData>,
) -> Result<()> {
    let grid = browser.see(Role::Grid, "Files").await?;
    grid.send_keys(keys).await?;
    Ok(())
}

/// Waits until a zip is there as a whole, as Python reads it.
pub(crate) async fn zip_is_whole(zip: &Path, patience: Duration) -> Result<()> {
    until("the zip is whole", patience, async || {
        let tested = Command::new("python3")
            .args(["-m", "zipfile", "-t"])
            .arg(zip)
            .output()?;
        Ok(zip.exists() && tested.status.success())
    })
    .await
}

async fn wait_for_file(path: &Path, size: u64) -> Result<()> {
    until(
        format!("{} is whole", path.display()),
        PATIENCE,
        async || Ok(fs::metadata(path).is_ok_and(|found| found.len() == size)),
    )
    .await
}

#[tokio::test]
async fn a_file_goes_up_by_the_picker_and_down_to_the_disk_unharmed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        open(world).await?;
        downloads_into(browser, disk.path()).await?;
        fs::create_dir(disk.path().join("from"))?;
        let sent = local(&disk, "from/holiday photo.bin", 7_000_003)?;
        choose(browser, &[&sent]).await?;
        browser.see(Role::Region, "Transfers").await?;
        browser.see(Role::Progress, "holiday photo.bin").await?;
        click(browser, "holiday photo.bin").await?;
        ensure!(digest(&sent)? == digest(&home.join("holiday photo.bin"))?);
        browser.press("Download").await?;
        let back = disk.path().join("holiday photo.bin");
        wait_for_file(&back, 7_000_003).await?;
        ensure!(digest(&sent)? == digest(&back)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_that_is_dropped_arrives_with_all_in_it() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        fs::create_dir_all(disk.path().join("tree/deep"))?;
        let one = local(&disk, "tree/one", 100_000)?;
        let two = local(&disk, "tree/deep/two", 0)?;
        let alone = local(&disk, "alone", 10)?;
        open(world).await?;
        let dropped = [disk.path().join("tree"), alone.clone()];
        drop_on(browser, ".file-grid", &[&dropped[0], &dropped[1]]).await?;
        browser.says("All 3 transfers finished", PATIENCE).await?;
        browser.see(Role::Row, "tree").await?;
        browser.see(Role::Row, "alone").await?;
        for (sent, name) in [
            (&one, "tree/one"),
            (&two, "tree/deep/two"),
            (&alone, "alone"),
        ] {
            ensure!(digest(sent)? == digest(&home.join(name))?, "{name}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn folders_are_walked_by_keyboard_crumbs_and_a_typed_path() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let home = world.server()?.home();
        fs::create_dir_all(home.join("site/assets"))?;
        fs::write(home.join("site/assets/logo.svg"), "<svg/>")?;
        std::os::unix::fs::symlink("assets/logo.svg", home.join("site/logo"))?;
        open(world).await?;
        browser.see(Role::Row, "site").await?;
        press_key(browser, "s").await?;
        press_key(browser, Key::Enter + "").await?;
        browser.see(Role::Row, "logo").await?;
        browser.says("assets/logo.svg", PATIENCE).await?;
        press_key(browser, Key::Home + "").await?;
        press_key(browser, Key::Enter + "").await?;
        browser.see(Role::Row, "logo.svg").await?;
        press_key(browser, Key::Backspace + "").await?;
        browser.see(Role::Row, "assets").await?;
        browser.press("Type a path").await?;
        let field = browser.see(Role::Textbox, "Path").await?;
        field.send_keys(Key::Control + "a").await?;
        field.send_keys("~/site/assets").await?;
        field.send_keys(Key::Enter + "").await?;
        browser.see(Role::Row, "logo.svg").await?;
        browser.press("site").await?;
        browser.see(Role::Row, "assets").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn entries_are_made_renamed_in_place_given_modes_and_deleted_after_a_count() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        use std::os::unix::fs::PermissionsExt as _;
        let browser = world.browser();
        let home = world.server()?.home();
        open(world).await?;
        browser.press("New folder").await?;
        let field = browser.see(Role::Textbox, "Folder name").await?;
        field.send_keys("draft" + Key::Enter).await?;
        click(browser, "draft").await?;
        fs::write(home.join("draft/a"), "12345")?;
        fs::write(home.join("draft/b"), "12345")?;
        press_key(browser, Key::F2 + "").await?;
        let field = browser.see(Role::Textbox, "New name").await?;
        field.send_keys(Key::Control + "a").await?;
        field.send_keys("final" + Key::Enter).await?;
        browser.see(Role::Row, "final").await?;
        ensure!(home.join("final/a").exists());
        browser.press("Permissions").await?;
        browser
            .press_role(Role::Checkbox, "Others may read")
            .await?;
        browser.press("Set permissions").await?;
        until("the mode is set", PATIENCE, async || {
            Ok(fs::metadata(home.join("final"))?.permissions().mode() & 0o4 == 0)
        })
        .await?;
        click(browser, "final").await?;
        press_key(browser, Key::Delete + "").await?;
        browser
            .says(
                "2 files and 1 folder, 10 B, will be gone for good.",
                PATIENCE,
            )
            .await?;
        browser.press("Delete for good").await?;
        browser.gone(Role::Row, "final").await?;
        ensure!(!home.join("final").exists());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_name_that_is_taken_is_asked_about_once_for_all() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        let files = [local(&disk, "one", 1000)?, local(&disk, "two", 2000)?];
        fs::write(home.join("one"), "old")?;
        fs::write(home.join("two"), "old")?;
        open(world).await?;
        choose(browser, &[&files[0], &files[1]]).await?;
        browser
            .press_role(Role::Checkbox, "The same for all 2")
            .await?;
        browser.press("Keep both").await?;
        browser.see(Role::Row, "two (2)").await?;
        browser.see(Role::Row, "one (2)").await?;
        ensure!(digest(&files[0])? == digest(&home.join("one (2)"))?);
        ensure!(fs::read_to_string(home.join("two"))? == "old");
        choose(browser, &[&files[0]]).await?;
        browser.press("Replace").await?;
        until("it is replaced", PATIENCE, async || {
            Ok(digest(&files[0])? == digest(&home.join("one"))?)
        })
        .await
    })
    .await
}

/// Names that want to be markup, to turn the text around, or that are no text.
#[tokio::test]
async fn hostile_names_are_shown_safely_and_can_be_used() -> Result<()> {
    use std::os::unix::ffi::OsStrExt as _;
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        let raw = std::ffi::OsStr::from_bytes(b"caf\xe9");
        for name in [
            "<img src=x onerror=document.title='owned'>",
            "evil\u{202e}gpj.exe",
            "two\nlines",
        ] {
            fs::write(home.join(name), "x")?;
        }
        fs::write(home.join(raw), "latin")?;
        open(world).await?;
        downloads_into(browser, disk.path()).await?;
        browser
            .see(Role::Row, "<img src=x onerror=document.title='owned'>")
            .await?;
        browser.see(Role::Row, "evil<U+202E>gpj.exe").await?;
        browser.see(Role::Row, "two\u{240a}lines").await?;
        let count = browser
            .script(
                "return document.querySelectorAll('.files img').length",
                vec![],
            )
            .await?;
        ensure!(count.as_u64() == Some(0), "{count}");
        click(browser, "caf\\xe9").await?;
        browser.press("Download").await?;
        until("it is on the disk", PATIENCE, async || {
            let mut found = fs::read_dir(disk.path())?;
            Ok(found.any(|entry| {
                entry.is_ok_and(|entry| {
                    fs::read(entry.path()).is_ok_and(|content| content == b"latin")
                })
            }))
        })
        .await?;
        press_key(browser, Key::Delete + "").await?;
        browser.press("Delete for good").await?;
        browser.gone(Role::Row, "caf\\xe9").await?;
        ensure!(!home.join(raw).exists());
        Ok(())
    })
    .await
}
