//! Good sessions while others try to take the relay away from them.
//!
//! The ordinary run is small. `TRANSOM_ATTACK=full` runs it at full size.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use transom_wire::Frame;

use crate::client::{Client, open_frame, request};
use crate::operate::Relay;
use crate::world::{echo, server, soon};

/// How large the attack is.
struct Size {
    good: usize,
    half_open: usize,
    deaf: usize,
    churning: usize,
    time: Duration,
    /// The slowest hundredth of the answers, at most. In the ordinary run other tests take the
    /// machine's time as well.
    p99: Duration,
}

const SMALL: Size = Size {
    good: 40,
    half_open: 400,
    deaf: 60,
    churning: 4,
    time: Duration::from_secs(4),
    p99: Duration::from_secs(1),
};

const FULL: Size = Size {
    good: 200,
    half_open: 2000,
    deaf: 500,
    churning: 16,
    time: Duration::from_secs(15),
    p99: Duration::from_millis(100),
};

/// Bytes that a session whose client does not read may take: its window, and what is around it.
const DEAF_SESSION_BYTES: usize = 1536 * 1024;

/// Time between two keystrokes of a good session.
const KEYSTROKE: Duration = Duration::from_millis(50);

/// Bytes of memory that the relay has.
fn resident_bytes(relay: &Relay) -> usize {
    let id = relay.child.id().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kibibytes: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kibibytes * 1024
}

/// Types until told to stop, and says how long each answer took.
async fn types(mut client: Client, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        client.data(b"a keystroke").await;
        assert_eq!(client.read(11).await, b"a keystroke");
        times.push(begun.elapsed());
        sleep(KEYSTROKE).await;
    }
    times
}

/// Comes and goes; whether it is let in is not the question.
async fn churns(address: String, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        let visit = async {
            let stream = TcpStream::connect(&address).await.ok()?;
            let request = request(&address, "/relay", transom_wire::SUBPROTOCOL);
            let (socket, _) = tokio_tungstenite::client_async(request, stream)
                .await
                .ok()?;
            drop(socket);
            Some(())
        };
        let _ = timeout(Duration::from_secs(1), visit).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_sessions_go_on_while_others_attack() {
    let full = std::env::var("TRANSOM_ATTACK").is_ok_and(|size| size == "full");
    let size = if full { FULL } else { SMALL };
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--allow",
        "127.0.0.1:*",
        "--grace",
        "0s",
    ];
    // Nobody reads the log here; a full pipe would hold the relay up.
    let mut command = Command::new(env!("CARGO_BIN_EXE_transom-relay"));
    let relay = Relay::run(command.args(arguments).env("RUST_LOG", "error")).await;
    let target = echo().await;
    let flood = server(|mut stream| async move {
        let noise = vec![7; 65_536];
        while stream.write_all(&noise).await.is_ok() {}
    })
    .await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut good = JoinSet::new();
    for _ in 0..size.good {
        let (client, frame) = relay.open(target.port()).await;
        assert!(matches!(frame, Frame::Opened(_)), "{frame:?}");
        good.spawn(types(client, Arc::clone(&stop)));
    }
    let before = resident_bytes(&relay);
    let mut deaf = Vec::new();
    for _ in 0..size.deaf {
        let mut client = relay.connect().await;
        client
            .send(&open_frame("127.0.0.1", flood.port(), 1 << 20))
            .await;
        deaf.push(client);
    }
    let mut half_open = Vec::new();
    for _ in 0..size.half_open {
        let mut stream = TcpStream::connect(&relay.address).await.unwrap();
        let _ = stream.write_all(b"GET /relay HTTP/1.1\r\nhost: ").await;
        half_open.push(stream);
    }
    let mut churn = JoinSet::new();
    for _ in 0..size.churning {
        churn.spawn(churns(relay.address.clone(), Arc::clone(&stop)));
    }
    sleep(size.time).await;
    let during = resident_bytes(&relay);
    stop.store(true, Ordering::Relaxed);
    let mut times: Vec<Duration> = soon(good.join_all()).await.concat();
    soon(churn.join_all()).await;
    drop((deaf, half_open));
    let ended = Instant::now();
    while !timeout(Duration::from_secs(5), is_served(&relay, target.port()))
        .await
        .unwrap_or(false)
    {
        assert!(ended.elapsed() < Duration::from_secs(5), "no new session");
    }
    let recovered = ended.elapsed();
    times.sort_unstable();
    let median = times.get(times.len() / 2).unwrap();
    let p99 = times.get(times.len() * 99 / 100).unwrap();
    println!(
        "{} good sessions, {} answers: median {median:?}, p99 {p99:?}, worst {:?}; \
         {} KiB for {} deaf clients; served again after {recovered:?}",
        size.good,
        times.len(),
        times.last().unwrap(),
        during.saturating_sub(before) / 1024,
        size.deaf,
    );
    assert!(*p99 <= size.p99, "{p99:?}");
    let bound = size.deaf * DEAF_SESSION_BYTES + (64 << 20);
    assert!(during.saturating_sub(before) < bound, "{during} bytes");
}

async fn is_served(relay: &Relay, port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(&relay.address).await else {
        return false;
    };
    let request = request(&relay.address, "/relay", transom_wire::SUBPROTOCOL);
    let stream = tokio_tungstenite::MaybeTlsStream::Plain(stream);
    let Ok((socket, _)) = tokio_tungstenite::client_async(request, stream).await else {
        return false;
    };
    let mut client = Client { socket };
    client.send(&open_frame("127.0.0.1", port, 65_536)).await;
    matches!(client.next().await, Frame::Opened(_))
}
