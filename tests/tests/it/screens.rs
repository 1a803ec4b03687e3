//! What every screen looks like: pictures for people, by `cargo xtask screens`.

use std::path::PathBuf;

use anyhow::Result;
use transom_tests::{Need, World, WorldOptions, scenario};

use crate::tour::{
    Eye, Tour, begin, files, german, keys, phone, readme, session, trust, walk, windows,
};

/// Widths and heights: a phone, a laptop, a large screen.
const SIZES: [(u32, u32); 3] = [(400, 800), (1280, 800), (2560, 1300)];

/// The tallest picture, in CSS pixels: a page is shown whole.
const TALLEST: u64 = 9000;

/// How tall the page would be if nothing of it had to scroll.
const WHOLE: &str = "
    const page = document.querySelector('main.page');
    return innerHeight + (page ? page.scrollHeight - page.clientHeight : 0);";

/// Waits until what was changed is drawn.
const SETTLED: &str = "return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";

/// Where pictures go.
fn folder() -> PathBuf {
    let named = std::env::var_os("TRANSOM_SCREENS").map(PathBuf::from);
    named.unwrap_or_else(|| std::env::temp_dir().join("transom-screens"))
}

/// Takes the picture of what is on the screen, in every width; a page in its whole height.
pub(crate) async fn take(world: &World, theme: &str, name: &str) -> Result<()> {
    let browser = world.browser();
    for (width, height) in SIZES {
        browser.resize(width, height).await?;
        browser.script(SETTLED, vec![]).await?;
        let whole = browser.script(WHOLE, vec![]).await?;
        let whole = whole.as_u64().unwrap_or_default().min(TALLEST);
        if whole > u64::from(height) {
            browser.resize(width, u32::try_from(whole)?).await?;
        }
        take_once(world, &format!("{name}-{theme}-{width}")).await?;
    }
    browser.resize(1280, 800).await
}

/// Takes the picture of what is on the screen as it is.
pub(crate) async fn take_once(world: &World, name: &str) -> Result<()> {
    let browser = world.browser();
    browser.script(SETTLED, vec![]).await?;
    std::fs::create_dir_all(folder())?;
    let path = folder().join(format!("{name}.png"));
    std::fs::write(path, browser.screenshot().await?)?;
    Ok(())
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_what_there_is_without_a_session() -> Result<()> {
    walk(Eye::Camera, begin::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_host_keys_and_failures() -> Result<()> {
    walk(Eye::Camera, trust::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_the_agent() -> Result<()> {
    walk(Eye::Camera, trust::walk_agent).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_terminals() -> Result<()> {
    walk(Eye::Camera, session::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_recordings_blocks_and_broadcasts() -> Result<()> {
    walk(Eye::Camera, session::walk_on).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_keys_and_the_vault() -> Result<()> {
    walk(Eye::Camera, keys::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_files() -> Result<()> {
    walk(Eye::Camera, files::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_windows() -> Result<()> {
    walk(Eye::Camera, windows::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_a_phone() -> Result<()> {
    walk(Eye::Camera, phone::walk).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn of_german() -> Result<()> {
    walk(Eye::Camera, german::walk).await
}

/// One picture of the README.
async fn of_readme(
    theme: &'static str,
    part: impl AsyncFnOnce(&mut World, Tour) -> Result<()>,
) -> Result<()> {
    let mut options = WorldOptions::default();
    options.browser.size = (1280, 863);
    let tour = Tour {
        eye: Eye::Camera,
        theme,
    };
    scenario(Need::Share, options, async |world| part(world, tour).await).await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens --readme`"]
async fn for_the_readme() -> Result<()> {
    of_readme("dark", readme::panes).await?;
    of_readme("light", readme::moving).await?;
    of_readme("light", readme::keys).await?;
    of_readme("dark", readme::changed).await?;
    of_readme("dark", readme::settings).await
}
