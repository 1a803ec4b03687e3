//! Tickets: who has a good one gets in, once, and all others look alike.

use core::net::SocketAddr;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::Arc;

use futures::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transom_wire::{CloseReason, Frame, Resume};

use crate::client::{Client, open_frame, open_with_ticket};
use crate::issuer::{Issuer, bare, claims, key, key_set, signed, ticket, with, without};
use crate::world::{World, echo, server, soon};

/// A target that counts who reaches it.
pub(crate) async fn counted() -> (SocketAddr, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let target = server(move |mut stream| {
        seen.fetch_add(1, Ordering::SeqCst);
        async move {
            let mut byte = [0];
            let _ = stream.read(&mut byte).await;
        }
    });
    (target.await, count)
}

/// What becomes of a ticket.
async fn answer(world: &World, target: SocketAddr, ticket: &str) -> Frame {
    let mut client = Client::connect(world).await;
    client.send(&open_with_ticket(target, ticket)).await;
    client.next().await
}

async fn is_good(world: &World, target: SocketAddr, ticket: &str) -> bool {
    match answer(world, target, ticket).await {
        Frame::Opened(_) => true,
        Frame::Close(close) => {
            assert_eq!(close.reason, CloseReason::Unauthorized, "{}", close.detail);
            false
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_algorithm_lets_in() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let target = echo().await;
    for name in ["ed", "es", "rs", "hs"] {
        let ticket = ticket(name, &claims(&target.to_string()));
        assert!(is_good(&world, target, &ticket).await, "{name}");
    }
}

#[tokio::test]
async fn destinations_are_patterns_and_audiences_may_be_several() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let target = echo().await;
    let exact = target.to_string();
    for dst in [
        json!("127.0.0.0/8:*"),
        json!(["web-1:22", exact]),
        json!("localhost:*"),
    ] {
        let ticket = ticket("ed", &with(claims(""), "dst", dst.clone()));
        assert!(is_good(&world, target, &ticket).await, "{dst}");
    }
    let several = with(claims(&exact), "aud", json!(["x", crate::issuer::AUDIENCE]));
    assert!(is_good(&world, target, &ticket("ed", &several)).await);
    let sparse = without(claims(&exact), "nbf");
    assert!(is_good(&world, target, &ticket("ed", &sparse)).await);
}

#[tokio::test]
async fn a_ticket_that_is_too_long_looks_like_any_other_bad_one() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let mut client = Client::connect(&world).await;
    client.send(&open_frame("web", 22, 65_536)).await;
    let expected = client.closed().await;
    assert_eq!(expected.reason, CloseReason::Unauthorized);
    let good = ticket("ed", &claims("web:22"));
    // Longer than a ticket, than a control frame, than a frame, and a megabyte.
    for bytes in [9_000, 20_000, 60_000, 70_000, 1 << 20] {
        let mut message = open_frame("web", 22, 65_536).encode().to_vec();
        message.truncate(message.len() - 2);
        message.extend(u16::try_from(bytes).unwrap_or(u16::MAX).to_be_bytes());
        message.extend(good.bytes().cycle().take(bytes));
        let mut client = Client::connect(&world).await;
        client.send_bytes(message).await;
        assert_eq!(client.closed().await, expected, "{bytes}");
    }
}

#[tokio::test]
async fn of_a_hundred_uses_at_the_same_time_one_wins() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let target = echo().await;
    let ticket = ticket("ed", &claims(&target.to_string()));
    let uses = (0..100).map(|_| Box::pin(is_good(&world, target, &ticket)));
    let wins = join_all(uses).await.into_iter().filter(|won| *won).count();
    assert_eq!(wins, 1);
    assert!(!is_good(&world, target, &ticket).await);
}

#[tokio::test]
async fn a_ticket_for_another_target_is_not_used_up() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let (target, other) = (echo().await, echo().await);
    let ticket = ticket("ed", &claims(&target.to_string()));
    assert!(!is_good(&world, other, &ticket).await);
    assert!(is_good(&world, target, &ticket).await);
}

