//! The page and its headers.

use std::fs;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use transom_relay::{Config, OtherRelay};

use crate::world::{World, loopback, soon};

const HASHED: &str = "transom-web-0123456789abcdef";

/// A site as it is built: an index, a module, and a hashed file with compressed forms.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("index.html", "<!doctype html>");
    write("engine.js", "import './x.js';");
    write("addon.mjs", "export {};");
    write(&format!("{HASHED}.wasm"), "wasm");
    write(&format!("{HASHED}.wasm.br"), "wasm in brotli");
    write(&format!("{HASHED}.wasm.gz"), "wasm in gzip");
    folder
}

struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let find = |line: &'_ str| {
            let (key, _) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name)
                .then_some(line.len() - key.len() - 2)
        };
        let line = self.headers.lines().find(|line| find(line).is_some());
        line.and_then(|line| line.split_once(": "))
            .map_or("", |(_, value)| value)
    }
}

async fn get(world: &World, path: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
        world.address
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let (status, headers) = head.split_once("\r\n").unwrap();
    Answer {
        status: status.split(' ').nth(1).unwrap().parse().unwrap(),
        headers: headers.to_owned(),
        body: body.to_owned(),
    }
}

async fn world(folder: &TempDir) -> World {
    let site = Some(folder.path().to_owned());
    World::with(Config { site, ..loopback() }).await
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let folder = folder();
    let world = world(&folder).await;
    for path in ["/", "/engine.js", "/nothing", "/healthz", "/relay"] {
        let answer = get(&world, path, "").await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(!answer.header("permissions-policy").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn files_have_the_type_that_a_browser_insists_on() {
    let folder = folder();
    let world = world(&folder).await;
    for (path, kind) in [
        ("/", "text/html"),
        ("/engine.js", "text/javascript"),
        ("/addon.mjs", "application/javascript"),
        (&format!("/{HASHED}.wasm"), "application/wasm"),
    ] {
        let answer = get(&world, path, "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.header("content-type").starts_with(kind),
            "{path}: {}",
            answer.headers
        );
    }
}

#[tokio::test]
async fn compressed_files_are_preferred_where_the_browser_takes_them() {
    let folder = folder();
    let world = world(&folder).await;
    let path = format!("/{HASHED}.wasm");
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", "br", "wasm in brotli"),
        ("gzip", "gzip", "wasm in gzip"),
        ("identity", "", "wasm"),
    ] {
        let answer = get(&world, &path, &format!("Accept-Encoding: {accepted}\r\n")).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(answer.body, body);
    }
}

#[tokio::test]
async fn only_what_is_named_by_its_content_is_kept() {
    let folder = folder();
    let world = world(&folder).await;
    let hashed = get(&world, &format!("/{HASHED}.wasm"), "").await;
    assert_eq!(
        hashed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for path in ["/", "/engine.js", "/missing-0123456789abcdef.js"] {
        assert_eq!(
            get(&world, path, "").await.header("cache-control"),
            "no-cache",
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let folder = folder();
    let world = world(&folder).await;
    let first = get(&world, "/engine.js", "").await;
    let since = format!("If-Modified-Since: {}\r\n", first.header("last-modified"));
    let second = get(&world, "/engine.js", &since).await;
    assert_eq!((second.status, second.body.as_str()), (304, ""));
}

#[tokio::test]
async fn what_a_browser_has_already_is_not_sent_again() {
    let folder = folder();
    let world = world(&folder).await;
    let path = format!("/{HASHED}.wasm");
    let brotli = "Accept-Encoding: br\r\n";
    let first = get(&world, &path, brotli).await;
    let tag = first.header("etag").to_owned();
    assert!(!tag.is_empty());
    for known in [tag.clone(), format!("\"other\", {tag}"), "*".to_owned()] {
        let headers = format!("{brotli}If-None-Match: {known}\r\n");
        let again = get(&world, &path, &headers).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{known}");
        assert_eq!(again.header("etag"), tag);
        assert!(!again.header("cache-control").is_empty());
    }
    // Another form of the same file is another thing, and a tag stands above a date.
    let date = first.header("last-modified");
    let headers = format!("If-None-Match: {tag}\r\nIf-Modified-Since: {date}\r\n");
    let plain = get(&world, &path, &headers).await;
    assert_eq!((plain.status, plain.body.as_str()), (200, "wasm"));
    fs::write(
        folder.path().join(format!("{HASHED}.wasm.br")),
        "a new form",
    )
    .unwrap();
    let headers = format!("{brotli}If-None-Match: {tag}\r\n");
    assert_eq!(get(&world, &path, &headers).await.body, "a new form");
}

/// With `--features page`, which needs a built page: the program alone serves it.
#[cfg(feature = "page")]
#[tokio::test]
async fn the_program_holds_the_page() {
    let world = World::with(Config {
        site: None,
        ..loopback()
    })
    .await;
    let index = get(&world, "/", "").await;
    assert_eq!(index.status, 200);
    assert!(index.body.starts_with("<!"), "{}", index.body);
    assert!(index.header("content-type").starts_with("text/html"));
    assert!(!index.header("content-security-policy").is_empty());
    let engine = get(
        &world,
        "/engine.js",
        "Accept-Encoding: br;q=0, gzip;q=0\r\n",
    )
    .await;
    assert_eq!(engine.header("content-type"), "text/javascript");
    assert_eq!(engine.header("content-encoding"), "");
    let tag = format!("If-None-Match: {}\r\n", engine.header("etag"));
    assert_eq!(get(&world, "/engine.js", &tag).await.status, 304);
    for path in ["/nothing", "/../Cargo.toml", "/engine.js/", "//engine.js"] {
        assert_eq!(get(&world, path, "").await.status, 404, "{path}");
    }
    assert_eq!(get(&world, "/demo.json", "").await.status, 204);
    // A folder that the operator names stands above it.
    let folder = folder();
    let world = self::world(&folder).await;
    assert_eq!(get(&world, "/", "").await.body, "<!doctype html>");
}

#[tokio::test]
async fn nothing_outside_of_the_folder_is_served() {
    let folder = folder();
    let world = world(&folder).await;
    for path in [
        "/missing",
        "/../Cargo.toml",
        "/%2e%2e/etc/passwd",
        "/..%2fetc%2fpasswd",
        "//etc/passwd",
    ] {
        let status = get(&world, path, "").await.status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

#[tokio::test]
async fn health_is_told_with_and_without_a_site() {
    let world = World::open().await;
    assert_eq!(get(&world, "/healthz", "").await.status, 200);
    if cfg!(not(feature = "page")) {
        assert_eq!(get(&world, "/", "").await.status, 404);
    }
}

#[tokio::test]
async fn the_page_may_use_other_relays_that_the_operator_names() {
    let other_relays = vec!["ws://127.0.0.1:6080".parse().unwrap()];
    let world = World::with(Config {
        other_relays,
        ..loopback()
    })
    .await;
    let answer = get(&world, "/healthz", "").await;
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("connect-src 'self' ws://127.0.0.1:6080;"),
        "{policy}"
    );
    for text in [
        "ws://",
        "https://a",
        "ws://a;script-src",
        "wss://a b",
        "wss://a/path",
        "*",
    ] {
        assert!(text.parse::<OtherRelay>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn that_no_demo_server_runs_is_no_error() {
    let folder = folder();
    let world = world(&folder).await;
    assert_eq!(get(&world, "/demo.json", "").await.status, 204);
    fs::write(folder.path().join("demo.json"), "{}").unwrap();
    let answer = get(&world, "/demo.json", "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
}
