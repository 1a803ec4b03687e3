//! A relay of one test, and servers behind it.

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use transom_relay::{Config, Policy, Rule, Span, serve};

/// Longest wait for anything that must happen. The machine may be busy; nothing takes this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for `work`, which must not take forever.
pub(crate) async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work)
        .await
        .expect("nothing happened for too long")
}

/// A running relay.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl World {
    /// A relay that may connect to everything on this machine.
    pub(crate) async fn open() -> Self {
        Self::with(loopback()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0).into(), config).await
    }

    pub(crate) async fn at(address: SocketAddr, config: Config) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let shutdown = async move {
                let _ = stopped.await;
            };
            serve(listener, config, shutdown).await.unwrap();
        });
        Self {
            address,
            stop: Some(stop),
            task,
        }
    }

    /// Tells the relay to stop, as a signal does.
    pub(crate) fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// Waits until the relay has stopped.
    pub(crate) async fn stopped(self) {
        soon(self.task).await.unwrap();
    }
}

/// A configuration that allows everything on this machine, and holds no session without its client.
pub(crate) fn graceless() -> Config {
    let mut config = loopback();
    config.resume.grace = Span(Duration::ZERO);
    config
}

/// A configuration that allows everything on this machine.
pub(crate) fn loopback() -> Config {
    allowing(&["127.0.0.1:*"])
}

pub(crate) fn allowing(rules: &[&str]) -> Config {
    let rules = rules.iter().map(|rule| rule.parse::<Rule>().unwrap());
    Config {
        policy: Policy::new(rules),
        ..Config::default()
    }
}

/// Runs `serve` for each connection to a new port.
pub(crate) async fn server<F, S>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) -> S + Send + 'static,
    S: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// Sends back what comes, and ends when the other end does.
pub(crate) async fn echo() -> SocketAddr {
    server(|mut stream| async move {
        let (mut input, mut output) = stream.split();
        let _ = tokio::io::copy(&mut input, &mut output).await;
        let _ = output.shutdown().await;
    })
    .await
}

/// Greets, then reads to the end and says how many bytes came.
pub(crate) async fn counter() -> SocketAddr {
    server(|mut stream| async move {
        stream.write_all(b"hello").await.unwrap();
        let mut count = 0;
        let mut buffer = vec![0; 65_536];
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(bytes) => count += bytes,
            }
        }
        let _ = stream.write_all(format!(" {count}").as_bytes()).await;
    })
    .await
}

/// A port where nothing listens.
pub(crate) async fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}
