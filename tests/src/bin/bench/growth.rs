//! How cost grows with work: connections of one page, bytes of a file, entries of a folder.
//!
//! Each step is held against the one before, by unit of work, so that a ratio of one means that
//! nothing grows faster than the work does.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::files::{CHECK, DIRECT, Scene};
use crate::output::{pseudo_page, setting};
use crate::stage::Stage;
use crate::{Figure, Figures};

/// Connections of one page at each step.
const CONNECTIONS: [u32; 3] = [1, 10, 50];

/// Bytes of a file at each step, and how often it is sent: small ones take no time that one run
/// could show.
const FILES: [(u64, u32); 5] = [
    (1 << 10, 50),
    (1 << 20, 20),
    (64 << 20, 3),
    (1 << 30, 1),
    (4 << 30, 1),
];

/// Entries of a folder at each step.
const ENTRIES: [u32; 5] = [10, 100, 1_000, 10_000, 100_000];

/// Runs of a listing.
const LISTINGS: u32 = 5;

/// `growth-connections/time/N`: milliseconds for one more log-in while there are about N, and
/// `growth-connections/memory/N`: MiB of the browser for each of N.
pub(crate) async fn connections() -> Result<Figures> {
    let stage = Stage::new().await?;
    let (seat, setting) = (pseudo_page(&stage).await?, setting(&stage)?);
    let empty = seat.browser.memory_now().await?;
    let (mut figures, mut before, mut there) = (Figures::new(), None, 0);
    for count in CONNECTIONS {
        let begun = Instant::now();
        for _ in there..count {
            seat.evaluate(&format!("begin({setting})")).await?;
        }
        let milliseconds = begun.elapsed().as_secs_f64() * 1000.0 / f64::from(count - there);
        there = count;
        let (_, mebibytes) = seat.browser.memory_now().await?.grown_mib(empty);
        let mebibytes = f64::from(u32::try_from(mebibytes)?) / f64::from(count);
        let now = (milliseconds, mebibytes);
        let (time, memory) = before.unwrap_or(now);
        for (what, unit, ours, base) in [
            ("time", "ms", milliseconds, time),
            ("memory", "MiB", mebibytes, memory),
        ] {
            let mut figure = Figure::new(unit, "a connection at the step before");
            figure.add(ours, base);
            figures.push((format!("/{what}/{count}"), figure));
        }
        before = Some(now);
    }
    Ok(figures)
}

/// `growth-upload/BYTES`: megabytes in a second, against native sftp.
pub(crate) async fn upload() -> Result<Figures> {
    let scene = Scene::new().await?;
    let local = tempfile::tempdir()?;
    let mut figures = Figures::new();
    for (bytes, runs) in FILES {
        let large = local.path().join(bytes.to_string());
        std::fs::File::create(&large)?.set_len(bytes)?;
        let make = format!("globalThis.large = await files.make('of{bytes}', {bytes}); return 0");
        scene.seconds(&make).await?;
        let ours = format!(
            "{CHECK} let sum = 0;
             for (let run = 0; run < {runs}; run++)
               sum += check(await files.upload(`upload{bytes}x${{run}}xxxxx`, `ours{bytes}x${{run}}`, large));
             return sum"
        );
        let ours = scene.seconds(&ours).await?;
        let puts = (0..runs).map(|run| format!("put {} native{bytes}x{run}", large.display()));
        let native = scene.native(&puts.collect::<Vec<_>>().join("\n"))?;
        let mut figure = Figure::new("MB/s", DIRECT);
        let moved = f64::from(u32::try_from(bytes >> 10)?) * 1.024e-3 * f64::from(runs);
        figure.add(moved / ours, moved / native);
        figures.push((format!("/{bytes}"), figure));
        scene
            .seconds(
                "await (await navigator.storage.getDirectory()).removeEntry(large.name); return 0",
            )
            .await?;
        scene.batch("rm ours*\nrm native*")?;
    }
    Ok(figures)
}

/// `growth-listing/N`: microseconds for each of N entries.
pub(crate) async fn listing() -> Result<Figures> {
    let scene = Scene::new().await?;
    let (mut figures, mut before) = (Figures::new(), None);
    for count in ENTRIES {
        let name = format!("of{count}");
        let folder = scene.stage.server.home().join(&name);
        std::fs::create_dir(&folder)?;
        for number in 0..count {
            std::fs::write(folder.join(format!("file-{number:06}.txt")), "")?;
        }
        let mut figure = Figure::new("µs", "an entry at the step before");
        let mut all = vec![];
        for _ in 0..LISTINGS {
            let listed = format!(
                "const began = performance.now();
                 const listed = await files.ask({{type: 'list', path: '{name}'}});
                 if (listed.entries.length !== {count}) throw new Error('not all are listed');
                 return (performance.now() - began) * 1000 / {count}"
            );
            all.push(scene.seconds(&listed).await?);
        }
        let ours = crate::median(&mut all).context("no run")?;
        figure.add(ours, before.unwrap_or(ours));
        figures.push((format!("/{count}"), figure));
        before = Some(ours);
    }
    Ok(figures)
}
