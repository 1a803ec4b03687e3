//! Keys that can be exported: kept encrypted in the vault, used while that is open, written as
//! encrypted files, and backed up.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario};

const VAULT: &str = "planted-vault-2201";
const FILE: &str = "planted-file-7730";
const BACKUP: &str = "planted-backup-5519";

const EXPORTABLE: &str = "Can be exported (kept encrypted in the vault)";

fn keys_only() -> WorldOptions {
    WorldOptions::keys_only()
}

async fn create_vault(world: &World) -> Result<()> {
    create_vault_with(world, VAULT).await
}

async fn create_vault_with(world: &World, passphrase: &str) -> Result<()> {
    let browser = world.browser();
    browser.see(Role::Dialog, "Create a vault").await?;
    browser.fill("New passphrase", passphrase).await?;
    world.answer("Repeat the passphrase", passphrase).await?;
    browser.gone(Role::Dialog, "Create a vault").await
}

/// Makes a key that can be exported, and the vault for it; lets it log in.
async fn make(world: &World) -> Result<String> {
    make_in_vault(world, VAULT).await
}

/// The same with another passphrase of the vault.
pub(crate) async fn make_in_vault(world: &World, vault: &str) -> Result<String> {
    world.home().await?;
    let browser = world.browser();
    browser.press_role(Role::Rail, "Keys").await?;
    browser.press_role(Role::Checkbox, EXPORTABLE).await?;
    browser.fill("Name", "laptop").await?;
    browser.press("Generate key").await?;
    create_vault_with(world, vault).await?;
    browser.see(Role::Button, "Export key").await?;
    let read = "return document.querySelector('.public-key').textContent";
    let line = browser.script(read, vec![]).await?;
    let line = line.as_str().unwrap_or_default().to_owned();
    world.server()?.authorize(&line)?;
    Ok(line)
}

/// What ssh-keygen reads of a key file.
fn public_half(folder: &Path, file: &str, passphrase: &str) -> Result<String> {
    let path = folder.join("exported");
    std::fs::write(&path, file)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let read = Command::new("ssh-keygen")
        .args(["-y", "-P", passphrase, "-f"])
        .arg(&path)
        .output()?;
    Ok(String::from_utf8(read.stdout)?.trim().to_owned())
}

#[tokio::test]
async fn a_key_of_the_vault_logs_in_after_unlocking_and_is_exported_encrypted() -> Result<()> {
    scenario(Need::Share, keys_only(), async |world| {
        let line = make(world).await?;
        let browser = world.browser();
        browser.press("Export key").await?;
        browser.fill("Passphrase of the file", FILE).await?;
        browser.fill("Repeat the passphrase", FILE).await?;
        let file = browser.saved_by("Continue").await?;
        browser.says("The file is saved", PATIENCE).await?;
        browser.press("Close").await?;
        let folder = tempfile::tempdir()?;
        assert_eq!(public_half(folder.path(), &file, FILE)?, line);
        assert_eq!(public_half(folder.path(), &file, VAULT)?, "");
        // Open: nobody is asked.
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.ready().await?;
        browser.press_role(Role::Rail, "Keys").await?;
        browser.press("Lock vault").await?;
        browser.says("The vault is locked.", PATIENCE).await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        browser
            .says("It is in the vault, which is locked.", PATIENCE)
            .await?;
        browser.press("Unlock vault").await?;
        world.answer("Passphrase", VAULT).await?;
        world.ready().await?;
        for secret in [VAULT, FILE] {
            ensure!(
                !browser.profile_holds(secret)?,
                "{secret} is in the profile"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_person_goes_on_without_a_key_of_the_vault() -> Result<()> {
    scenario(Need::Share, keys_only(), async |world| {
        make(world).await?;
        let browser = world.browser();
        browser.press("Lock vault").await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        browser.press("Go on without it").await?;
        let key = world.server()?.key("my_key", &["-t", "ed25519"], "")?;
        world.choose_key(&key).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn an_imported_key_can_be_kept_so_that_it_can_be_exported_again() -> Result<()> {
    scenario(Need::Share, keys_only(), async |world| {
        let arguments = ["-t", "ecdsa", "-b", "521"];
        let key = world.server()?.key("my_key", &arguments, "file secret")?;
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.press("Import key").await?;
        let again = "Can be exported again (kept encrypted in the vault)";
        browser.press_role(Role::Checkbox, again).await?;
        world.choose_key(&key).await?;
        world.answer("Passphrase", "file secret").await?;
        browser.says("which is not open", PATIENCE).await?;
        browser.press("Open the vault").await?;
        create_vault(world).await?;
        browser
            .says("The key is kept, encrypted in the vault.", PATIENCE)
            .await?;
        browser.press("Done").await?;
        browser.see(Role::Button, "Export key").await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn a_backup_brings_everything_to_a_browser_that_forgot() -> Result<()> {
    scenario(Need::Share, keys_only(), async |world| {
        make(world).await?;
        let browser = world.browser();
        browser.make_key("hidden").await?;
        browser.press_role(Role::Rail, "Home").await?;
        browser.press("New host").await?;
        let address = world.server()?.address();
        browser.fill("Host address", &address).await?;
        browser.fill("Host name", "Shop").await?;
        browser.press("Save").await?;
        browser.press("Connect to Shop").await?;
        world.trust().await?;
        world.ready().await?;
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Back up").await?;
        browser.fill("Passphrase of the backup", BACKUP).await?;
        browser.fill("Repeat the passphrase", BACKUP).await?;
        let backup = browser.saved_by("Continue").await?;
        // The server may have announced its other keys by now.
        browser
            .says("Keys: 1. Hosts: 1. Known hosts: ", PATIENCE)
            .await?;
        browser
            .says("nobody can read them: hidden.", PATIENCE)
            .await?;
        browser.press("Close").await?;
        browser.press("Forget this browser").await?;
        browser.fill("Type forget to go on", "forget").await?;
        browser.press("Forget everything").await?;
        browser.says("Nothing is left.", PATIENCE).await?;
        browser.press("Start anew").await?;
        let file = tempfile::NamedTempFile::with_suffix(".txt")?;
        browser.press_role(Role::Rail, "Settings").await?;
        let lines = backup.lines().enumerate();
        let damaged: Vec<&str> = lines
            .filter(|(place, _)| *place != 2)
            .map(|(_, line)| line)
            .collect();
        std::fs::write(file.path(), damaged.join("\n"))?;
        browser.give("Restore a backup", file.path()).await?;
        world.answer("Passphrase of the backup", BACKUP).await?;
        browser.says("The backup is damaged", PATIENCE).await?;
        browser.press("Close").await?;
        std::fs::write(file.path(), backup)?;
        browser.give("Restore a backup", file.path()).await?;
        world.answer("Passphrase of the backup", VAULT).await?;
        browser
            .says("That is not the passphrase of this backup.", PATIENCE)
            .await?;
        world.answer("Passphrase of the backup", BACKUP).await?;
        browser.press("Open the vault").await?;
        create_vault(world).await?;
        browser.says("The backup is restored.", PATIENCE).await?;
        browser.press("Close").await?;
        browser.press_role(Role::Rail, "Home").await?;
        // Its host, its trust and its key are back: nobody is asked for anything.
        browser.press("Connect to Shop").await?;
        world.ready().await
    })
    .await
}
