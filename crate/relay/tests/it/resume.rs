//! Sessions outlive their WebSockets.

use core::net::SocketAddr;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use transom_relay::{Config, Span};
use transom_wire::{CloseReason, Frame, Opened, Resume, SessionId, SessionSecret};

use crate::client::Client;
use crate::world::{World, counter, echo, loopback, server, soon};

fn ticket(opened: &Opened, received: u64, attempt: u32) -> Resume {
    Resume {
        session: opened.session,
        secret: opened.secret.clone(),
        received,
        window_bytes: 1 << 20,
        attempt,
    }
}

fn with_grace(grace: Duration) -> Config {
    let mut config = loopback();
    config.resume.grace = Span(grace);
    config
}

/// A server that hears until its client is gone, and then says how many bytes came.
async fn listener() -> (SocketAddr, UnboundedReceiver<usize>) {
    let (sender, ended) = unbounded_channel();
    let target = server(move |mut stream| {
        let sender = sender.clone();
        async move {
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes).await;
            let _ = sender.send(bytes.len());
        }
    })
    .await;
    (target, ended)
}

#[tokio::test]
async fn a_session_goes_on_where_its_connection_broke() {
    let world = World::open().await;
    let (mut client, opened) = Client::open(&world, echo().await).await;
    client.data(b"before ").await;
    assert_eq!(client.read(7).await, b"before ");
    client.data(b"lost on the way back").await;
    client.read(20).await;
    drop(client);
    // Of the second answer only the first four bytes came.
    let (mut client, resumed) = Client::resume(&world, &ticket(&opened, 11, 1)).await;
    assert_eq!(resumed.received, 27);
    assert_eq!(resumed.window_bytes, opened.window_bytes);
    client.data(b" and after").await;
    assert_eq!(client.read(26).await, b" on the way back and after");
}

#[tokio::test]
async fn an_acknowledgement_that_may_be_lost_is_sent_again_first() {
    let world = World::open().await;
    let (target, _ended) = listener().await;
    let (mut client, opened) = Client::open(&world, target).await;
    for _ in 0..8 {
        client.data(&vec![7; 65_536]).await;
    }
    while client.next().await != (Frame::Ack { received: 524_288 }) {}
    let (mut client, resumed) = Client::resume(&world, &ticket(&opened, 0, 1)).await;
    assert_eq!(resumed.received, 524_288);
    assert_eq!(client.next().await, Frame::Ack { received: 524_288 });
}

#[tokio::test]
async fn the_newer_connection_wins_and_the_older_one_is_told() {
    let world = World::open().await;
    let (mut old, opened) = Client::open(&world, echo().await).await;
    old.data(b"one").await;
    old.read(3).await;
    let (mut new, resumed) = Client::resume(&world, &ticket(&opened, 3, 1)).await;
    assert_eq!(resumed.received, 3);
    old.expect_close(CloseReason::Superseded).await;
    new.data(b"two").await;
    assert_eq!(new.read(3).await, b"two");
}

#[tokio::test]
async fn an_attempt_that_comes_too_late_does_not_take_the_session() {
    let world = World::open().await;
    let (_old, opened) = Client::open(&world, echo().await).await;
    let (mut second, _) = Client::resume(&world, &ticket(&opened, 0, 2)).await;
    for late in [1, 2] {
        Client::ask_resume(&world, &ticket(&opened, 0, late))
            .await
            .expect_close(CloseReason::Superseded)
            .await;
    }
    second.data(b"still here").await;
    assert_eq!(second.read(10).await, b"still here");
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_session_look_alike() {
    let world = World::open().await;
    let (mut client, opened) = Client::open(&world, echo().await).await;
    let mut wrong = *opened.secret.expose();
    wrong[31] ^= 1;
    let guesses = [
        (opened.session, SessionSecret::new(wrong)),
        (SessionId::new([9; 16]), opened.secret.clone()),
    ];
    let mut answers = Vec::new();
    for (session, secret) in guesses {
        let guess = Resume {
            session,
            secret,
            ..ticket(&opened, 0, 1)
        };
        let mut stranger = Client::ask_resume(&world, &guess).await;
        answers.push(stranger.closed().await);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].reason, CloseReason::SessionUnknown);
    client.data(b"unharmed").await;
    assert_eq!(client.read(8).await, b"unharmed");
}

#[tokio::test]
async fn a_wrong_offset_closes_the_connection_and_not_the_session() {
    let world = World::open().await;
    let (mut client, opened) = Client::open(&world, echo().await).await;
    client.data(b"hello").await;
    client.read(5).await;
    client.send(&Frame::Ack { received: 5 }).await;
    client.send(&Frame::Ping(1)).await;
    assert_eq!(client.next_but_ack().await, Frame::Pong(1));
    for (attempt, wrong) in [(1, 4), (2, 6)] {
        Client::ask_resume(&world, &ticket(&opened, wrong, attempt))
            .await
            .expect_close(CloseReason::BadFrame)
            .await;
    }
    let (mut client, _) = Client::resume(&world, &ticket(&opened, 5, 3)).await;
    client.data(b"again").await;
    assert_eq!(client.read(5).await, b"again");
}

#[tokio::test]
async fn what_was_typed_before_the_cut_still_reaches_the_server() {
    let world = World::with(with_grace(Duration::from_millis(500))).await;
    let (target, mut ended) = listener().await;
    let (mut client, _) = Client::open(&world, target).await;
    client.data(&vec![1; 60_000]).await;
    drop(client);
    assert_eq!(soon(ended.recv()).await, Some(60_000));
}

