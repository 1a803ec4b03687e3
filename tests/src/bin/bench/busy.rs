//! A keystroke and its echo on a connection that is busy with something else.

use anyhow::Result;
use transom_tests::Chord;

use crate::echo::page_echo_ms;
use crate::files::Scene;
use crate::{Figure, RUNS};

const BASE: &str = "the same while nothing else runs";

/// Bytes of the upload: it takes longer than the keys of a run.
const LARGE: u32 = 1 << 30;

/// While a second shell of the connection, in a tab that is not in sight, prints without end.
pub(crate) async fn flood() -> Result<Figure> {
    let scene = Scene::new().await?;
    let browser = &scene.seat.browser;
    scene.seat.begin("second", "ready> ").await?;
    browser.press("New tab").await?;
    scene.seat.finish("second").await?;
    let mut figure = Figure::new("ms", BASE);
    for _ in 0..RUNS {
        browser.tab(0).await?;
        let base = page_echo_ms(&scene.seat).await?;
        browser.tab(1).await?;
        scene.seat.begin("flood", "y\\r\\ny\\r\\n").await?;
        browser.enter("yes").await?;
        scene.seat.finish("flood").await?;
        browser.tab(0).await?;
        figure.add(page_echo_ms(&scene.seat).await?, base);
        browser.tab(1).await?;
        scene.seat.begin("end", "ready> ").await?;
        browser.chord(&Chord::ctrl("c")).await?;
        scene.seat.finish("end").await?;
    }
    Ok(figure)
}

/// While a large file goes to the server.
pub(crate) async fn upload() -> Result<Figure> {
    let scene = Scene::new().await?;
    let make = format!("globalThis.large = await files.make('large', {LARGE}); return 0");
    scene.seconds(&make).await?;
    scene.seat.browser.focus_terminal().await?;
    let mut figure = Figure::new("ms", BASE);
    for run in 0..RUNS {
        let base = page_echo_ms(&scene.seat).await?;
        let transfer = format!("upload0000{run}");
        let begin = format!(
            "files.send({{type: 'upload', transfer: '{transfer}', target: 'ours{run}',
                          conflict: 'ask', verify: false}}, large);
             await files.until(() => files.transfers['{transfer}']?.state.type === 'moving');
             return 0"
        );
        scene.seconds(&begin).await?;
        figure.add(page_echo_ms(&scene.seat).await?, base);
        let end = format!(
            "const {{type}} = files.transfers['{transfer}'].state;
             if (type !== 'moving') throw new Error(`the upload is ${{type}} before the keys are`);
             files.send({{type: 'cancel', transfer: '{transfer}'}});
             await files.until(() => files.transfers['{transfer}']?.state.type !== 'moving');
             return 0"
        );
        scene.seconds(&end).await?;
    }
    Ok(figure)
}
