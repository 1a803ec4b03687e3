//! The orderly end of a relay.

use core::net::Ipv4Addr;
use core::time::Duration;

use futures::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, client_async};
use transom_relay::{Config, Span};
use transom_wire::{CloseReason, Frame, NoticeKind, Resume, SUBPROTOCOL};

use crate::client::{Client, open_frame, request};
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

#[tokio::test]
async fn of_several_relays_behind_one_name_the_next_one_serves_while_the_first_one_drains() {
    let mut first = World::at(([127, 0, 0, 2], 0).into(), loopback()).await;
    let port = first.address.port();
    let second = World::at((Ipv4Addr::LOCALHOST, port).into(), loopback()).await;
    // A name with two addresses, as `getaddrinfo` orders them.
    let addresses = [first.address, second.address];
    let connect = async || {
        let stream = TcpStream::connect(&addresses[..]).await.unwrap();
        let peer = stream.peer_addr().unwrap();
        let name = format!("localhost:{port}");
        let request = request(&name, "/relay", SUBPROTOCOL);
        let stream = MaybeTlsStream::Plain(stream);
        let (socket, _) = soon(client_async(request, stream)).await.unwrap();
        (Client { socket }, peer)
    };
    let target = echo().await;
    let open = open_frame("127.0.0.1", target.port(), 65_536);
    let (mut old, at) = connect().await;
    assert_eq!(at, first.address);
    old.send(&open).await;
    let Frame::Opened(opened) = old.next().await else {
        panic!("no session")
    };
    first.stop();
    assert!(matches!(old.next().await, Frame::Notice(_)));
    // New sessions begin at the other one, while the old one may still finish.
    let (mut new, at) = connect().await;
    assert_eq!(at, second.address);
    new.send(&open).await;
    assert!(matches!(new.next().await, Frame::Opened(_)));
    for client in [&mut old, &mut new] {
        client.data(b"x").await;
        assert_eq!(client.read(1).await, b"x");
    }
    drop(old);
    first.stopped().await;
    // What the first one held is over, and the second one says so.
    let (mut back, at) = connect().await;
    assert_eq!(at, second.address);
    let resume = Resume {
        session: opened.session,
        secret: opened.secret,
        received: 1,
        window_bytes: 65_536,
        attempt: 1,
    };
    back.send(&Frame::Resume(resume)).await;
    back.expect_close(CloseReason::SessionUnknown).await;
}
