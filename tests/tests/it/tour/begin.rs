//! What there is without a session: Home, hosts, keys, known hosts, recordings, settings.

use anyhow::Result;
use serde_json::json;
use transom_tests::server::USER;
use transom_tests::{PATIENCE, Role, World};

use super::{Tour, escape};

/// A few hosts, the first of which is this world's server.
pub(crate) async fn save_hosts(world: &World, button: &str, seen: &str) -> Result<()> {
    let browser = world.browser();
    let list = json!([
        { "id": "1", "name": "Shop front", "host": "127.0.0.1", "port": world.server()?.port(),
          "user": USER, "group": "Shop", "tags": ["eu", "web"], "colour": "teal", "environment": "production" },
        { "id": "2", "name": "Shop database", "host": "db-1.shop.example", "port": 22,
          "user": "ops", "group": "Shop", "tags": ["eu"], "colour": "blue",
          "environment": "staging" },
        { "id": "3", "name": "Attic", "host": "attic.example", "port": 2222, "user": "me" },
    ]);
    let file = tempfile::NamedTempFile::with_suffix(".json")?;
    std::fs::write(file.path(), list.to_string())?;
    browser.give(button, file.path()).await?;
    browser.see(Role::Button, seen).await?;
    Ok(())
}

/// Home and the saved hosts.
pub(crate) async fn hosts(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    tour.stop(world, "home-empty").await?;
    save_hosts(world, "Import hosts", "Connect to Attic").await?;
    tour.stop(world, "home").await?;
    browser.press("New host").await?;
    browser.see(Role::Dialog, "New host").await?;
    browser.fill("Host address", "ops@web-1").await?;
    browser.fill("Tags", "eu").await?;
    tour.stop(world, "host-form").await?;
    browser.press("Cancel").await?;
    browser.press_role(Role::Rail, "Hosts").await?;
    let config = "Host shop\n  HostName shop.example\n  LocalForward 80 b:80\n\
        Host far\n  HostName far.example\n  ProxyJump ops@shop\n";
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), config)?;
    browser.give("Import ~/.ssh/config", file.path()).await?;
    browser.says("2 hosts are imported.", PATIENCE).await?;
    let unfold = "document.querySelector('.left-out summary').click()";
    browser.script(unfold, vec![]).await?;
    tour.stop(world, "hosts").await?;
    browser.fill("Search hosts", "nothing such").await?;
    tour.stop(world, "hosts-not-found").await
}

/// The other pages as they are at first.
pub(crate) async fn pages(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    for page in ["Keys", "Known hosts", "Settings"] {
        browser.press_role(Role::Rail, page).await?;
        browser.says(page, PATIENCE).await?;
        let name = page.to_lowercase().replace(' ', "-");
        tour.stop(world, &format!("{name}-empty")).await?;
    }
    browser.press("Change the keys of Find*").await?;
    browser.says("Press the new keys", PATIENCE).await?;
    tour.stop(world, "settings-keys").await?;
    browser.key(thirtyfour::Key::Escape).await?;
    browser.fill("Search settings", "clipboard").await?;
    tour.stop(world, "settings-found").await?;
    browser.fill("Search settings", "nothing such").await?;
    browser.says("No setting has that name.", PATIENCE).await?;
    tour.stop(world, "settings-not-found").await?;
    browser.fill("Search settings", "back up").await?;
    browser.press("Back up").await?;
    tour.stop(world, "backup").await?;
    escape(world, "Back up this browser").await?;
    browser.fill("Search settings", "forget").await?;
    browser.press("Forget this browser").await?;
    tour.stop(world, "forget").await?;
    escape(world, "Forget this browser?").await
}

/// All of it.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    pages(world, tour).await?;
    world.browser().press_role(Role::Rail, "Home").await?;
    hosts(world, tour).await
}
