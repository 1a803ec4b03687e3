//! The relay sees ciphertext only.

use std::fs;

use anyhow::{Context, Result, ensure};
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, WorldOptions, memory_holds, scenario, until};

#[tokio::test]
async fn the_relay_holds_no_secret_in_memory_log_or_disk() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let key = world.server()?.key("my_key", &["-t", "ed25519"], "")?;
        let key_text = fs::read_to_string(&key)?;
        let key_line = key_text.lines().nth(2).context("a key has several lines")?;
        world.log_in().await?;
        let address = world.server()?.address();
        world
            .browser()
            .enter("echo planted-content-5512 > planted-name-8841")
            .await?;
        until("the file is written", PATIENCE, async || {
            Ok(!world.server()?.file("planted-name-8841").is_empty())
        })
        .await?;
        world
            .run("cat planted-name-8841", "planted-content-5512")
            .await?;
        world
            .run("echo planted-command-7303", "planted-command-7303")
            .await?;
        world.home().await?;
        // A second address, so that the password is not what logs in.
        world.dial(&address).await?;
        world.choose_key(&key).await?;
        world.ready().await?;
        let secrets = [
            PASSWORD,
            key_line,
            "planted-command-7303",
            "planted-name-8841",
            "planted-content-5512",
        ];
        let relay = world.relay();
        // The search itself works: what the relay was started with is in its memory.
        let id = relay.process().id();
        let site = relay.site();
        ensure!(
            memory_holds(id, site)?,
            "{site} is not in the relay's memory"
        );
        for secret in secrets {
            ensure!(
                !memory_holds(id, secret)?,
                "{secret} is in the relay's memory"
            );
            ensure!(
                !relay.log().contains(secret),
                "{secret} is in the relay's log"
            );
            ensure!(
                !relay.disk_holds(secret)?,
                "{secret} is on the relay's disk"
            );
        }
        Ok(())
    })
    .await
}
