//! What the documentation and `deploy/` promise, tried out.

use core::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use transom_relay::{Algorithm, Config, Flags, TicketKey};
use transom_wire::{CloseReason, Frame, SUBPROTOCOL};

use crate::access::behind_proxy;
use crate::client::{Client, open_frame, open_with_ticket, request};
use crate::issuer::{AUDIENCE, bare};
use crate::world::{World, echo, loopback, soon};

/// The secret of the back ends below.
const KEY: &str = "6f2c1e0b8a7d4953b1c0d2e4f6a8091b";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Code of `docs/relay.md` in `language`.
fn code(language: &str) -> String {
    let text = std::fs::read_to_string(root().join("docs/relay.md")).unwrap();
    let begin = format!("```{language}\n");
    let code = text.split_once(&begin).expect("the language is there").1;
    code.split_once("```").unwrap().0.to_owned()
}

/// Whether a program is there; without it there is nothing to try.
fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("-v").output().is_ok();
    if !there {
        eprintln!("skipped: there is no {program}");
    }
    there
}

async fn takes_a_ticket_of(program: &str, language: &str) {
    if !is_there(program) {
        return;
    }
    let target = echo().await;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("ticket");
    std::fs::write(&script, code(language)).unwrap();
    let output: Output = Command::new(program)
        .arg(script)
        .arg(target.to_string())
        .envs([("KEY", KEY), ("AUDIENCE", AUDIENCE)])
        .output()
        .unwrap();
    let ticket = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let file = folder.path().join("key");
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let mut tickets = bare();
    tickets.keys = vec![TicketKey {
        file,
        algorithm: Algorithm::Hs256,
        id: Some("web".to_owned()),
    }];
    let config = Config {
        tickets: Some(tickets),
        ..loopback()
    };
    let world = World::with(config).await;
    let mut client = Client::connect(&world).await;
    client.send(&open_with_ticket(target, ticket.trim())).await;
    let answer = client.next().await;
    assert!(
        matches!(answer, Frame::Opened(_)),
        "{answer:?} for {ticket}"
    );
}

#[tokio::test]
async fn the_back_end_in_python_makes_tickets() {
    takes_a_ticket_of("python3", "python").await;
}

#[tokio::test]
async fn the_back_end_in_node_makes_tickets() {
    takes_a_ticket_of("node", "javascript").await;
}

#[test]
fn the_settings_of_the_example_are_settings() {
    let file = root().join("deploy/relay.toml");
    Config::load(Some(&file), [], Flags::default()).unwrap();
}

#[test]
fn systemd_understands_the_unit_and_finds_it_closed() {
    if !is_there("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = std::fs::read_to_string(root().join("deploy/transom-relay.service")).unwrap();
    // The program is not installed here; everything else is as it is.
    let program = env!("CARGO_BIN_EXE_transom-relay");
    let file = folder.path().join("transom-relay.service");
    std::fs::write(&file, unit.replace("/usr/local/bin/transom-relay", program)).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new("systemd-analyze")
            .args(arguments)
            .arg(&file)
            .output()
            .unwrap();
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
    };
    run(&["verify", "--man=no"]);
    // In tenths, from 0 to 100; above, the command fails.
    run(&["security", "--offline=true", "--threshold=20", "--no-pager"]);
}

/// A real nginx with `deploy/nginx.conf`, in front of `relay`; ended when dropped.
struct Nginx {
    child: std::process::Child,
    folder: tempfile::TempDir,
}

impl Nginx {
    fn start(port: u16, relay: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = std::fs::read_to_string(root().join("deploy/nginx.conf")).unwrap();
        // Where it differs from production: addresses, no certificate, a user without a sign-on.
        let own = own
            .replace("127.0.0.1:8022", &relay.to_string())
            .replace("listen 443 ssl;", &format!("listen 127.0.0.1:{port};"))
            .replace("auth_request /auth;", "")
            .replace(
                "auth_request_set $user $upstream_http_x_auth_request_user;",
                "set $user alice;",
            );
        let own: Vec<&str> = own
            .lines()
            .filter(|line| !line.contains("ssl_certificate"))
            .collect();
        let path = folder.path().display();
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let paths = kinds.map(|kind| format!("{kind}_temp_path {path}/{kind};\n"));
        let paths = paths.concat();
        let whole = format!(
            "daemon off;\nmaster_process off;\npid {path}/pid;\nerror_log {path}/error.log;\n\
             events {{}}\nhttp {{\naccess_log off;\n{paths}{}\n}}\n",
            own.join("\n")
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, whole).unwrap();
        let command = |more: &[&str]| {
            let mut command = Command::new("nginx");
            command
                .arg("-c")
                .arg(&file)
                .arg("-p")
                .arg(folder.path())
                .args(more);
            command
        };
        let tested = command(&["-t"]).output().unwrap();
        assert!(
            tested.status.success(),
            "{}",
            String::from_utf8_lossy(&tested.stderr)
        );
        let child = command(&[]).spawn().unwrap();
        Self { child, folder }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.folder.path();
    }
}

#[tokio::test]
async fn a_session_goes_through_a_real_nginx_that_names_its_user() {
    if !is_there("nginx") {
        return;
    }
    let mut config = behind_proxy("127.0.0.1/32");
    config.identity.as_mut().unwrap().header = "x-forwarded-user".to_owned();
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    config.origins = vec!["https://ssh.example.org".parse().unwrap()];
    let world = World::with(config).await;
    drop(free);
    let _nginx = Nginx::start(port, world.address);
    let target = echo().await;
    let mut request = request(format!("127.0.0.1:{port}"), "/relay", SUBPROTOCOL);
    let headers = request.headers_mut();
    headers.insert("origin", "https://ssh.example.org".parse().unwrap());
    headers.insert("x-forwarded-user", "root".parse().unwrap());
    soon(async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut client = Client::send_request(request).await;
    client
        .send(&open_frame("127.0.0.1", target.port(), 65_536))
        .await;
    let answer = client.next().await;
    assert!(matches!(answer, Frame::Opened(_)), "{answer:?}");
    client.data(b"through two relays").await;
    assert_eq!(client.read(18).await, b"through two relays");
    client.send(&Frame::Eof).await;
    client.expect_close(CloseReason::Finished).await;
}
