//! Host keys: settled before any credential leaves.

use anyhow::Result;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, WorldOptions, scenario};

#[tokio::test]
async fn an_unknown_key_is_shown_as_ssh_keygen_shows_it() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        let dialog = world
            .browser()
            .see(Role::Dialog, "Unknown host key")
            .await?;
        let words = dialog.prop("textContent").await?.unwrap_or_default();
        let (fingerprint, art) = world.server()?.fingerprint()?;
        assert!(
            words.contains(&fingerprint),
            "{fingerprint} is not in {words}"
        );
        assert!(words.contains(&art), "{art}\nis not in\n{words}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn cancel_sends_no_credential() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world
            .browser()
            .see(Role::Dialog, "Unknown host key")
            .await?;
        world.browser().press("Cancel").await?;
        world
            .browser()
            .gone(Role::Dialog, "Unknown host key")
            .await?;
        world.browser().says("is not trusted", PATIENCE).await?;
        assert_eq!(
            world.server()?.credentials(),
            0,
            "{}",
            world.server()?.log()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_trusted_key_is_not_asked_about_again_and_a_changed_one_is_a_full_stop() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let address = world.server()?.address();
        world.home().await?;
        world.dial(&address).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        world.server_mut()?.change_host_key().await?;
        let browser = world.browser();
        world.home().await?;
        world.dial(&address).await?;
        let dialog = browser.see(Role::Dialog, "Host key changed").await?;
        for name in ["Trust and connect", "Just once", "Continue"] {
            assert!(browser.find(Role::Button, name).await?.is_none(), "{name}");
        }
        let words = dialog.prop("textContent").await?.unwrap_or_default();
        let (fingerprint, _) = world.server()?.fingerprint()?;
        assert!(
            words.contains(&fingerprint),
            "{fingerprint} is not in {words}"
        );
        browser.press("Disconnect").await?;
        browser.gone(Role::Dialog, "Host key changed").await?;
        assert_eq!(
            world.server()?.credentials(),
            0,
            "{}",
            world.server()?.log()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_link_that_names_another_key_does_not_undo_what_was_trusted() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world.server_mut()?.change_host_key().await?;
        let link = world.link()?;
        let browser = world.browser();
        browser.open("about:blank").await?;
        browser.open(&link).await?;
        browser.see(Role::Dialog, "Host key changed").await?;
        browser.press("Disconnect").await?;
        browser.gone(Role::Dialog, "Host key changed").await?;
        assert_eq!(
            world.server()?.credentials(),
            0,
            "{}",
            world.server()?.log()
        );
        Ok(())
    })
    .await
}
