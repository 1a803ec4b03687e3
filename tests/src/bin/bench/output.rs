//! Output of a shell through the engine, without drawing it.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;
use transom_tests::{PATIENCE, until};

use crate::native::Native;
use crate::stage::Stage;
use crate::{Figure, RUNS};

/// Bytes of each run: about two seconds at the speed that is aimed at.
const BYTES: usize = 100_000_000;

/// A page that talks to an engine by itself and acknowledges each piece at once.
const PSEUDO_PAGE: &str = include_str!("pseudo_page.js");

/// Prints [`BYTES`] bytes in lines of 100, unchanged by the terminal, and a last word that the
/// echo of the command does not have.
fn command() -> String {
    format!(
        "stty -opost; yes {} | head -c {BYTES}; printf 'the-%s-end' real; stty opost\n",
        "0123456789".repeat(9) + "012345678"
    )
}

/// What the command prints last.
const LAST: &str = "the-real-end";

pub(crate) async fn shell_output() -> Result<Figure> {
    let stage = Stage::new().await?;
    let mut figure = Figure::new("MB/s", "native ssh -tt of the same command");
    let seat = stage.seat().await?;
    let origin = stage.relay.origin();
    // Any document of the origin may attach to an engine; this one starts none by itself.
    let document = format!("{origin}/licences.txt");
    seat.load(&document).await?;
    until("the document is loaded", PATIENCE, async || {
        Ok(seat.evaluate("location.href").await? == document)
    })
    .await?;
    let quoted = |text: String| Value::from(text).to_string();
    let setting = serde_json::json!({
        "port": stage.server.port(), "user": transom_tests::server::USER,
        "relay": format!("ws://127.0.0.1:{}/relay", stage.relay.port()),
        "pinned": stage.server.fingerprint()?.0,
        "key": fs::read_to_string(&stage.key)?,
    });
    seat.evaluate(&format!("{PSEUDO_PAGE}; begin({setting})"))
        .await?;
    let mut native = Native::start(&stage)?;
    native.read_until("ready> ")?;
    for _ in 0..RUNS {
        let run = format!("measure({}, {})", quoted(command()), quoted(LAST.into()));
        let ours = seat.evaluate(&run).await?;
        let ours = ours.as_f64().context("no speed")?;
        let begin = Instant::now();
        native.type_text(&command())?;
        let bytes = native.read_until(LAST)?;
        let bytes = f64::from(u32::try_from(bytes)?);
        figure.add(ours, bytes / 1e6 / begin.elapsed().as_secs_f64());
        native.read_until("ready> ")?;
    }
    Ok(figure)
}
