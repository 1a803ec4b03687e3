//! Instructions that a byte costs, which are the same however busy the machine is.

use std::net::SocketAddr;

use anyhow::{Context, Result};

use crate::Figure;
use crate::middle::Counted;
use crate::socket::Speech;
use crate::throughput::{Direction, Load};

/// Bytes of two runs. What the longer one takes more is what its bytes take, without start and end.
const SHORT_BYTES: usize = 8 << 20;
const LONG_BYTES: usize = 40 << 20;

const BASE: &str = "a copy from TCP to TCP by tokio; by callgrind, without the kernel's";

/// `relay-instructions/up` and `relay-instructions/down`: instructions of the relay's process for each
/// KiB, against a copy.
pub(crate) fn instructions() -> Result<()> {
    for direction in Direction::BOTH {
        let load = Load::new(direction, 1);
        let ours = each(load, |_| Counted::relay(), Speech::Framed)?;
        let base = each(load, Counted::copy, |_| Speech::Raw)?;
        let mut figure = Figure::default();
        figure.add(ours, base);
        let name = format!("relay-instructions/{}", direction.name());
        figure.print(&name, "instructions/KiB", BASE)?;
    }
    Ok(())
}

/// Instructions for each KiB.
fn each(
    load: Load,
    start: impl Fn(SocketAddr) -> Result<Counted>,
    speech: impl Fn(SocketAddr) -> Speech,
) -> Result<f64> {
    let count = |bytes| {
        let load = load.of(bytes);
        let server = load.server()?;
        let counted = start(server.address)?;
        load.run(&server, counted.address(), speech(server.address))?;
        counted.end()
    };
    let (short, long) = (count(SHORT_BYTES)?, count(LONG_BYTES)?);
    let more = u32::try_from(long.saturating_sub(short)).context("too many instructions")?;
    let kibibytes = u32::try_from((LONG_BYTES - SHORT_BYTES) / 1024)?;
    Ok(f64::from(more) / f64::from(kibibytes))
}
