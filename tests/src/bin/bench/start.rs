//! From the page's load to the shell's prompt, with a key that the browser keeps.

use std::time::Instant;

use anyhow::Result;

use crate::native::Native;
use crate::stage::Stage;
use crate::{Figure, RUNS};

const BASE: &str = "native ssh with a key, from its start to the prompt";

/// With an empty cache, in a browser that has just started.
pub(crate) async fn cold() -> Result<Figure> {
    let stage = Stage::new().await?;
    let link = stage.link()?;
    let mut figure = Figure::new("s", BASE);
    let mut seat = stage.seat_with_key().await?;
    for _ in 0..RUNS {
        seat = stage.chill(seat).await?;
        seat.load(&link).await?;
        figure.add(seat.prompt_ms().await? / 1000.0, native(&stage)?);
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
        seat.load(&link).await?;
        let ours = seat.prompt_ms().await? / 1000.0;
        if run >= 2 {
            figure.add(ours, native(&stage)?);
        }
    }
    Ok(figure)
}

/// Seconds that native ssh takes.
fn native(stage: &Stage) -> Result<f64> {
    let begin = Instant::now();
    Native::start(stage)?.read_until("ready> ")?;
    Ok(begin.elapsed().as_secs_f64())
}
