//! What a session takes while nothing happens.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use crate::Figure;
use crate::middle::Middle;
use crate::peer::{Server, Work};
use crate::socket::{Client, PIECE_BYTES, Speech};

/// Sessions of ours. Two files each, here and there, stay below the limit of 20 000.
const SESSIONS: u32 = 8000;

/// Of these, those that carry [`PIECE_BYTES`] both ways before they fall idle.
const USED: u32 = 2000;

/// Sessions of websockify, a process each.
const BASE_SESSIONS: u32 = 20;

/// Threads that open sessions.
const OPENERS: u32 = 4;

/// How long the memory must have stayed as it is.
const STILL: Duration = Duration::from_millis(700);

/// Longest wait for that.
const PATIENCE: Duration = Duration::from_secs(30);

/// `relay-idle-memory`: KiB for each of 8 000 sessions that never carried anything; and
/// `relay-idle-memory/used`: for each of 2 000 that carried 64 KiB both ways before.
pub(crate) fn memory() -> Result<()> {
    let what = "websockify, a process for each of 20 sessions, shared memory divided";
    let silent = silent_server()?;
    let fresh = each(&Middle::relay(&[])?, SESSIONS, |at| {
        Client::open(at, Speech::Framed(silent))
    })?;
    let other = Middle::websockify(silent)?;
    let base = each(&other, BASE_SESSIONS, |at| {
        Client::open(at, Speech::Websockify)
    })?;
    drop(other);
    let echo = Server::start(Work::Echo)?;
    let used = each(&Middle::relay(&[])?, USED, |at| {
        let mut client = Client::open(at, Speech::Framed(echo.address))?;
        client.exchange(&vec![1; PIECE_BYTES])?;
        client.settle()?;
        Ok(client)
    })?;
    for (name, ours) in [
        ("relay-idle-memory", fresh),
        ("relay-idle-memory/used", used),
    ] {
        let mut figure = Figure::default();
        figure.add(ours, base);
        figure.print(name, "KiB", what)?;
    }
    Ok(())
}

/// KiB for each of `count` connections that `open` makes.
fn each(
    middle: &Middle,
    count: u32,
    open: impl Fn(SocketAddr) -> Result<Client> + Sync,
) -> Result<f64> {
    // Whatever it only needs once.
    let first = open(middle.address)?;
    let before = at_rest(middle)?;
    let clients = open_many(count, || open(middle.address))?;
    let after = at_rest(middle)?;
    let bytes = u32::try_from(after.saturating_sub(before))?;
    drop((first, clients));
    Ok(f64::from(bytes) / 1024.0 / f64::from(count))
}

/// Opens `count` connections, a few at a time.
pub(crate) fn open_many(
    count: u32,
    open: impl Fn() -> Result<Client> + Sync,
) -> Result<Vec<Client>> {
    let open = &open;
    let opened = thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS)
            .map(|opener| (count + opener) / OPENERS)
            .map(|share| scope.spawn(move || (0..share).map(|_| open()).collect()))
            .collect();
        let opened = openers.into_iter().map(|opener| {
            let opened = opener.join();
            opened.map_err(|_| anyhow!("a client broke"))?
        });
        opened.collect::<Result<Vec<Vec<Client>>>>()
    })?;
    Ok(opened.into_iter().flatten().collect())
}

/// Its memory once that no longer changes.
pub(crate) fn at_rest(middle: &Middle) -> Result<u64> {
    let begun = Instant::now();
    let mut last = middle.memory_bytes()?;
    loop {
        thread::sleep(STILL);
        let now = middle.memory_bytes()?;
        if now == last {
            return Ok(now);
        }
        last = now;
        ensure!(begun.elapsed() < PATIENCE, "the memory never comes to rest");
    }
}

/// Accepts, and says nothing.
pub(crate) fn silent_server() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        let accepted = listener.incoming().map_while(Result::ok);
        // Kept open until the listener ends with this program.
        accepted.collect::<Vec<TcpStream>>()
    });
    Ok(address)
}
