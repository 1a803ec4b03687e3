//! What a large file costs in memory, while it moves.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::time::sleep;

use crate::files::Scene;
use crate::{Figure, Figures};

/// Bytes of the file: long enough for whatever grows with it to show.
const LARGE: u64 = 1 << 30;

/// Time between two looks at memory.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Looks at most, before something hangs.
const LOOKS: usize = 6000;

/// A bound to compare with, in MiB; it is what the product promises.
const PROMISED_MIB: f64 = 150.0;

/// `sftp-memory/download` and `sftp-memory/upload`: MiB that all processes of the browser grow by at most
/// while a large file comes, and while one goes.
pub(crate) async fn memory() -> Result<Figures> {
    let scene = Scene::new().await?;
    let home = scene.stage.server.home();
    fs::File::create(home.join("large"))?.set_len(LARGE)?;
    let small = "const file = new File([new Uint8Array(1 << 20)], 'small');
                 await files.upload('smallsmallsmall', 'small', file);
                 await files.download('smalldownload', 'small'); return 0";
    scene.seconds(small).await?;
    // A file of the browser's private storage is on the disk, as one that a person picks is.
    let make = format!("globalThis.large = await files.make('large', {LARGE}); return 0");
    scene.seconds(&make).await?;
    let idle = scene.seat.browser.all_memory_mib()?;
    let starts = [
        (
            "download",
            "files.send({type: 'download', transfer: 'largedownload', path: 'large', verify: false}); return 0".to_owned(),
        ),
        (
            "upload",
            "files.send({type: 'upload', transfer: 'largeupload', target: 'up', conflict: 'ask', \
                         verify: false}, large); return 0"
                .to_owned(),
        ),
    ];
    let mut figures = Figures::new();
    for (way, start) in starts {
        scene.seconds(&start).await?;
        let grown = watch(&scene, way).await?.saturating_sub(idle);
        let mut figure = Figure::new(
            "MiB",
            "what is promised: growth of all processes of the browser while 1 GiB moves",
        );
        figure.add(f64::from(u32::try_from(grown)?), PROMISED_MIB);
        figures.push((format!("/{way}"), figure));
    }
    Ok(figures)
}

/// Looks at memory until a transfer ends; gives the most there was.
async fn watch(scene: &Scene, way: &str) -> Result<u64> {
    let ask = format!("(transomFiles.transfers.large{way}?.state.type ?? 'queued')");
    let mut most = 0;
    for _ in 0..LOOKS {
        most = most.max(scene.seat.browser.all_memory_mib()?);
        let state: Value = scene.seat.evaluate(&ask).await?;
        match state.as_str().context("no state")? {
            "done" => return Ok(most),
            "failed" => bail!("the {way} failed"),
            _ => sleep(LOOK_EVERY).await,
        }
    }
    bail!("the {way} took too long")
}
