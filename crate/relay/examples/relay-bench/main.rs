//! Throughput through the relay, both ways, against a plain copy from TCP to TCP.
//!
//! Prints one line of JSON for each direction: megabytes per second, medians of [`RUNS`] runs,
//! ours and base alternating. Everything runs in this program over loopback: a blocking client
//! and a blocking server on threads of their own, so that they cost as little as they can, and
//! relay or copy between them on the same runtime.

mod client;
mod peer;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::copy_bidirectional_with_sizes;
use tokio::net::{TcpListener, TcpStream};
use transom_relay::{Config, Policy, serve};

use crate::client::FramedClient;

/// Bytes of one run: half a second at the speeds of loopback.
const RUN_BYTES: usize = 256 * 1024 * 1024;

/// Bytes of one write, and of one message.
const PIECE_BYTES: usize = 64 * 1024;

/// Measured runs of each kind; one more comes first and does not count.
const RUNS: usize = 7;

/// Which way the bytes go: `Up` is from the client to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let relay = start_relay().await?;
    for direction in [Direction::Up, Direction::Down] {
        let (mut ours, mut base) = (Vec::new(), Vec::new());
        for run in 0..=RUNS {
            let relayed = tokio::task::spawn_blocking(move || through_relay(relay, direction));
            let relayed = relayed.await??;
            let copied = through_copy(direction).await?;
            if run > 0 {
                ours.push(relayed);
                base.push(copied);
            }
        }
        report(direction, ours, base)?;
    }
    Ok(())
}

async fn start_relay() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let config = Config {
        policy: Policy::new(["127.0.0.1:*".parse()?]),
        ..Config::default()
    };
    tokio::spawn(async move { serve(listener, config, core::future::pending::<()>()).await });
    Ok(address)
}

/// Time for one run through the relay.
fn through_relay(relay: SocketAddr, direction: Direction) -> Result<Duration> {
    let server = peer::start(direction)?;
    let mut client = FramedClient::open(relay, server.address)?;
    let begin = std::time::Instant::now();
    if direction == Direction::Up {
        client.send(RUN_BYTES)?;
        return server.finish(begin);
    }
    client.receive(RUN_BYTES)?;
    // The server waits for the end of the session, which is the client's.
    drop(client);
    server.finish(begin)
}

/// Time for one run through a program that only copies.
async fn through_copy(direction: Direction) -> Result<Duration> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let server = peer::start(direction)?;
    let target = server.address;
    let copy = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await?;
        let mut server = TcpStream::connect(target).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        copy_bidirectional_with_sizes(&mut client, &mut server, PIECE_BYTES, PIECE_BYTES).await
    });
    let run = tokio::task::spawn_blocking(move || {
        let begin = std::time::Instant::now();
        peer::plain_client(address, direction)?;
        server.finish(begin)
    });
    let taken = run.await??;
    copy.await?.context("the copy broke")?;
    Ok(taken)
}

fn report(direction: Direction, ours: Vec<Duration>, base: Vec<Duration>) -> Result<()> {
    let name = match direction {
        Direction::Up => "relay-throughput-up",
        Direction::Down => "relay-throughput-down",
    };
    let (ours, base) = (megabytes_per_second(ours), megabytes_per_second(base));
    writeln!(
        io::stdout(),
        "{{\"bench\":\"{name}\",\"unit\":\"MB/s\",\"ours\":{ours:.1},\"base\":{base:.1},\
         \"ratio\":{:.3},\"what_base_is\":\"a copy from TCP to TCP by tokio with buffers of \
         64 KiB, one stream of 256 MiB over loopback\"}}",
        ours / base
    )?;
    Ok(())
}

/// The median run's speed.
fn megabytes_per_second(mut runs: Vec<Duration>) -> f64 {
    runs.sort_unstable();
    let median = runs.get(runs.len() / 2).copied().unwrap_or_default();
    let megabytes = u32::try_from(RUN_BYTES / 1024).map_or(f64::NAN, f64::from) * 1.024e-3;
    megabytes / median.as_secs_f64()
}