#[tokio::test]
async fn a_session_ends_with_its_grace_time() {
    let world = World::with(with_grace(Duration::from_millis(200))).await;
    let (target, mut ended) = listener().await;
    let (client, opened) = Client::open(&world, target).await;
    assert_eq!(opened.grace, Duration::from_millis(200));
    drop(client);
    assert_eq!(soon(ended.recv()).await, Some(0));
    Client::ask_resume(&world, &ticket(&opened, 0, 1))
        .await
        .expect_close(CloseReason::SessionUnknown)
        .await;
}

#[tokio::test]
async fn a_close_is_the_end_and_nothing_is_held() {
    let world = World::open().await;
    let (target, mut ended) = listener().await;
    let (mut client, opened) = Client::open(&world, target).await;
    let close = transom_wire::Close::new(CloseReason::Finished, "");
    client.send(&Frame::Close(close)).await;
    assert_eq!(soon(ended.recv()).await, Some(0));
    Client::ask_resume(&world, &ticket(&opened, 0, 1))
        .await
        .expect_close(CloseReason::SessionUnknown)
        .await;
}

#[tokio::test]
async fn a_server_is_not_read_while_nobody_is_there() {
    let world = World::open().await;
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let target = server(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            let piece = vec![b'y'; 65_536];
            while let Ok(bytes) = stream.write(&piece).await {
                count.fetch_add(bytes, Ordering::Relaxed);
            }
        }
    })
    .await;
    let (mut client, opened) = Client::open(&world, target).await;
    client.read(100_000).await;
    drop(client);
    let mut before = usize::MAX;
    soon(async {
        while sent.load(Ordering::Relaxed) != before {
            before = sent.load(Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    })
    .await;
    assert!(before < 16 * 1024 * 1024, "{before} bytes left the server");
    let (mut client, _) = Client::resume(&world, &ticket(&opened, 50_000, 1)).await;
    assert!(client.read(100_000).await.iter().all(|byte| *byte == b'y'));
}

#[tokio::test]
async fn a_server_that_ends_meanwhile_is_heard_to_its_end() {
    let world = World::open().await;
    let (mut client, _) = Client::open(&world, counter().await).await;
    assert_eq!(client.read(5).await, b"hello");
    client.data(&[7; 1000]).await;
    client.send(&Frame::Eof).await;
    assert_eq!(client.read(5).await, b" 1000");
    assert_eq!(client.next_but_ack().await, Frame::Eof);
    client.expect_close(CloseReason::Finished).await;

    let (mut client, opened) = Client::open(&world, counter().await).await;
    assert_eq!(client.read(5).await, b"hello");
    drop(client);
    let (mut client, resumed) = Client::resume(&world, &ticket(&opened, 2, 1)).await;
    assert_eq!(resumed.received, 0);
    client.send(&Frame::Eof).await;
    assert_eq!(client.read(5).await, b"llo 0");
    assert_eq!(client.next_but_ack().await, Frame::Eof);
    client.expect_close(CloseReason::Finished).await;
}

#[tokio::test]
async fn where_no_session_may_be_held_the_cut_is_the_end() {
    let mut config = loopback();
    config.resume.held = 0;
    let world = World::with(config).await;
    let (target, mut ended) = listener().await;
    let (client, _) = Client::open(&world, target).await;
    drop(client);
    assert_eq!(soon(ended.recv()).await, Some(0));
}

#[tokio::test]
async fn a_held_session_keeps_its_place_among_the_sessions() {
    let mut config = loopback();
    config.limits.sessions = 1;
    let world = World::with(config).await;
    let target = echo().await;
    let (client, opened) = Client::open(&world, target).await;
    drop(client);
    let close = Client::refused(&world, "127.0.0.1", target.port()).await;
    assert_eq!(close.reason, CloseReason::Full);
    let (mut client, _) = Client::resume(&world, &ticket(&opened, 0, 1)).await;
    client.data(b"mine").await;
    assert_eq!(client.read(4).await, b"mine");
}

#[tokio::test]
async fn a_hundred_quick_changes_lose_nothing() {
    let world = World::open().await;
    let (mut client, opened) = Client::open(&world, echo().await).await;
    let mut received = 0;
    for attempt in 1..=100 {
        client.data(&[1; 1000]).await;
        let (mut next, resumed) = Client::resume(&world, &ticket(&opened, received, attempt)).await;
        // What the relay did not read of the old connection is sent again on the new one.
        let sent = u64::from(attempt) * 1000;
        let missing = usize::try_from(sent - resumed.received).unwrap();
        if missing > 0 {
            next.data(&vec![1; missing]).await;
        }
        next.read(1000).await;
        received += 1000;
        client = next;
    }
}

#[tokio::test]
async fn the_tail_is_sent_again_when_the_way_breaks_during_the_farewell() {
    let world = World::open().await;
    let (mut client, opened) = Client::open(&world, counter().await).await;
    client.data(&[7; 1000]).await;
    client.send(&Frame::Eof).await;
    // The relay has said farewell, but nobody confirms that it arrived.
    while !matches!(client.next().await, Frame::Close(_)) {}
    drop(client);
    for (attempt, from) in [(1, 2), (2, 7)] {
        let (mut client, resumed) = Client::resume(&world, &ticket(&opened, from, attempt)).await;
        assert_eq!(resumed.received, 1000);
        let rest = &b"hello 1000"[usize::try_from(from).unwrap()..];
        assert_eq!(client.read(rest.len()).await, rest);
        assert_eq!(client.next_but_ack().await, Frame::Eof);
        if attempt == 2 {
            client.expect_close(CloseReason::Finished).await;
        }
    }
    // Now it knows.
    Client::ask_resume(&world, &ticket(&opened, 10, 3))
        .await
        .expect_close(CloseReason::SessionUnknown)
        .await;
}
