//! The frame around each test.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::FutureExt;
use tokio::sync::Semaphore;

use crate::artifact::Artifacts;
use crate::world::{World, WorldOptions};

/// Shares of the machine: two browsers keep two cores busy.
const SHARES: u32 = 2;

/// Longest that a scenario may take; a test that hangs fails with its evidence.
const LIMIT: Duration = Duration::from_mins(5);

/// The same for the long forms of the tests of files, which move gigabytes.
const LONG_LIMIT: Duration = Duration::from_mins(30);

static MACHINE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// How much of the machine a scenario needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Another scenario may run beside it.
    Share,
    /// It measures time, so it runs alone.
    Alone,
}

/// Runs a test in a world of its own, named after the running test.
///
/// Whether `body` fails or panics, what explains it is kept. When it succeeds, the page must
/// have been clean all the time.
pub async fn scenario(
    need: Need,
    options: WorldOptions,
    body: impl AsyncFnOnce(&mut World) -> Result<()>,
) -> Result<()> {
    let shares = match need {
        Need::Share => 1,
        Need::Alone => SHARES,
    };
    let _turn = MACHINE.acquire_many(shares).await?;
    let name = std::thread::current()
        .name()
        .unwrap_or("scenario")
        .to_owned();
    let artifacts = Artifacts::new(&name)?;
    let mut world = World::start(options, artifacts).await?;
    let run = async {
        body(&mut world).await?;
        world.check_clean()
    };
    let limit = match std::env::var_os("TRANSOM_FILES") {
        Some(_) => LONG_LIMIT,
        None => LIMIT,
    };
    let outcome = AssertUnwindSafe(tokio::time::timeout(limit, run))
        .catch_unwind()
        .await;
    match outcome {
        Ok(Ok(Ok(()))) => {
            world.artifacts().discard();
            Ok(())
        }
        Ok(Ok(Err(error))) => {
            world.keep_evidence().await;
            let folder = world.artifacts().folder().display().to_string();
            Err(error.context(format!("evidence is in {folder}")))
        }
        Ok(Err(elapsed)) => {
            world.keep_evidence().await;
            Err(elapsed).context(format!("the scenario took longer than {limit:?}"))
        }
        Err(panic) => {
            world.keep_evidence().await;
            resume_unwind(panic)
        }
    }
}
