//! How the cost of a session grows with the number of those that are there already.

use std::time::Instant;

use anyhow::Result;

use crate::idle::{at_rest, open_many, silent_server};
use crate::latency::echoes;
use crate::middle::Middle;
use crate::peer::{Server, Work};
use crate::print;
use crate::socket::{Client, Speech};

/// Sessions at each step. Two files each, here and there, stay below the limit of 20 000.
const STEPS: [u32; 5] = [1, 10, 100, 1000, 8000];

/// `relay-growth/memory/N`, `relay-growth/opening/N` and `relay-growth/echo/N`: what one session
/// of N holds, how long it takes to open, and an echo beside N that are idle, each against the
/// step before; and `relay-growth`, the echo beside the most against the echo beside one.
pub(crate) fn steps() -> Result<()> {
    let (silent, echo) = (silent_server()?, Server::start(Work::Echo)?);
    let mut taken: Vec<[f64; 3]> = vec![];
    for count in STEPS {
        let now = step(
            count,
            |relay| Client::open(relay.address, Speech::Framed(silent)),
            &echo,
        )?;
        let before = taken.last().copied().unwrap_or(now);
        for ((what, unit), (ours, base)) in [("memory", "KiB"), ("opening", "µs"), ("echo", "µs")]
            .into_iter()
            .zip(now.into_iter().zip(before))
        {
            let name = format!("relay-growth/{what}/{count}");
            print(&name, unit, (ours, base), "the step before")?;
        }
        taken.push(now);
    }
    if let (Some([_, _, first]), Some([_, _, last])) = (taken.first(), taken.last()) {
        print(
            "relay-growth",
            "µs",
            (*last, *first),
            "an echo beside one idle session; ours, beside 8 000",
        )?;
    }
    Ok(())
}

/// KiB of each session, microseconds to open one, microseconds of an echo beside them.
fn step(
    count: u32,
    open: impl Fn(&Middle) -> Result<Client> + Sync,
    echo: &Server,
) -> Result<[f64; 3]> {
    let relay = Middle::relay(&[])?;
    let mut active = Client::open(relay.address, Speech::Framed(echo.address))?;
    // Whatever it only needs once.
    echoes(&mut active)?;
    let before = at_rest(&relay)?;
    let begun = Instant::now();
    let clients = open_many(count, || open(&relay))?;
    let opening = begun.elapsed().as_secs_f64() * 1e6 / f64::from(count);
    let held = u32::try_from(at_rest(&relay)?.saturating_sub(before))?;
    let (median, _) = echoes(&mut active)?;
    drop(clients);
    Ok([f64::from(held) / 1024.0 / f64::from(count), opening, median])
}
