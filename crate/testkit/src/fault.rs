//! A TCP proxy that breaks connections in every way a network can.

use core::net::SocketAddr;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// What a network does to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Both ends see a reset.
    Reset,
    /// Both ends see an orderly end.
    Close,
    /// Both ends see nothing: what they send is swallowed.
    Silence,
    /// Nothing moves for so long, then all goes on.
    Pause(Duration),
}

/// A proxy in front of one address. Dropping it stops it.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    /// Faults that are still to come, each with the count of bytes at which it comes.
    plan: Mutex<VecDeque<(u64, Fault)>>,
    /// Bytes passed on, both ways together.
    carried: AtomicU64,
    /// Bytes that senders handed over, swallowed ones included.
    taken: AtomicU64,
    /// Faults that have come.
    faults: AtomicU64,
    paused_until: Mutex<Instant>,
    /// Counts orders to every present connection.
    order: watch::Sender<(u64, Fault)>,
    refuses: watch::Sender<bool>,
    /// Connections reset at once.
    refused: AtomicU64,
}

impl FaultProxy {
    /// Starts a proxy in front of `target`, without faults for now.
    ///
    /// # Errors
    ///
    /// Where no port can be had.
    pub async fn start(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            plan: Mutex::default(),
            carried: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            faults: AtomicU64::new(0),
            paused_until: Mutex::new(Instant::now()),
            order: watch::channel((0, Fault::Reset)).0,
            refuses: watch::channel(false).0,
            refused: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                if *serving.refuses.borrow() {
                    serving.refused.fetch_add(1, Ordering::Relaxed);
                    reset(&client);
                    continue;
                }
                let shared = Arc::clone(&serving);
                connections.spawn(async move {
                    // A connection that breaks is what this is for.
                    let _ = connection(client, target, &shared).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Plans faults: each comes to the connection that passes on the byte with that number,
    /// counted over all connections and both directions. The numbers must rise.
    pub fn plan(&self, faults: impl IntoIterator<Item = (u64, Fault)>) {
        lock(&self.shared.plan).extend(faults);
    }

    /// Does it to every present connection now.
    pub fn strike(&self, fault: Fault) {
        if let Fault::Pause(duration) = fault {
            self.shared.pause(duration);
            return;
        }
        self.shared.order.send_modify(|(number, order)| {
            *number += 1;
            *order = fault;
        });
    }

    /// Resets every new connection, or no longer does.
    pub fn refuse(&self, refuses: bool) {
        self.shared.refuses.send_replace(refuses);
    }

    /// Connections refused so far.
    pub fn refused(&self) -> u64 {
        self.shared.refused.load(Ordering::Relaxed)
    }

    /// Bytes passed on so far, both ways together.
    pub fn carried(&self) -> u64 {
        self.shared.carried.load(Ordering::Relaxed)
    }

    /// Bytes that senders handed over so far, swallowed ones included.
    pub fn taken(&self) -> u64 {
        self.shared.taken.load(Ordering::Relaxed)
    }

    /// Planned faults that have come.
    pub fn faults(&self) -> u64 {
        self.shared.faults.load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn pause(&self, duration: Duration) {
        *lock(&self.paused_until) = Instant::now() + duration;
    }

    /// How many of `bytes` are passed on, and the fault that comes behind them.
    fn pass(&self, bytes: usize) -> (usize, Option<Fault>) {
        let wanted = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.taken.fetch_add(wanted, Ordering::Relaxed);
        let mut plan = lock(&self.plan);
        let before = self.carried.load(Ordering::Relaxed);
        let (passed, fault) = match plan.front() {
            Some((at, fault)) if *at <= before.saturating_add(wanted) => {
                let passed = at.saturating_sub(before);
                let fault = *fault;
                plan.pop_front();
                self.faults.fetch_add(1, Ordering::Relaxed);
                (passed, Some(fault))
            }
            _ => (wanted, None),
        };
        if let Some(Fault::Pause(duration)) = fault {
            self.pause(duration);
            self.carried.fetch_add(wanted, Ordering::Relaxed);
            return (bytes, None);
        }
        self.carried.fetch_add(passed, Ordering::Relaxed);
        (usize::try_from(passed).unwrap_or(bytes).min(bytes), fault)
    }

    async fn pause_over(&self) {
        loop {
            let until = *lock(&self.paused_until);
            if until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }
}

/// No code panics while it holds a lock, so a poisoned one is still sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connection(mut client: TcpStream, target: SocketAddr, shared: &Shared) -> io::Result<()> {
    let mut orders = shared.order.subscribe();
    let mut server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let fault = {
        let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
        tokio::select! {
            fault = carry(from_client, to_server, shared) => fault,
            fault = carry(from_server, to_client, shared) => fault,
            Ok(()) = orders.changed() => orders.borrow_and_update().1,
        }
    };
    match fault {
        Fault::Reset => {
            reset(&client);
            reset(&server);
        }
        Fault::Close => {
            client.shutdown().await?;
            server.shutdown().await?;
        }
        Fault::Silence | Fault::Pause(_) => {
            let (one, other) = tokio::join!(swallow(client, shared), swallow(server, shared));
            one.and(other)?;
        }
    }
    Ok(())
}

/// Passes bytes on until a planned fault comes; an end counts as one.
async fn carry(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, shared: &Shared) -> Fault {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = match from.read(&mut buffer).await {
            Ok(0) => return Fault::Close,
            Ok(count) => count,
            Err(_) => return Fault::Reset,
        };
        shared.pause_over().await;
        let (passed, fault) = shared.pass(count);
        let Some(part) = buffer.get(..passed) else {
            return Fault::Reset;
        };
        if to.write_all(part).await.is_err() {
            return Fault::Reset;
        }
        if let Some(fault) = fault {
            return fault;
        }
    }
}

/// Takes what is sent and says nothing, until the sender has enough of it.
async fn swallow(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        let count = u64::try_from(count).unwrap_or_default();
        shared.taken.fetch_add(count, Ordering::Relaxed);
    }
}

/// Makes the end of a connection a reset.
fn reset(stream: &TcpStream) {
    // Where it cannot be done the end is orderly, which is a fault as well.
    let _ = stream.set_zero_linger();
}
