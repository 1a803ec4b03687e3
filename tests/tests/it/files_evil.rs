//! The SFTP server that lies of the testbed beside this project: what our own double says is our idea of a
//! liar, this one is asyncssh's. The session that was there first loses
//! nothing.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use transom_testkit::python;
use transom_tests::{
    Memory, Need, PATIENCE, Role, TOLD_WITHIN, World, WorldOptions, scenario, until,
};

use crate::files::{js, speak, state};
use crate::files_liar::{
    MOST_LISTED_MIB, MOST_MIB, at, dig, grew, stops_a_download, take_folder, told_safely,
};
use crate::hostile::{LONGEST_FRAME_MS, WATCH_FRAMES, first_session_goes_on, stays_in_its_place};

/// The server's program: in `TRANSOM_TESTBED`, or beside this project. The build looks there, too: where
/// there is none and none is named, these tests are ignored.
fn program() -> Result<PathBuf> {
    let named = std::env::var_os("TRANSOM_TESTBED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/testbed");
    let folder = named.unwrap_or(beside);
    let program = folder.join("evil_sftp.py");
    ensure!(program.exists(), "no {}", program.display());
    Ok(program)
}

/// Longest time without a frame: [`LONGEST_FRAME_MS`], and as much more as the processors have to do for others.
fn longest_frame_ms() -> f64 {
    let said = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = (said.split(' ').next())
        .and_then(|load| load.parse().ok())
        .unwrap_or(0.0);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let cores = f64::from(u32::try_from(cores).unwrap_or(u32::MAX));
    LONGEST_FRAME_MS * (load / (2.0 * cores)).max(1.0)
}

/// Starts it; dropping the child ends it.
async fn start(program: &Path, mode: &str) -> Result<(Child, u16)> {
    let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let child = Command::new(python().await?)
        .arg(program)
        .args([&port.to_string(), mode])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start Python")?;
    until("the server listens", PATIENCE, async || {
        Ok(TcpStream::connect(("127.0.0.1", port)).await.is_ok())
    })
    .await?;
    Ok((child, port))
}

/// Runs a test on a connection to the server, beside one to a server that behaves.
async fn against(
    mode: &'static str,
    most_mib: u64,
    test: impl AsyncFnOnce(&World) -> Result<()>,
) -> Result<()> {
    let program = program()?;
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world.run("echo kept-$((60+6))", "kept-66").await?;
        let (_server, port) = start(&program, mode).await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&format!("tara@127.0.0.1:{port}")).await?;
        world.trust().await?;
        browser.status("Connected", PATIENCE).await?;
        js(world, &format!("globalThis.transomTarget = ':{port}'")).await?;
        speak(world).await?;
        let address = browser.driver().current_url().await?;
        let before: Memory = browser.memory().await?;
        browser.script(WATCH_FRAMES, vec![]).await?;
        test(world).await?;
        let longest = browser.script("return longestFrame", vec![]).await?;
        let longest = longest.as_f64().context("no frames")?;
        let most = longest_frame_ms();
        ensure!(longest < most, "{longest} of {most} ms without a frame");
        let grown = grew(world, before).await?;
        ensure!(grown <= most_mib, "{grown} MiB");
        stays_in_its_place(world).await?;
        ensure!(browser.driver().current_url().await? == address);
        browser.press("Files").await?;
        first_session_goes_on(world, "kept-66").await
    })
    .await
}

#[tokio::test]
#[cfg_attr(
    not(testbed),
    ignore = "no ../shared/testbed; TRANSOM_TESTBED names one"
)]
async fn evil_names_stay_in_the_folder_and_are_told() -> Result<()> {
    against("names", MOST_MIB, async |world| {
        let browser = world.browser();
        browser.press("Files").await?;
        browser.see(Role::Row, "good.txt").await?;
        browser.see(Role::Row, "a\u{240a}b").await?;
        stays_in_its_place(world).await?;
        let seen = take_folder(world).await?;
        told_safely(&seen, 2)?;
        let files = at(&seen, "/all").as_array().cloned().unwrap_or_default();
        let names: Vec<_> = files.iter().filter_map(Value::as_str).collect();
        let placed =
            |name: &&str| name.starts_with("/picked/u/") || name.starts_with("/transom-downloads/");
        ensure!(names.iter().all(placed), "{names:#?}");
        // The six that are names and the zip, but that the server calls files folders when they are looked at.
        let left_out = at(&seen, "/folder/state/notes").to_string();
        let left_out = left_out.matches("is not an ordinary file").count();
        ensure!(names.contains(&"/picked/u/good.txt"), "{names:#?}");
        ensure!(names.len() + left_out == 7, "{left_out}: {names:#?}");
        let safe = |name: &&str| !name.contains([':', '\\', '\n', '\u{1b}']);
        ensure!(
            names.iter().all(safe) && !names.contains(&"/picked/u/con"),
            "{names:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
#[cfg_attr(
    not(testbed),
    ignore = "no ../shared/testbed; TRANSOM_TESTBED names one"
)]
async fn an_evil_folder_without_end_is_shown_in_part() -> Result<()> {
    against("endless", MOST_LISTED_MIB, async |world| {
        let browser = world.browser();
        let began = Instant::now();
        browser.press("Files").await?;
        browser.see(Role::Row, "f0").await?;
        ensure!(began.elapsed() < TOLD_WITHIN, "{:?}", began.elapsed());
        // asyncssh makes its entries slowly, and is asked for no more than are shown.
        let cut = "There are more, which are left out";
        browser.says(cut, PATIENCE * 3).await?;
        stops_a_download(world).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
#[cfg_attr(
    not(testbed),
    ignore = "no ../shared/testbed; TRANSOM_TESTBED names one"
)]
async fn an_evil_folder_that_contains_itself_has_an_end_that_is_told() -> Result<()> {
    against("deep", MOST_MIB, async |world| {
        let browser = world.browser();
        browser.press("Files").await?;
        browser.see(Role::Row, "d").await?;
        let began = Instant::now();
        let seen = dig(world).await?;
        ensure!(began.elapsed() < TOLD_WITHIN, "{:?}", began.elapsed());
        let told = at(&seen, "/count/failures/0/detail").to_string();
        ensure!(told.contains("without an end"), "{seen:#}");
        ensure!(state(&at(&seen, "/zip")) == "done", "{seen:#}");
        let notes = at(&seen, "/zip/state/notes").to_string();
        ensure!(notes.contains("too many folders within folders"), "{notes}");
        Ok(())
    })
    .await
}
