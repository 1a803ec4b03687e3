//! What an operator sees: log, metrics, health, and a relay short of files.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio_tungstenite::connect_async;
use transom_wire::{CloseReason, Frame, SUBPROTOCOL};
use tungstenite::Error;
use tungstenite::http::StatusCode;

use crate::client::{Client, open_frame, open_with_ticket, request};
use crate::issuer::{AUDIENCE, ISSUER, Issuer, claims, now, ticket, with};
use crate::world::{echo, soon};

/// The program, and where it listens.
pub(crate) struct Relay {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Relay {
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_transom-relay")).args(arguments)).await
    }

    pub(crate) async fn run(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = soon(lines.next_line()).await.unwrap().expect("it started");
        let address = line.rsplit('/').next().unwrap().to_owned();
        Self { child, address }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::send_request(request(&self.address, "/relay", SUBPROTOCOL)).await
    }

    pub(crate) async fn open(&self, port: u16) -> (Client, Frame) {
        let mut client = self.connect().await;
        client.send(&open_frame("127.0.0.1", port, 65_536)).await;
        let frame = client.next().await;
        (client, frame)
    }

    /// A session, unless the relay says that it is full: by its own close, or before that by HTTP.
    async fn try_open(&self, port: u16) -> Option<Client> {
        let request = request(&self.address, "/relay", SUBPROTOCOL);
        let mut client = match soon(connect_async(request)).await {
            Ok((socket, _)) => Client { socket },
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
                return None;
            }
            // It was too slow to ask, and the relay does not wait long then.
            Err(Error::Io(error)) if error.kind() == ErrorKind::ConnectionReset => return None,
            Err(other) => panic!("{other:?}"),
        };
        client.send(&open_frame("127.0.0.1", port, 65_536)).await;
        match client.next().await {
            Frame::Opened(_) => Some(client),
            Frame::Close(close) => {
                assert_eq!(close.reason, CloseReason::Full, "{}", close.detail);
                None
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let status = std::process::Command::new("kill")
            .args([name, &id])
            .status();
        assert!(status.unwrap().success());
    }

    /// Stops it, and returns its log.
    pub(crate) async fn stop(mut self) -> String {
        self.signal("-TERM");
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        soon(stderr.read_to_string(&mut log)).await.unwrap();
        assert!(soon(self.child.wait()).await.unwrap().success(), "{log}");
        log
    }
}

/// The answer to a request, head and body.
async fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

async fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

fn settings(folder: &Path, issuer: &Issuer, rest: &str) -> String {
    let path = folder.join("relay.toml");
    let key = issuer.path("ed").display().to_string();
    let text = format!(
        "listen = \"127.0.0.1:0\"\n{rest}\n[policy]\nallow = [\"127.0.0.1:*\"]\n\
         [tickets]\naudience = \"{AUDIENCE}\"\nissuer = \"{ISSUER}\"\n\
         keys = [{{ file = \"{key}\", algorithm = \"EdDSA\", id = \"ed\" }}]\n\
         [log]\nformat = \"json\"\n"
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn each_end_of_a_session_is_one_line_and_each_refusal_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::new();
    let relay = Relay::start(&["--config", &settings(folder.path(), &issuer, "")]).await;
    let target = echo().await;
    let good = ticket("ed", &claims(&target.to_string()));
    let expired = ticket("ed", &with(claims(&target.to_string()), "exp", now() - 1));
    let stranger = ticket("other", &claims(&target.to_string()));
    let mut client = relay.connect().await;
    client.send(&open_with_ticket(target, &good)).await;
    assert!(matches!(client.next().await, Frame::Opened(_)));
    client.data(b"hello").await;
    client.read(5).await;
    client.send(&Frame::Eof).await;
    client.expect_close(CloseReason::Finished).await;
    for bad in [&good, &expired, &stranger] {
        let mut client = relay.connect().await;
        client.send(&open_with_ticket(target, bad)).await;
        client.expect_close(CloseReason::Unauthorized).await;
    }
    let log = relay.stop().await;
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |message: &str| -> Vec<&Value> {
        lines
            .iter()
            .filter(|line| line["message"] == message)
            .collect()
    };
    let [over] = of("session over")[..] else {
        panic!("{log}");
    };
    assert_eq!(over["subject"], "alice");
    assert_eq!(over["to"], target.to_string());
    assert_eq!(over["client"], "127.0.0.1");
    assert_eq!(
        (&over["up_bytes"], &over["down_bytes"]),
        (&5.into(), &5.into())
    );
    assert_eq!(
        (&over["resumes"], &over["outcome"]),
        (&0.into(), &"finished".into())
    );
    assert!(over["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(over["session"].as_str().unwrap().len(), 32);
    let reasons: Vec<&str> = of("session refused")
        .iter()
        .map(|line| line["reason"].as_str().unwrap())
        .collect();
    let hints = ["used before", "expired", "no key of this relay"];
    assert_eq!(reasons.len(), hints.len(), "{log}");
    for (reason, hint) in reasons.iter().zip(hints) {
        assert!(reason.contains(hint), "{reason}");
    }
    for secret in [&good, &expired, &stranger] {
        let signature = secret.rsplit('.').next().unwrap();
        assert!(!log.contains(signature));
    }
}

#[tokio::test]
async fn the_program_makes_a_ticket_that_its_relay_takes() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::new();
    let relay = Relay::start(&["--config", &settings(folder.path(), &issuer, "")]).await;
    let target = echo().await;
    let key = issuer.path("ed.private").display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_transom-relay"))
        .args([
            "ticket",
            "--key",
            &key,
            "--key-id",
            "ed",
            "--audience",
            AUDIENCE,
        ])
        .args([
            "--issuer",
            ISSUER,
            "--subject",
            "alice",
            "--to",
            &target.to_string(),
        ])
        .output();
    let output = soon(output).await.unwrap();
    let ticket = String::from_utf8(output.stdout).unwrap();
    let mut client = relay.connect().await;
    client.send(&open_with_ticket(target, ticket.trim())).await;
    assert!(matches!(client.next().await, Frame::Opened(_)), "{ticket}");
}

#[tokio::test]
async fn metrics_count_without_naming_hosts_or_users() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::new();
    let numbers = free_address().await;
    let settings = settings(folder.path(), &issuer, &format!("metrics = \"{numbers}\""));
    let relay = Relay::start(&["--config", &settings]).await;
    let target = echo().await;
    let mut ended = relay.connect().await;
    ended
        .send(&open_with_ticket(
            target,
            &ticket("ed", &claims(&target.to_string())),
        ))
        .await;
    assert!(matches!(ended.next().await, Frame::Opened(_)));
    ended.data(b"hello").await;
    ended.read(5).await;
    ended.send(&Frame::Eof).await;
    ended.expect_close(CloseReason::Finished).await;
    let mut running = relay.connect().await;
    running
        .send(&open_with_ticket(
            target,
            &ticket("ed", &claims(&target.to_string())),
        ))
        .await;
    assert!(matches!(running.next().await, Frame::Opened(_)));
    let (_, refused) = relay.open(target.port()).await;
    assert!(matches!(refused, Frame::Close(_)));
    drop(ended);
    // Its place is free as soon as the farewell is over.
    let shown = soon(Box::pin(async {
        loop {
            let shown = get(&numbers, "/metrics").await;
            if shown.contains("transom_relay_sessions 1\n") {
                break shown;
            }
        }
    }))
    .await;
    for line in [
        "transom_relay_sessions 1",
        "transom_relay_sessions_ended_total{outcome=\"finished\"} 1",
        "transom_relay_refused_total{reason=\"unauthorized\"} 1",
        "transom_relay_carried_bytes_total{direction=\"up\"} 5",
        "transom_relay_session_duration_seconds_bucket{le=\"1\"} 1",
        "transom_relay_session_duration_seconds_count 1",
        "# TYPE transom_relay_session_duration_seconds histogram",
    ] {
        assert!(
            shown.lines().any(|shown| shown == line),
            "{line} in {shown}"
        );
    }
    assert!(
        !shown.contains("alice") && !shown.contains(&target.to_string()),
        "{shown}"
    );
    for path in ["/healthz", "/readyz"] {
        assert!(get(&numbers, path).await.starts_with("HTTP/1.1 200"));
        assert!(get(&relay.address, path).await.starts_with("HTTP/1.1 200"));
    }
    // Not where everybody can see them.
    assert!(
        get(&relay.address, "/metrics")
            .await
            .starts_with("HTTP/1.1 404")
    );
}

#[tokio::test]
async fn a_relay_without_files_left_refuses_and_recovers() {
    // Some twenty sessions. A session needs two files, so the first one that is missing is that of
    // a target with one limit and that of a client with the other.
    for files in [60, 61] {
        refuses_and_recovers(files).await;
    }
}

async fn refuses_and_recovers(files: u32) {
    let program = env!("CARGO_BIN_EXE_transom-relay");
    let script = format!(
        "ulimit -Sn {files}; ulimit -Hn {files}; exec {program} --listen 127.0.0.1:0 --allow '127.0.0.1:*'"
    );
    let mut command = Command::new("sh");
    let relay = Relay::run(command.args(["-c", &script])).await;
    let target = echo().await;
    let mut open = Vec::new();
    while let Some(client) = relay.try_open(target.port()).await {
        open.push(client);
    }
    assert!(open.len() > 10, "{}", open.len());
    // Whoever comes now is told so too, one after the other.
    let waiting: Vec<TcpStream> = {
        let mut waiting = Vec::new();
        for _ in 0..20 {
            waiting.push(TcpStream::connect(&relay.address).await.unwrap());
        }
        waiting
    };
    for client in &mut open {
        client.data(b"alive").await;
        assert_eq!(client.read(5).await, b"alive");
    }
    assert!(relay.try_open(target.port()).await.is_none());
    drop(waiting);
    for mut client in open.drain(..) {
        client.send(&Frame::Eof).await;
        client.expect_close(CloseReason::Finished).await;
    }
    let (_client, frame) = relay.open(target.port()).await;
    assert!(matches!(frame, Frame::Opened(_)), "{frame:?}");
}
