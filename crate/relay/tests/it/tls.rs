//! TLS of the relay itself: a certificate is read again while it serves.

use core::time::Duration;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use transom_wire::{Frame, SUBPROTOCOL};

use crate::operate::Relay;
use crate::world::{echo, soon};

/// Writes a certificate for `localhost`, and returns who trusts it.
fn certificate(folder: &Path) -> TlsConnector {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn greets(address: &str, trust: &TlsConnector) -> bool {
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let Ok(mut stream) = soon(trust.connect(name, stream)).await else {
        return false;
    };
    let head = format!(
        "GET /relay HTTP/1.1\r\nhost: {address}\r\norigin: https://{address}\r\n\
         connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: {SUBPROTOCOL}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    soon(stream.read_exact(&mut answer)).await.unwrap();
    &answer == b"HTTP/1.1 101"
}

#[tokio::test]
async fn tls_takes_a_new_certificate_while_it_serves_and_keeps_the_old_one_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let old = certificate(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let relay = Relay::start(&[
        "--listen",
        "127.0.0.1:0",
        "--tls-certificate",
        &path("cert.pem"),
        "--tls-key",
        &path("key.pem"),
    ])
    .await;
    assert!(greets(&relay.address, &old).await);
    // Without TLS nobody is answered.
    assert!(!get_plain(&relay.address).await.starts_with(b"HTTP"));
    std::fs::write(path("cert.pem"), "no certificate").unwrap();
    relay.signal("-HUP");
    assert!(greets(&relay.address, &old).await);
    let new = certificate(folder.path());
    relay.signal("-HUP");
    soon(async {
        while !greets(&relay.address, &new).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(!greets(&relay.address, &old).await);
    let log = relay.stop().await;
    assert!(log.contains("the old certificate stays in use"), "{log}");
}

async fn get_plain(address: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = soon(stream.read_to_end(&mut answer)).await;
    answer
}

#[tokio::test]
async fn a_relay_with_nothing_to_read_again_survives_the_wish() {
    let relay = Relay::start(&["--listen", "127.0.0.1:0", "--allow", "127.0.0.1:*"]).await;
    relay.signal("-HUP");
    let (_client, frame) = relay.open(echo().await.port()).await;
    assert!(matches!(frame, Frame::Opened(_)), "{frame:?}");
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_transom-relay"))
        .args(["config", "check", "--tls-certificate", &path("key.pem")])
        .args(["--tls-key", &path("key.pem")])
        .output();
    let output = soon(output).await.unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(text.contains("key.pem holds no certificate"), "{text}");
}
