//! Who may use the relay, and whom it reaches.

use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use transom_relay::Config;
use transom_wire::{CloseReason, SUBPROTOCOL};

use crate::client::{Client, refused, request};
use crate::world::{World, allowing, echo, loopback};

#[tokio::test]
async fn a_foreign_origin_is_refused_on_both_endpoints() {
    let config = Config {
        plain: transom_relay::Plain::Query,
        ..loopback()
    };
    let world = World::with(config).await;
    for path in ["/relay", "/plain?target=127.0.0.1:22"] {
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1",
            "http://localhost:1",
        ] {
            let mut request = request(world.address, path, SUBPROTOCOL);
            request
                .headers_mut()
                .insert("origin", HeaderValue::from_static(origin));
            assert_eq!(
                refused(request).await,
                StatusCode::FORBIDDEN,
                "{path} {origin}"
            );
        }
    }
}

#[tokio::test]
async fn a_page_whose_name_was_bent_to_loopback_is_refused() {
    let world = World::open().await;
    let mut request = request(world.address, "/relay", SUBPROTOCOL);
    let headers = request.headers_mut();
    headers.insert("host", HeaderValue::from_static("evil.example:8022"));
    headers.insert(
        "origin",
        HeaderValue::from_static("http://evil.example:8022"),
    );
    assert_eq!(refused(request).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_origin_that_the_operator_names_is_served() {
    let config = Config {
        origins: vec!["https://ssh.example.org".parse().unwrap()],
        ..loopback()
    };
    let world = World::with(config).await;
    let mut request = request(world.address, "/relay", SUBPROTOCOL);
    request.headers_mut().insert(
        "origin",
        HeaderValue::from_static("https://ssh.example.org"),
    );
    Client::send_request(request).await;
}

#[tokio::test]
async fn a_client_without_origin_is_served_only_where_that_is_allowed() {
    let world = World::open().await;
    let mut bare = request(world.address, "/relay", SUBPROTOCOL);
    bare.headers_mut().remove("origin");
    assert_eq!(refused(bare.clone()).await, StatusCode::FORBIDDEN);
    let world = World::with(Config {
        allow_no_origin: true,
        ..loopback()
    })
    .await;
    let mut bare = request(world.address, "/relay", SUBPROTOCOL);
    bare.headers_mut().remove("origin");
    Client::send_request(bare).await;
}

#[tokio::test]
async fn a_websocket_of_another_subprotocol_is_refused() {
    let world = World::open().await;
    for subprotocol in ["", "chat", "transom.v2"] {
        let request = request(world.address, "/relay", subprotocol);
        assert_eq!(
            refused(request).await,
            StatusCode::BAD_REQUEST,
            "{subprotocol}"
        );
    }
}

#[tokio::test]
async fn without_a_rule_nothing_is_reached() {
    let world = World::with(Config::default()).await;
    let target = echo().await;
    let close = Client::refused(&world, "127.0.0.1", target.port()).await;
    assert_eq!(close.reason, CloseReason::TargetDenied);
    assert!(close.detail.contains("127.0.0.1"), "{}", close.detail);
}

#[tokio::test]
async fn forbidden_targets_are_refused_in_every_spelling() {
    let target = echo().await;
    // Any ordinary address at this port, and one name: neither opens the machine itself.
    let any = format!("*:{}", target.port());
    let world = World::with(allowing(&[&any, "0.0.0.0/0:*", "[::]/0:*"])).await;
    for host in [
        "127.0.0.1",
        "127.1",
        "127.255.255.254",
        "0.0.0.0",
        "0",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "::1",
        "[::1]",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2001::80ff:fffe",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254",
        "fe80::1",
        "169.254.0.1",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "240.0.0.1",
    ] {
        let close = Client::refused(&world, host, target.port()).await;
        let denied = [CloseReason::TargetDenied, CloseReason::NameUnknown];
        assert!(denied.contains(&close.reason), "{host}: {close:?}");
    }
}

#[tokio::test]
async fn a_name_is_reached_at_the_addresses_that_are_allowed() {
    let target = echo().await;
    let world = World::with(allowing(&["127.0.0.1:*"])).await;
    // It may have ::1 as well, which no rule names and nobody dials.
    let mut client = Client::connect(&world).await;
    let open = crate::client::open_frame("localhost", target.port(), 65_536);
    client.send(&open).await;
    match client.next().await {
        transom_wire::Frame::Opened(opened) => assert_eq!(opened.address, Some(target)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_name_without_address_is_told_apart_from_a_refusal() {
    let world = World::with(allowing(&["*.invalid:22"])).await;
    let close = Client::refused(&world, "nowhere.invalid", 22).await;
    assert_eq!(close.reason, CloseReason::NameUnknown);
    let close = Client::refused(&world, "nowhere.invalid", 23).await;
    assert_eq!(close.reason, CloseReason::TargetDenied);
}

#[tokio::test]
async fn a_listener_for_other_machines_is_refused_with_the_reason() {
    let listener = tokio::net::TcpListener::bind(("0.0.0.0", 0)).await.unwrap();
    let refusal = transom_relay::serve(listener, Config::default(), core::future::pending());
    let text = refusal.await.unwrap_err().to_string();
    assert!(
        text.contains("tickets") && text.contains("127.0.0.1"),
        "{text}"
    );
}
