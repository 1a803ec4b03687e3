//! The one place where a test waits.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long an ordinary step may take on a machine with two cores and a load of twenty.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Time between two looks at a page, which cannot tell by itself that it changed.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Waits until `look` sees something, and returns it.
///
/// An error of `look` counts as "not yet": elements vanish between being found and being asked.
pub async fn until_some<T>(
    what: impl Display,
    within: Duration,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + within;
    let mut last = None;
    loop {
        match look().await {
            Ok(Some(seen)) => return Ok(seen),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        if Instant::now() >= end {
            match last {
                Some(error) => bail!("not within {within:?}: {what} (last error: {error:#})"),
                None => bail!("not within {within:?}: {what}"),
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Waits until `look` says yes.
pub async fn until(
    what: impl Display,
    within: Duration,
    mut look: impl AsyncFnMut() -> Result<bool>,
) -> Result<()> {
    until_some(what, within, async || Ok(look().await?.then_some(()))).await
}
