//! Ways in.

use anyhow::Result;
use transom_tests::server::{CODE, PASSWORD};
use transom_tests::{Login, Need, PATIENCE, Role, ServerOptions, WorldOptions, scenario, until};

fn server(login: Login) -> WorldOptions {
    WorldOptions {
        server: Some(ServerOptions {
            login,
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    }
}

#[tokio::test]
async fn a_password_opens_a_shell() -> Result<()> {
    scenario(Need::Share, server(Login::Password), async |world| {
        world.log_in().await?;
        world.run("id -un", "tara").await
    })
    .await
}

#[tokio::test]
async fn keyboard_interactive_asks_twice_and_echoes_the_code_alone() -> Result<()> {
    scenario(Need::Share, server(Login::Prompts), async |world| {
        let browser = world.browser();
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        let code = browser.see(Role::Textbox, "Verification code").await?;
        assert_eq!(code.prop("type").await?.as_deref(), Some("text"));
        world.answer("Verification code", CODE).await?;
        let password = browser.see(Role::Textbox, "Password").await?;
        assert_eq!(password.prop("type").await?.as_deref(), Some("password"));
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        world.run("id -un", "tara").await
    })
    .await
}

async fn key_file_opens_a_shell(arguments: &[&str], passphrase: &str) -> Result<()> {
    scenario(Need::Share, server(Login::KeysOnly), async |world| {
        let key = world.server()?.key("my_key", arguments, passphrase)?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.choose_key(&key).await?;
        if !passphrase.is_empty() {
            world.answer("Passphrase", "not it").await?;
            world
                .browser()
                .says("not the one of this key", PATIENCE)
                .await?;
            world.answer("Passphrase", passphrase).await?;
        }
        world.ready().await?;
        assert_eq!(world.server()?.attempts("password"), 0);
        world.run("id -un", "tara").await
    })
    .await
}

#[tokio::test]
async fn an_ed25519_key_file_opens_a_shell() -> Result<()> {
    key_file_opens_a_shell(&["-t", "ed25519"], "").await
}

#[tokio::test]
async fn an_ed25519_key_file_with_a_passphrase_opens_a_shell() -> Result<()> {
    key_file_opens_a_shell(&["-t", "ed25519"], "plain sight 7").await
}

#[tokio::test]
async fn an_rsa_key_file_opens_a_shell() -> Result<()> {
    key_file_opens_a_shell(&["-t", "rsa", "-b", "3072"], "").await
}

#[tokio::test]
async fn an_rsa_key_file_with_a_passphrase_opens_a_shell() -> Result<()> {
    key_file_opens_a_shell(&["-t", "rsa", "-b", "2048"], "plain sight 7").await
}

#[tokio::test]
async fn an_ecdsa_key_file_opens_a_shell() -> Result<()> {
    key_file_opens_a_shell(&["-t", "ecdsa", "-b", "256"], "").await
}

#[tokio::test]
async fn an_ecdsa_key_file_with_a_passphrase_opens_a_shell() -> Result<()> {
    key_file_opens_a_shell(&["-t", "ecdsa", "-b", "384"], "plain sight 7").await
}

#[tokio::test]
async fn a_wrong_password_is_told_three_times_and_then_the_right_one_works() -> Result<()> {
    scenario(Need::Share, server(Login::Password), async |world| {
        let browser = world.browser();
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        for attempt in 1..=3 {
            world
                .answer("Password", &format!("wrong {attempt}"))
                .await?;
            until(
                format!("attempt {attempt} gets to the server"),
                PATIENCE,
                async || Ok(world.server()?.attempts("password") == attempt),
            )
            .await?;
            browser
                .says("That password was not accepted", PATIENCE)
                .await?;
        }
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn a_log_in_that_fails_tells_what_was_tried_and_what_the_server_allows() -> Result<()> {
    let mut options = server(Login::Password);
    if let Some(server) = options.server.as_mut() {
        server.config.push("MaxAuthTries 2".to_owned());
    }
    scenario(Need::Share, options, async |world| {
        let browser = world.browser();
        let key = world.server()?.key("other", &["-t", "ed25519"], "")?;
        std::fs::remove_file(world.server()?.home().join(".ssh/authorized_keys"))?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.choose_key(&key).await?;
        browser.says("other", PATIENCE).await?;
        world.answer("Password", "wrong").await?;
        world
            .fails("closed the connection while logging in", "Retry")
            .await?;
        browser
            .says(
                "Tried: other (Ed25519), password. Server allows: publickey, password",
                PATIENCE,
            )
            .await
    })
    .await
}

#[tokio::test]
async fn a_password_that_is_not_enough_is_told_as_accepted() -> Result<()> {
    let mut options = server(Login::Password);
    if let Some(server) = options.server.as_mut() {
        server.config.extend([
            "HostbasedAuthentication yes".to_owned(),
            "AuthenticationMethods password,hostbased".to_owned(),
        ]);
    }
    scenario(Need::Share, options, async |world| {
        world.log_in_without_prompt().await?;
        world.fails("did not let you in", "Retry").await?;
        world
            .browser()
            .says(
                "Tried: password (accepted, and more is wanted). Server allows: hostbased.",
                PATIENCE,
            )
            .await
    })
    .await
}
