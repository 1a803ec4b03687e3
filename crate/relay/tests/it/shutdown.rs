//! The orderly end of a relay.

use futures::StreamExt;
use tokio::net::TcpStream;
use transom_wire::CloseReason;

use crate::client::Client;
use crate::world::{World, echo, soon};

#[tokio::test]
async fn every_session_is_told_and_then_the_relay_is_gone() {
    let mut world = World::open().await;
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
    let mut world = World::open().await;
    let (_deaf, _) = Client::open(&world, echo().await).await;
    world.stop();
    world.stopped().await;
}
