//! Real web servers in front of the relay, with the settings of `deploy/`.

use core::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use tokio::net::{TcpListener, TcpStream};
use transom_wire::{CloseReason, Frame, SUBPROTOCOL};
use tungstenite::http::Request;

use crate::access::behind_proxy;
use crate::client::{Client, open_frame, request};
use crate::deploy::{is_there, root};
use crate::world::{World, echo, soon};

/// A cookie that the sign-on below knows.
const COOKIE: &str = "session=alice";

/// A web server with a folder of its own; ended when dropped.
struct Front {
    child: Child,
    address: SocketAddr,
    /// Gone with the server.
    _folder: tempfile::TempDir,
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Front {
    /// Starts one, and waits until it listens.
    ///
    /// - `write`: writes its settings into a folder, and gives the program and its arguments.
    async fn start(write: impl FnOnce(&Path, SocketAddr) -> Command) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let child = write(folder.path(), address).spawn().unwrap();
        let front = Self {
            child,
            address,
            _folder: folder,
        };
        soon(async {
            while TcpStream::connect(address).await.is_err() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        front
    }

    /// What a browser asks that claims to be root.
    fn request(&self) -> Request<()> {
        let mut request = request(self.address, "/relay", SUBPROTOCOL);
        let headers = request.headers_mut();
        headers.insert("origin", "https://ssh.example.org".parse().unwrap());
        headers.insert("x-forwarded-user", "root".parse().unwrap());
        request
    }
}

fn settings(name: &str) -> String {
    std::fs::read_to_string(root().join("deploy").join(name)).unwrap()
}

/// nginx with `deploy/nginx.conf`.
fn nginx(folder: &Path, address: SocketAddr, relay: SocketAddr, sign_on: SocketAddr) -> Command {
    // Where it differs from production: addresses, and no certificate.
    let own = settings("nginx.conf")
        .replace("127.0.0.1:8022", &relay.to_string())
        .replace("127.0.0.1:4180", &sign_on.to_string())
        .replace("listen 443 ssl;", &format!("listen {address};"));
    let own: Vec<&str> = own
        .lines()
        .filter(|line| !line.contains("ssl_certificate"))
        .collect();
    let path = folder.display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let paths = kinds.map(|kind| format!("{kind}_temp_path {path}/{kind};\n"));
    let whole = format!(
        "daemon off;\nmaster_process off;\npid {path}/pid;\nerror_log {path}/error.log;\n\
         events {{}}\nhttp {{\naccess_log off;\n{}{}\n}}\n",
        paths.concat(),
        own.join("\n")
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, whole).unwrap();
    let command = || {
        let mut command = Command::new("nginx");
        command.arg("-c").arg(&file).arg("-p").arg(folder);
        command
    };
    accepts(command().arg("-t"));
    command()
}

/// Caddy with `deploy/Caddyfile`.
fn caddy(folder: &Path, address: SocketAddr, relay: SocketAddr, sign_on: SocketAddr) -> Command {
    // Where it differs from production: addresses, no certificate, no port for its own use.
    let own = settings("Caddyfile")
        .replace("127.0.0.1:8022", &relay.to_string())
        .replace("127.0.0.1:4180", &sign_on.to_string())
        .replace("ssh.example.org {", &format!("http://{address} {{"));
    let file = folder.join("Caddyfile");
    std::fs::write(
        &file,
        format!("{{\n\tadmin off\n\tauto_https off\n}}\n{own}"),
    )
    .unwrap();
    let command = |word: &str| {
        let mut command = Command::new("caddy");
        command
            .args([word, "--adapter", "caddyfile", "--config"])
            .arg(&file)
            .env("HOME", folder)
            .env("XDG_CONFIG_HOME", folder)
            .env("XDG_DATA_HOME", folder)
            .stderr(std::process::Stdio::null());
        command
    };
    accepts(&mut command("validate"));
    command("run")
}

fn accepts(command: &mut Command) {
    let tested = command.output().unwrap();
    let said = String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success(), "{said}");
}

/// A sign-on that knows one person, as oauth2-proxy answers.
async fn sign_on() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = async |headers: HeaderMap| match headers.get("cookie") {
        Some(cookie) if cookie == COOKIE => (StatusCode::OK, [("x-auth-request-user", "alice")]),
        _ => (StatusCode::UNAUTHORIZED, [("x-auth-request-user", "")]),
    };
    let router = Router::new().route("/oauth2/auth", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A session of a person that the sign-on knows goes through; nobody else's does, and who claims to
/// be somebody is not believed.
async fn passes_who_signed_on(
    program: &str,
    server: fn(&Path, SocketAddr, SocketAddr, SocketAddr) -> Command,
) {
    if !is_there(program) {
        return;
    }
    let mut config = behind_proxy("127.0.0.1/32");
    let identity = config.identity.as_mut().unwrap();
    "x-forwarded-user".clone_into(&mut identity.header);
    config.origins = vec!["https://ssh.example.org".parse().unwrap()];
    // One session each: a second one of alice is refused where the first one is hers.
    config.limits.sessions_per_subject = 1;
    let world = World::with(config).await;
    let sign_on = sign_on().await;
    let front = Front::start(|folder, at| server(folder, at, world.address, sign_on)).await;

    let stranger = soon(tokio_tungstenite::connect_async(front.request())).await;
    assert!(stranger.is_err(), "a stranger got in");

    let target = echo().await;
    let mut clients = Vec::new();
    for user in ["root", "alice"] {
        let mut request = front.request();
        let headers = request.headers_mut();
        headers.insert("cookie", COOKIE.parse().unwrap());
        headers.insert("x-forwarded-user", user.parse().unwrap());
        let mut client = Client::send_request(request).await;
        client
            .send(&open_frame("127.0.0.1", target.port(), 65_536))
            .await;
        let answer = client.next().await;
        clients.push((client, answer));
    }
    let [(mut client, first), (_, second)] = clients.try_into().ok().unwrap();
    assert!(matches!(first, Frame::Opened(_)), "{first:?}");
    assert!(matches!(second, Frame::Close(_)), "{second:?}");
    client.data(b"through two relays").await;
    assert_eq!(client.read(18).await, b"through two relays");
    client.send(&Frame::Eof).await;
    client.expect_close(CloseReason::Finished).await;
}

#[tokio::test]
async fn a_session_goes_through_a_real_nginx_that_names_its_user() {
    passes_who_signed_on("nginx", nginx).await;
}

#[tokio::test]
async fn a_session_goes_through_a_real_caddy_that_names_its_user() {
    passes_who_signed_on("caddy", caddy).await;
}
