//! Several uploads together: what failed is tried again, and one answer is for all whose names are taken.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files_screen::{choose, click, digest, local, open, press_key};

#[tokio::test]
async fn what_failed_is_tried_again_together() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let folder = world.server()?.home().join("shut");
        fs::create_dir(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555))?;
        let files = [local(&disk, "one", 1000)?, local(&disk, "two", 2000)?];
        open(world).await?;
        click(browser, "shut").await?;
        press_key(browser, thirtyfour::Key::Enter + "").await?;
        browser.says("Empty folder", PATIENCE).await?;
        choose(browser, &[&files[0], &files[1]]).await?;
        for file in ["one", "two"] {
            browser.see(Role::Progress, file).await?;
        }
        let denied = "return document.querySelectorAll('.transfer.failed').length";
        until("both failed", PATIENCE, async || {
            Ok(browser.script(denied, vec![]).await? == 2)
        })
        .await?;
        browser.says("permission denied", PATIENCE).await?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777))?;
        browser.press("Retry failed").await?;
        browser.says("All 2 transfers finished", PATIENCE).await?;
        browser.see(Role::Row, "two").await?;
        for file in &files {
            let name = file.file_name().context("no name")?;
            ensure!(digest(file)? == digest(&folder.join(name))?);
        }
        Ok(())
    })
    .await
}

/// Chooses both files and answers for both at once.
async fn answer_for_all(browser: &Browser, files: &[PathBuf; 2], answer: &str) -> Result<()> {
    choose(browser, &[&files[0], &files[1]]).await?;
    browser
        .press_role(Role::Checkbox, "The same for all 2")
        .await?;
    browser.press(answer).await?;
    browser.says("All 2 transfers finished", PATIENCE).await?;
    browser.press("Clear finished").await?;
    browser.gone(Role::Region, "Transfers").await
}

/// Puts the files of the server: how much of each there is, and how many days from now it was changed.
fn plant(world: &World, files: &[PathBuf; 2], parts: [usize; 2], days: [i64; 2]) -> Result<()> {
    for ((file, part), days) in files.iter().zip(parts).zip(days) {
        let name = file.file_name().context("no name")?;
        let path = world.server()?.home().join(name);
        let whole = fs::read(file)?;
        fs::write(&path, whole.get(..part).context("too short")?)?;
        chown(&path, Some(48021), Some(48021))?;
        let distance = Duration::from_hours(24 * days.unsigned_abs());
        let now = SystemTime::now();
        let changed = if days < 0 {
            now - distance
        } else {
            now + distance
        };
        fs::File::options()
            .write(true)
            .open(&path)?
            .set_modified(changed)?;
    }
    Ok(())
}

#[tokio::test]
async fn one_answer_is_for_all_whose_names_are_taken() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        let files = [local(&disk, "one", 1000)?, local(&disk, "two", 2000)?];
        let sizes = || -> Result<[u64; 2]> {
            Ok([
                fs::metadata(home.join("one"))?.len(),
                fs::metadata(home.join("two"))?.len(),
            ])
        };
        plant(world, &files, [100, 200], [-3, 3])?;
        open(world).await?;
        answer_for_all(browser, &files, "Skip").await?;
        ensure!(sizes()? == [100, 200], "{:?}", sizes()?);
        // The second one is newer on the server.
        answer_for_all(browser, &files, "Newer only").await?;
        ensure!(sizes()? == [1000, 200], "{:?}", sizes()?);
        for answer in ["Resume", "Replace"] {
            plant(world, &files, [100, 200], [-3, 3])?;
            answer_for_all(browser, &files, answer).await?;
            for (file, name) in files.iter().zip(["one", "two"]) {
                ensure!(
                    digest(file)? == digest(&home.join(name))?,
                    "{answer} {name}"
                );
            }
        }
        let left: Vec<_> = fs::read_dir(&home)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.contains("one") || name.contains("two"))
            .collect();
        ensure!(left.len() == 2, "{left:?}");
        Ok(())
    })
    .await
}
