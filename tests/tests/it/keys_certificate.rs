//! Certificates of users: they log in where the server knows the authority and not the key.

use std::process::Command;

use anyhow::{Result, ensure};
use transom_tests::{Login, Need, PATIENCE, Role, ServerOptions, WorldOptions, scenario};

#[tokio::test]
async fn a_certificate_is_attached_told_and_logs_in() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let authority = folder.path().join("ca");
    let keygen = |arguments: &[&str]| -> Result<()> {
        let made = Command::new("ssh-keygen").args(arguments).output()?;
        ensure!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Ok(())
    };
    let authority_path = authority.to_string_lossy().into_owned();
    keygen(&["-q", "-t", "ed25519", "-N", "", "-f", &authority_path])?;
    let options = WorldOptions {
        server: Some(ServerOptions {
            login: Login::KeysOnly,
            config: vec![format!("TrustedUserCAKeys {authority_path}.pub")],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        let line = browser.make_key("laptop").await?;
        let public = folder.path().join("laptop.pub");
        std::fs::write(&public, &line)?;
        let public = public.to_string_lossy().into_owned();
        let sign = ["-q", "-s", &authority_path, "-I", "tara at work"];
        keygen(&[&sign[..], &["-n", "tara", "-V", "-1m:+1d", &public]].concat())?;
        let certificate = folder.path().join("laptop-cert.pub");
        browser.press("Certificate").await?;
        browser
            .give("Choose certificate", &authority.with_extension("pub"))
            .await?;
        browser.says("That is no certificate.", PATIENCE).await?;
        browser.give("Choose certificate", &certificate).await?;
        browser.says("Certificate for tara", PATIENCE).await?;
        browser.says("The certificate ends soon.", PATIENCE).await?;
        browser.press("Certificate").await?;
        browser.says("tara at work", PATIENCE).await?;
        browser.says("permit-pty", PATIENCE).await?;
        browser.press("Close").await?;
        // The key has no line on the server.
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.ready().await?;
        let log = world.server()?.log();
        ensure!(log.contains("ED25519-CERT"), "{log}");
        Ok(())
    })
    .await
}
