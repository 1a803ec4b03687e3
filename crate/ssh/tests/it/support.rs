//! What the tests share: a clock, ways to trust, and a log-in by key.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::net::TcpStream;
use tokio::time::Instant;
use transom_keys::{PrivateKey, PublicKey};
use transom_ssh::{
    BoxFuture, Clock, ConnectError, Connection, Exec, ExecOutput, Login, Options, Outcome, PtySize,
    Shell, ShellEvent, ShellRequest, Trust, Verdict, handshake,
};
use transom_testkit::{Sshd, SshdOptions, USER};

/// tokio's clock.
pub(crate) struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(TokioClock(Instant::now()))
}

/// Says always the same, and counts how often it was asked.
#[derive(Clone)]
pub(crate) struct Always {
    pub(crate) verdict: Verdict,
    pub(crate) asked: Arc<AtomicUsize>,
}

impl Always {
    pub(crate) fn accept_any_host_key_for_test() -> Self {
        Self::says(Verdict::Accept)
    }

    pub(crate) fn says(verdict: Verdict) -> Self {
        Self {
            verdict,
            asked: Arc::default(),
        }
    }
}

impl Trust for Always {
    async fn decide(&mut self, _offered: PublicKey) -> Verdict {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.verdict
    }
}

pub(crate) async fn connect(port: u16, options: Options) -> Result<Login, ConnectError> {
    connect_trusting(port, options, Always::accept_any_host_key_for_test()).await
}

pub(crate) async fn connect_trusting(
    port: u16,
    options: Options,
    trust: impl Trust,
) -> Result<Login, ConnectError> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    handshake(stream, options, trust, clock()).await
}

/// A server and a connection that is logged in by key.
pub(crate) struct World {
    pub(crate) sshd: Sshd,
    pub(crate) key: PrivateKey,
}

impl World {
    pub(crate) async fn start(config: &[&str]) -> Result<Self> {
        let sshd = Sshd::start(&SshdOptions {
            config: config.iter().map(|line| (*line).to_owned()).collect(),
            ..SshdOptions::default()
        })
        .await?;
        let file = sshd.authorize("key", &["-t", "ed25519"], "")?;
        let key = PrivateKey::parse(&file.private()?, None)?;
        Ok(Self { sshd, key })
    }

    pub(crate) async fn log_in(&self) -> Result<Connection> {
        self.log_in_through(self.sshd.port(), Options::default())
            .await
    }

    pub(crate) async fn log_in_through(&self, port: u16, options: Options) -> Result<Connection> {
        let login = connect(port, options).await?;
        match login.public_key(USER, &self.key).await? {
            Outcome::LoggedIn(connection) => Ok(connection),
            denied @ Outcome::Denied { .. } => bail!("{denied:?}"),
        }
    }
}

pub(crate) fn size() -> PtySize {
    PtySize::new(80, 24, None).unwrap()
}

pub(crate) async fn shell(connection: &Connection) -> Result<Shell> {
    Ok(connection.open_shell(&ShellRequest::new(size())).await?)
}

/// Reads a shell until its output contains `text`, and returns all that was read.
pub(crate) async fn read_until(shell: &mut Shell, text: &str) -> Result<String> {
    let mut seen = String::new();
    let reading = async {
        while !seen.contains(text) {
            match shell.output.next().await {
                Some(ShellEvent::Data(data)) => seen.push_str(&String::from_utf8_lossy(&data)),
                other => bail!("{other:?}"),
            }
        }
        Ok(())
    };
    let done = tokio::time::timeout(Duration::from_secs(20), reading).await;
    let end: String = seen
        .chars()
        .rev()
        .take(2000)
        .collect::<Vec<_>>()
        .iter()
        .rev()
        .collect();
    done.with_context(|| format!("no {text:?} in {end:?}"))??;
    Ok(seen)
}

pub(crate) async fn read_all(output: &mut ExecOutput) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(data) = output.next().await? {
        all.extend(data);
    }
    Ok(all)
}

/// Runs a command and returns what it printed.
pub(crate) async fn run(connection: &Connection, command: &str) -> Result<String> {
    let mut exec: Exec = connection.exec(command.as_bytes(), &[]).await?;
    Ok(String::from_utf8(read_all(&mut exec.stdout).await?)?)
}
