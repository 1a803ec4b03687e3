//! The orderly end of a relay.

use core::time::Duration;

use futures::StreamExt;
use tokio::net::TcpStream;
use transom_relay::{Config, Span};
use transom_wire::{CloseReason, Frame, NoticeKind};

use crate::client::Client;
use crate::world::{World, echo, loopback, soon};

/// A relay whose sessions have no time to finish by themselves.
fn impatient() -> Config {
    let mut config = loopback();
    config.deadlines.drain = Span(Duration::ZERO);
    config
}

#[tokio::test]
async fn every_session_is_told_and_then_the_relay_is_gone() {
    let mut world = World::with(impatient()).await;
    let target = echo().await;
    let (mut one, _) = Client::open(&world, target).await;
    let (mut two, _) = Client::open(&world, target).await;
    let mut silent = Client::connect(&world).await;
    world.stop();
    for client in [&mut one, &mut two, &mut silent] {
        client.expect_close(CloseReason::GoingAway).await;
        // The client's part of the closing handshake.
        assert!(soon(client.socket.next()).await.is_none());
    }
    let address = world.address;
    world.stopped().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_client_that_does_not_listen_cannot_hold_the_relay() {
    let mut world = World::with(impatient()).await;
    let (_deaf, _) = Client::open(&world, echo().await).await;
    world.stop();
    world.stopped().await;
}

#[tokio::test]
async fn a_session_may_finish_while_the_relay_drains() {
    let mut world = World::open().await;
    let (mut client, opened) = Client::open(&world, echo().await).await;
    let (held, _) = Client::open(&world, echo().await).await;
    drop(held);
    world.stop();
    match client.next().await {
        Frame::Notice(notice) => {
            assert_eq!(notice.kind, NoticeKind::GOING_AWAY);
            assert!(!notice.after.is_zero());
        }
        other => panic!("{other:?} of {:?}", opened.session),
    }
    client.data(b"last words").await;
    assert_eq!(client.read(10).await, b"last words");
    client.send(&Frame::Eof).await;
    client.expect_close(CloseReason::Finished).await;
    assert!(soon(client.socket.next()).await.is_none());
    // It does not wait for the session that has no client.
    world.stopped().await;
}
