//! Typing into several terminals at once.

use anyhow::Result;
use serde_json::json;
use transom_tests::server::PASSWORD;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Waits until every chosen shell has added its line.
async fn lines(world: &World, file: &str, count: usize) -> Result<()> {
    until(format!("{file} has {count} lines"), PATIENCE, async || {
        Ok(world.server()?.file(file).lines().count() == count)
    })
    .await
}

async fn more_tabs(world: &World, count: usize) -> Result<()> {
    let browser = world.browser();
    for place in 1..=count {
        browser.new_tab(place).await?;
    }
    browser.tab(0).await
}

/// Presses Ctrl+Shift+V once.
async fn paste(browser: &Browser) -> Result<()> {
    let key = json!({
        "key": "V", "code": "KeyV", "windowsVirtualKeyCode": 86, "modifiers": 10,
    });
    browser.raw_key(key).await
}

#[tokio::test]
async fn typing_goes_to_the_chosen_terminals_only() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        more_tabs(world, 2).await?;
        browser
            .chord(&Chord::new(
                vec![thirtyfour::Key::Alt, thirtyfour::Key::Shift],
                "B",
            ))
            .await?;
        browser.see(Role::Dialog, "Broadcast input").await?;
        browser.press_role(Role::Checkbox, "3. 127.0.0.1*").await?;
        browser.press("Broadcast to 2 terminals").await?;
        browser.says("Typing goes to 2 terminals", PATIENCE).await?;
        world.run("tty >> typed; echo ty''ped", "typed").await?;
        lines(world, "typed", 2).await?;
        // What a terminal answers by itself is not typed elsewhere.
        world
            .run(
                "printf '\\e[c\\e[6n'; read -rs -t 1 -n 20 x; echo ask''ed",
                "asked",
            )
            .await?;
        // Pasted text goes to both, with the brackets of each.
        let write = "return navigator.clipboard.writeText('tty >> pasted').then(() => 1)";
        browser.script(write, vec![]).await?;
        paste(browser).await?;
        browser.enter("").await?;
        lines(world, "pasted", 2).await?;
        browser.tab(1).await?;
        browser.shows("typed").await?;
        browser.says("Typing goes to 2 terminals", PATIENCE).await?;
        browser.tab(2).await?;
        assert!(!browser.words().await?.contains("Typing goes to"));
        browser.tab(1).await?;
        browser.press("Stop broadcasting").await?;
        world.run("tty >> alone; echo al''one", "alone").await?;
        lines(world, "alone", 1).await?;
        assert_eq!(world.server()?.file("typed").lines().count(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_production_host_is_asked_about_before_a_broadcast() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        let list = json!([{
            "id": "1", "name": "Shop", "host": "127.0.0.1", "port": world.server()?.port(),
            "user": world.server()?.address().split('@').next(), "environment": "production",
        }]);
        let file = tempfile::NamedTempFile::with_suffix(".json")?;
        std::fs::write(file.path(), list.to_string())?;
        let input = thirtyfour::By::Css("input[type=file][aria-label='Import hosts: file']");
        let input = browser.driver().find(input).await?;
        input.send_keys(file.path().to_string_lossy()).await?;
        browser.see(Role::Button, "Connect to Shop").await?;
        world.dial("shop").await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        more_tabs(world, 1).await?;
        browser
            .chord(&Chord::new(
                vec![thirtyfour::Key::Alt, thirtyfour::Key::Shift],
                "B",
            ))
            .await?;
        // None but the one in front is chosen by itself.
        let button = browser
            .see(Role::Button, "Broadcast to 1, production too")
            .await?;
        assert!(!button.is_enabled().await?);
        browser.press_role(Role::Checkbox, "2. 127.0.0.1*").await?;
        browser
            .says("A production host is among them", PATIENCE)
            .await?;
        browser.press("Broadcast to 2, production too").await?;
        world.run("tty >> typed; echo ty''ped", "typed").await?;
        lines(world, "typed", 2).await?;
        browser.press("Leave this one out").await?;
        world.run("tty >> alone; echo al''one", "alone").await?;
        lines(world, "alone", 1).await
    })
    .await
}
