//! A TCP proxy that makes the way long, and slow.

use core::net::SocketAddr;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::Arc;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// Bytes that are taken at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Pieces on the way: more than any window that is measured.
const PIECES: usize = 4096;

/// A proxy in front of one address whose every byte arrives later. Dropping it stops it.
///
/// Until [`Self::limit`] only the delay limits what passes: a line with that delay and endless
/// capacity. What it does not pass on yet it keeps, as the queues of a slow line do.
#[derive(Debug)]
pub struct DelayProxy {
    address: SocketAddr,
    /// Bytes in a second that each direction of a connection passes on; 0 for any number.
    rate: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

/// What is on the way, with its time of arrival; nothing is the end.
type Piece = (Instant, Vec<u8>);

impl DelayProxy {
    /// Starts a proxy in front of `target`.
    ///
    /// - `delay`: one way; the round trip takes twice as long.
    ///
    /// # Errors
    ///
    /// Where no port can be had.
    pub async fn start(target: SocketAddr, delay: Duration) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let rate = Arc::new(AtomicU32::new(0));
        let limited = Arc::clone(&rate);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(target).await else {
                    continue;
                };
                // A keystroke must not wait for the next one; without it all works, later.
                let _ = client.set_nodelay(true).and(server.set_nodelay(true));
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                for (from, to) in [(from_client, to_server), (from_server, to_client)] {
                    let (sender, receiver) = channel(PIECES);
                    tokio::spawn(take(from, sender, delay));
                    tokio::spawn(give(receiver, to, Arc::clone(&limited)));
                }
            }
        });
        Ok(Self {
            address,
            rate,
            task,
        })
    }

    /// From now on passes on no more than so many bytes in a second, in each direction of a
    /// connection.
    pub fn limit(&self, bytes_per_second: u32) {
        self.rate.store(bytes_per_second, Ordering::Relaxed);
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for DelayProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Takes what comes, and notes when it arrives.
async fn take(mut from: OwnedReadHalf, pieces: Sender<Piece>, delay: Duration) {
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        // A broken connection ends as a closed one does, later.
        let count = from.read(&mut buffer).await.unwrap_or_default();
        let piece = buffer.get(..count).unwrap_or_default().to_vec();
        let sent = pieces.send((Instant::now() + delay, piece)).await;
        if count == 0 || sent.is_err() {
            return;
        }
    }
}

/// Hands over what has arrived.
async fn give(mut pieces: Receiver<Piece>, mut to: OwnedWriteHalf, rate: Arc<AtomicU32>) {
    let mut free = Instant::now();
    while let Some((arrival, piece)) = pieces.recv().await {
        sleep_until(arrival.max(free)).await;
        if piece.is_empty() || to.write_all(&piece).await.is_err() {
            break;
        }
        let (bytes, rate) = (u32::try_from(piece.len()), rate.load(Ordering::Relaxed));
        if let (Ok(bytes), 1..) = (bytes, rate) {
            free = free.max(arrival) + Duration::from_secs(1) * bytes / rate;
        }
    }
    // It may be gone already.
    let _ = to.shutdown().await;
}
