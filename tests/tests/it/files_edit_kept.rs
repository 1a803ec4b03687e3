//! Texts that are edited: where they must be written in place, and what becomes of those that are not saved
//! when something breaks.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

use anyhow::{Result, ensure};
use serde_json::json;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario};

use crate::files_edit::{add, edit, holds, place, text};
use crate::files_screen::click;

/// Saves the file that is open, and goes back to the folder.
async fn save_and_close(world: &World, name: &str, why: Option<&str>) -> Result<()> {
    let browser = world.browser();
    browser.press("Save").await?;
    browser.says(why.unwrap_or("Saved"), PATIENCE).await?;
    let words = browser.words().await?;
    ensure!(
        words.contains("overwritten where it is") == why.is_some(),
        "{words}"
    );
    browser.press("Close").await?;
    browser.gone(Role::Dialog, name).await
}

#[tokio::test]
async fn a_text_that_must_be_written_in_place_says_why() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let home = world.server()?.home();
        let twin = place(world, "twin", "a\n", 0o644)?;
        fs::hard_link(&twin, home.join("zwilling"))?;
        // The account may write what belongs to somebody else, but give nothing away.
        let shared = place(world, "shared", "a\n", 0o666)?;
        chown(&shared, Some(0), Some(0))?;
        let real = place(world, "real", "a\n", 0o640)?;
        symlink("real", home.join("alias"))?;
        let before = [
            fs::metadata(&twin)?.ino(),
            fs::metadata(&shared)?.ino(),
            fs::metadata(&real)?.ino(),
        ];
        edit(world, "twin").await?;
        add(browser, "b").await?;
        save_and_close(world, "twin", Some("other names (hard links)")).await?;
        holds(&home.join("zwilling"), "a\nb").await?;
        for (name, why) in [("shared", Some("same owner and group")), ("alias", None)] {
            click(browser, name).await?;
            browser.press("Edit").await?;
            add(browser, "b").await?;
            save_and_close(world, name, why).await?;
        }
        holds(&shared, "a\nb").await?;
        // What the link leads to was replaced at once, and the link is one still.
        holds(&real, "a\nb").await?;
        ensure!(home.join("alias").is_symlink());
        ensure!(fs::metadata(&real)?.mode() & 0o7777 == 0o640);
        let now = [
            fs::metadata(&twin)?.ino(),
            fs::metadata(&shared)?.ino(),
            fs::metadata(&real)?.ino(),
        ];
        ensure!(
            before[..2] == now[..2] && before[2] != now[2],
            "{before:?} {now:?}"
        );
        ensure!(fs::metadata(&shared)?.uid() == 0);

        chown(&home, Some(0), Some(0))?;
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755))?;
        click(browser, "real").await?;
        browser.press("Edit").await?;
        add(browser, "c").await?;
        save_and_close(world, "real", Some("takes no new files")).await?;
        holds(&real, "a\nbc").await
    })
    .await
}

/// Ends the engine as an error in it would.
async fn stop_engine(world: &World) -> Result<()> {
    let devtools = world.browser().devtools();
    let fail = "'onconnect' in self && setTimeout(() => { throw new Error('planted') }) > 0";
    let mut stopped = false;
    for session in world.browser().worker_sessions() {
        stopped |= devtools.evaluate(&session, fail).await? == json!(true);
    }
    ensure!(stopped, "there is no engine");
    Ok(())
}

#[tokio::test]
async fn a_text_outlives_its_engine_and_is_saved_over_the_next_one() -> Result<()> {
    let options = WorldOptions {
        expected: vec!["planted"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        let file = place(world, "run.sh", "#!/bin/sh\n", 0o755)?;
        edit(world, "run.sh").await?;
        let browser = world.browser();
        add(browser, "echo kept").await?;
        stop_engine(world).await?;
        browser
            .says("the engine of this connection has stopped", PATIENCE)
            .await?;
        // What is asked of it fails at once, and the text stays.
        browser.press("Save").await?;
        browser.says("Your text is still here", PATIENCE).await?;
        text(browser).await?.send_keys(" and more").await?;
        browser.press("Files").await?;
        browser.press("Reconnect").await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        browser.press("Files").await?;
        browser.see(Role::Dialog, "run.sh").await?;
        browser.says("Not saved yet", PATIENCE).await?;
        ensure!(
            text(browser)
                .await?
                .text()
                .await?
                .contains("echo kept and more")
        );
        browser.press("Save").await?;
        browser.says("Saved", PATIENCE).await?;
        holds(&file, "#!/bin/sh\necho kept and more").await
    })
    .await
}

#[tokio::test]
async fn leaving_the_page_with_an_unsaved_text_is_asked_about_and_nothing_of_it_is_stored()
-> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let file = place(world, "app.env", "A=1\n", 0o600)?;
        edit(world, "app.env").await?;
        let asks = "const leaving = new Event('beforeunload', {cancelable: true});
             return !window.dispatchEvent(leaving)";
        ensure!(browser.script(asks, vec![]).await? == json!(false));
        add(browser, "SECRET=planted-in-the-text").await?;
        ensure!(browser.script(asks, vec![]).await? == json!(true));
        let stored = "return JSON.stringify([{...localStorage}, {...sessionStorage}])";
        let stored = browser.script(stored, vec![]).await?;
        ensure!(
            !stored.to_string().contains("planted-in-the-text"),
            "{stored}"
        );
        ensure!(!browser.profile_holds("planted-in-the-text")?);
        browser.press("Save").await?;
        browser.says("Saved", PATIENCE).await?;
        ensure!(browser.script(asks, vec![]).await? == json!(false));
        holds(&file, "A=1\nSECRET=planted-in-the-text").await
    })
    .await
}
