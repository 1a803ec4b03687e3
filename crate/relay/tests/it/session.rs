//! Sessions: from the first frame to the last.

use core::time::Duration;

use futures::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transom_wire::{
    CloseReason, Frame, MAX_FRAME_BYTES, Resume, SUBPROTOCOL, SessionId, SessionSecret,
};
use tungstenite::Message;

use crate::client::{Client, open_frame, request};
use crate::world::{World, closed_port, counter, echo, graceless, loopback, server, soon};

#[tokio::test]
async fn what_is_sent_arrives_and_comes_back() {
    let world = World::open().await;
    let target = echo().await;
    let (mut client, opened) = Client::open(&world, target).await;
    assert_eq!(opened.address, Some(target));
    assert_eq!(opened.grace, Duration::from_mins(2));
    client.data(b"over the window").await;
    assert_eq!(client.read(15).await, b"over the window");
}

#[tokio::test]
async fn the_subprotocol_is_agreed_on() {
    let world = World::open().await;
    let request = request(world.address, "/relay", SUBPROTOCOL);
    let (_, answer) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], SUBPROTOCOL);
    assert!(!answer.headers().contains_key("sec-websocket-extensions"));
}

#[tokio::test]
async fn each_end_may_finish_before_the_other() {
    let world = World::open().await;
    let (mut client, _) = Client::open(&world, counter().await).await;
    client.data(&[7; 1000]).await;
    client.send(&Frame::Eof).await;
    assert_eq!(client.read(10).await, b"hello 1000");
    assert_eq!(client.next_but_ack().await, Frame::Eof);
    client.expect_close(CloseReason::Finished).await;
}

#[tokio::test]
async fn a_server_may_finish_first_and_still_be_told_more() {
    let world = World::open().await;
    let (sender, received) = tokio::sync::mpsc::unbounded_channel();
    let target = server(move |mut stream| {
        let sender = sender.clone();
        async move {
            stream.shutdown().await.unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            sender.send(text).unwrap();
        }
    })
    .await;
    let mut received = received;
    let (mut client, _) = Client::open(&world, target).await;
    assert_eq!(client.next().await, Frame::Eof);
    client.data(b"still here").await;
    client.send(&Frame::Eof).await;
    client.expect_close(CloseReason::Finished).await;
    assert_eq!(soon(received.recv()).await.unwrap(), "still here");
}

#[tokio::test]
async fn a_close_of_the_client_delivers_what_was_sent_before_it() {
    let world = World::open().await;
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
    let target = server(move |mut stream| {
        let sender = sender.clone();
        async move {
            let mut text = Vec::new();
            let _ = stream.read_to_end(&mut text).await;
            sender.send(text.len()).unwrap();
        }
    })
    .await;
    let (mut client, _) = Client::open(&world, target).await;
    for _ in 0..8 {
        client.data(&vec![1; 60_000]).await;
    }
    client
        .send(&Frame::Close(transom_wire::Close::new(
            CloseReason::Finished,
            "",
        )))
        .await;
    assert_eq!(soon(received.recv()).await.unwrap(), 480_000);
}

#[tokio::test]
async fn a_client_that_vanishes_ends_the_tcp_connection_where_nothing_is_resumed() {
    let world = World::with(graceless()).await;
    let (sender, mut ended) = tokio::sync::mpsc::unbounded_channel();
    let target = server(move |mut stream| {
        let sender = sender.clone();
        async move {
            let _ = stream.read(&mut [0; 8]).await;
            sender.send(()).unwrap();
        }
    })
    .await;
    let (client, _) = Client::open(&world, target).await;
    drop(client);
    soon(ended.recv()).await.unwrap();
}

#[tokio::test]
async fn pings_are_answered_in_their_order() {
    let world = World::open().await;
    let (mut client, _) = Client::open(&world, echo().await).await;
    for number in 0..5 {
        client.send(&Frame::Ping(number)).await;
    }
    for number in 0..5 {
        assert_eq!(client.next().await, Frame::Pong(number));
    }
}

