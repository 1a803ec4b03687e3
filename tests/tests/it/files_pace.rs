//! Files and how soon a person is answered beside them.

use std::fs::File;

use anyhow::{Context, Result, ensure};
use transom_tests::{Need, World, WorldOptions, scenario};

use crate::files::{begin, js, state};
use crate::flood::{PROMPTLY, answer_time};

/// Tries, of which the median counts.
const TRIES: usize = 5;

/// Bytes of a file that is on its way for longer than all tries.
const LONG: u64 = 1 << 30;

/// The shell answers promptly while the transfer moves.
async fn answers_beside(world: &World, transfer: &str) -> Result<()> {
    js(
        world,
        &format!(
            "await files.until(() => files.transfers.{transfer}?.done > 4e6
               || !['queued', 'moving'].includes(files.transfers.{transfer}?.state.type ?? 'queued'));"
        ),
    )
    .await?;
    let mut times = vec![];
    for number in 0..TRIES {
        times.push(answer_time(world.browser(), 100 + number).await?);
    }
    let now = js(world, &format!("return files.transfers.{transfer}")).await?;
    ensure!(state(&now) == "moving", "it did not last: {now:#}");
    times.sort_by_key(|echo| echo.parsed);
    let median = times.get(TRIES / 2).map(|echo| echo.parsed);
    ensure!(median.is_some_and(|time| time <= PROMPTLY), "{times:?}");
    js(
        world,
        &format!("files.send({{type: 'cancel', transfer: '{transfer}'}})"),
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_shell_answers_promptly_during_a_download() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        File::create(world.server()?.home().join("long"))?.set_len(LONG)?;
        begin(world).await?;
        let start = "files.send({type: 'download', transfer: 'longdownload', path: 'long',
                                 verify: false})";
        js(world, start).await?;
        answers_beside(world, "longdownload").await
    })
    .await
}

#[tokio::test]
async fn a_shell_answers_promptly_during_an_upload() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        begin(world).await?;
        // Copies of one piece: the browser keeps it once.
        let start = format!(
            "const piece = new Blob([new Uint8Array(1 << 24)]);
             const long = new File(Array({LONG} / (1 << 24)).fill(piece), 'long');
             files.send({{type: 'upload', transfer: 'longupload', target: 'long',
                          conflict: 'ask', verify: false}}, long)"
        );
        js(world, &start).await?;
        answers_beside(world, "longupload").await
    })
    .await
}

#[tokio::test]
async fn the_end_of_a_lone_upload_is_told_at_once() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        begin(world).await?;
        let best = js(
            world,
            "const times = [];
             for (let n = 0; n < 10; n++) {
               const file = new File(['small'], `small${n}`);
               const end = await files.upload(`smallupload${n}`, file.name, file);
               if (end.state.type !== 'done') throw new Error(JSON.stringify(end));
               times.push(end.milliseconds);
             }
             return Math.min(...times)",
        )
        .await?;
        let best = best.as_f64().context("no time")?;
        // What changes is told together every 100 ms.
        ensure!(best < 95.0, "the best of ten took {best} ms");
        Ok(())
    })
    .await
}
