//! A keystroke and its echo.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tokio::time::sleep;

use crate::files::both;
use crate::native::Native;
use crate::stage::{Seat, Stage};
use crate::{Figure, Figures, RUNS, median};

/// Keys of each run.
const KEYS: usize = 40;

/// Between two keys: fast typing. Keys without a rest between them would measure how the browser
/// draws the echo of the last one.
const REST: Duration = Duration::from_millis(80);

/// The letters are chosen so that one echo is never taken for the next one's.
const LETTERS: [&str; 4] = ["q", "w", "z", "j"];

/// Keystroke to parsed echo through the page, less the same through native ssh, straight to the server
/// and through a relay as the page.
///
/// Ours is the difference, so the ratio says how much of native ssh's own time is added.
pub(crate) async fn echo_latency() -> Result<Figures> {
    let stage = Stage::new().await?;
    let relay = stage.plain_relay(stage.server.port()).await?;
    let base = "the echo over native ssh; ours is what the page adds to it";
    let mut figure = Figure::new("ms", base);
    let base = "the same through a relay of ours in plain mode";
    let mut relayed = Figure::new("ms", base);
    let seat = stage.seat().await?;
    seat.load(&stage.link()?).await?;
    seat.prompt_ms().await?;
    let mut direct = Native::start(&stage)?;
    direct.read_until("ready> ")?;
    let mut through = Native::through(&stage, &relay)?;
    through.read_until("ready> ")?;
    for _ in 0..RUNS {
        let [mut ours, mut base, mut base_relayed] = [vec![], vec![], vec![]];
        for letter in letters() {
            sleep(REST).await;
            ours.push(key_ms(&seat, letter).await?);
            base.push(native_ms(&mut direct, letter)?);
            base_relayed.push(native_ms(&mut through, letter)?);
        }
        let ours = median(&mut ours).context("no keys")?;
        for (figure, base) in [(&mut figure, &mut base), (&mut relayed, &mut base_relayed)] {
            let base = median(base).context("no keys")?;
            figure.add(ours - base, base);
        }
    }
    Ok(both(figure, relayed))
}

/// A key and its echo over native ssh.
fn native_ms(native: &mut Native, letter: &str) -> Result<f64> {
    let begin = Instant::now();
    native.type_text(letter)?;
    native.read_until(letter)?;
    Ok(begin.elapsed().as_secs_f64() * 1000.0)
}

/// What is typed in one run.
fn letters() -> impl Iterator<Item = &'static str> {
    LETTERS.into_iter().cycle().take(KEYS)
}

/// Types for a while; the median of [`key_ms`].
pub(crate) async fn page_echo_ms(seat: &Seat) -> Result<f64> {
    let mut all = vec![];
    for letter in letters() {
        sleep(REST).await;
        all.push(key_ms(seat, letter).await?);
    }
    median(&mut all).context("no keys")
}

/// From the key's event in the page to the moment when the terminal has parsed its echo.
async fn key_ms(seat: &Seat, letter: &str) -> Result<f64> {
    seat.begin("key", letter).await?;
    let key = json!({
        "type": "keyDown", "key": letter, "text": letter,
        "code": format!("Key{}", letter.to_uppercase()),
    });
    let devtools = seat.browser.devtools();
    devtools
        .call(Some(&seat.session), "Input.dispatchKeyEvent", key)
        .await?;
    let time = "transomTap.finish('key').then((times) => times.parsed - transomTap.lastKey)";
    let time = seat.evaluate(time).await?;
    time.as_f64().context("no time")
}
