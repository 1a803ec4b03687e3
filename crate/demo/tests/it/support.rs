//! A served demo and a client that trusts it.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, AuthResult, Handle, Msg};
use russh::{Channel, ChannelMsg, Sig};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use transom_demo::{Account, Demo, HostKey, Loopback, Password, serve};

/// No step of a test takes longer on the slowest machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// Fails the test instead of waiting for ever.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future)
        .await
        .expect("in time")
}

/// A demo server in this process, on a free port.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) home: tempfile::TempDir,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Served {
    pub(crate) async fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let account = Account {
            name: "visitor".to_owned(),
            home: home.path().to_owned(),
            shell: PathBuf::from("/bin/sh"),
        };
        let password = Password::random().unwrap();
        let (stop, stopped) = oneshot::channel();
        let listener = Loopback::bind(0).await.unwrap();
        let address = listener.address().unwrap();
        let (user, secret) = (account.name.clone(), password.reveal().to_owned());
        let task = tokio::spawn(async move {
            let host_key = HostKey::random().unwrap();
            let demo = Demo { account, password };
            serve(listener, &host_key, demo, async { drop(stopped.await) }).await
        });
        Self {
            address,
            user,
            password: secret,
            home,
            stop,
            task,
        }
    }

    /// Connects without a log-in.
    pub(crate) async fn connect(&self) -> Handle<AcceptAnyHostKeyForTest> {
        connect(self.address).await
    }

    /// Connects and logs in.
    pub(crate) async fn log_in(&self) -> Handle<AcceptAnyHostKeyForTest> {
        log_in(self.address, &self.user, &self.password).await
    }

    /// Ends the server; fails the test if that takes long.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        soon(self.task).await.unwrap().unwrap();
    }
}

async fn connect(address: SocketAddr) -> Handle<AcceptAnyHostKeyForTest> {
    let config = Arc::new(client::Config::default());
    let connected = client::connect(config, address, AcceptAnyHostKeyForTest);
    soon(connected).await.unwrap()
}

pub(crate) async fn log_in(
    address: SocketAddr,
    user: &str,
    password: &str,
) -> Handle<AcceptAnyHostKeyForTest> {
    let mut client = connect(address).await;
    let answer = client.authenticate_password(user, password);
    assert!(matches!(soon(answer).await.unwrap(), AuthResult::Success));
    client
}

pub(crate) struct AcceptAnyHostKeyForTest;

impl client::Handler for AcceptAnyHostKeyForTest {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _key: &russh::keys::PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// All that a channel brought until it was closed.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) output: Vec<u8>,
    pub(crate) errors: Vec<u8>,
    pub(crate) status: Option<u32>,
    pub(crate) signal: Option<Sig>,
    pub(crate) refused: bool,
}

impl Outcome {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }
}

/// Reads a channel until it is closed.
pub(crate) async fn finish(channel: &mut Channel<Msg>) -> Outcome {
    let mut outcome = Outcome::default();
    soon(async {
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data } => outcome.output.extend_from_slice(&data),
                ChannelMsg::ExtendedData { data, .. } => outcome.errors.extend_from_slice(&data),
                ChannelMsg::ExitStatus { exit_status } => outcome.status = Some(exit_status),
                ChannelMsg::ExitSignal { signal_name, .. } => outcome.signal = Some(signal_name),
                ChannelMsg::Failure => outcome.refused = true,
                _ => {}
            }
        }
    })
    .await;
    outcome
}

/// Reads a channel until its output contains `text`, and returns all of it.
pub(crate) async fn read_until(channel: &mut Channel<Msg>, text: &str) -> String {
    let mut seen = String::new();
    let read = async {
        while !seen.contains(text) {
            match channel.wait().await {
                Some(ChannelMsg::Data { data }) => seen += &String::from_utf8_lossy(&data),
                Some(_) => {}
                None => return false,
            }
        }
        true
    };
    let found = tokio::time::timeout(DEADLINE, read).await;
    assert_eq!(found, Ok(true), "no {text:?} in {seen:?}");
    seen
}

/// Waits for the answer to a request.
pub(crate) async fn accepted(channel: &mut Channel<Msg>) -> bool {
    soon(async {
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Success) => return true,
                Some(ChannelMsg::Failure) | None => return false,
                Some(_) => {}
            }
        }
    })
    .await
}

/// Waits until `condition` holds. The things asked here (other processes) give no event.
pub(crate) async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let waited = tokio::time::timeout(DEADLINE, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "never happened: {what}");
}

/// Whether a process exists and is not a zombie.
pub(crate) fn is_running(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
