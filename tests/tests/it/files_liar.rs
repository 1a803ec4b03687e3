//! SFTP servers that lie: nothing leaves its place, nothing goes on for ever, and a person is told.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_testkit::{Double, LYING_NAMES, Lie, Script};
use transom_tests::{Memory, Need, PATIENCE, Role, TOLD_WITHIN, World, WorldOptions, scenario};

use crate::files::{js, speak, state};

/// Most that memory may grow over that of a connection whose files are shown, in MiB.
pub(crate) const MOST_MIB: u64 = 16;

/// Entries that a page is told of one folder.
const MOST_ENTRIES: usize = 100_000;

/// What entries that a page holds may cost, in MiB: half a kibibyte for each, in the engine and on
/// the page, and what is garbage by then.
pub(crate) const MOST_LISTED_MIB: u64 = 128;

/// Finds every file below the picked folder and beside it.
pub(crate) const WALK: &str = "
const walk = async (at, path) => {
  const all = [];
  for await (const [name, handle] of at.entries()) {
    const here = `${path}/${name}`;
    if (handle.kind === 'file') all.push(here); else all.push(...await walk(handle, here));
  }
  return all.sort();
};";

/// Connects to a server with this lie.
async fn connect(world: &World, lie: Lie) -> Result<Double> {
    let double = Double::start(Script {
        sftp: Some(lie),
        ..Script::default()
    })
    .await?;
    world.home().await?;
    world.dial_port(double.port()).await?;
    world.trust().await?;
    world.browser().status("Connected", PATIENCE).await?;
    speak(world).await?;
    Ok(double)
}

/// No name brought a control character or a change of direction to the page.
async fn words_are_harmless(world: &World) -> Result<()> {
    let words = world.browser().words().await?;
    let foreign = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    ensure!(!words.contains(foreign), "control characters in {words:?}");
    Ok(())
}

pub(crate) async fn grew(world: &World, before: Memory) -> Result<u64> {
    let (heaps, resident) = world.browser().memory().await?.grown_mib(before);
    Ok(heaps.max(resident))
}

fn lies() -> WorldOptions {
    WorldOptions {
        server: None,
        ..WorldOptions::default()
    }
}

pub(crate) fn at(seen: &Value, path: &str) -> Value {
    seen.pointer(path).cloned().unwrap_or(Value::Null)
}

/// Takes the folder of a server that lies into a folder and into a zip, and counts what is in it.
pub(crate) async fn take_folder(world: &World) -> Result<Value> {
    js(
        world,
        &format!(
            "{WALK}
             const root = await navigator.storage.getDirectory();
             const picked = await root.getDirectoryHandle('picked', {{create: true}});
             files.send({{type: 'download-folder', transfer: 'folderfolder', path: '/home/u'}}, picked);
             files.send({{type: 'download-folder', transfer: 'zipzipzipzip', path: '/home/u'}});
             const folder = await files.ended('folderfolder');
             const zip = await files.ended('zipzipzipzip');
             const count = await files.ask({{type: 'count', paths: ['/home/u']}});
             return {{folder, zip, count, all: await walk(root, '')}};"
        ),
    )
    .await
}

/// Names that lead out of a folder, and the `failures` that are no names, are told and do no harm.
///
/// - `seen`: by [`take_folder`].
pub(crate) fn told_safely(seen: &Value, failures: usize) -> Result<()> {
    for way in ["folder", "zip"] {
        let state = at(seen, &format!("/{way}/state/type"));
        ensure!(state == json!("done"), "{seen:#}");
        let notes = at(seen, &format!("/{way}/state/notes")).to_string();
        ensure!(notes.contains("a name in it leads out of it"), "{notes}");
        ensure!(!notes.contains(['\u{1b}', '\u{202e}']), "{notes:?}");
    }
    // `.` and `..` belong to every listing.
    let told = at(seen, "/count/failures");
    ensure!(told.as_array().map(Vec::len) == Some(failures), "{told:#}");
    Ok(())
}

/// Stops the download of a folder while it runs: then it has ended, and the server answers.
pub(crate) async fn stops_a_download(world: &World) -> Result<()> {
    let stopped = js(
        world,
        "files.send({type: 'download-folder', transfer: 'zipzipzipzip', path: '/home/u'});
         await files.until(() => files.transfers.zipzipzipzip?.files_done > 100);
         files.send({type: 'cancel', transfer: 'zipzipzipzip'});
         await files.until(() => !files.transfers.zipzipzipzip);
         return files.ask({type: 'stat', path: '/home/u'});",
    )
    .await?;
    ensure!(at(&stopped, "/type") == json!("entry"), "{stopped:#}");
    Ok(())
}

