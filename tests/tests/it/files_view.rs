//! The Files screen: large folders, looks into files, and what it does with terminals.

use std::fs;
use std::io::Write as _;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use thirtyfour::Key;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use super::files_screen::{
    choose, click, digest, downloads_into, drop_on, local, open, press_key, zip_is_whole,
};

/// Elements that a list of any length may have.
const FEW_ELEMENTS: u64 = 900;

/// Waits until the keyboard is at a row of the grid, the head counted.
async fn at_row(browser: &Browser, row: u32) -> Result<()> {
    let script = "const grid = document.querySelector('[role=grid]');
        const active = document.getElementById(grid.getAttribute('aria-activedescendant'));
        return [active?.getAttribute('aria-rowindex'), grid.getAttribute('aria-rowcount')]";
    let expected = serde_json::json!([row.to_string(), "100001"]);
    until(
        format!("the keyboard is at {expected}"),
        PATIENCE,
        async || Ok(browser.script(script, vec![]).await? == expected),
    )
    .await
}

#[tokio::test]
async fn a_folder_of_a_hundred_thousand_files_is_scrolled_with_few_elements() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let many = world.server()?.home().join("many");
        fs::create_dir(&many)?;
        for number in 0..99_999 {
            fs::File::create(many.join(format!("file-{number}")))?;
        }
        fs::File::create(many.join("zebra"))?;
        open(world).await?;
        click(browser, "many").await?;
        press_key(browser, Key::Enter + "").await?;
        browser.says("100,000 entries", PATIENCE * 2).await?;
        browser.see(Role::Row, "file-0").await?;
        // Keys lead to either end and to a name; the grid says which of how many rows that is.
        for (key, name, row) in [
            (Key::End + "", "zebra", 100_001),
            (Key::Home + "", "file-0", 2),
            ("z".into(), "zebra", 100_001),
            (Key::Home + "", "file-0", 2),
        ] {
            press_key(browser, key).await?;
            browser.see(Role::Row, name).await?;
            at_row(browser, row).await?;
        }
        // Frames of a person who drags the scroll bar from end to end.
        let frames = browser
            .driver()
            .execute_async(
                "const done = arguments[0];
                 const grid = document.querySelector('.file-grid');
                 const frames = []; let most = 0; let at = 0; let last = performance.now();
                 const step = (now) => {
                   frames.push(now - last); last = now;
                   most = Math.max(most, grid.querySelectorAll('*').length);
                   grid.scrollTop = grid.scrollHeight * at / 60;
                   if (at++ < 60) requestAnimationFrame(step);
                   else done([most, frames.sort((a, b) => a - b)[30], frames.at(-1)]);
                 };
                 requestAnimationFrame(step);",
                vec![],
            )
            .await?;
        let frames = frames.json().clone();
        let most = frames.get(0).and_then(serde_json::Value::as_u64);
        println!("elements, median and longest frame in ms: {frames}");
        ensure!(most.context("no count")? < FEW_ELEMENTS, "{frames}");
        browser.see(Role::Row, "zebra").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_text_is_looked_at_followed_and_shown_as_bytes() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let log = world.server()?.home().join("server.log");
        fs::write(&log, "one <b>bold</b>\n\u{1b}[31mred\n")?;
        open(world).await?;
        click(browser, "server.log").await?;
        press_key(browser, " ").await?;
        browser.see(Role::Dialog, "server.log").await?;
        browser
            .says("one <b>bold</b>\n\u{241b}[31mred", PATIENCE)
            .await?;
        browser.press("Follow").await?;
        fs::OpenOptions::new()
            .append(true)
            .open(&log)?
            .write_all(b"three, later\n")?;
        browser.says("three, later", PATIENCE).await?;
        browser.press("Show bytes").await?;
        browser
            .says("00000000  6f 6e 65 20 3c 62 3e", PATIENCE)
            .await?;
        browser.press("Close").await?;
        browser.gone(Role::Dialog, "server.log").await
    })
    .await
}

