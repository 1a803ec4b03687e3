//! Servers that know one cipher alone, each of which other code computes in the browser.

use anyhow::Result;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, ServerOptions, WorldOptions, scenario};

/// Logs in where only `cipher` is known, and carries output of many packets, large and small.
async fn carries_a_shell(cipher: &str) -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            config: vec![format!("Ciphers {cipher}")],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        let command = "seq 100000 | tail -c 500000; for n in 1 2 3; do sleep 0.1; echo $n; done; \
                       echo whole-$((200+2))";
        world.run(command, "whole-202").await
    })
    .await
}

#[tokio::test]
async fn a_server_that_knows_aes_128_ctr_alone_has_a_shell() -> Result<()> {
    carries_a_shell("aes128-ctr").await
}

#[tokio::test]
async fn a_server_that_knows_aes_192_ctr_alone_has_a_shell() -> Result<()> {
    carries_a_shell("aes192-ctr").await
}

#[tokio::test]
async fn a_server_that_knows_aes_256_ctr_alone_has_a_shell() -> Result<()> {
    carries_a_shell("aes256-ctr").await
}

#[tokio::test]
async fn a_server_that_knows_aes_256_gcm_alone_has_a_shell() -> Result<()> {
    carries_a_shell("aes256-gcm@openssh.com").await
}
