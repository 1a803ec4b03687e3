//! Saved hosts: made, found, connected to, changed, and told apart by what depends on them.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::By;
use transom_tests::server::PASSWORD;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Chooses an option of a select by its words.
async fn choose(browser: &Browser, name: &str, words: &str) -> Result<()> {
    let query = format!("//label[span[text()='{name}']]/select/option[text()='{words}']");
    let option = browser.driver().find(By::XPath(query)).await;
    option
        .with_context(|| format!("no option {words}"))?
        .click()
        .await?;
    Ok(())
}

/// Saves a host by the form.
async fn save(world: &World, name: &str, group: &str) -> Result<()> {
    let browser = world.browser();
    browser.press("New host").await?;
    browser.see(Role::Dialog, "New host").await?;
    browser
        .fill("Host address", &world.server()?.address())
        .await?;
    browser.fill("Host name", name).await?;
    browser.fill("Group", group).await
}

/// Presses Ctrl+Shift+V once.
async fn paste(browser: &Browser) -> Result<()> {
    let key = json!({
        "key": "V", "code": "KeyV", "windowsVirtualKeyCode": 86, "modifiers": 10,
    });
    browser.raw_key(key).await
}

#[tokio::test]
async fn a_saved_host_is_kept_found_changed_and_deleted() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        save(world, "Shop one", "shop").await?;
        browser.fill("Tags", "eu, web").await?;
        browser.press("Save").await?;
        browser.see(Role::Button, "Connect to Shop one").await?;
        save(world, "Attic", "").await?;
        browser.press("Save").await?;
        browser.reload().await?;
        browser.see(Role::Button, "Connect to Shop one").await?;
        browser.fill("Search hosts", "eu shop").await?;
        browser.gone(Role::Button, "Connect to Attic").await?;
        browser.see(Role::Button, "Connect to Shop one").await?;
        browser.press("Edit Shop one").await?;
        browser.fill("Host name", "Shop two").await?;
        browser.press("Save").await?;
        browser.press("Duplicate Shop two").await?;
        browser.press("Save").await?;
        browser.see(Role::Button, "Connect to Shop two (2)").await?;
        browser.press("Delete Shop two").await?;
        browser.gone(Role::Button, "Connect to Shop two").await?;
        browser.press("Undo").await?;
        browser.see(Role::Button, "Connect to Shop two").await?;
        browser.press("Delete Shop two (2)").await?;
        browser.press_role(Role::Rail, "Hosts").await?;
        browser.reload().await?;
        browser.see(Role::Button, "Connect to Shop two").await?;
        browser
            .gone(Role::Button, "Connect to Shop two (2)")
            .await?;
        let words = browser.words().await?;
        assert!(words.contains("web"), "{words}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_that_is_none_is_told_in_the_form() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        save(world, "Bad", "").await?;
        browser.fill("Host address", "ops@web:99999").await?;
        browser.press("Save").await?;
        browser.says("65535", PATIENCE).await?;
        browser.press("Cancel").await?;
        browser
            .says("Hosts that you save appear here.", PATIENCE)
            .await
    })
    .await
}

#[tokio::test]
async fn a_production_host_has_a_frame_asks_before_lines_and_runs_its_command() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        save(world, "Shop", "").await?;
        choose(browser, "Environment", "Production").await?;
        browser
            .fill("Start-up command", "echo star''ted >> starts")
            .await?;
        browser.press("Save").await?;
        // A saved name is an address.
        world.dial("shop").await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        until("the start-up command ran", PATIENCE, async || {
            Ok(world.server()?.file("starts") == "started\n")
        })
        .await?;
        browser.says("Production", PATIENCE).await?;
        assert!(
            browser
                .driver()
                .title()
                .await?
                .starts_with("Production: 127.0.0.1")
        );
        browser.allow_clipboard(&world.relay().origin()).await?;
        let write = "return navigator.clipboard.writeText('echo one\\necho two\\n').then(() => 1)";
        browser.script(write, vec![]).await?;
        // Bracketed paste alone would not be asked about.
        world
            .run(r"printf '\e[?2004h'; echo brackets", "brackets")
            .await?;
        paste(browser).await?;
        browser.see(Role::Dialog, "Paste several lines?").await?;
        browser.says("production host", PATIENCE).await?;
        browser.press("Cancel").await?;
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        browser.shows("brackets").await?;
        world.run("echo after", "after").await?;
        assert_eq!(world.server()?.file("starts"), "started\n");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_exported_list_can_be_imported() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        let file = tempfile::NamedTempFile::with_suffix(".json")?;
        let list: Value = json!([
            { "id": "a", "name": "Moon", "host": "moon.example", "port": 22, "group": "far" },
            { "id": "b", "name": "<b>x</b>", "host": "no host", "port": 22 },
        ]);
        std::fs::write(file.path(), list.to_string())?;
        browser.give("Import hosts", file.path()).await?;
        browser.says("1 host is imported.", PATIENCE).await?;
        browser.see(Role::Button, "Connect to Moon").await?;
        // What is exported is what was kept.
        let saved = browser.saved_by("Export hosts").await?;
        let saved: Value = serde_json::from_str(&saved)?;
        assert_eq!(saved[0]["name"], "Moon");
        assert_eq!(saved.as_array().map(Vec::len), Some(1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hosts_of_a_client_s_configuration_are_imported_and_the_rest_is_told() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        let file = tempfile::NamedTempFile::new()?;
        let port = world.server()?.port();
        let config = format!(
            "Host shop\n  HostName 127.0.0.1\n  IdentityFile ~/.ssh/shop\n  LocalForward 80 b:80\n\
             Host far\n  HostName far.example\n  ProxyJump ops@shop\n\
             Host *\n  User tara\n  Port {port}\n"
        );
        std::fs::write(file.path(), config)?;
        browser.give("Import ~/.ssh/config", file.path()).await?;
        browser.says("2 hosts are imported.", PATIENCE).await?;
        let far = format!("tara@far.example:{port} via ops@127.0.0.1:{port}");
        browser.says(&far, PATIENCE).await?;
        browser.says("Not taken over: 2", PATIENCE).await?;
        let unfold = "document.querySelector('.left-out summary').click()";
        browser.script(unfold, vec![]).await?;
        browser
            .says("LocalForward 80 b:80: not taken over", PATIENCE)
            .await?;
        browser
            .says("import that key on the Keys screen", PATIENCE)
            .await?;
        // What was imported leads there.
        browser.press("Connect to shop").await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}
