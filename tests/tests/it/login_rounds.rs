//! Log-ins that take more than one proof, or more than one server.

use anyhow::Result;
use transom_tests::server::{CODE, PASSWORD, USER};
use transom_tests::{Login, Need, PATIENCE, Role, Server, ServerOptions, WorldOptions, scenario};

fn server(login: Login, config: &[&str]) -> WorldOptions {
    WorldOptions {
        server: Some(ServerOptions {
            login,
            config: config.iter().map(|line| (*line).to_owned()).collect(),
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    }
}

#[tokio::test]
async fn a_key_and_a_code_open_a_shell_together() -> Result<()> {
    let both = [
        "PubkeyAuthentication yes",
        "AuthenticationMethods publickey,keyboard-interactive",
    ];
    scenario(Need::Share, server(Login::Prompts, &both), async |world| {
        let browser = world.browser();
        world.home().await?;
        world.keep_key("laptop").await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        browser
            .says("Accepted. The server asks for one more proof", PATIENCE)
            .await?;
        world.answer("Verification code", CODE).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        world.run("id -un", USER).await
    })
    .await
}

#[tokio::test]
async fn a_password_that_has_expired_is_changed_on_the_way() -> Result<()> {
    scenario(Need::Share, server(Login::Expired, &[]), async |world| {
        let browser = world.browser();
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        let field = browser.see(Role::Textbox, "New password").await?;
        assert_eq!(field.prop("type").await?.as_deref(), Some("password"));
        world.answer("New password", "plain sight 8").await?;
        world.answer("Retype new password", "plain sight 8").await?;
        world.ready().await?;
        assert_eq!(world.server()?.changed_password(), "plain sight 8");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_password_that_is_typed_in_two_ways_changes_nothing() -> Result<()> {
    scenario(Need::Share, server(Login::Expired, &[]), async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.answer("New password", "plain sight 8").await?;
        world.answer("Retype new password", "plain sight 9").await?;
        world
            .browser()
            .says("Those answers were not accepted", PATIENCE)
            .await?;
        assert_eq!(world.server()?.changed_password(), "");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_shell_opens_behind_three_jump_hosts() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let options = ServerOptions::default();
        let (second, third) = (
            Server::start(&options).await?,
            Server::start(&options).await?,
        );
        let last = Server::start(&options).await?;
        world.home().await?;
        let line = world.keep_key("laptop").await?;
        let way = [world.server()?, &second, &third, &last];
        for server in way.iter().skip(1) {
            server.authorize(&line)?;
        }
        browser.press_role(Role::Rail, "Home").await?;
        let hops = [world.server()?, &second, &third].map(Server::address);
        let address = format!("{USER}@localhost:{} via {}", last.port(), hops.join(","));
        world.dial(&address).await?;
        for (place, server) in way.into_iter().enumerate() {
            if place < hops.len() {
                let words = format!("Jump host {} of 3", place + 1);
                browser.says(&words, PATIENCE).await?;
            }
            let (fingerprint, _) = server.fingerprint()?;
            browser.says(&fingerprint, PATIENCE).await?;
            world.trust_on_the_way().await?;
        }
        world.ready().await?;
        let row = format!("port-{}", last.port());
        world
            .run("echo port-$(echo $SSH_CONNECTION | cut -d' ' -f4)", &row)
            .await
    })
    .await
}
