//! Who gets in by the word of a proxy, what a hostile name achieves, and what the limits limit.

use core::net::IpAddr;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::io;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use transom_relay::{Config, IdentityConfig, OptionalSpan, Resolve, Span};
use transom_wire::{CloseReason, Frame, NoticeKind, SUBPROTOCOL};
use tungstenite::http::{HeaderName, HeaderValue, Request};

use crate::client::{Client, open_frame, open_with_ticket, request};
use crate::issuer::{Issuer, claims, ticket};
use crate::world::{World, allowing, echo, loopback, soon};

pub(crate) fn behind_proxy(network: &str) -> Config {
    Config {
        identity: Some(IdentityConfig {
            proxies: vec![network.parse().unwrap()],
            header: "x-user".to_owned(),
            address_header: Some("x-forwarded-for".to_owned()),
        }),
        ..loopback()
    }
}

/// A request with more headers.
fn with_headers(world: &World, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = request(world.address, "/relay", SUBPROTOCOL);
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    request
}

/// What is answered to `Open` of somebody with these headers.
async fn answer(world: &World, headers: &[(&str, &str)], port: u16) -> (Client, Frame) {
    let mut client = Client::send_request(with_headers(world, headers)).await;
    client.send(&open_frame("127.0.0.1", port, 65_536)).await;
    let frame = client.next().await;
    (client, frame)
}

