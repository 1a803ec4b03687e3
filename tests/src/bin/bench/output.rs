//! Output of a shell through the engine, without drawing it.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use transom_tests::{PATIENCE, until};

use crate::files::both;
use crate::native::Native;
use crate::spent::Meter;
use crate::stage::{Seat, Stage};
use crate::{Figure, Figures, RUNS};

/// Bytes of each run: about two seconds at the speed that is aimed at.
const BYTES: usize = 100_000_000;

/// A page that talks to an engine by itself and acknowledges each piece at once.
pub(crate) const PSEUDO_PAGE: &str = include_str!("pseudo_page.js");

/// Prints [`BYTES`] bytes in lines of 100, unchanged by the terminal, and a last word that the
/// echo of the command does not have.
fn command() -> String {
    format!(
        "stty -opost; yes {} | head -c {BYTES}; printf 'the-%s-end' real; stty opost\n",
        "0123456789".repeat(9) + "012345678"
    )
}

const BASE: &str = "native ssh -tt of the same command";

const RELAYED: &str = "native ssh -tt of the same command, through a relay of ours in plain mode";

/// Runs with drawing, which takes several times as long.
const DRAWN_RUNS: usize = 3;

/// What the command prints last.
const LAST: &str = "the-real-end";

pub(crate) async fn shell_output() -> Result<Figures> {
    let stage = Stage::new().await?;
    let relay = stage.plain_relay(stage.server.port()).await?;
    let mut figure = Figure::new("MB/s", BASE);
    let mut relayed = Figure::new("MB/s", RELAYED);
    let seat = pseudo_page(&stage).await?;
    seat.evaluate(&format!("begin({})", setting(&stage)?))
        .await?;
    let mut native = Native::start(&stage)?;
    native.read_until("ready> ")?;
    let mut native_relayed = Native::through(&stage, &relay)?;
    native_relayed.read_until("ready> ")?;
    for _ in 0..RUNS {
        let quoted = |text: String| Value::from(text).to_string();
        let run = format!("measure({}, {})", quoted(command()), quoted(LAST.into()));
        let meter = Meter::begin()?;
        let ours = seat.evaluate(&run).await?;
        meter.end(&mut figure.spent)?;
        let ours = ours.as_f64().context("no speed")?;
        figure.add(ours, native_speed(&mut native)?);
        relayed.add(ours, native_speed(&mut native_relayed)?);
    }
    Ok(both(figure, relayed))
}

/// The same in a terminal in sight, which parses and draws it.
pub(crate) async fn drawn() -> Result<Figure> {
    let stage = Stage::new().await?;
    let mut figure = Figure::new("MB/s", BASE);
    let seat = stage.seat().await?;
    seat.load(&stage.link()?).await?;
    seat.prompt_ms().await?;
    seat.browser.focus_terminal().await?;
    let mut native = Native::start(&stage)?;
    native.read_until("ready> ")?;
    for _ in 0..DRAWN_RUNS {
        seat.begin("end", LAST).await?;
        let begin = Instant::now();
        seat.browser.type_text(command()).await?;
        seat.finish("end").await?;
        let ours = megabytes(BYTES) / begin.elapsed().as_secs_f64();
        figure.add(ours, native_speed(&mut native)?);
    }
    Ok(figure)
}

/// A page without Transom, in which [`PSEUDO_PAGE`] runs.
///
/// Any document of the origin may attach to an engine; this one starts none by itself.
pub(crate) async fn pseudo_page(stage: &Stage) -> Result<Seat> {
    let seat = stage.seat().await?;
    let document = format!("{}/licences.txt", stage.relay.origin());
    seat.load(&document).await?;
    until("the document is loaded", PATIENCE, async || {
        Ok(seat.evaluate("location.href").await? == document)
    })
    .await?;
    seat.evaluate(PSEUDO_PAGE).await?;
    Ok(seat)
}

/// What the pseudo page connects to.
pub(crate) fn setting(stage: &Stage) -> Result<Value> {
    Ok(json!({
        "port": stage.server.port(), "user": transom_tests::server::USER,
        "relay": format!("ws://127.0.0.1:{}/relay", stage.relay.port()),
        "pinned": stage.server.fingerprint()?.0,
        "key": fs::read_to_string(&stage.key)?,
    }))
}

/// Megabytes in a second of native ssh, which is at its prompt before and after.
fn native_speed(native: &mut Native) -> Result<f64> {
    let begin = Instant::now();
    native.type_text(&command())?;
    let bytes = native.read_until(LAST)?;
    let speed = megabytes(bytes) / begin.elapsed().as_secs_f64();
    native.read_until("ready> ")?;
    Ok(speed)
}

/// Bytes of one run as megabytes.
fn megabytes(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from) / 1e6
}
