//! Sessions of the relay protocol.

use std::collections::HashSet;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;
use transom_wire::{
    Close, CloseReason, Frame, MAX_FRAME_BYTES, Resume, SessionId, SessionSecret,
};

use crate::support::{Relay, dead_port, echo, held, open, soon};

const ANYTHING_HERE: &[&str] = &["localhost:*", "127.0.0.1:*"];

#[tokio::test]
async fn a_session_carries_bytes_both_ways_and_ends() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let target = echo().await;
    let (mut client, opened) = relay.open(target, 65536).await;
    assert_eq!(opened.address, Some(target));
    client.data(b"SSH-2.0-test\r\n").await;
    assert_eq!(client.read(14).await, b"SSH-2.0-test\r\n");
    client.send(Frame::Eof).await;
    assert_eq!(client.frame().await, Frame::Eof);
    assert_eq!(client.closed().await.reason, CloseReason::Finished);
}

#[tokio::test]
async fn a_target_is_found_by_name() {
    let relay = Relay::allowing(&["localhost:*"]).await;
    let mut client = relay.client().await;
    let target = echo().await;
    client.send(open("LocalHost.", target.port(), 65536)).await;
    assert!(matches!(client.frame().await, Frame::Opened(_)));
}

#[tokio::test]
async fn identifiers_and_secrets_never_repeat() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let target = echo().await;
    let mut seen = HashSet::new();
    for _ in 0..8 {
        let (_client, opened) = relay.open(target, 65536).await;
        assert!(seen.insert(opened.session.as_bytes().to_vec()));
        assert!(seen.insert(opened.secret.expose().to_vec()));
    }
}

#[tokio::test]
async fn the_client_may_end_its_direction_and_still_read() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (target, held) = held().await;
    let (mut client, _) = relay.open(target, 65536).await;
    let mut server = held.await.unwrap();
    client.data(b"question").await;
    client.send(Frame::Eof).await;
    let mut question = String::new();
    server.read_to_string(&mut question).await.unwrap();
    assert_eq!(question, "question");
    server.write_all(b"answer").await.unwrap();
    assert_eq!(client.read(6).await, b"answer");
    drop(server);
    assert_eq!(client.frame().await, Frame::Eof);
    assert_eq!(client.closed().await.reason, CloseReason::Finished);
}

#[tokio::test]
async fn the_target_may_end_its_direction_and_still_read() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (target, held) = held().await;
    let (mut client, _) = relay.open(target, 65536).await;
    let mut server = held.await.unwrap();
    server.shutdown().await.unwrap();
    assert_eq!(client.frame().await, Frame::Eof);
    client.data(b"more").await;
    let mut more = [0; 4];
    server.read_exact(&mut more).await.unwrap();
    assert_eq!(&more, b"more");
}

#[tokio::test]
async fn the_last_words_of_a_client_arrive() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (target, held) = held().await;
    let (mut client, _) = relay.open(target, 65536).await;
    let mut server = held.await.unwrap();
    client.data(b"bye").await;
    client
        .send(Frame::Close(Close::new(CloseReason::Finished, "")))
        .await;
    client.message(Message::Close(None)).await;
    let mut words = String::new();
    soon("the end", server.read_to_string(&mut words))
        .await
        .unwrap();
    assert_eq!(words, "bye");
}

#[tokio::test]
async fn a_client_that_vanishes_ends_the_connection_to_the_target() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (target, held) = held().await;
    let (client, _) = relay.open(target, 65536).await;
    let mut server = held.await.unwrap();
    drop(client);
    let ended = soon("the end", server.read(&mut [0; 8])).await;
    assert_eq!(ended.unwrap(), 0);
}

#[tokio::test]
async fn a_target_that_breaks_is_lost() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (target, held) = held().await;
    let (mut client, _) = relay.open(target, 65536).await;
    let server = held.await.unwrap();
    server.set_zero_linger().unwrap();
    drop(server);
    assert_eq!(client.closed().await.reason, CloseReason::TargetLost);
}

#[tokio::test]
async fn a_ping_is_answered_with_its_number() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (mut client, _) = relay.open(echo().await, 65536).await;
    client.send(Frame::Ping(7)).await;
    client.send(Frame::Ping(u64::MAX)).await;
    assert_eq!(client.frame().await, Frame::Pong(7));
    assert_eq!(client.frame().await, Frame::Pong(u64::MAX));
}

