//! Many tabs: what is left of closed ones, and how soon the page answers while one of ten floods.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::sleep;
use transom_tests::{Chord, Memory, Role};

use crate::stage::{Seat, Stage};
use crate::{Figure, Figures, RUNS};

/// Tabs that are opened and closed, after a few that warm everything up.
const CYCLES: u32 = 100;
const WARM_UP: u32 = 10;

/// Terminals on the page while one of them floods; as many as OpenSSH gives to one connection.
const TERMINALS: usize = 10;

/// Between two looks at memory, and looks without a fall that end the wait.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const SAME_LOOKS: u32 = 5;

/// Bounds to compare with; they are what the product promises.
const PROMISED_MIB: f64 = 5.0;
const PROMISED_MS: f64 = 100.0;

/// What the page answers within less counts as this, in milliseconds: the browser tells of no shorter ones.
const LEAST_MS: f64 = 16.0;

/// Notes how long it takes from each key and click to the next paint.
const OBSERVE: &str = "globalThis.paints = [];
    new PerformanceObserver((list) => {
      for (const {interactionId, duration} of list.getEntries()) if (interactionId) paints.push(duration);
    }).observe({type: 'event', durationThreshold: 16})";

/// The longest of them since the last look, once all are told.
const WORST: &str =
    "new Promise((done) => setTimeout(done, 300)).then(() => Math.max(0, ...paints.splice(0)))";

/// Presses a button by its name: through WebDriver, finding it would take most of the time.
fn press(name: &str) -> String {
    format!("document.querySelector('button[aria-label=\"{name}\"]').click()")
}

async fn shell() -> Result<(Stage, Seat)> {
    let stage = Stage::new().await?;
    let seat = stage.seat().await?;
    seat.load(&stage.link()?).await?;
    seat.prompt_ms().await?;
    Ok((stage, seat))
}

async fn open_tab(seat: &Seat) -> Result<()> {
    seat.begin("tab", "ready> ").await?;
    seat.evaluate(&press("New tab")).await?;
    seat.finish("tab").await
}

async fn cycle(seat: &Seat, times: u32) -> Result<()> {
    for _ in 0..times {
        open_tab(seat).await?;
        // The one that was there before; the new one stays.
        seat.evaluate(&press("Close 127.0.0.1")).await?;
    }
    Ok(())
}

/// Memory once nothing more is given back: what a closed terminal drew with is let go some seconds later.
async fn settled(seat: &Seat) -> Result<Memory> {
    let mut least = seat.browser.memory().await?;
    let mut same = 0;
    while same < SAME_LOOKS {
        sleep(LOOK_EVERY).await;
        let now = seat.browser.memory().await?;
        let (fell, _) = least.grown_mib(now);
        same = if fell > 0 { 0 } else { same + 1 };
        if now.heaps < least.heaps {
            least = now;
        }
    }
    Ok(least)
}

/// `tabs-memory/heaps` and `tabs-memory/resident`: MiB that are not given back.
pub(crate) async fn memory() -> Result<Figures> {
    let (_stage, seat) = shell().await?;
    cycle(&seat, WARM_UP).await?;
    let before = settled(&seat).await?;
    cycle(&seat, CYCLES).await?;
    let (heaps, resident) = settled(&seat).await?.grown_mib(before);
    let count = "document.querySelectorAll('[aria-label=Sessions] .tab-name').length";
    ensure!(seat.evaluate(count).await? == 1, "tabs are left open");
    let figures = [("/heaps", heaps), ("/resident", resident)];
    let figures = figures.into_iter().map(|(what, mebibytes)| {
        let base = "what is promised: growth over 100 tabs that are opened and closed";
        let mut figure = Figure::new("MiB", base);
        figure.add(f64::from(u32::try_from(mebibytes)?), PROMISED_MIB);
        Ok((what.to_owned(), figure))
    });
    figures.collect()
}

/// `paint-flood/behind` and `paint-flood/seen`: the longest time from a key or click to the next paint,
/// while one of ten terminals prints without end, in a tab out of sight or in the one in front.
pub(crate) async fn flood() -> Result<Figures> {
    let (_stage, seat) = shell().await?;
    for _ in 1..TERMINALS {
        open_tab(&seat).await?;
    }
    let browser = &seat.browser;
    browser.tab(1).await?;
    browser.see(Role::Button, "New tab").await?;
    seat.evaluate(OBSERVE).await?;
    let base = "what is promised: the longest time from a key or click to the next paint";
    let mut behind = Figure::new("ms", base);
    let mut seen = Figure::new("ms", base);
    seat.begin("flood", "y\\r\\ny\\r\\n").await?;
    browser.enter("yes").await?;
    seat.finish("flood").await?;
    for _ in 0..RUNS {
        for (tab, figure) in [(1, &mut seen), (2, &mut behind)] {
            browser.tab(tab).await?;
            seat.evaluate(WORST).await?;
            browser.type_text("quick brown fox").await?;
            if tab == 2 {
                // To a tab that is quiet, and back.
                browser.tab(3).await?;
                browser.tab(2).await?;
                browser.type_text("jumps").await?;
            }
            let worst = seat.evaluate(WORST).await?;
            figure.add(
                worst.as_f64().context("no time")?.max(LEAST_MS),
                PROMISED_MS,
            );
        }
    }
    browser.tab(1).await?;
    browser.chord(&Chord::ctrl("c")).await?;
    Ok(vec![
        ("/behind".to_owned(), behind),
        ("/seen".to_owned(), seen),
    ])
}