#[tokio::test]
async fn sessions_have_their_own_ids_and_secrets_and_none_is_resumed_without_grace() {
    let world = World::with(graceless()).await;
    let target = echo().await;
    let (_first, one) = Client::open(&world, target).await;
    let (_second, two) = Client::open(&world, target).await;
    assert_eq!(one.grace, Duration::ZERO);
    assert_ne!(one.session, two.session);
    assert_ne!(one.secret, two.secret);
    for (session, secret) in [
        (one.session, one.secret),
        (SessionId::new([0; 16]), SessionSecret::new([0; 32])),
    ] {
        let mut client = Client::connect(&world).await;
        let resume = Resume {
            session,
            secret,
            received: 0,
            window_bytes: 65_536,
            attempt: 0,
        };
        client.send(&Frame::Resume(resume)).await;
        client.expect_close(CloseReason::SessionUnknown).await;
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_told_with_its_cause() {
    let world = World::open().await;
    let port = closed_port().await;
    let close = Client::refused(&world, "127.0.0.1", port).await;
    assert_eq!(close.reason, CloseReason::ConnectionRefused);
    assert!(close.detail.contains(&port.to_string()), "{}", close.detail);
}

#[tokio::test]
async fn a_reset_of_the_server_is_not_an_orderly_end() {
    let world = World::open().await;
    let target = server(|stream| async move {
        stream.set_zero_linger().unwrap();
        let _ = stream.readable().await;
    })
    .await;
    let (mut client, _) = Client::open(&world, target).await;
    client.data(b"go").await;
    client.expect_close(CloseReason::TargetLost).await;
}

#[tokio::test]
async fn what_the_protocol_forbids_closes_with_bad_frame() {
    let world = World::open().await;
    let target = echo().await;
    let host = target.ip().to_string();
    let messages = [
        Message::text("text"),
        Message::binary(Vec::new()),
        Message::binary(vec![99]),
        Message::binary(vec![5]),
        Message::binary(vec![5; MAX_FRAME_BYTES + 1]),
        Message::binary(Frame::Ack { received: 1 }.encode()),
        Message::binary(open_frame(&host, target.port(), 65_536).encode()),
        Message::binary(
            Frame::Opened(transom_wire::Opened {
                session: SessionId::new([0; 16]),
                secret: SessionSecret::new([0; 32]),
                window_bytes: 65_536,
                grace: Duration::ZERO,
                address: None,
                takes_window: true,
            })
            .encode(),
        ),
    ];
    for message in messages {
        let shown = format!("{message:?}").chars().take(80).collect::<String>();
        let (mut client, _) = Client::open(&world, target).await;
        client.socket.send(message).await.unwrap();
        assert_eq!(
            client.closed().await.reason,
            CloseReason::BadFrame,
            "{shown}"
        );
    }
    // A server that does not answer the end with its own.
    let target = server(|stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let (mut client, _) = Client::open(&world, target).await;
    client.send(&Frame::Eof).await;
    client.data(b"late").await;
    client.expect_close(CloseReason::BadFrame).await;
}

#[tokio::test]
async fn the_first_frame_must_open_a_session_of_this_version() {
    let world = World::open().await;
    let mut client = Client::connect(&world).await;
    client.data(b"SSH-2.0-hasty").await;
    client.expect_close(CloseReason::BadFrame).await;
    let mut client = Client::connect(&world).await;
    let mut open = open_frame("127.0.0.1", 22, 65_536).encode().to_vec();
    open[1] = 2;
    client.send_bytes(open).await;
    client.expect_close(CloseReason::VersionUnsupported).await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_closed_in_time() {
    let world = World::open().await;
    let mut client = Client::connect(&world).await;
    client.expect_close(CloseReason::HandshakeTimeout).await;
}

#[tokio::test]
async fn two_hundred_sessions_echo_at_once() {
    let world = World::open().await;
    let target = echo().await;
    let session = async |number: u8| {
        let (mut client, _) = Client::open(&world, target).await;
        let sent = vec![number; 100_000];
        for piece in sent.chunks(10_000) {
            client.data(piece).await;
        }
        assert_eq!(client.read(sent.len()).await, sent);
        client.send(&Frame::Eof).await;
        assert_eq!(client.next_but_ack().await, Frame::Eof);
    };
    futures::future::join_all((0..200).map(|number| Box::pin(session(number)))).await;
}

#[tokio::test]
async fn a_full_relay_says_so_and_serves_again() {
    let config = transom_relay::Config {
        limits: transom_relay::Limits {
            sessions: 1,
            ..transom_relay::Limits::default()
        },
        ..loopback()
    };
    let world = World::with(config).await;
    let target = echo().await;
    let (mut first, _) = Client::open(&world, target).await;
    let close = Client::refused(&world, "127.0.0.1", target.port()).await;
    assert_eq!(close.reason, CloseReason::Full);
    first.send(&Frame::Eof).await;
    first.expect_close(CloseReason::Finished).await;
    drop(first);
    soon(Box::pin(async {
        loop {
            let mut again = Client::connect(&world).await;
            again
                .send(&open_frame("127.0.0.1", target.port(), 65_536))
                .await;
            if matches!(again.next().await, Frame::Opened(_)) {
                break;
            }
        }
    }))
    .await;
}