fn reason(frame: &Frame) -> CloseReason {
    match frame {
        Frame::Close(close) => close.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_user_whom_a_trusted_proxy_names_gets_in() {
    let world = World::with(behind_proxy("127.0.0.0/8")).await;
    let port = echo().await.port();
    let (_client, frame) = answer(&world, &[("x-user", "alice")], port).await;
    assert!(matches!(frame, Frame::Opened(_)), "{frame:?}");
}

#[tokio::test]
async fn without_a_user_or_a_trusted_proxy_nobody_gets_in() {
    let port = echo().await.port();
    let world = World::with(behind_proxy("127.0.0.0/8")).await;
    for headers in [
        &[][..],
        &[("x-user", "")],
        &[("x-user", "a"), ("x-user", "b")],
    ] {
        let (_, frame) = answer(&world, headers, port).await;
        assert_eq!(reason(&frame), CloseReason::Unauthorized, "{headers:?}");
    }
    let world = World::with(behind_proxy("10.0.0.0/8")).await;
    let (_, frame) = answer(&world, &[("x-user", "alice")], port).await;
    assert_eq!(reason(&frame), CloseReason::Unauthorized);
}

#[tokio::test]
async fn where_both_are_configured_either_lets_in_and_a_bad_ticket_does_not() {
    let issuer = Issuer::new();
    let config = Config {
        tickets: Some(issuer.tickets()),
        ..behind_proxy("127.0.0.0/8")
    };
    let world = World::with(config).await;
    let target = echo().await;
    let (_, frame) = answer(&world, &[("x-user", "alice")], target.port()).await;
    assert!(matches!(frame, Frame::Opened(_)), "{frame:?}");
    let mut client = Client::connect(&world).await;
    let good = ticket("ed", &claims(&target.to_string()));
    client.send(&open_with_ticket(target, &good)).await;
    assert!(matches!(client.next().await, Frame::Opened(_)));
    let mut client = Client::send_request(with_headers(&world, &[("x-user", "alice")])).await;
    client.send(&open_with_ticket(target, "bad")).await;
    client.expect_close(CloseReason::Unauthorized).await;
}

#[tokio::test]
async fn behind_a_proxy_the_page_is_the_relay_s_own_by_its_name() {
    let world = World::with(behind_proxy("127.0.0.0/8")).await;
    for (origin, served) in [
        ("https://ssh.example.org", true),
        ("https://evil.example", false),
        ("https://ssh.example.org.evil.example", false),
    ] {
        let mut request = with_headers(&world, &[("x-user", "alice")]);
        let headers = request.headers_mut();
        headers.insert("host", HeaderValue::from_static("ssh.example.org"));
        headers.insert("origin", HeaderValue::from_static(origin));
        let answer = soon(tokio_tungstenite::client_async(
            request,
            TcpStream::connect(world.address).await.unwrap(),
        ));
        assert_eq!(answer.await.is_ok(), served, "{origin}");
    }
}

#[tokio::test]
async fn sessions_are_limited_for_each_address_and_each_subject() {
    let mut config = behind_proxy("127.0.0.0/8");
    config.limits.sessions_per_address = 2;
    config.limits.sessions_per_subject = 1;
    let world = World::with(config).await;
    let port = echo().await.port();
    let from = |user: &'static str, address: &'static str| {
        let headers = [("x-user", user), ("x-forwarded-for", address)];
        let world = &world;
        async move { answer(world, &headers, port).await }
    };
    let (_a, frame) = from("a", "198.41.0.4").await;
    assert!(matches!(frame, Frame::Opened(_)));
    assert_eq!(reason(&from("a", "198.41.0.5").await.1), CloseReason::Full);
    let (_b, frame) = from("b", "1.1.1.1, 198.41.0.4").await;
    assert!(matches!(frame, Frame::Opened(_)));
    assert_eq!(reason(&from("c", "198.41.0.4").await.1), CloseReason::Full);
    assert!(matches!(from("c", "198.41.0.9").await.1, Frame::Opened(_)));
}

/// A name server that changes its mind with every answer.
#[derive(Debug)]
struct Fickle {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Resolve for Fickle {
    fn resolve<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.iter().cycle().nth(number).unwrap().clone();
        Box::pin(async move { Ok(answer) })
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_never_leads_to_a_forbidden_address() {
    // The forbidden one listens; should anybody come, the test would see it.
    let forbidden = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = forbidden.local_addr().unwrap().port();
    let allowed = TcpListener::bind(("127.0.0.2", port)).await.unwrap();
    let [good, bad] = ["127.0.0.2", "127.0.0.1"].map(|text| text.parse::<IpAddr>().unwrap());
    let mapped: IpAddr = "::ffff:127.0.0.1".parse().unwrap();
    let nat64: IpAddr = "64:ff9b::7f00:1".parse().unwrap();
    let resolver = Arc::new(Fickle {
        answers: vec![
            vec![good],
            vec![bad],
            vec![good, bad],
            vec![bad, mapped, nat64, good],
        ],
        asked: AtomicUsize::new(0),
    });
    let config = Config {
        resolver: Arc::<Fickle>::clone(&resolver),
        ..allowing(&["127.0.0.2:*", "*:*", "rebind.example:*"])
    };
    let world = World::with(config).await;
    let mut opened = 0;
    for _ in 0..40 {
        let mut client = Client::connect(&world).await;
        client
            .send(&open_frame("rebind.example", port, 65_536))
            .await;
        match client.next().await {
            Frame::Opened(session) => {
                opened += 1;
                assert_eq!(session.address.unwrap().ip(), good);
                soon(allowed.accept()).await.unwrap();
            }
            refused => assert_eq!(reason(&refused), CloseReason::TargetDenied),
        }
    }
    assert_eq!(opened, 30);
    // One question for each session: what was checked is what was dialled.
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 40);
    let visitor = tokio::time::timeout(Duration::from_millis(50), forbidden.accept()).await;
    assert!(visitor.is_err(), "somebody came to the forbidden address");
}

#[tokio::test]
async fn an_idle_session_is_warned_and_then_closed() {
    let mut config = loopback();
    config.limits.idle = OptionalSpan(Some(Duration::from_millis(600)));
    config.limits.warning = Span(Duration::from_millis(300));
    let world = World::with(config).await;
    let (mut client, _) = Client::open(&world, echo().await).await;
    client.data(b"x").await;
    client.read(1).await;
    let notice = match client.next().await {
        Frame::Notice(notice) => notice,
        other => panic!("{other:?}"),
    };
    assert_eq!(notice.kind, NoticeKind::IDLE);
    assert!(notice.after <= Duration::from_millis(300));
    // Something moves, so it starts anew.
    client.data(b"y").await;
    client.read(1).await;
    assert!(matches!(client.next().await, Frame::Notice(_)));
    client.expect_close(CloseReason::Idle).await;
}

#[tokio::test]
async fn a_connection_that_never_finishes_its_request_is_cut_and_gives_its_place_back() {
    let mut config = loopback();
    config.limits.connections = 4;
    config.deadlines.handshake = Span(Duration::from_millis(500));
    let world = World::with(config).await;
    let mut slow = Vec::new();
    for head in ["", "GET /relay HT", "GET / HTTP/1.1\r\nhost: x\r\n", "\r\n"] {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    for stream in &mut slow {
        let mut rest = Vec::new();
        let _ = soon(stream.read_to_end(&mut rest)).await;
    }
    let (_client, _) = Client::open(&world, echo().await).await;
}

#[tokio::test]
async fn connections_beyond_the_limit_are_dropped_and_sessions_do_not_count() {
    let mut config = loopback();
    config.limits.connections = 3;
    let world = World::with(config).await;
    let target = echo().await;
    let mut sessions = Vec::new();
    for _ in 0..5 {
        sessions.push(Client::open(&world, target).await);
    }
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(Client::connect(&world).await);
    }
    let mut dropped = TcpStream::connect(world.address).await.unwrap();
    let mut rest = Vec::new();
    let _ = soon(dropped.read_to_end(&mut rest)).await;
    assert!(rest.is_empty());
    for (session, _) in &mut sessions {
        session.data(b"still here").await;
        assert_eq!(session.read(10).await, b"still here");
    }
    drop(waiting);
    soon(async {
        loop {
            let stream = TcpStream::connect(world.address).await.unwrap();
            let request = request(world.address, "/relay", SUBPROTOCOL);
            if tokio_tungstenite::client_async(request, stream)
                .await
                .is_ok()
            {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_silent_websocket_is_closed_after_the_deadline_for_its_first_frame() {
    let mut config = loopback();
    config.deadlines.first_frame = Span(Duration::from_millis(200));
    let world = World::with(config).await;
    let mut client = Client::connect(&world).await;
    client.expect_close(CloseReason::HandshakeTimeout).await;
}
