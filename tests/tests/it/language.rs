//! Another language than English.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::By;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Whether the file of German words was asked for.
fn fetched(world: &World) -> bool {
    let ledger = world.browser().devtools().ledger();
    ledger.requests().iter().any(|url| url.contains("/de-"))
}

/// Chooses German on the page of settings.
async fn choose_german(world: &World) -> Result<()> {
    let browser = world.browser();
    let select = By::XPath("//label[span='Language']/select/option[.='Deutsch']");
    browser.driver().find(select).await?.click().await?;
    browser.see(Role::Rail, "Einstellungen").await?;
    Ok(())
}

#[tokio::test]
async fn german_is_chosen_in_the_settings_and_fetched_only_then() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        ensure!(!fetched(world), "English needs no file");
        world.run("echo befo''re", "before").await?;
        browser.press_role(Role::Rail, "Settings").await?;
        choose_german(world).await?;
        ensure!(fetched(world));
        let lang = "return document.documentElement.lang";
        assert_eq!(browser.script(lang, vec![]).await?, "de");
        // The shell went on.
        browser.press_role(Role::Rail, "Sitzungen").await?;
        browser.shows("before").await?;
        let select = By::XPath("//label[span='Sprache']/select/option[.='English']");
        browser.press_role(Role::Rail, "Einstellungen").await?;
        browser.driver().find(select).await?.click().await?;
        browser.see(Role::Rail, "Settings").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_browsers_language_counts_where_nothing_is_chosen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let session = browser.page_session().await?;
        let agent = browser.script("return navigator.userAgent", vec![]).await?;
        let params = json!({ "userAgent": agent, "acceptLanguage": "de-AT,de,en" });
        let devtools = browser.devtools();
        devtools
            .call(Some(&session), "Emulation.setUserAgentOverride", params)
            .await?;
        browser.open(&format!("{}/", world.origin())).await?;
        browser.see(Role::Rail, "Bekannte Rechner").await?;
        let kept = "return JSON.parse(localStorage.getItem('transom.settings')).language";
        until("nothing is chosen", PATIENCE, async || {
            Ok(browser.script(kept, vec![]).await? == "browser")
        })
        .await
    })
    .await
}

/// Each page by its name in the rail, with something on it that has a name of its own.
const PAGES: [(&str, Role, &str); 7] = [
    ("Start", Role::Button, "Verbinden"),
    ("Rechner", Role::Button, "Neuer Rechner"),
    ("Schlüssel", Role::Button, "Schlüssel erzeugen"),
    ("Schlüssel", Role::Button, "Tresor anlegen"),
    ("Bekannte Rechner", Role::Button, "Zeilen hinzufügen"),
    ("Aufnahmen", Role::Rail, "Aufnahmen"),
    ("Einstellungen", Role::Button, "Sichern"),
];

#[tokio::test]
async fn every_screen_speaks_german() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        choose_german(world).await?;
        for (page, role, name) in PAGES {
            browser.press_role(Role::Rail, page).await?;
            browser.see(role, name).await?;
        }
        // What is looked for may be a German word that stands nowhere on the page.
        let search = "Einstellungen durchsuchen";
        browser.fill(search, "Schriftfamilie").await?;
        browser.see(Role::Textbox, "Schrift*").await?;
        ensure!(browser.find(Role::Button, "Sichern").await?.is_none());
        browser.fill(search, "Pferdestärken").await?;
        browser.gone(Role::Textbox, "Schrift*").await?;
        browser.press_role(Role::Rail, "Rechner").await?;
        browser.press("Neuer Rechner").await?;
        browser.see(Role::Textbox, "Über Sprungrechner").await?;
        browser.press("Abbrechen").await?;
        browser.press_role(Role::Rail, "Schlüssel").await?;
        browser.press("Tresor anlegen").await?;
        browser.see(Role::Textbox, "Passphrase wiederholen").await?;
        browser.press("Abbrechen").await?;
        browser.press_role(Role::Rail, "Sitzungen").await?;
        browser.see(Role::Button, "Nach rechts teilen").await?;
        browser.press("Dateien").await?;
        browser.see(Role::Region, "Dateien des Servers").await?;
        browser.see(Role::Button, "Neuer Ordner").await?;
        browser.see(Role::Grid, "Dateien").await?;
        world.server()?.put("groß", vec![0; 1_234_567])?;
        browser.press("home").await?;
        let row = browser.see(Role::Row, "groß").await?.text().await?;
        let day = "const now = new Date();
            const two = (number) => String(number).padStart(2, '0');
            return `${two(now.getDate())}.${two(now.getMonth() + 1)}.${now.getFullYear()}`";
        let day = browser.script(day, vec![]).await?;
        let day = day.as_str().unwrap_or_default();
        ensure!(row.contains("1,2 MB") && row.contains(day), "{row}");
        browser.press("Befehle").await?;
        browser.fill("Befehl", "umbenennen").await?;
        browser.see(Role::Dialog, "Befehle").await?;
        Ok(())
    })
    .await
}
