//! Back-pressure: nobody can make the relay keep more than a window.

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::Arc;

use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use transom_wire::{CloseReason, Frame, MAX_DATA_BYTES};

use crate::client::Client;
use crate::world::{World, server, soon};

/// Long enough for loopback to move megabytes, were they allowed to move.
const QUIET: Duration = Duration::from_millis(300);

/// A server that sends without end; the count says how many bytes the relay has taken.
async fn fountain() -> (core::net::SocketAddr, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let address = server(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            let piece = vec![b'y'; 65_536];
            while let Ok(bytes) = stream.write(&piece).await {
                count.fetch_add(bytes, Ordering::Relaxed);
            }
        }
    })
    .await;
    (address, sent)
}

/// The server that reads only after it was told to.
async fn sleeper() -> (core::net::SocketAddr, Arc<Notify>) {
    let wake = Arc::new(Notify::new());
    let woken = Arc::clone(&wake);
    let address = server(move |mut stream| {
        let woken = Arc::clone(&woken);
        async move {
            woken.notified().await;
            let mut count = 0;
            let mut buffer = vec![0; 65_536];
            while let Ok(bytes @ 1..) = stream.read(&mut buffer).await {
                count += bytes;
            }
            let _ = stream.write_all(count.to_string().as_bytes()).await;
        }
    })
    .await;
    (address, wake)
}

/// Takes frames until none comes for a while; says how many bytes of the stream came.
async fn until_quiet(client: &mut Client) -> usize {
    let mut bytes = 0;
    while let Ok(message) = tokio::time::timeout(QUIET, client.socket.next()).await {
        match Frame::decode(message.unwrap().unwrap().into_data()).unwrap() {
            Frame::Data(payload) => bytes += payload.len(),
            Frame::Ack { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    bytes
}

#[tokio::test]
async fn the_relay_sends_one_window_and_then_waits_for_an_acknowledgement() {
    let world = World::open().await;
    let (target, _) = fountain().await;
    let (mut client, _) = Client::open_with(&world, target, 100_000).await;
    assert_eq!(until_quiet(&mut client).await, 100_000);
    client.send(&Frame::Ack { received: 30_000 }).await;
    assert_eq!(until_quiet(&mut client).await, 30_000);
}

#[tokio::test]
async fn a_server_is_blocked_while_the_client_acknowledges_nothing() {
    let world = World::open().await;
    let (target, sent) = fountain().await;
    let (mut client, _) = Client::open_with(&world, target, 65_536).await;
    assert_eq!(until_quiet(&mut client).await, 65_536);
    let before = sent.load(Ordering::Relaxed);
    tokio::time::sleep(QUIET).await;
    // What the system's socket buffers hold is not the relay's.
    assert_eq!(sent.load(Ordering::Relaxed), before);
    assert!(before < 16 * 1024 * 1024, "{before} bytes left the server");
}

#[tokio::test]
async fn a_client_that_does_not_even_read_blocks_the_server_too() {
    let world = World::open().await;
    let (target, sent) = fountain().await;
    let (_client, _) = Client::open_with(&world, target, u32::MAX).await;
    let mut before = usize::MAX;
    soon(async {
        while sent.load(Ordering::Relaxed) != before {
            before = sent.load(Ordering::Relaxed);
            tokio::time::sleep(QUIET).await;
        }
    })
    .await;
    assert!(before < 32 * 1024 * 1024, "{before} bytes left the server");
}

#[tokio::test]
async fn a_slow_server_gets_no_more_than_a_window_and_everything_in_the_end() {
    let world = World::open().await;
    let (target, wake) = sleeper().await;
    let (mut client, opened) = Client::open(&world, target).await;
    let window = usize::try_from(opened.window_bytes).unwrap();
    for _ in 0..window / MAX_DATA_BYTES {
        client.data(&vec![7; MAX_DATA_BYTES]).await;
    }
    // The relay took the window, and answers although the server does not read.
    client.send(&Frame::Ping(1)).await;
    assert_eq!(client.next_but_ack().await, Frame::Pong(1));
    wake.notify_one();
    client.send(&Frame::Eof).await;
    let text = window.to_string();
    assert_eq!(client.read(text.len()).await, text.as_bytes());
}

#[tokio::test]
async fn a_client_that_overruns_its_window_is_closed() {
    let world = World::open().await;
    let (target, _wake) = sleeper().await;
    let (mut client, opened) = Client::open(&world, target).await;
    // Twice the window and what sockets hold: more than was ever acknowledged.
    let mut left = usize::try_from(opened.window_bytes).unwrap() * 16;
    while left > 0 {
        let message = Frame::Data(vec![7; MAX_DATA_BYTES].into()).encode();
        let send =
            futures::SinkExt::send(&mut client.socket, tungstenite::Message::Binary(message));
        if soon(send).await.is_err() {
            break;
        }
        left -= MAX_DATA_BYTES;
    }
    client.expect_close(CloseReason::BadFrame).await;
}

#[tokio::test]
async fn tiny_messages_are_acknowledged_and_arrive_whole() {
    let world = World::open().await;
    let (target, wake) = sleeper().await;
    let (mut client, _) = Client::open(&world, target).await;
    for _ in 0..5000 {
        client.data(b"k").await;
    }
    wake.notify_one();
    client.send(&Frame::Eof).await;
    assert_eq!(client.read(4).await, b"5000");
}

#[tokio::test]
async fn an_acknowledgement_comes_once_the_server_has_the_bytes() {
    let world = World::open().await;
    let (target, wake) = sleeper().await;
    wake.notify_one();
    let (mut client, _) = Client::open(&world, target).await;
    for _ in 0..4 {
        client.data(&vec![1; MAX_DATA_BYTES]).await;
    }
    let mut last = 0;
    while last < 4 * 65_536 {
        match client.next().await {
            Frame::Ack { received } => {
                assert!(received > last && received <= 4 * 65_536, "{received}");
                last = received;
            }
            other => panic!("{other:?}"),
        }
    }
}