#[tokio::test]
async fn to_resume_needs_the_secret_and_no_ticket() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let target = echo().await;
    let mut client = Client::connect(&world).await;
    let ticket = ticket("ed", &claims(&target.to_string()));
    client.send(&open_with_ticket(target, &ticket)).await;
    let Frame::Opened(opened) = client.next().await else {
        panic!("no session");
    };
    client.data(b"x").await;
    client.read(1).await;
    drop(client);
    let resume = Resume {
        session: opened.session,
        secret: opened.secret,
        received: 1,
        window_bytes: opened.window_bytes,
        attempt: 1,
    };
    let (_client, resumed) = Client::resume(&world, &resume).await;
    assert_eq!(resumed.received, 1);
}

#[tokio::test]
async fn a_ticket_limits_the_time_and_number_of_sessions() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let target = echo().await;
    let short = with(claims(&target.to_string()), "max_seconds", 1);
    let mut client = Client::connect(&world).await;
    client
        .send(&open_with_ticket(target, &ticket("ed", &short)))
        .await;
    assert!(matches!(client.next().await, Frame::Opened(_)));
    assert!(matches!(client.next().await, Frame::Notice(_)));
    client.expect_close(CloseReason::Expired).await;

    let single = || {
        let claims = with(claims(&target.to_string()), "max_sessions", 1);
        ticket("ed", &with(claims, "sub", "bob"))
    };
    let mut first = Client::connect(&world).await;
    first.send(&open_with_ticket(target, &single())).await;
    assert!(matches!(first.next().await, Frame::Opened(_)));
    let mut second = Client::connect(&world).await;
    second.send(&open_with_ticket(target, &single())).await;
    second.expect_close(CloseReason::Full).await;
}

#[tokio::test]
async fn a_set_of_keys_in_a_file_is_as_good_as_keys() {
    let issuer = Issuer::new();
    let path = issuer.path("jwks.json");
    std::fs::write(&path, key_set().to_string()).unwrap();
    let mut config = issuer.config();
    let mut tickets = bare();
    tickets.jwks_file = Some(path);
    config.tickets = Some(tickets);
    let world = World::with(config).await;
    let target = echo().await;
    for name in ["ed", "es", "rs", "hs"] {
        let ticket = ticket(name, &claims(&target.to_string()));
        assert!(is_good(&world, target, &ticket).await, "{name}");
    }
}

#[tokio::test]
async fn a_set_of_keys_at_an_address_is_fetched_once_and_gives_no_secrets() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let publisher = server(move |mut stream| {
        counter.fetch_add(1, Ordering::SeqCst);
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let body = key_set().to_string();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let issuer = Issuer::new();
    let mut config = issuer.config();
    let mut tickets = bare();
    tickets.jwks_url = Some(format!("http://{}/keys?x=1", publisher.await));
    config.tickets = Some(tickets);
    let world = World::with(config).await;
    let target = echo().await;
    for name in ["ed", "es", "rs"] {
        let ticket = ticket(name, &claims(&target.to_string()));
        assert!(is_good(&world, target, &ticket).await, "{name}");
    }
    assert!(!is_good(&world, target, &ticket("hs", &claims(&target.to_string()))).await);
    // Names that nobody knows make it ask again, but not for each of them.
    let (ed, how) = key("ed");
    for number in 0..20 {
        let header = json!({"alg": "EdDSA", "kid": format!("unknown-{number}")});
        let ticket = signed(&header, &claims(&target.to_string()).to_string(), &ed, how);
        assert!(!is_good(&world, target, &ticket).await);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_publisher_of_keys_that_is_silent_holds_nobody_else_up() {
    let publisher = server(|stream| async move {
        let _open = stream;
        core::future::pending::<()>().await;
    });
    let issuer = Issuer::new();
    let mut config = issuer.config();
    let mut tickets = issuer.tickets();
    tickets.jwks_url = Some(format!("http://{}/", publisher.await));
    config.tickets = Some(tickets);
    let world = World::with(config).await;
    let target = echo().await;
    let (ed, how) = key("ed");
    let unknown = signed(
        &json!({"alg": "EdDSA"}),
        &claims("x:1").to_string(),
        &ed,
        how,
    );
    let waiting = is_good(&world, target, &unknown);
    let good = async {
        let ticket = ticket("ed", &claims(&target.to_string()));
        let begun = std::time::Instant::now();
        assert!(is_good(&world, target, &ticket).await);
        assert!(begun.elapsed() < Duration::from_secs(3));
    };
    let (refused, ()) = soon(futures::future::join(Box::pin(waiting), Box::pin(good))).await;
    assert!(!refused);
}
