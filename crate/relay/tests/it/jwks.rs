//! Keys of tickets from an address with TLS, whose certificate a local authority signed.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer as Authority, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use transom_wire::{CloseReason, Frame};

use crate::client::open_with_ticket;
use crate::issuer::{AUDIENCE, ISSUER, claims, key_set, ticket};
use crate::operate::Relay;
use crate::world::{echo, server};

/// An authority, as PEM, and a server's side of TLS with a certificate of it.
fn authority() -> (String, TlsAcceptor) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let authority = Authority::new(params, key);
    let own = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let leaf = params.signed_by(&own, &authority).unwrap();
    let chain = vec![CertificateDer::from(leaf.der().to_vec())];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(own.serialize_der()));
    let tls = ServerConfig::builder().with_no_client_auth();
    let tls = tls.with_single_cert(chain, key).unwrap();
    (root.pem(), TlsAcceptor::from(Arc::new(tls)))
}

/// A relay that trusts the authorities in `roots` and takes its keys from `url`.
async fn relay(folder: &Path, roots: &str, url: &str) -> Relay {
    let (path, trusted) = (folder.join("relay.toml"), folder.join("roots.pem"));
    std::fs::write(&trusted, roots).unwrap();
    let text = format!(
        "listen = \"127.0.0.1:0\"\n[policy]\nallow = [\"127.0.0.1:*\"]\n\
         [tickets]\naudience = \"{AUDIENCE}\"\nissuer = \"{ISSUER}\"\njwks_url = \"{url}\"\n"
    );
    std::fs::write(&path, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_transom-relay"));
    command.arg("--config").arg(path);
    Relay::run(command.env("SSL_CERT_FILE", trusted).env("RUST_LOG", "off")).await
}

#[tokio::test]
async fn keys_come_over_tls_from_whom_a_trusted_authority_names_and_from_nobody_else() {
    let (root, tls) = authority();
    let (stranger, _) = authority();
    let publisher = server(move |stream| {
        let tls = tls.clone();
        async move {
            // Who does not trust the certificate goes away.
            let Ok(mut stream) = tls.accept(stream).await else {
                return;
            };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let body = key_set().to_string();
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let url = format!("https://{}/jwks.json", publisher.await);
    let folder = tempfile::tempdir().unwrap();
    let target = echo().await;
    for (roots, is_good) in [(&root, true), (&stranger, false)] {
        let relay = relay(folder.path(), roots, &url).await;
        let mut client = relay.connect().await;
        let ticket = ticket("ed", &claims(&target.to_string()));
        client.send(&open_with_ticket(target, &ticket)).await;
        match client.next().await {
            Frame::Opened(_) => assert!(is_good),
            Frame::Close(close) => {
                assert_eq!(close.reason, CloseReason::Unauthorized);
                assert!(!is_good);
            }
            other => panic!("{other:?}"),
        }
    }
}
