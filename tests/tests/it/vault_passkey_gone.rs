//! A vault that opens by passkey: backed up, forgotten with its browser, and brought back.

use anyhow::{Result, ensure};
use serde_json::json;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario};

use crate::forget::{KEPT, nothing};
use crate::keys_export::make_in_vault;
use crate::vault_passkey::{Authenticators, PASSPHRASE, add_passkey, by_name, lock, unlock};

const BACKUP: &str = "planted-backup-6120";
const NEXT: &str = "planted-next-vault-4417";

async fn back_up(world: &World) -> Result<String> {
    let browser = world.browser();
    browser.press_role(Role::Rail, "Settings").await?;
    browser.press("Back up").await?;
    // Its keys are in the vault, which a touch opens.
    unlock(browser).await?;
    browser.fill("Passphrase of the backup", BACKUP).await?;
    browser.fill("Repeat the passphrase", BACKUP).await?;
    let backup = browser.saved_by("Continue").await?;
    browser.says("Keys: 1.", PATIENCE).await?;
    browser.press("Close").await?;
    Ok(backup)
}

async fn forget(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.press("Forget this browser").await?;
    browser.fill("Type forget to go on", "forget").await?;
    browser.press("Forget everything").await?;
    browser.says("Nothing is left.", PATIENCE).await?;
    assert_eq!(browser.script(KEPT, Vec::new()).await?, nothing());
    browser.press("Start anew").await
}

#[tokio::test]
async fn a_vault_with_a_passkey_is_backed_up_forgotten_and_brought_back() -> Result<()> {
    let options = WorldOptions::keys_only();
    scenario(Need::Share, options, async |world| {
        by_name(world);
        make_in_vault(world, PASSPHRASE).await?;
        let browser = world.browser();
        let authenticators = Authenticators::of(browser).await?;
        authenticators.plug_in(json!({})).await?;
        add_passkey(world).await?;
        lock(browser).await?;
        let backup = back_up(world).await?;
        for secret in ["PRIVATE KEY", PASSPHRASE, BACKUP, "hkdf-sha256"] {
            ensure!(!backup.contains(secret), "{secret} is in the backup");
        }
        forget(world).await?;
        for secret in [PASSPHRASE, BACKUP] {
            ensure!(
                !browser.profile_holds(secret)?,
                "{secret} is in the profile"
            );
        }
        let file = tempfile::NamedTempFile::with_suffix(".txt")?;
        std::fs::write(file.path(), backup)?;
        browser.press_role(Role::Rail, "Settings").await?;
        browser.give("Restore a backup", file.path()).await?;
        world.answer("Passphrase of the backup", BACKUP).await?;
        browser.press("Open the vault").await?;
        // The passkey went with the vault: there is nothing here that it could open.
        browser.see(Role::Dialog, "Create a vault").await?;
        browser.fill("New passphrase", NEXT).await?;
        world.answer("Repeat the passphrase", NEXT).await?;
        browser.says("The backup is restored.", PATIENCE).await?;
        browser.press("Close").await?;
        // The same authenticator opens the new one after it was set up again.
        browser.press_role(Role::Rail, "Keys").await?;
        browser.press("Add a passkey").await?;
        world.answer("Passphrase", NEXT).await?;
        browser.gone(Role::Dialog, "Add a passkey").await?;
        lock(browser).await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        unlock(browser).await?;
        world.ready().await
    })
    .await
}
