//! What the program writes.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Command;
use transom_wire::Frame;

use crate::client::{Client, open_frame, request};
use crate::world::{echo, soon};

const PLANTED: &str = "hunter2-planted-in-the-payload";

#[tokio::test]
async fn neither_payload_nor_secrets_are_in_the_log_however_loud_it_is() {
    let mut relay = Command::new(env!("CARGO_BIN_EXE_transom-relay"))
        .args(["--listen", "127.0.0.1:0", "--allow", "127.0.0.1:*"])
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(relay.stdout.take().unwrap()).lines();
    let line = soon(lines.next_line()).await.unwrap().unwrap();
    let address = line.strip_prefix("relay listening on http://").unwrap();

    let target = echo().await;
    let request = request(address, "/relay", transom_wire::SUBPROTOCOL);
    let mut client = Client::send_request(request).await;
    client
        .send(&open_frame("127.0.0.1", target.port(), 65_536))
        .await;
    let Frame::Opened(opened) = client.next().await else {
        panic!("no session");
    };
    client.data(PLANTED.as_bytes()).await;
    assert_eq!(client.read(PLANTED.len()).await, PLANTED.as_bytes());
    client.send(&Frame::Eof).await;
    client
        .expect_close(transom_wire::CloseReason::Finished)
        .await;

    let id = relay.id().unwrap().to_string();
    assert!(
        soon(Command::new("kill").arg(id).status())
            .await
            .unwrap()
            .success()
    );
    let mut log = String::new();
    let mut stderr = relay.stderr.take().unwrap();
    soon(stderr.read_to_string(&mut log)).await.unwrap();
    assert!(soon(relay.wait()).await.unwrap().success(), "{log}");

    // It was loud.
    assert!(log.contains("session over"), "{log}");
    let hex = |bytes: &[u8]| {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.concat()
    };
    let secret = opened.secret.expose();
    let list = format!("{secret:?}");
    for planted in [PLANTED, &hex(secret), list.trim_matches(['[', ']'])] {
        assert!(!log.contains(planted), "{log}");
    }
}

#[tokio::test]
async fn a_listener_for_other_machines_is_refused_at_the_start() {
    let output = Command::new(env!("CARGO_BIN_EXE_transom-relay"))
        .args(["--listen", "0.0.0.0:0"])
        .output();
    let output = soon(output).await.unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("loopback"), "{text}");
    assert!(output.stdout.is_empty());
}
