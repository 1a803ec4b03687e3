//! Large files, many files, and cuts of the way while they move.
//!
//! `TRANSOM_FILES=full` runs the long forms: 1 GiB there and back, 4 GiB with memory watched,
//! a tree of 10 000 files, 50 cuts each way. They print what they measured.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_testkit::{Fault, FaultProxy, Noise};
use transom_tests::{
    Need, PATIENCE, RelayOptions, World, WorldOptions, scenario, until, until_some,
};

use crate::files::{begin, digest, js, names, speak, state};

/// Whether the long forms are wanted.
fn is_full() -> bool {
    std::env::var("TRANSOM_FILES").is_ok_and(|value| value == "full")
}

fn short_or_full(short: u64, full: u64) -> u64 {
    if is_full() { full } else { short }
}

/// Most that page, workers and the browser's other processes may grow over idle, in MiB.
const MOST_GROWN_MIB: u64 = 150;

/// Every how many cuts one lasts longer than the relay holds a session.
const BEYOND_GRACE_EVERY: u64 = 5;

/// A file of bytes that repeat nowhere.
fn plant(path: &Path, bytes: u64) -> Result<()> {
    let mut source = std::io::Read::take(fs::File::open("/dev/urandom")?, bytes);
    std::io::copy(&mut source, &mut fs::File::create(path)?)?;
    Ok(())
}

fn done(end: &Value) -> Result<()> {
    ensure!(state(end) == "done", "{end:#}");
    Ok(())
}

/// Says what a long form measured.
#[expect(clippy::print_stderr, reason = "a person asked for the figures")]
fn tell(what: &str, bytes: u64, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    let megabytes = f64::from(u32::try_from(bytes / 1_000_000).unwrap_or(u32::MAX));
    eprintln!(
        "{what}: {megabytes} MB in {seconds:.1} s, {:.1} MB/s",
        megabytes / seconds
    );
}

/// Longest time of one long form, on a machine that has other things to do.
const LONG_WITHIN: Duration = Duration::from_mins(20);

/// Runs JavaScript that takes longer than `DevTools` are waited for.
async fn js_long(world: &World, body: &str) -> Result<Value> {
    let begin = format!(
        "const end = globalThis.transomEnd = {{}};
         (async () => {{ {body} }})().then((value) => Object.assign(end, {{value}}),
                                       (error) => Object.assign(end, {{error: String(error)}}));
         return 0;"
    );
    js(world, &begin).await?;
    until_some("the page's script ends", LONG_WITHIN, async || {
        let end = js(world, "return globalThis.transomEnd").await?;
        ensure!(end.get("error").is_none(), "{end:#}");
        Ok(end.get("value").cloned())
    })
    .await
}

