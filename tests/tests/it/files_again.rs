//! Uploads that go on after a reload, also where it ended the engine.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use thirtyfour::By;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files_screen::{choose, digest, local, open};

/// Bytes of a file that is on its way for some seconds.
const LONG: u64 = 400_000_003;

/// Time for all of it on a busy machine, to be compared and sent.
const LONG_PATIENCE: Duration = Duration::from_mins(1);

/// Bytes of it that are on the server before the reload.
const ENOUGH: u64 = 8_000_000;

/// The hidden part of an upload, once enough of it is there.
async fn part(world: &World) -> Result<PathBuf> {
    let home = world.server()?.home();
    let found = || -> Result<Option<PathBuf>> {
        for entry in fs::read_dir(&home)? {
            let path = entry?.path();
            let is_part = path.extension().is_some_and(|end| end == "part");
            if is_part && fs::metadata(&path)?.len() > ENOUGH {
                return Ok(Some(path));
            }
        }
        Ok(None)
    };
    until("a part of the file is there", PATIENCE, async || {
        Ok(found()?.is_some())
    })
    .await?;
    found()?.context("the part is gone")
}

/// Ends the engine in the middle of an upload, by leaving its page, and opens the screen anew.
async fn come_back(world: &World) -> Result<()> {
    let browser = world.browser();
    world.home().await?;
    browser.reload().await?;
    browser.see(Role::Textbox, "Address").await?;
    let whole = world.server()?.home().join("film.bin");
    ensure!(!whole.exists(), "it was whole by then");
    world.dial(&world.server()?.address()).await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    browser.press("Files").await
}

#[tokio::test]
async fn an_upload_whose_engine_ended_asks_for_its_file_and_continues() -> Result<()> {
    let options = WorldOptions::without_shared_workers();
    scenario(Need::Alone, options, async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        let sent = local(&disk, "film.bin", LONG)?;
        open(world).await?;
        choose(browser, &[&sent]).await?;
        let part = part(world).await?;
        come_back(world).await?;
        browser
            .says("Choose the file again to go on", PATIENCE)
            .await?;
        ensure!(part.exists(), "the part is gone");
        let input = By::Css("input[type=file][aria-label='File for film.bin']");
        let input = browser.driver().find(input).await?;
        input.send_keys(sent.to_string_lossy()).await?;
        browser.says("Continued after", LONG_PATIENCE).await?;
        ensure!(digest(&sent)? == digest(&home.join("film.bin"))?);
        ensure!(!part.exists(), "the part is left");
        Ok(())
    })
    .await
}

/// Makes a file in the private storage, whose handle the picker then gives, and returns its SHA-256.
const PICKED: &str = "const done = arguments[1];
    (async () => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle('film.bin', {create: true});
      const out = await handle.createWritable();
      const block = new Uint8Array(1048573);
      for (let at = 0; at < block.length; at += 65536)
        crypto.getRandomValues(block.subarray(at, Math.min(at + 65536, block.length)));
      for (let left = arguments[0]; left > 0; left -= block.length)
        await out.write(left < block.length ? block.slice(0, left) : block);
      await out.close();
      window.showOpenFilePicker = async () => [handle];
      const bytes = await (await handle.getFile()).arrayBuffer();
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      done(Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(''));
    })();";

#[tokio::test]
async fn an_upload_whose_engine_ended_continues_by_the_handle_of_its_file() -> Result<()> {
    let options = WorldOptions::without_shared_workers();
    scenario(Need::Alone, options, async |world| {
        let browser = world.browser();
        let home = world.server()?.home();
        open(world).await?;
        let sent = browser
            .driver()
            .execute_async(PICKED, vec![LONG.into()])
            .await?;
        browser.press("Upload").await?;
        let part = part(world).await?;
        come_back(world).await?;
        // Nobody is asked for the file: the browser still has it.
        browser.says("Continued after", LONG_PATIENCE).await?;
        ensure!(*sent.json() == digest(&home.join("film.bin"))?);
        ensure!(!part.exists(), "the part is left");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_upload_goes_on_through_a_reload_of_its_page() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        let sent = local(&disk, "film.bin", LONG)?;
        open(world).await?;
        choose(browser, &[&sent]).await?;
        part(world).await?;
        browser.reload().await?;
        ensure!(!home.join("film.bin").exists(), "it was whole by then");
        until("the file is whole", LONG_PATIENCE, async || {
            Ok(home.join("film.bin").exists())
        })
        .await?;
        ensure!(digest(&sent)? == digest(&home.join("film.bin"))?);
        Ok(())
    })
    .await
}
