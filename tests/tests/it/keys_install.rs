//! A key is put on a host by one button, and is then known to work.

use std::os::unix::fs::PermissionsExt;

use anyhow::Result;
use transom_tests::{Need, PATIENCE, Role, ServerOptions, WorldOptions, scenario};

#[tokio::test]
async fn a_key_is_installed_once_and_proven_to_log_in() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        let line = browser.make_key("my laptop").await?;
        let host = format!("tara@[127.0.0.1]:{}", world.server()?.port());
        for words in [
            "Its line is in ~/.ssh/authorized_keys",
            "Its line was already there",
        ] {
            browser.press("Install on host").await?;
            browser.press(&host).await?;
            let words = format!("{words}, and {host} lets you in with this key.");
            browser.says(&words, PATIENCE).await?;
            browser.press("Close").await?;
        }
        let file = world.server()?.file(".ssh/authorized_keys");
        assert_eq!(file.matches(&line).count(), 1, "{file}");
        let path = world.server()?.home().join(".ssh/authorized_keys");
        let mode = std::fs::metadata(path)?.permissions().mode();
        assert_eq!(mode & 0o022, 0, "{mode:o}");
        // The proof is a use of the key.
        browser.says("last used", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn a_server_that_takes_no_such_keys_is_told_from_success() -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            config: vec!["PubkeyAcceptedAlgorithms rsa-sha2-512".to_owned()],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.make_key("laptop").await?;
        browser.press("Install on host").await?;
        let host = format!("tara@[127.0.0.1]:{}", world.server()?.port());
        browser.press(&host).await?;
        browser.says("does not accept the key", PATIENCE).await?;
        browser.says("PubkeyAcceptedAlgorithms", PATIENCE).await
    })
    .await
}
