//! Keys that an authenticator holds, with the virtual one of DevTools: a touch for each log-in.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use transom_tests::{Login, Need, PATIENCE, Role, ServerOptions, World, WorldOptions, scenario};

const ALLOWED: &str = "PubkeyAcceptedAlgorithms +webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

/// Plugs in a virtual authenticator; returns its id and the session that it belongs to.
async fn plug_in(world: &World) -> Result<(String, String)> {
    let browser = world.browser();
    let session = browser.page_session().await?;
    let devtools = browser.devtools();
    devtools
        .call(Some(&session), "WebAuthn.enable", json!({}))
        .await?;
    let options = json!({ "options": {
        "protocol": "ctap2", "transport": "usb", "hasUserVerification": false,
        "automaticPresenceSimulation": true,
    }});
    let added = devtools
        .call(Some(&session), "WebAuthn.addVirtualAuthenticator", options)
        .await?;
    let id = added.get("authenticatorId").and_then(|id| id.as_str());
    Ok((session.clone(), id.context("no authenticator")?.to_owned()))
}

#[tokio::test]
async fn a_passkey_logs_in_with_a_touch_and_its_loss_is_told() -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            login: Login::KeysOnly,
            config: vec![ALLOWED.to_owned()],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        // Passkeys belong to names, and 127.0.0.1 is none.
        let named = world.origin().replace("127.0.0.1", "localhost");
        world.move_page(named);
        world.home().await?;
        let browser = world.browser();
        let (session, authenticator) = plug_in(world).await?;
        browser.press_role(Role::Rail, "Keys").await?;
        browser.see(Role::Textbox, "Name").await?;
        let choose = "document.querySelector('.key-maker select').selectedIndex = 5";
        browser.script(choose, vec![]).await?;
        let line = browser.make_key("yubi").await?;
        ensure!(
            line.starts_with("sk-ecdsa-sha2-nistp256@openssh.com "),
            "{line}"
        );
        world.server()?.authorize(&line)?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.ready().await?;
        // Without it, a person is told, and can go on.
        let gone = json!({ "authenticatorId": authenticator });
        let devtools = browser.devtools();
        devtools
            .call(Some(&session), "WebAuthn.clearCredentials", gone)
            .await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        browser.says("Nothing was signed", PATIENCE).await?;
        browser.see(Role::Button, "Try again").await?;
        browser.press("Go on without it").await?;
        let key = world.server()?.key("my_key", &["-t", "ed25519"], "")?;
        world.choose_key(&key).await?;
        world.ready().await
    })
    .await
}
