//! Keys, the vault, and passkeys that open it.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use serde_json::json;
use transom_tests::{PATIENCE, Role, World};

use super::{Tour, escape};
use crate::vault_passkey::{Authenticators, by_name};

const PASSPHRASE: &str = "correct horse battery";

/// Has a key signed by an authority of this test, for a day.
fn sign(folder: &Path, line: &str) -> Result<()> {
    let (authority, public) = (folder.join("ca"), folder.join("laptop.pub"));
    std::fs::write(&public, line)?;
    let arguments = ["-q", "-t", "ed25519", "-N", "", "-f"];
    let made = Command::new("ssh-keygen")
        .args(arguments)
        .arg(&authority)
        .status()?;
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-s"])
        .arg(&authority)
        .args(["-I", "tara at work", "-n", "tara", "-V", "-1m:+1d"])
        .arg(&public)
        .status()?;
    ensure!(made.success() && signed.success(), "ssh-keygen");
    Ok(())
}

/// A key that stays here, its certificate, its code, another one that is read from a file.
async fn keys(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    let line = browser.make_key("laptop").await?;
    tour.stop(world, "keys").await?;
    browser.press("QR code").await?;
    tour.stop(world, "key-code").await?;
    escape(world, "QR code of laptop").await?;
    let folder = tempfile::tempdir()?;
    sign(folder.path(), &line)?;
    browser.press("Certificate").await?;
    tour.stop(world, "certificate-none").await?;
    let certificate = folder.path().join("laptop-cert.pub");
    browser.give("Choose certificate", &certificate).await?;
    browser.says("The certificate ends soon.", PATIENCE).await?;
    browser.press("Certificate").await?;
    browser.says("permit-pty", PATIENCE).await?;
    tour.stop(world, "certificate").await?;
    browser.press("Close").await?;
    browser.press("Install on host").await?;
    tour.stop(world, "key-install").await?;
    escape(world, "Install laptop").await?;
    browser.press("Rename").await?;
    tour.stop(world, "key-rename").await?;
    escape(world, "Rename laptop").await?;
    browser.press("Delete").await?;
    tour.stop(world, "key-delete").await?;
    escape(world, "Delete laptop?").await?;
    browser.press("Import key").await?;
    tour.stop(world, "key-import").await?;
    escape(world, "Import a private key").await
}

/// A vault, made, open, and opened by passphrase and by passkey.
async fn vault(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.press("Create vault").await?;
    browser.see(Role::Dialog, "Create a vault").await?;
    tour.stop(world, "vault-create").await?;
    browser.fill("New passphrase", PASSPHRASE).await?;
    world.answer("Repeat the passphrase", PASSPHRASE).await?;
    browser.says("The vault is open.", PATIENCE).await?;
    let authenticators = Authenticators::of(browser).await?;
    let id = authenticators.plug_in(json!({})).await?;
    browser.press("Add a passkey").await?;
    browser.see(Role::Dialog, "Add a passkey").await?;
    browser.see(Role::Textbox, "Passphrase").await?;
    tour.stop(world, "vault-passkey-add").await?;
    world.answer("Passphrase", PASSPHRASE).await?;
    browser.gone(Role::Dialog, "Add a passkey").await?;
    tour.stop(world, "vault").await?;
    browser.press("Change passphrase").await?;
    tour.stop(world, "vault-change").await?;
    escape(world, "Change the passphrase").await?;
    browser.press("Lock vault").await?;
    browser.says("The vault is locked.", PATIENCE).await?;
    browser.press("Unlock vault").await?;
    browser.see(Role::Dialog, "Unlock the vault").await?;
    tour.stop(world, "vault-unlock").await?;
    let presence = json!({ "authenticatorId": id, "enabled": false });
    authenticators
        .call("setAutomaticPresenceSimulation", presence)
        .await?;
    browser.press("Unlock with a passkey").await?;
    browser.see(Role::Button, "Stop").await?;
    tour.stop(world, "vault-passkey").await?;
    browser.press("Stop").await?;
    browser.says("You stopped it", PATIENCE).await?;
    tour.stop(world, "vault-passkey-stopped").await?;
    world.answer("Passphrase", PASSPHRASE).await?;
    browser.says("The vault is open.", PATIENCE).await
}

/// A key of the vault, written as a file.
async fn export(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    let exportable = "Can be exported (kept encrypted in the vault)";
    browser.press_role(Role::Checkbox, exportable).await?;
    browser.fill("Name", "portable").await?;
    browser.press("Generate key").await?;
    browser.press("Export key").await?;
    browser.see(Role::Textbox, "Passphrase of the file").await?;
    tour.stop(world, "key-export").await?;
    escape(world, "Export portable").await
}

/// All of it.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    by_name(world);
    tour.home(world).await?;
    world.browser().press_role(Role::Rail, "Keys").await?;
    keys(world, tour).await?;
    vault(world, tour).await?;
    export(world, tour).await
}
