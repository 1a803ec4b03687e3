//! The server behind the relay, and the client that needs none.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use crate::{Direction, PIECE_BYTES, RUN_BYTES};

/// Longest wait for the other side. A run takes far less than a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that takes or gives the bytes of one run.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Says when the last byte had arrived, where the server is the one who takes.
    thread: JoinHandle<Result<Option<Instant>>>,
}

/// Starts a server for one connection.
pub(crate) fn start(direction: Direction) -> Result<Server> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        match direction {
            Direction::Up => take(&mut stream).map(Some),
            Direction::Down => give(&mut stream).map(|()| None),
        }
    });
    Ok(Server { address, thread })
}

impl Server {
    /// Time from `begin` until the last byte was where it should be.
    pub(crate) fn finish(self, begin: Instant) -> Result<Duration> {
        let client_done = Instant::now();
        let server_done = self
            .thread
            .join()
            .map_err(|_| anyhow!("the server broke"))??;
        Ok(server_done.unwrap_or(client_done).duration_since(begin))
    }
}

/// Does the client's part of a run without a relay.
pub(crate) fn plain_client(address: SocketAddr, direction: Direction) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    match direction {
        Direction::Up => give(&mut stream),
        Direction::Down => take(&mut stream).map(drop),
    }
}

fn give(stream: &mut TcpStream) -> Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let piece = vec![0x5A; PIECE_BYTES];
    for _ in 0..RUN_BYTES / PIECE_BYTES {
        stream.write_all(&piece)?;
    }
    // The other direction stays open: the relay would see a lost target otherwise.
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    while stream.read(&mut [0; 64])? > 0 {}
    Ok(())
}

fn take(stream: &mut TcpStream) -> Result<Instant> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut buffer = vec![0; PIECE_BYTES];
    let mut taken = 0;
    while taken < RUN_BYTES {
        let count = stream.read(&mut buffer)?;
        ensure!(count > 0, "the stream ended after {taken} bytes");
        taken += count;
    }
    Ok(Instant::now())
}
