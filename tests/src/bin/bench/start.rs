//! From the page's load to the shell's prompt, with a key that the browser keeps.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use crate::native::Native;
use crate::spent::Meter;
use crate::stage::Stage;
use crate::{Figure, RUNS};

/// Time before each start: browser, server and the run before have come to rest, as when a person
/// opens a page. Otherwise the end of one session is measured with the begin of the next.
const REST: Duration = Duration::from_secs(1);

const BASE: &str = "native ssh with a key, from its start to the prompt";

/// With an empty cache, in a browser that has just started.
pub(crate) async fn cold() -> Result<Figure> {
    let stage = Stage::new().await?;
    let link = stage.link()?;
    let mut figure = Figure::new("s", BASE);
    let mut seat = stage.seat_with_key().await?;
    for _ in 0..RUNS {
        seat = stage.chill(seat).await?;
        sleep(REST).await;
        let meter = Meter::begin()?;
        seat.load(&link).await?;
        let ours = seat.prompt_ms().await? / 1000.0;
        meter.end(&mut figure.spent)?;
        figure.add(ours, native(&stage).await?);
    }
    Ok(figure)
}

/// With a warm cache: the second load and later ones in one browser.
pub(crate) async fn warm() -> Result<Figure> {
    let stage = Stage::new().await?;
    let link = stage.link()?;
    let mut figure = Figure::new("s", BASE);
    let seat = stage.seat_with_key().await?;
    // Chromium keeps compiled code from the second load on.
    for run in 0..RUNS + 2 {
        seat.load("about:blank").await?;
        sleep(REST).await;
        let meter = Meter::begin()?;
        seat.load(&link).await?;
        let ours = seat.prompt_ms().await? / 1000.0;
        if run >= 2 {
            meter.end(&mut figure.spent)?;
            figure.add(ours, native(&stage).await?);
        }
    }
    Ok(figure)
}

/// Seconds that native ssh takes.
async fn native(stage: &Stage) -> Result<f64> {
    sleep(REST).await;
    let begin = Instant::now();
    Native::start(stage)?.read_until("ready> ")?;
    Ok(begin.elapsed().as_secs_f64())
}
