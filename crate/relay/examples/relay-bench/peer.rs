//! The server behind what is measured.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::socket::{PATIENCE, PIECE_BYTES};

/// What a server does with each connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Takes so many bytes and says when it had them.
    Take(usize),
    /// Gives so many bytes.
    Give(usize),
    /// Sends back what comes.
    Echo,
}

/// A server on a port of its own, a thread for each connection.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    done: Receiver<Result<Instant>>,
}

impl Server {
    pub(crate) fn start(work: Work) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (sender, done) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let sender = sender.clone();
                thread::spawn(move || {
                    let result = serve(stream, work);
                    // Probes whether somebody listens are no connections.
                    if !matches!(result, Ok(None)) {
                        let _ = sender.send(result.map(|time| time.unwrap_or_else(Instant::now)));
                    }
                });
            }
        });
        Ok(Self { address, done })
    }

    /// When the last of `connections` was done.
    pub(crate) fn done(&self, connections: usize) -> Result<Instant> {
        let mut last = None;
        for _ in 0..connections {
            let time = self.done.recv_timeout(PATIENCE).context("no end")??;
            last = last.max(Some(time));
        }
        last.context("no connection")
    }
}

fn serve(mut stream: TcpStream, work: Work) -> Result<Option<Instant>> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    match work {
        Work::Take(bytes) => take(&mut stream, bytes),
        Work::Give(bytes) => give(&mut stream, bytes),
        Work::Echo => {
            stream.set_read_timeout(None)?;
            let mut buffer = vec![0; PIECE_BYTES];
            loop {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => return Ok(None),
                    Ok(count) => stream.write_all(buffer.get(..count).unwrap_or_default())?,
                }
            }
        }
    }
}

/// Takes `bytes`; `None` where the other end is gone before the first.
pub(crate) fn take(stream: &mut TcpStream, bytes: usize) -> Result<Option<Instant>> {
    let mut buffer = vec![0; 4 * PIECE_BYTES];
    let mut taken = 0;
    while taken < bytes {
        let count = stream.read(&mut buffer)?;
        if count == 0 && taken == 0 {
            return Ok(None);
        }
        ensure!(count > 0, "the stream ended after {taken} bytes");
        taken += count;
    }
    Ok(Some(Instant::now()))
}

/// Gives `bytes` once it was asked to, then waits until the other end has enough of it; `None` where
/// nobody asked.
fn give(stream: &mut TcpStream, bytes: usize) -> Result<Option<Instant>> {
    if stream.read(&mut [0]).unwrap_or_default() == 0 {
        return Ok(None);
    }
    let piece = vec![0x5A; PIECE_BYTES];
    for _ in 0..bytes / PIECE_BYTES {
        stream.write_all(&piece)?;
    }
    // Open until then: websockify drops what it holds when its target ends.
    let time = Instant::now();
    stream.set_read_timeout(Some(PATIENCE))?;
    while stream.read(&mut [0; 64]).is_ok_and(|count| count > 0) {}
    Ok(Some(time))
}