#[tokio::test]
async fn an_image_is_shown() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
            \0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";
        fs::write(world.server()?.home().join("dot.png"), png)?;
        open(world).await?;
        click(browser, "dot.png").await?;
        press_key(browser, Key::Enter + "").await?;
        until("the image is drawn", PATIENCE, async || {
            let drawn = "return document.querySelector('img[alt=\"dot.png\"]')?.naturalWidth === 1";
            Ok(browser.script(drawn, vec![]).await? == true)
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_file_dropped_on_a_terminal_is_uploaded_and_its_path_typed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let sent = local(&disk, "it's here.bin", 300_000)?;
        world.log_in().await?;
        let browser = world.browser();
        drop_on(browser, ".terminal-region", &[&sent]).await?;
        let field = browser.see(Role::Textbox, "Folder on the server").await?;
        field.send_keys(Key::Enter + "").await?;
        let home = world.server()?.home();
        let typed = format!("ready> '{}/it'\\''s here.bin'", home.display());
        browser.shows(&typed).await?;
        let arrived = home.join("it's here.bin");
        ensure!(digest(&sent)? == digest(&arrived)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_terminal_opens_in_the_folder_that_is_shown() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let folder = world.server()?.home().join("deep folder");
        fs::create_dir(&folder)?;
        open(world).await?;
        click(browser, "deep folder").await?;
        press_key(browser, Key::Enter + "").await?;
        browser.says("Empty folder", PATIENCE).await?;
        browser.press("Open terminal here").await?;
        // The keyboard is in the new terminal once it shows this.
        let typed = format!("ready>  cd -- '{}'", folder.display());
        browser.shows(&typed).await?;
        world.run("basename \"$PWD\"", "deep folder").await
    })
    .await
}

#[tokio::test]
async fn an_upload_is_paused_resumed_and_cancelled() -> Result<()> {
    scenario(
        Need::Share,
        WorldOptions::default(),
        async |world: &mut World| {
            let disk = tempfile::tempdir()?;
            let browser = world.browser();
            let home = world.server()?.home();
            let sent = local(&disk, "large.bin", 120_000_000)?;
            let other = local(&disk, "other.bin", 120_000_000)?;
            open(world).await?;
            choose(browser, &[&sent]).await?;
            browser.press("Pause").await?;
            browser.says("Paused at", PATIENCE).await?;
            ensure!(!home.join("large.bin").exists());
            browser.press("Resume").await?;
            browser
                .see_within(Role::Row, "large.bin", PATIENCE * 2)
                .await?;
            ensure!(digest(&sent)? == digest(&home.join("large.bin"))?);
            browser.press("Clear finished").await?;
            choose(browser, &[&other]).await?;
            browser.see(Role::Progress, "other.bin").await?;
            browser.press("Cancel").await?;
            browser.gone(Role::Region, "Transfers").await?;
            until("its part is removed", PATIENCE, async || {
                let mut names = fs::read_dir(&home)?;
                Ok(!names.any(|name| {
                    name.is_ok_and(|name| name.file_name().to_string_lossy().contains("other"))
                }))
            })
            .await
        },
    )
    .await
}

/// The browser's own picker cannot be operated; it answers with a private folder.
const PICKER: &str = "window.showDirectoryPicker = () => navigator.storage.getDirectory();";

#[tokio::test]
async fn a_folder_comes_down_as_a_zip_and_into_a_folder_that_is_picked() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let tree = world.server()?.home().join("tree");
        fs::create_dir_all(tree.join("deep"))?;
        fs::write(tree.join("deep/two"), "second")?;
        open(world).await?;
        downloads_into(browser, disk.path()).await?;
        click(browser, "tree").await?;
        browser.press("Download").await?;
        let zip = disk.path().join("tree.zip");
        zip_is_whole(&zip, PATIENCE).await?;
        let out = disk.path().join("out");
        Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .args([&zip, &out])
            .output()?;
        let (inner, outer) = (out.join("deep/two"), out.join("tree/deep/two"));
        let two = if inner.exists() { inner } else { outer };
        ensure!(fs::read_to_string(two)? == "second");
        browser.script(PICKER, vec![]).await?;
        browser.press("Clear finished").await?;
        browser.press("Download to…").await?;
        browser.says("1 transfer finished", PATIENCE).await?;
        let read = "const done = arguments[0];
            navigator.storage.getDirectory().then(async (root) => {
              const deep = await (await root.getDirectoryHandle('tree')).getDirectoryHandle('deep');
              done(await (await (await deep.getFileHandle('two')).getFile()).text());
            }).catch((error) => done(String(error)));";
        let text = browser.driver().execute_async(read, vec![]).await?;
        ensure!(text.json() == "second", "{}", text.json());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_upload_that_was_cut_elsewhere_is_resumed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let sent = local(&disk, "half.bin", 500_000)?;
        let there = world.server()?.home().join("half.bin");
        let whole = fs::read(&sent)?;
        fs::write(&there, whole.get(..200_000).context("short")?)?;
        std::os::unix::fs::chown(&there, Some(48021), Some(48021))?;
        open(world).await?;
        choose(browser, &[&sent]).await?;
        browser
            .see(Role::Dialog, "half.bin is there already")
            .await?;
        browser.press("Resume").await?;
        until("it is whole", PATIENCE, async || {
            Ok(digest(&sent)? == digest(&there)?)
        })
        .await
    })
    .await
}
