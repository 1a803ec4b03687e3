//! Jump hosts: SSH inside of SSH, each server with its own key and log-in.

use anyhow::Result;
use transom_tests::server::{PASSWORD, USER};
use transom_tests::{Need, PATIENCE, Role, Server, ServerOptions, World, WorldOptions, scenario};

/// The address of `server` behind the world's own, under a name of its own.
fn behind(world: &World, server: &Server) -> Result<String> {
    let hop = world.server()?.address();
    Ok(format!("{USER}@localhost:{} via {hop}", server.port()))
}

/// Sees the question about an unknown key, compares it with that of `server`, and trusts it.
async fn trust_key_of(world: &World, server: &Server) -> Result<()> {
    let (fingerprint, _) = server.fingerprint()?;
    let dialog = world.browser().see(Role::Dialog, "Unknown host key");
    let words = dialog.await?.prop("textContent").await?.unwrap_or_default();
    assert!(
        words.contains(&fingerprint),
        "{fingerprint} is not in {words}"
    );
    world.trust().await
}

/// Passes the jump host.
async fn pass(world: &World) -> Result<()> {
    trust_key_of(world, world.server()?).await?;
    let browser = world.browser();
    browser
        .says("Jump host 1 of 1: 127.0.0.1", PATIENCE)
        .await?;
    browser
        .says(&format!("Log in to 127.0.0.1 as {USER}"), PATIENCE)
        .await?;
    world.answer("Password", PASSWORD).await
}

#[tokio::test]
async fn each_server_on_the_way_is_trusted_and_logged_in_to_by_itself() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let second = Server::start(&ServerOptions::default()).await?;
        let browser = world.browser();
        world.home().await?;
        world.dial(&behind(world, &second)?).await?;
        pass(world).await?;
        trust_key_of(world, &second).await?;
        assert_eq!(second.attempts("password"), 0, "{}", second.log());
        let question = format!("Log in to localhost as {USER}");
        browser.says(&question, PATIENCE).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        let row = format!("port-{}", second.port());
        world
            .run("echo port-$(echo $SSH_CONNECTION | cut -d' ' -f4)", &row)
            .await?;

        browser.press("End-to-end").await?;
        let sees = format!("your address, 127.0.0.1:{}, times", world.server()?.port());
        browser.says(&sees, PATIENCE).await?;
        world.server_mut()?.kill().await?;
        let browser = world.browser();
        browser
            .says("a jump host on the way to localhost", PATIENCE)
            .await?;
        browser.see(Role::Button, "Reconnect").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_known_jump_host_is_passed_with_a_kept_key_and_without_a_question() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let second = Server::start(&ServerOptions::default()).await?;
        let browser = world.browser();
        world.home().await?;
        let line = world.keep_key("laptop").await?;
        second.authorize(&line)?;
        world.home().await?;
        world.dial(&behind(world, &second)?).await?;
        trust_key_of(world, world.server()?).await?;
        trust_key_of(world, &second).await?;
        world.ready().await?;
        assert_eq!(second.attempts("password"), 0);

        world.home().await?;
        browser
            .press(&format!("Connect to {}", behind(world, &second)?))
            .await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn a_jump_host_that_lets_nothing_through_is_named() -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            config: vec!["AllowTcpForwarding no".to_owned()],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        let second = Server::start(&ServerOptions::default()).await?;
        world.home().await?;
        world.dial(&behind(world, &second)?).await?;
        pass(world).await?;
        world
            .fails("127.0.0.1 does not let connections through", "Edit address")
            .await
    })
    .await
}

#[tokio::test]
async fn a_server_that_its_jump_host_cannot_reach_is_told_apart() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let hop = world.server()?.address();
        world.home().await?;
        world.dial(&format!("{USER}@localhost:1 via {hop}")).await?;
        pass(world).await?;
        world
            .fails("127.0.0.1 could not reach the next host", "Edit address")
            .await
    })
    .await
}
