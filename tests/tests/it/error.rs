//! What goes wrong is told in words, soon, with a way onward, and the scrollback stays.

use anyhow::Result;
use transom_testkit::{Hostile, Mode};
use transom_tests::{
    Need, PATIENCE, RelayOptions, Role, ServerOptions, TOLD_WITHIN, WorldOptions, free_port,
    scenario,
};

/// What the browser itself says about a WebSocket that does not open or breaks.
const SOCKET: &str = "WebSocket connection to";

fn without_server() -> WorldOptions {
    WorldOptions {
        server: None,
        ..WorldOptions::default()
    }
}

#[tokio::test]
async fn a_stopped_relay_is_told_and_can_be_tried_again() -> Result<()> {
    let options = WorldOptions {
        expected: vec![SOCKET, "ERR_CONNECTION_REFUSED"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.relay_mut().0.stop();
        world.dial(&world.server()?.address()).await?;
        world.fails("Can't reach the relay", "Retry").await?;
        let (relay, artifacts) = world.relay_mut();
        relay.restart(artifacts).await?;
        world.browser().press("Retry").await?;
        world.trust().await
    })
    .await
}

#[tokio::test]
async fn a_target_that_the_policy_refuses_is_told() -> Result<()> {
    let options = WorldOptions {
        relay: RelayOptions {
            allow: vec!["127.0.0.1:22".to_owned()],
            ..RelayOptions::default()
        },
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.fails("This relay may not open", "Edit address").await
    })
    .await
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told() -> Result<()> {
    let options = WorldOptions {
        relay: RelayOptions {
            allow: vec!["*:22".to_owned()],
            ..RelayOptions::default()
        },
        ..without_server()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.dial("tara@no-such-host.invalid").await?;
        world
            .fails("No such host: no-such-host.invalid", "Edit address")
            .await
    })
    .await
}

#[tokio::test]
async fn a_closed_port_is_told() -> Result<()> {
    scenario(Need::Share, without_server(), async |world| {
        let port = free_port()?;
        world.home().await?;
        world.dial_port(port).await?;
        world
            .fails(&format!("nothing listens on port {port}"), "Edit address")
            .await
    })
    .await
}

#[tokio::test]
async fn a_port_that_speaks_http_is_told() -> Result<()> {
    scenario(Need::Share, without_server(), async |world| {
        let hostile = Hostile::start(Mode::Http).await?;
        world.home().await?;
        world.dial_port(hostile.port()).await?;
        world.fails("is not SSH", "Edit address").await
    })
    .await
}

#[tokio::test]
async fn a_server_without_a_common_algorithm_is_told() -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            config: vec!["KexAlgorithms diffie-hellman-group14-sha1".to_owned()],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.fails("is too old for safe defaults", "Retry").await?;
        world
            .browser()
            .says("diffie-hellman-group14-sha1", PATIENCE)
            .await
    })
    .await
}

#[tokio::test]
async fn a_killed_server_is_told_and_the_scrollback_stays() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world.run("echo kept-$((300+3))", "kept-303").await?;
        world.server_mut()?.kill().await?;
        world.browser().status("Disconnected", TOLD_WITHIN).await?;
        world.fails("Connection lost", "Reconnect").await?;
        world.browser().shows("kept-303").await
    })
    .await
}

#[tokio::test]
async fn a_silently_dead_link_is_held_and_then_ends_and_the_scrollback_stays() -> Result<()> {
    let options = WorldOptions {
        relay: RelayOptions {
            grace: Some("20s".to_owned()),
            ..RelayOptions::default()
        },
        expected: vec!["ERR_INTERNET_DISCONNECTED", SOCKET],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let browser = world.browser();
        world.run("echo kept-$((300+3))", "kept-303").await?;
        browser.set_offline(true).await?;
        browser.status("Reconnecting", TOLD_WITHIN).await?;
        browser.says("holding your session", TOLD_WITHIN).await?;
        browser.shows("kept-303").await?;
        // The relay's time, the last attempt, and what a busy machine adds.
        browser.status("Disconnected", PATIENCE * 2).await?;
        world
            .fails("Session could not be resumed", "Reconnect")
            .await?;
        browser.shows("kept-303").await?;
        assert!(browser.find(Role::Region, "Terminal").await?.is_some());
        browser.set_offline(false).await
    })
    .await
}
