//! A TCP proxy that can stall or cut what passes through it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Passing,
    Stalled,
    Cut,
}

/// A proxy in front of a server on loopback. Dropping it cuts everything.
#[derive(Debug)]
pub struct Tap {
    port: u16,
    flow: watch::Sender<Flow>,
    from_server: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Tap {
    /// Listens on a free port and leads every connection to `port`.
    ///
    /// # Errors
    ///
    /// No port can be listened on.
    pub async fn start(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let own_port = listener.local_addr()?.port();
        let flow = watch::Sender::new(Flow::Passing);
        let watched = flow.subscribe();
        let from_server = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&from_server);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = SocketAddr::from(([127, 0, 0, 1], port));
                tokio::spawn(pass(client, server, watched.clone(), Arc::clone(&counted)));
            }
        });
        Ok(Self {
            port: own_port,
            flow,
            from_server,
            task,
        })
    }

    /// Port to connect to, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops passing bytes, in both directions, without closing anything: a link that is dead.
    pub fn stall(&self) {
        self.flow.send_replace(Flow::Stalled);
    }

    /// Passes bytes again.
    pub fn resume(&self) {
        self.flow.send_replace(Flow::Passing);
    }

    /// Closes every connection, for good.
    pub fn cut(&self) {
        self.flow.send_replace(Flow::Cut);
    }

    /// Bytes that came from the server so far.
    pub fn from_server_bytes(&self) -> u64 {
        self.from_server.load(Ordering::Relaxed)
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.cut();
        self.task.abort();
    }
}

async fn pass(
    client: TcpStream,
    server: SocketAddr,
    mut flow: watch::Receiver<Flow>,
    from_server: Arc<AtomicU64>,
) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let unused = Arc::new(AtomicU64::new(0));
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let up = copy(client_read, server_write, flow.clone(), unused);
    let down = copy(server_read, client_write, flow.clone(), from_server);
    tokio::select! {
        // Both halves end by themselves when one side closes; then the other side is told.
        () = async { tokio::join!(up, down); } => {}
        _ = flow.wait_for(|flow| *flow == Flow::Cut) => {}
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut flow: watch::Receiver<Flow>,
    count: Arc<AtomicU64>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if flow.wait_for(|flow| *flow == Flow::Passing).await.is_err() {
            return;
        }
        let bytes = buffer.get(..length).unwrap_or_default();
        if to.write_all(bytes).await.is_err() {
            return;
        }
        count.fetch_add(u64::try_from(length).unwrap_or(0), Ordering::Relaxed);
    }
    // The other side may be gone already.
    let _ = to.shutdown().await;
}
