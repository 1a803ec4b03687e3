//! Ten keys and a password in the vault: nothing that is stored holds any of them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario};

use crate::vault::DUMP;

const VAULT: &str = "planted-vault-6138";
const KEYS: usize = 10;

/// Makes an Ed25519 key, and returns its seed: the secret itself.
fn make(path: &Path) -> Result<Vec<u8>> {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .status()?;
    ensure!(made.success(), "ssh-keygen");
    let file = std::fs::read_to_string(path)?;
    let body: String = file.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = STANDARD.decode(body)?;
    let line = std::fs::read_to_string(path.with_extension("pub"))?;
    let public = line.split(' ').nth(1).context("no key")?;
    let public = STANDARD.decode(public)?;
    let public = public.get(public.len() - 32..).context("short")?;
    // The private half is the seed, and the public half behind it.
    let place = bytes.windows(32).rposition(|part| part == public);
    let place = place.context("no private half")?;
    let seed = bytes.get(place - 32..place).context("no seed")?;
    Ok(seed.to_vec())
}

async fn import(world: &World, path: &Path) -> Result<()> {
    let browser = world.browser();
    browser.press("Import key").await?;
    let exportable = "Can be exported again (kept encrypted in the vault)";
    browser.press_role(Role::Checkbox, exportable).await?;
    world.choose_key(path).await?;
    browser
        .says("The key is kept, encrypted in the vault.", PATIENCE)
        .await?;
    browser.press("Done").await
}

#[tokio::test]
async fn nothing_that_is_stored_holds_a_key_of_the_vault_or_a_password() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press("Save password").await?;
        browser.fill("New passphrase", VAULT).await?;
        world.answer("Repeat the passphrase", VAULT).await?;
        browser.gone(Role::Button, "Save password").await?;
        browser.press_role(Role::Rail, "Keys").await?;
        let folder = tempfile::tempdir()?;
        let mut secrets = Vec::new();
        for number in 0..KEYS {
            let path = folder.path().join(format!("key{number}"));
            secrets.push(make(&path)?);
            import(world, &path).await?;
        }
        let dump = browser.script(DUMP, vec![]).await?;
        let dump = dump.as_str().unwrap_or_default();
        // Bytes are in it as letters of one byte each; the search itself works.
        ensure!(
            dump.contains("password:tara@") && dump.contains("sealed"),
            "{dump}"
        );
        for seed in &secrets {
            let letters: String = seed.iter().map(|byte| char::from(*byte)).collect();
            for secret in [letters, STANDARD.encode(seed)] {
                ensure!(!dump.contains(&secret), "a key is stored");
            }
            ensure!(!browser.profile_holds(seed)?, "a key is in the profile");
            let text = STANDARD.encode(seed);
            ensure!(
                !browser.profile_holds(text)?,
                "a key is in the profile as text"
            );
        }
        for secret in [PASSWORD, VAULT] {
            ensure!(!dump.contains(secret), "{secret} is stored");
            ensure!(
                !browser.profile_holds(secret)?,
                "{secret} is in the profile"
            );
        }
        Ok(())
    })
    .await
}
