//! Plain mode, as an existing websockify client uses it.

use futures::SinkExt;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::StatusCode;
use transom_relay::{Config, Plain, Target};
use transom_wire::{CloseReason, PLAIN_SUBPROTOCOL};

use crate::client::{Client, refused, request};
use crate::world::{World, closed_port, counter, echo, loopback, soon};

async fn world() -> World {
    World::with(Config {
        plain: Plain::Query,
        ..loopback()
    })
    .await
}

async fn collect(client: &mut Client, bytes: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    while stream.len() < bytes {
        match client.message().await {
            Message::Binary(piece) => stream.extend(piece),
            other => panic!("{other:?}"),
        }
    }
    stream
}

#[tokio::test]
async fn bytes_pass_both_ways_with_and_without_the_subprotocol() {
    let world = world().await;
    let path = format!("/plain?target={}", echo().await);
    for subprotocol in [PLAIN_SUBPROTOCOL, ""] {
        let mut client = Client::send_request(request(world.address, &path, subprotocol)).await;
        let sent: Vec<u8> = (0..=u8::MAX).cycle().take(300_000).collect();
        for piece in sent.chunks(60_000) {
            client.send_bytes(piece.to_vec()).await;
        }
        assert_eq!(collect(&mut client, sent.len()).await, sent);
    }
}

#[tokio::test]
async fn the_operator_may_fix_the_target() {
    let target: Target = echo().await.to_string().parse().unwrap();
    let world = World::with(Config {
        plain: Plain::Fixed(target),
        ..loopback()
    })
    .await;
    // What the query says does not matter then.
    let path = "/plain?target=127.0.0.1:1";
    let mut client = Client::send_request(request(world.address, path, "")).await;
    client.send_bytes(b"hi".to_vec()).await;
    assert_eq!(collect(&mut client, 2).await, b"hi");
}

#[tokio::test]
async fn the_end_of_the_server_ends_the_socket_orderly() {
    let world = world().await;
    let path = format!("/plain?target={}", counter().await);
    let mut client = Client::send_request(request(world.address, &path, "")).await;
    assert_eq!(collect(&mut client, 5).await, b"hello");
    soon(client.socket.close(None)).await.unwrap();
}

#[tokio::test]
async fn the_reason_of_a_refusal_is_in_the_close_code() {
    let world = World::with(Config {
        plain: Plain::Query,
        ..crate::world::allowing(&["127.0.0.1:*"])
    })
    .await;
    let closed = format!("127.0.0.1:{}", closed_port().await);
    for (target, reason) in [
        (closed.as_str(), CloseReason::ConnectionRefused),
        ("192.0.2.1:22", CloseReason::TargetDenied),
    ] {
        let path = format!("/plain?target={target}");
        let mut client = Client::send_request(request(world.address, &path, "")).await;
        assert_eq!(
            client.close_code().await,
            reason.websocket_code(),
            "{target}"
        );
    }
}

#[tokio::test]
async fn text_is_not_taken_for_bytes() {
    let world = world().await;
    let path = format!("/plain?target={}", echo().await);
    let mut client = Client::send_request(request(world.address, &path, "")).await;
    client.socket.send(Message::text("text")).await.unwrap();
    assert_eq!(
        client.close_code().await,
        CloseReason::BadFrame.websocket_code()
    );
}

#[tokio::test]
async fn there_is_no_plain_mode_unless_the_operator_wants_it() {
    let world = World::open().await;
    let status = refused(request(world.address, "/plain?target=127.0.0.1:22", "")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_query_without_a_target_is_refused_before_the_socket_opens() {
    let world = world().await;
    for path in ["/plain", "/plain?target=web", "/plain?target=web:0"] {
        let status = refused(request(world.address, path, "")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
    }
}