/// Counts what is in a folder that contains itself, and fetches it as a zip.
pub(crate) async fn dig(world: &World) -> Result<Value> {
    js(
        world,
        "const count = await files.ask({type: 'count', paths: ['/home/u']});
         files.send({type: 'download-folder', transfer: 'zipzipzipzip', path: '/home/u'});
         return {count, zip: await files.ended('zipzipzipzip')};",
    )
    .await
}

#[tokio::test]
async fn names_that_lead_out_of_a_folder_stay_in_it_and_are_told() -> Result<()> {
    scenario(Need::Share, lies(), async |world| {
        let _double = connect(world, Lie::Names).await?;
        let browser = world.browser();
        browser.press("Files").await?;
        browser.see(Role::Row, "good.txt").await?;
        words_are_harmless(world).await?;
        let before = browser.memory().await?;
        let seen = take_folder(world).await?;
        told_safely(&seen, 4)?;
        let files = at(&seen, "/all").as_array().cloned().unwrap_or_default();
        let names: Vec<_> = files.iter().filter_map(Value::as_str).collect();
        let placed = |name: &&&str| {
            name.starts_with("/picked/u/") || name.starts_with("/transom-downloads/")
        };
        ensure!(
            names.iter().filter(placed).count() == names.len(),
            "{names:#?}"
        );
        // All that are names, and the zip.
        ensure!(names.len() == LYING_NAMES.len() - 6 + 1, "{names:#?}");
        let safe = |name: &&str| !name.contains([':', '\\', '\n', '\u{1b}', '\u{202e}']);
        ensure!(names.iter().all(safe), "{names:?}");
        ensure!(!names.contains(&"/picked/u/con"), "{names:#?}");
        words_are_harmless(world).await?;
        let grown = grew(world, before).await?;
        ensure!(grown <= MOST_MIB, "{grown} MiB");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_without_end_is_shown_in_part_and_the_page_goes_on() -> Result<()> {
    scenario(Need::Alone, lies(), async |world| {
        let _double = connect(world, Lie::Endless).await?;
        let browser = world.browser();
        let before = browser.memory().await?;
        let began = std::time::Instant::now();
        let seen = js(
            world,
            "const listed = await files.ask({type: 'list', path: '/home/u'});
             return {type: listed.type, cut: listed.cut, count: listed.entries.length}",
        )
        .await?;
        ensure!(at(&seen, "/cut") == json!(true), "{seen:#}");
        ensure!(at(&seen, "/count") == json!(MOST_ENTRIES), "{seen:#}");
        ensure!(began.elapsed() < TOLD_WITHIN, "{:?}", began.elapsed());
        browser.press("Files").await?;
        browser.see(Role::Row, "f0").await?;
        browser.says("more", TOLD_WITHIN).await?;
        let grown = grew(world, before).await?;
        ensure!(grown <= MOST_LISTED_MIB, "{grown} MiB");
        // What is counted or fetched may be stopped at any time, and then it has ended.
        stops_a_download(world).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_that_contains_itself_has_an_end_that_is_told() -> Result<()> {
    scenario(Need::Share, lies(), async |world| {
        let _double = connect(world, Lie::Deep).await?;
        let browser = world.browser();
        browser.press("Files").await?;
        browser.see(Role::Row, "d").await?;
        let before = browser.memory().await?;
        let began = std::time::Instant::now();
        let seen = dig(world).await?;
        ensure!(began.elapsed() < TOLD_WITHIN, "{:?}", began.elapsed());
        let told = at(&seen, "/count/failures/0/detail");
        let told = told.as_str().context("nothing is told")?;
        ensure!(told.contains("without an end"), "{seen:#}");
        ensure!(
            at(&seen, "/zip").pointer("/state/type") == Some(&json!("done")),
            "{seen:#}"
        );
        ensure!(state(&at(&seen, "/zip")) == "done", "{seen:#}");
        let notes = at(&seen, "/zip/state/notes").to_string();
        ensure!(notes.contains("too many folders within folders"), "{notes}");
        let grown = grew(world, before).await?;
        ensure!(grown <= MOST_MIB, "{grown} MiB");
        Ok(())
    })
    .await
}
