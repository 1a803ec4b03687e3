//! Certificates of persons' keys: from whom, for whom, and what an issuer may do.

use core::net::SocketAddr;
use core::time::Duration;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use transom_relay::{CertificateConfig, Config, IdentityConfig};
use transom_testkit::{Issue, Issuer};
use transom_wire::{CERTIFICATE_PATH, IssuerAnswer, MAX_CERTIFICATE_BYTES, MAX_KEY_LINE_BYTES};

use crate::world::{World, closed_port, loopback, soon};

const LINE: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

fn config(url: String) -> Config {
    Config {
        certificates: Some(CertificateConfig {
            url,
            token_file: None,
        }),
        ..loopback()
    }
}

fn good() -> Issue {
    Issue::Certificate {
        principal: "tara".to_owned(),
        validity: "-1m:+1h".to_owned(),
    }
}

/// A request with these headers, and its answer: status and body.
async fn send(relay: SocketAddr, method: &str, headers: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(relay).await.unwrap();
    let length = body.len();
    let head = format!(
        "{method} {CERTIFICATE_PATH} HTTP/1.1\r\nhost: {relay}\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // It may refuse before it has read everything.
    let _ = stream.write_all(body.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = soon(stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn own(relay: SocketAddr) -> String {
    format!("origin: http://{relay}\r\n")
}

async fn ask(relay: &World) -> IssuerAnswer {
    let (status, body) = send(relay.address, "POST", &own(relay.address), LINE).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn a_line_goes_to_the_issuer_and_its_certificate_comes_back() {
    let issuer = Issuer::start(good()).await.unwrap();
    let relay = World::with(config(issuer.url())).await;
    let (status, body) = send(relay.address, "GET", "", "").await;
    assert_eq!((status, body.as_str()), (200, r#"{"answer":"offered"}"#));
    let IssuerAnswer::Issued { certificate } = ask(&relay).await else {
        panic!("no certificate");
    };
    let mark = "ssh-ed25519-cert-v01@openssh.com ";
    assert!(certificate.starts_with(mark), "{certificate}");
    let asked = issuer.asked();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    assert_eq!(asked.body, LINE);
    assert!(asked.head.starts_with("POST /sign?realm=test HTTP/1.1\r\n"));
    let head = asked.head.to_ascii_lowercase();
    assert!(!head.contains("x-transom-user"), "{head}");
    assert!(!head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn without_an_issuer_nothing_is_offered() {
    let relay = World::open().await;
    let (status, body) = send(relay.address, "GET", "", "").await;
    assert_eq!(
        (status, body.as_str()),
        (200, r#"{"answer":"not-offered"}"#)
    );
    assert_eq!(ask(&relay).await, IssuerAnswer::NotOffered);
}

#[tokio::test]
async fn what_an_issuer_may_do_instead_is_told_apart() {
    let elsewhere = Issuer::start(good()).await.unwrap();
    let issuer = Issuer::start(good()).await.unwrap();
    let relay = World::with(config(issuer.url())).await;
    let long = "x".repeat(MAX_CERTIFICATE_BYTES + 1);
    let refused = |status, words: &str| IssuerAnswer::Refused {
        status,
        words: words.to_owned(),
    };
    for (issue, expected) in [
        (Issue::Huge, IssuerAnswer::Broken),
        (Issue::Text(long), IssuerAnswer::Broken),
        (
            Issue::Status(403, " not for tara\n".to_owned()),
            refused(403, "not for tara"),
        ),
        (Issue::Status(500, "é".repeat(400)), {
            refused(500, &"é".repeat(256))
        }),
        (Issue::Redirect(elsewhere.url()), refused(302, "")),
    ] {
        issuer.issue(issue.clone());
        assert_eq!(ask(&relay).await, expected, "{issue:?}");
    }
    assert_eq!(elsewhere.asked(), Vec::new(), "a redirection was followed");
}

#[tokio::test]
async fn an_issuer_that_is_down_or_silent_is_given_up_in_time() {
    let nobody = format!("http://127.0.0.1:{}/", closed_port().await);
    let relay = World::with(config(nobody)).await;
    assert_eq!(ask(&relay).await, IssuerAnswer::Unreachable);
    let issuer = Issuer::start(Issue::Silence).await.unwrap();
    let relay = World::with(config(issuer.url())).await;
    let begin = Instant::now();
    assert_eq!(ask(&relay).await, IssuerAnswer::Slow);
    assert!(begin.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn only_pages_of_the_relay_may_ask() {
    let issuer = Issuer::start(good()).await.unwrap();
    let relay = World::with(config(issuer.url())).await;
    for headers in [
        "",
        "origin: null\r\n",
        "origin: https://evil.example\r\n",
        "origin: http://127.0.0.1:1\r\n",
    ] {
        let (status, _) = send(relay.address, "POST", headers, LINE).await;
        assert_eq!(status, 403, "{headers}");
    }
    assert_eq!(issuer.asked(), Vec::new());
}

#[tokio::test]
async fn a_line_longer_than_any_key_is_refused() {
    let issuer = Issuer::start(good()).await.unwrap();
    let relay = World::with(config(issuer.url())).await;
    let long = "x".repeat(MAX_KEY_LINE_BYTES + 1);
    let (status, _) = send(relay.address, "POST", &own(relay.address), &long).await;
    assert_eq!(status, 413);
    assert_eq!(issuer.asked(), Vec::new());
}

#[tokio::test]
async fn the_issuer_learns_who_asks_and_which_relay_and_strangers_are_refused() {
    let issuer = Issuer::start(good()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, "s3cret\n").unwrap();
    let relay = World::with(Config {
        certificates: Some(CertificateConfig {
            url: issuer.url(),
            token_file: Some(token_file),
        }),
        identity: Some(IdentityConfig {
            proxies: vec!["127.0.0.1/32".parse().unwrap()],
            header: "x-forwarded-user".to_owned(),
            address_header: None,
        }),
        ..loopback()
    })
    .await;
    let own = own(relay.address);
    for headers in [
        own.clone(),
        format!("{own}x-transom-user: root\r\n"),
        format!("{own}x-forwarded-user: alice\r\nx-forwarded-user: root\r\n"),
    ] {
        let (status, body) = send(relay.address, "POST", &headers, LINE).await;
        assert_eq!(status, 403, "{body}");
    }
    assert_eq!(issuer.asked(), Vec::new());
    let headers = format!("{own}x-forwarded-user: alice\r\nx-transom-user: root\r\n");
    let (status, body) = send(relay.address, "POST", &headers, LINE).await;
    assert_eq!(status, 200);
    assert!(body.contains("-cert-v01@openssh.com"), "{body}");
    let head = issuer.asked().first().unwrap().head.to_ascii_lowercase();
    assert!(head.contains("x-transom-user: alice\r\n"), "{head}");
    assert!(head.contains("authorization: bearer s3cret\r\n"), "{head}");
    assert!(!head.contains("root"), "{head}");
}

#[test]
fn a_token_file_without_a_token_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    for (text, hint) in [
        (None, "cannot read"),
        (Some(""), "no token"),
        (Some("a b"), "no token"),
    ] {
        if let Some(text) = text {
            std::fs::write(&token_file, text).unwrap();
        }
        let config = Config {
            certificates: Some(CertificateConfig {
                url: "http://127.0.0.1:1/".to_owned(),
                token_file: Some(token_file.clone()),
            }),
            ..loopback()
        };
        let refusal = transom_relay::check(&config).unwrap_err().to_string();
        assert!(refusal.contains(hint), "{refusal}");
    }
}
