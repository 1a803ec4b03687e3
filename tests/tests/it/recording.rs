//! Recordings: made on the person's wish, found again, played back to the same screen.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Reads the text of the only recording.
const READ: &str = "
return (async () => {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle('recordings');
  const parts = [];
  for await (const folder of all.values())
    for await (const [name, file] of folder.entries())
      parts.push([name, await (await file.getFile()).text()]);
  return parts.sort().map(([, text]) => text).join('');
})();";

/// Replays a recording in another program than the one that made it, and prints its screen.
const REPLAY: &str = r#"
const { Terminal } = require("@xterm/headless");
const [header, ...events] = require("fs").readFileSync(0, "utf8").trim().split("\n").map(JSON.parse);
const terminal = new Terminal({ cols: header.term.cols, rows: header.term.rows, allowProposedApi: true });
(async () => {
  for (const [, code, data] of events) {
    if (code === "o") await new Promise((done) => terminal.write(data, done));
    if (code === "r") terminal.resize(...data.split("x").map(Number));
  }
  const { viewportY } = terminal.buffer.active;
  const rows = Array.from({ length: terminal.rows }, (_, row) =>
    terminal.buffer.active.getLine(viewportY + row).translateToString(true).trimEnd());
  console.log(JSON.stringify(rows));
})();
"#;

fn replayed(cast: &str) -> Result<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), cast)?;
    let output = Command::new("node")
        .args(["-e", REPLAY])
        .current_dir(root)
        .stdin(std::fs::File::open(file.path())?)
        .output()
        .context("node does not run")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Does what an entry of the palette says.
async fn deed(browser: &Browser, typed: &str) -> Result<()> {
    browser.press("Commands").await?;
    browser.fill("Command", typed).await?;
    browser.key(Key::Enter).await?;
    browser.gone(Role::Dialog, "Commands").await
}

async fn record(browser: &Browser) -> Result<()> {
    deed(browser, "record or stop").await?;
    browser.see(Role::Button, "Stop recording").await?;
    Ok(())
}

async fn stop(browser: &Browser) -> Result<String> {
    browser.press("Stop recording").await?;
    browser.says("Recording kept", PATIENCE).await?;
    let cast = browser.script(READ, vec![]).await?;
    Ok(cast.as_str().context("no text")?.to_owned())
}

fn events(cast: &str, code: &str) -> Result<Vec<String>> {
    let lines: Vec<Value> = cast
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let of_code = lines.iter().filter(|line| line[1] == code);
    let data = of_code.filter_map(|line| line[2].as_str());
    Ok(data.map(str::to_owned).collect())
}

async fn same_screen(world: &World, cast: &str) -> Result<()> {
    let replayed = replayed(cast)?;
    assert_eq!(replayed, world.browser().screen().await?);
    Ok(())
}

#[tokio::test]
async fn a_recording_plays_back_to_the_same_screen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        world.run("echo before; echo 'ä€'", "ä€").await?;
        record(browser).await?;
        let title = "return document.title";
        until("the title tells of it", PATIENCE, async || {
            let title = browser.script(title, vec![]).await?;
            Ok(title.as_str().is_some_and(|title| title.starts_with('●')))
        })
        .await?;
        browser.focus_terminal().await?;
        world
            .run(
                "for n in 1 2 3; do printf '\\e[3%dm%d 日本\\e[0m\\n' $n $n; done; echo do''ne",
                "done",
            )
            .await?;
        deed(browser, "marker").await?;
        browser.focus_terminal().await?;
        browser.resize(1000, 700).await?;
        world
            .run("printf '\\e[5;9Hup here\\e[12;1H'; echo mo''ved", "moved")
            .await?;
        let cast = stop(browser).await?;
        same_screen(world, &cast).await?;
        assert_eq!(events(&cast, "m")?, ["Marker"]);
        assert!(!events(&cast, "r")?.is_empty());
        // What was typed is not in it, but for what the server echoed.
        assert!(events(&cast, "i")?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_recording_is_listed_played_searched_and_deleted() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        record(browser).await?;
        browser.focus_terminal().await?;
        world.run("echo nee''dle in hay", "needle in hay").await?;
        deed(browser, "marker").await?;
        stop(browser).await?;
        browser.reload().await?;
        browser.press_role(Role::Rail, "Recordings").await?;
        browser.press("Play 127.0.0.1*").await?;
        browser.see(Role::Region, "Recording").await?;
        browser.see(Role::Button, "0:0*").await?;
        browser.fill("Search in the output", "NEEDLE in").await?;
        browser.says("1 line", PATIENCE).await?;
        browser.press("0:0*").await?;
        let shown = "return document.querySelector('.player-screen').innerText";
        until("the player shows the line", PATIENCE, async || {
            let shown = browser.script(shown, vec![]).await?;
            Ok(shown.as_str().is_some_and(|shown| shown.contains("needle")))
        })
        .await?;
        browser.press("All recordings").await?;
        // As files: the cast as it was made, and what can be read in it.
        let cast = browser.saved_by("Download 127.0.0.1*").await?;
        assert_eq!(browser.script(READ, vec![]).await?, cast);
        assert_eq!(events(&cast, "m")?, ["Marker"]);
        let text = browser.saved_by("Download text of 127.0.0.1*").await?;
        let rows: Vec<&str> = text.lines().collect();
        ensure!(rows.contains(&"needle in hay"), "{text}");
        ensure!(!text.contains('\u{1b}'), "{text:?}");
        browser.press("Delete 127.0.0.1*").await?;
        browser.says("Nothing is recorded", PATIENCE).await?;
        let left = browser.script(READ, vec![]).await?;
        assert_eq!(left, "");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn markers_stand_at_the_commands_that_the_shell_marks() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        deed(browser, "mark commands").await?;
        browser.focus_terminal().await?;
        world.run("echo mar''king", "marking").await?;
        record(browser).await?;
        browser.focus_terminal().await?;
        world.run("echo 'a  b' | tr a c", "c  b").await?;
        let cast = stop(browser).await?;
        assert_eq!(events(&cast, "m")?, ["echo 'a  b' | tr a c"]);
        same_screen(world, &cast).await
    })
    .await
}

#[tokio::test]
async fn what_is_typed_is_recorded_only_where_a_person_said_so() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home_with(json!({ "record_input": true })).await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        let browser = world.browser();
        record(browser).await?;
        browser.focus_terminal().await?;
        world.run("echo ty''ped", "typed").await?;
        // The shell's end ends the recording, and is in it.
        browser.enter("exit 3").await?;
        browser.says("Recording kept", PATIENCE).await?;
        let cast = browser.script(READ, vec![]).await?;
        let cast = cast.as_str().context("no text")?;
        assert!(events(cast, "i")?.concat().contains("echo ty''ped\r"));
        assert_eq!(events(cast, "x")?, ["3"]);
        Ok(())
    })
    .await
}