#[tokio::test]
async fn a_port_where_nothing_listens_refuses() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let close = relay.refusal("127.0.0.1", dead_port().await).await;
    assert_eq!(close.reason, CloseReason::ConnectionRefused);
    assert!(close.detail.starts_with("127.0.0.1:"), "{}", close.detail);
}

#[tokio::test]
async fn a_name_without_address_is_unknown() {
    let relay = Relay::allowing(&["*.invalid:22"]).await;
    let close = relay.refusal("web-1.invalid", 22).await;
    assert_eq!(close.reason, CloseReason::NameUnknown);
    assert_eq!(close.detail, "web-1.invalid:22 has no address");
}

#[tokio::test]
async fn what_cannot_be_a_name_is_unknown() {
    let relay = Relay::allowing(&["*:*"]).await;
    let close = relay.refusal("http://web-1/", 22).await;
    assert_eq!(close.reason, CloseReason::NameUnknown);
}

#[tokio::test]
async fn a_target_that_no_rule_names_is_denied() {
    let relay = Relay::allowing(&["web-1:22"]).await;
    let close = relay.refusal("web-2", 22).await;
    assert_eq!(close.reason, CloseReason::TargetDenied);
    assert_eq!(close.detail, "no rule of this relay allows web-2:22");
}

#[tokio::test]
async fn an_asterisk_does_not_open_the_relays_own_machine() {
    let relay = Relay::allowing(&["*:*"]).await;
    let port = echo().await.port();
    // The last four are names to us and addresses to some resolvers.
    for host in [
        "127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "[::]",
        "64:ff9b::7f00:1", "169.254.169.254",
    ] {
        let close = relay.refusal(host, port).await;
        assert_eq!(close.reason, CloseReason::TargetDenied, "{host}");
    }
    for host in ["2130706433", "0177.0.0.1", "0x7f.1", "127.1"] {
        let close = relay.refusal(host, port).await;
        let harmless = [CloseReason::TargetDenied, CloseReason::NameUnknown];
        assert!(harmless.contains(&close.reason), "{host}: {close:?}");
    }
}

#[tokio::test]
async fn a_session_cannot_be_resumed() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let mut client = relay.client().await;
    client
        .send(Frame::Resume(Resume {
            session: SessionId::new([0; 16]),
            secret: SessionSecret::new([0; 32]),
            received: 0,
            window_bytes: 65536,
        }))
        .await;
    assert_eq!(client.closed().await.reason, CloseReason::SessionUnknown);
}

#[tokio::test]
async fn what_is_no_frame_ends_the_attempt() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    for message in [
        Message::binary(vec![0xff]),
        Message::binary(vec![]),
        Message::text("hello"),
        Message::Binary(Frame::Ping(1).encode()),
        Message::Binary(Frame::Data(Bytes::from_static(b"early")).encode()),
    ] {
        let mut client = relay.client().await;
        client.message(message).await;
        assert_eq!(client.closed().await.reason, CloseReason::BadFrame);
    }
}

#[tokio::test]
async fn what_is_no_frame_ends_the_session() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let target = echo().await;
    for message in [
        Message::binary(vec![0xff]),
        Message::text("hello"),
        Message::Binary(open("localhost", 22, 65536).encode()),
        Message::binary(vec![5; MAX_FRAME_BYTES + 1]),
    ] {
        let (mut client, _) = relay.open(target, 65536).await;
        client.message(message).await;
        assert_eq!(client.closed().await.reason, CloseReason::BadFrame);
    }
}

#[tokio::test]
async fn data_after_the_end_of_data_ends_the_session() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let (target, _held) = held().await;
    let (mut client, _) = relay.open(target, 65536).await;
    client.send(Frame::Eof).await;
    client.data(b"late").await;
    assert_eq!(client.closed().await.reason, CloseReason::BadFrame);
}

#[tokio::test]
async fn another_version_is_not_supported() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let mut client = relay.client().await;
    let mut message = open("localhost", 22, 65536).encode().to_vec();
    message[1] = 2;
    client.message(Message::binary(message)).await;
    assert_eq!(
        client.closed().await.reason,
        CloseReason::VersionUnsupported
    );
}

#[tokio::test]
async fn two_hundred_sessions_run_at_the_same_time() {
    let relay = Relay::allowing(ANYTHING_HERE).await;
    let target = echo().await;
    let mut clients = Vec::new();
    for number in 0..200_u32 {
        let (mut client, _) = relay.open(target, 65536).await;
        client.data(&number.to_be_bytes()).await;
        clients.push(client);
    }
    for (number, client) in (0..200_u32).zip(&mut clients) {
        assert_eq!(client.read(4).await, number.to_be_bytes());
    }
}