#[tokio::test]
async fn a_very_large_file_comes_down_and_goes_up_with_equal_checksums() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let bytes = short_or_full(256 << 20, 1 << 30) + 12_345;
        plant(&world.server()?.home().join("large.bin"), bytes)?;
        begin(world).await?;
        let began = Instant::now();
        let down = js_long(
            world,
            "return files.download('largelargelarge', 'large.bin')",
        )
        .await?;
        done(&down)?;
        tell("down", bytes, began);
        let began = Instant::now();
        let up = js_long(
            world,
            "const root = await navigator.storage.getDirectory();
             const folder = await root.getDirectoryHandle('transom-downloads');
             const file = await (await folder.getFileHandle('largelargelarge')).getFile();
             return files.upload('backbackback', 'back.bin', file)",
        )
        .await?;
        done(&up)?;
        tell("up", bytes, began);
        // What came back went through the browser's disk twice.
        ensure!(digest(world, "back.bin")? == digest(world, "large.bin")?);
        ensure!(names(world)? == ["back.bin", "large.bin"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn memory_stays_flat_however_large_a_file_is() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        let bytes = short_or_full(256 << 20, 4 << 30);
        fs::File::create(world.server()?.home().join("large.bin"))?.set_len(bytes)?;
        begin(world).await?;
        let browser = world.browser();
        // A first file, so that what any transfer takes is there.
        let small = "const file = new File([new Uint8Array(1 << 20)], 'small');
                     await files.upload('smallsmallsmall', 'small', file);
                     await files.download('smalldownload', 'small'); return 0";
        js(world, small).await?;
        let idle = browser.all_memory_mib()?;
        let starts = [
            ("download", "files.send({type: 'download', transfer: 'largedownload', path: 'large.bin', verify: false})".to_owned()),
            ("upload", format!(
                "const piece = new Blob([new Uint8Array(1 << 24)]);
                 const large = new File(Array({bytes} / (1 << 24)).fill(piece), 'large');
                 files.send({{type: 'upload', transfer: 'largeupload', target: 'up.bin',
                              conflict: 'ask', verify: false}}, large)")),
        ];
        let mut most = 0;
        for (way, start) in starts {
            let began = Instant::now();
            js(world, &start).await?;
            until("the transfer ends", LONG_WITHIN, async || {
                most = most.max(browser.all_memory_mib()?.saturating_sub(idle));
                let now = js(world, &format!("return files.transfers.large{way} ?? null")).await?;
                ensure!(state(&now) != "failed", "{now:#}");
                Ok(state(&now) == "done")
            })
            .await?;
            tell(way, bytes, began);
        }
        ensure!(fs::metadata(world.server()?.home().join("up.bin"))?.len() == bytes);
        if is_full() {
            eprintln!("{most} MiB over idle");
        }
        ensure!(most <= MOST_GROWN_MIB, "{most} MiB over idle");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tree_of_many_small_files_goes_up_and_comes_down() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let count = short_or_full(1_000, 10_000);
        begin(world).await?;
        let began = Instant::now();
        let seen = js_long(
            world,
            &format!(
                "const ids = [];
                 for (let n = 0; n < {count}; n++) {{
                   const transfer = `small${{n}}xxxxxxx`;
                   ids.push(transfer);
                   files.send({{type: 'upload', transfer, target: `tree/${{n % 100}}/${{n}}`, conflict: 'ask',
                                verify: false}}, new File([`content ${{n}}`], `${{n}}`));
                 }}
                 await files.until(() => ids.every((id) =>
                   ['done', 'failed'].includes(files.transfers[id]?.state.type)));
                 const failed = ids.filter((id) => files.transfers[id].state.type !== 'done');
                 const root = await navigator.storage.getDirectory();
                 const picked = await root.getDirectoryHandle('picked', {{create: true}});
                 files.send({{type: 'download-folder', transfer: 'treetreetree', path: 'tree'}}, picked);
                 const down = await files.ended('treetreetree');
                 const tree = await picked.getDirectoryHandle('tree');
                 let wrong = 0, found = 0;
                 for await (const folder of tree.values())
                   for await (const [name, handle] of folder.entries()) {{
                     found += 1;
                     if (await (await handle.getFile()).text() !== `content ${{name}}`) wrong += 1;
                   }}
                 return {{failed: failed.length, down, found, wrong}};"
            ),
        )
        .await?;
        tell("tree of small files there and back", count, began);
        ensure!(seen.get("failed") == Some(&json!(0)), "{seen:#}");
        done(seen.get("down").context("no end")?)?;
        ensure!(seen.get("found") == Some(&json!(count)), "{seen:#}");
        ensure!(seen.get("wrong") == Some(&json!(0)), "{seen:#}");
        let home = world.server()?.home();
        for number in 0..count {
            let file = home.join(format!("tree/{}/{number}", number % 100));
            ensure!(fs::read_to_string(&file)? == format!("content {number}"), "{}", file.display());
        }
        let all = Command::new("find").arg(home.join("tree")).args(["-type", "f"]).output()?;
        let all = String::from_utf8(all.stdout)?;
        ensure!(u64::try_from(all.lines().count())? == count, "parts are left");
        Ok(())
    })
    .await
}

/// A way that breaks, and a relay that soon gives a session up.
fn breakable() -> WorldOptions {
    WorldOptions {
        relay: RelayOptions {
            grace: Some("3s".to_owned()),
            ..RelayOptions::default()
        },
        expected: vec!["WebSocket connection to", "ERR_CONNECTION"],
        ..WorldOptions::default()
    }
}

/// The end of the transfer that is cut; after the last cut it may not have begun again yet.
const ENDED: &str = "
await files.until(() => files.transfers.cutcutcutcut.state.failure?.code !== 'lost');
return files.ended('cutcutcutcut');";

/// Bytes of the file that is cut.
const CUT_BYTES: u64 = 256 << 20;

/// Puts a network that breaks between the browser and the relay, and logs in over it.
async fn begin_over(world: &mut World) -> Result<FaultProxy> {
    let relay = SocketAddr::from(([127, 0, 0, 1], world.relay().port()));
    let proxy = FaultProxy::start(relay).await?;
    world.move_page(format!("http://{}", proxy.address()));
    world.log_in().await?;
    speak(world).await?;
    Ok(proxy)
}

/// Cuts the way at random places of a transfer, now and then for longer than the relay holds a
/// session. `look` is called at each cut.
async fn cut_often(
    world: &World,
    proxy: &FaultProxy,
    seed: u64,
    look: impl Fn() -> Result<()>,
) -> Result<()> {
    let count = short_or_full(BEYOND_GRACE_EVERY, 50);
    let mut dice = Noise::new(seed);
    // What was compared is not sent again, so all of these come before the last byte.
    let mut places: Vec<_> = (0..count).map(|_| dice.below(CUT_BYTES * 9 / 10)).collect();
    places.sort_unstable();
    let begun = proxy.carried();
    for (number, place) in (1..).zip(places) {
        until(
            "bytes pass between two cuts",
            Duration::from_mins(1),
            async || Ok(proxy.carried() >= begun + place),
        )
        .await?;
        look()?;
        if number % BEYOND_GRACE_EVERY == 0 {
            cut_beyond_grace(world, proxy).await?;
        } else {
            let fault = if dice.below(2) == 0 {
                Fault::Reset
            } else {
                Fault::Close
            };
            proxy.strike(fault);
        }
        world.browser().status("Connected", PATIENCE).await?;
    }
    Ok(())
}

/// Cuts the way until the session is given up, and logs in anew, as a person would.
async fn cut_beyond_grace(world: &World, proxy: &FaultProxy) -> Result<()> {
    let browser = world.browser();
    proxy.refuse(true);
    proxy.strike(Fault::Reset);
    browser.says("holding your session", PATIENCE).await?;
    browser
        .says("Session could not be resumed", PATIENCE)
        .await?;
    proxy.refuse(false);
    browser.press("Reconnect").await?;
    world
        .answer("Password", transom_tests::server::PASSWORD)
        .await
}

#[tokio::test]
async fn an_upload_survives_cuts_within_and_beyond_what_the_relay_holds() -> Result<()> {
    scenario(Need::Alone, breakable(), async |world| {
        let proxy = begin_over(world).await?;
        let world = &*world;
        let sent = js(
            world,
            &format!(
                "globalThis.file = await files.make('large', {CUT_BYTES});
                 const digest = await files.digestOf(file);
                 files.send({{type: 'upload', transfer: 'cutcutcutcut', target: 'large.bin',
                              conflict: 'ask', verify: false}}, file);
                 return digest;"
            ),
        )
        .await?;
        let began = Instant::now();
        cut_often(world, &proxy, 11, || {
            let names = names(world)?;
            ensure!(!names.iter().any(|name| name == "large.bin"), "{names:?}");
            Ok(())
        })
        .await?;
        done(&js_long(world, ENDED).await?)?;
        tell("up over cuts", CUT_BYTES, began);
        ensure!(json!(digest(world, "large.bin")?) == sent);
        ensure!(names(world)? == ["large.bin"], "{:?}", names(world)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_download_survives_cuts_within_and_beyond_what_the_relay_holds() -> Result<()> {
    scenario(Need::Alone, breakable(), async |world| {
        plant(&world.server()?.home().join("large.bin"), CUT_BYTES)?;
        let proxy = begin_over(world).await?;
        let world = &*world;
        js(
            world,
            "files.send({type: 'download', transfer: 'cutcutcutcut', path: 'large.bin', verify: false})",
        )
        .await?;
        let began = Instant::now();
        cut_often(world, &proxy, 12, || Ok(())).await?;
        done(&js_long(world, ENDED).await?)?;
        tell("down over cuts", CUT_BYTES, began);
        let back = js(world, "return files.digest('cutcutcutcut')").await?;
        ensure!(json!(digest(world, "large.bin")?) == back);
        Ok(())
    })
    .await
}
