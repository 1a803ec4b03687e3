//! Plain mode, both ways: bytes in binary frames, as websockify does.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::StreamExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Process, WorldOptions, free_port, scenario};

#[tokio::test]
async fn our_client_goes_through_websockify() -> Result<()> {
    let options = WorldOptions {
        // Only our relay knows about demo servers.
        expected: vec!["demo.json"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        let port = free_port()?;
        let target = format!("127.0.0.1:{}", world.server()?.port());
        // It serves the page as well, so that page and WebSocket have one origin.
        let mut websockify = Process::start(
            Command::new("websockify")
                .args(["--web", world.relay().site()])
                .args([&format!("127.0.0.1:{port}"), &target]),
            &world.artifacts().path("websockify.log"),
        )
        .context("apt-get install websockify")?;
        websockify
            .line("websockify listens", PATIENCE, |line| {
                line.contains("proxying from").then_some(())
            })
            .await?;
        let origin = format!("http://127.0.0.1:{port}");
        world.move_page(&origin);
        world.home_with(json!({ "relay_mode": "plain" })).await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        world.run("echo through-$((200+2))", "through-202").await
    })
    .await
}

#[tokio::test]
async fn a_plain_websocket_client_goes_through_our_relay() -> Result<()> {
    let mut options = WorldOptions::default();
    let port = free_port()?;
    if let Some(server) = &mut options.server {
        server.port = Some(port);
    }
    options.relay.plain = Some(format!("127.0.0.1:{port}"));
    scenario(Need::Share, options, async |world| {
        let url = format!("ws://127.0.0.1:{}/plain", world.relay().port());
        let mut request = url.into_client_request()?;
        let origin = world.relay().origin().parse()?;
        request.headers_mut().insert("origin", origin);
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "binary".parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        let first = tokio::time::timeout(Duration::from_secs(10), socket.next())
            .await?
            .context("closed")??;
        let Message::Binary(bytes) = first else {
            anyhow::bail!("not a binary frame: {first:?}");
        };
        ensure!(bytes.starts_with(b"SSH-2.0-OpenSSH"), "{bytes:?}");
        Ok(())
    })
    .await
}
