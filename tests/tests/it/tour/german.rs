//! The densest screens in German, whose words are longer.

use anyhow::Result;
use serde_json::json;
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{PATIENCE, Role, World};

use super::begin::save_hosts;
use super::{Tour, files};

const PASSPHRASE: &str = "Pferd Batterie Heftklammer";

/// Opens the page in German.
async fn home(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.open(&format!("{}/", world.origin())).await?;
    let settings = json!({ "theme": tour.theme, "language": "german", "screen_reader": true });
    let store = "localStorage.setItem('transom.settings', arguments[0]); return 1";
    browser
        .script(store, vec![settings.to_string().into()])
        .await?;
    browser.reload().await?;
    browser.see(Role::Textbox, "Adresse").await?;
    Ok(())
}

async fn pages(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    save_hosts(world, "Rechner einlesen", "Mit Attic verbinden").await?;
    tour.stop(world, "german-home").await?;
    browser.press("Neuer Rechner").await?;
    browser.see(Role::Textbox, "Adresse des Rechners").await?;
    tour.stop(world, "german-host-form").await?;
    browser.press("Abbrechen").await?;
    browser.press_role(Role::Rail, "Einstellungen").await?;
    browser.says("Tastatur", PATIENCE).await?;
    tour.stop(world, "german-settings").await?;
    browser
        .fill("Einstellungen durchsuchen", "Zwischenablage")
        .await?;
    tour.stop(world, "german-settings-found").await?;
    browser.press_role(Role::Rail, "Schlüssel").await?;
    browser.fill("Name", "Laptop").await?;
    browser.press("Schlüssel erzeugen").await?;
    browser.see(Role::Button, "Auf Rechner eintragen").await?;
    browser.press("Tresor anlegen").await?;
    tour.stop(world, "german-vault-create").await?;
    browser.fill("Neue Passphrase", PASSPHRASE).await?;
    browser.fill("Passphrase wiederholen", PASSPHRASE).await?;
    browser.press("Weiter").await?;
    browser.says("Der Tresor ist offen.", PATIENCE).await?;
    tour.stop(world, "german-keys").await?;
    browser.press_role(Role::Rail, "Start").await
}

async fn session(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.fill("Adresse", &world.server()?.address()).await?;
    browser.press("Verbinden").await?;
    browser
        .see(Role::Dialog, "Unbekannter Rechnerschlüssel")
        .await?;
    tour.stop(world, "german-host-key").await?;
    browser.press("Vertrauen und verbinden").await?;
    browser.fill("Passwort", PASSWORD).await?;
    tour.stop(world, "german-log-in").await?;
    browser.press("Weiter").await?;
    browser.status("Verbunden", PATIENCE).await?;
    browser.shows("ready>").await?;
    tour.stop(world, "german-save-password").await?;
    browser.press("Jetzt nicht").await?;
    for _begin_and_end in 0..2 {
        browser.press("Befehle").await?;
        browser.fill("Befehl", "Aufnahme beginnen").await?;
        browser.key(Key::Enter).await?;
        browser.gone(Role::Dialog, "Befehle").await?;
    }
    browser
        .says("Aufnahme in diesem Browser aufbewahrt", PATIENCE)
        .await?;
    browser.press_role(Role::Rail, "Aufnahmen").await?;
    browser.see(Role::Button, "127.0.0.1*").await?;
    tour.stop(world, "german-recordings").await?;
    browser.press_role(Role::Rail, "Bekannte Rechner").await?;
    browser.says("127.0.0.1", PATIENCE).await?;
    tour.stop(world, "german-known-hosts").await?;
    browser.press_role(Role::Rail, "Sitzungen").await?;
    files::fill(world)?;
    browser.press("Dateien").await?;
    browser.press("home").await?;
    click_row(world).await?;
    tour.stop(world, "german-files").await?;
    browser.press("Befehle").await?;
    tour.stop(world, "german-palette").await
}

async fn click_row(world: &World) -> Result<()> {
    let row = world
        .browser()
        .see(Role::Row, "release-2026.11.tar.zst")
        .await?;
    row.click().await?;
    Ok(())
}

/// A host key that changed.
async fn changed(world: &mut World, tour: Tour) -> Result<()> {
    world.server_mut()?.change_host_key().await?;
    home(world, tour).await?;
    let browser = world.browser();
    browser.fill("Adresse", &world.server()?.address()).await?;
    browser.press("Verbinden").await?;
    browser
        .see(Role::Dialog, "Rechnerschlüssel geändert")
        .await?;
    tour.stop(world, "german-host-key-changed").await
}

/// All of it.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    home(world, tour).await?;
    pages(world, tour).await?;
    session(world, tour).await?;
    changed(world, tour).await
}
