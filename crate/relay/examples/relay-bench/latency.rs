//! What the way through the relay adds to an echo.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::Result;

use crate::Figure;
use crate::middle::Middle;
use crate::peer::{Server, Work};
use crate::socket::{Client, Speech};

/// Echoes of one turn.
const ECHOES: usize = 2000;

/// Turns of each; one more comes first and does not count.
const TURNS: usize = 5;

/// A keystroke as SSH encrypts it.
const KEYSTROKE: [u8; 36] = [0x5A; 36];

/// `relay-latency/median` and `/p99`: microseconds more than without anything in the middle, and
/// `relay-latency`, which is the median.
pub(crate) fn added() -> Result<()> {
    let server = Server::start(Work::Echo)?;
    let relay = Middle::relay(&[])?;
    let other = Middle::websockify(server.address)?;
    let open = |at: SocketAddr, speech| Client::open(at, speech);
    let mut direct = open(server.address, Speech::Raw)?;
    let mut ours = open(relay.address, Speech::Framed(server.address))?;
    let mut base = open(other.address, Speech::Websockify)?;
    let (mut median, mut p99) = (Figure::default(), Figure::default());
    for turn in 0..=TURNS {
        let [direct, ours, base] = [&mut direct, &mut ours, &mut base].map(echoes);
        let ((direct, direct99), (ours, ours99), (base, base99)) = (direct?, ours?, base?);
        if turn > 0 {
            median.add(ours - direct, base - direct);
            p99.add(ours99 - direct99, base99 - direct99);
        }
    }
    let what = "websockify; both without what the echo takes directly";
    p99.print("relay-latency/p99", "µs", what)?;
    let medians = median.print("relay-latency/median", "µs", what)?;
    crate::print("relay-latency", "µs", medians, what)
}

/// Microseconds of an echo: the median, and the slowest hundredth.
pub(crate) fn echoes(client: &mut Client) -> Result<(f64, f64)> {
    let mut times = Vec::with_capacity(ECHOES);
    for _ in 0..ECHOES {
        let begun = Instant::now();
        client.exchange(&KEYSTROKE)?;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(ECHOES * share / 100).copied().unwrap_or(f64::NAN);
    Ok((at(50), at(99)))
}
