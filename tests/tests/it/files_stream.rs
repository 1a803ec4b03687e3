//! Downloads in browsers that give a page no access to the disk: they go there as they arrive, by the
//! service worker.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use transom_tests::devtools::Download;
use transom_tests::{
    Browser, BrowserOptions, Need, PATIENCE, Role, World, WorldOptions, scenario, until,
};

use crate::files::{js, speak};
use crate::files_screen::{click, digest, downloads_into, local, open};
use crate::files_way::without_access;
use crate::offline::KEEP;

/// Bytes of a file that is on its way for longer than any test looks at it.
const LONG: u64 = 8 << 30;

/// What the page shows of a download that broke off.
const NO_RESUME: &str = "cannot be continued: Retry begins anew";

/// Opens the screen, with the service worker there, and downloads going into a folder.
async fn begin(world: &World, disk: &TempDir) -> Result<()> {
    let browser = world.browser();
    open(world).await?;
    browser.script(KEEP, vec![]).await?;
    downloads_into(browser, disk.path()).await
}

/// The last download, once it is as wanted.
async fn last(browser: &Browser, wanted: impl Fn(&Download) -> bool) -> Result<Download> {
    let now = || browser.devtools().ledger().downloads().last().cloned();
    until("a download is as it should be", PATIENCE, async || {
        Ok(now().is_some_and(|download| wanted(&download)))
    })
    .await
    .with_context(|| format!("{:?}", now()))?;
    now().context("no download")
}

fn completed(download: &Download) -> bool {
    download.state == "completed"
}

/// Names in the browser's private storage for downloads.
async fn private(browser: &Browser) -> Result<Value> {
    let list = "return (async () => {
        const root = await navigator.storage.getDirectory();
        const names = [];
        try {
            for await (const name of (await root.getDirectoryHandle('transom-downloads')).keys()) names.push(name);
        } catch {}
        return names;
    })()";
    browser.script(list, vec![]).await
}

fn names(disk: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(disk)?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

#[tokio::test]
async fn a_download_goes_to_the_disk_as_it_arrives_unharmed_and_by_its_name() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let (from, disk) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let browser = world.browser();
        let home = world.server()?.home();
        let sent = local(&from, "sent", 40_000_003)?;
        let odd = "naïve 漢字 \"100%\";filename*=x 'ü' (1).tar.gz";
        fs::copy(&sent, home.join(odd))?;
        fs::write(home.join("empty.txt"), "")?;
        begin(world, &disk).await?;
        click(browser, odd).await?;
        browser.press("Download").await?;
        let download = last(browser, completed).await?;
        // What some system takes for more than a name is another character.
        ensure!(
            download.name == "naïve 漢字 _100%_;filename_=x 'ü' (1).tar.gz",
            "{download:?}"
        );
        ensure!((download.total - 40_000_003.0).abs() < 1.0, "{download:?}");
        ensure!(digest(&disk.path().join(&download.name))? == digest(&sent)?);
        browser.says("Done, 40 MB", PATIENCE).await?;
        ensure!(browser.find(Role::Button, "Save again").await?.is_none());
        ensure!(private(browser).await? == json!([]), "it went another way");
        // A size of 0 may be that of a file that tells none.
        click(browser, "empty.txt").await?;
        browser.press("Download").await?;
        last(browser, |last| completed(last) && last.name == "empty.txt").await?;
        ensure!(fs::read(disk.path().join("empty.txt"))?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_goes_to_the_disk_as_a_zip_while_it_arrives() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let (from, disk) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let browser = world.browser();
        let tree = world.server()?.home().join("tree");
        fs::create_dir_all(tree.join("deep"))?;
        let sent = local(&from, "sent", 20_000_003)?;
        fs::copy(&sent, tree.join("deep/large"))?;
        fs::write(tree.join("small"), "small")?;
        begin(world, &disk).await?;
        click(browser, "tree").await?;
        browser.press("Download").await?;
        let download = last(browser, completed).await?;
        ensure!(download.name == "tree.zip", "{download:?}");
        let zip = disk.path().join("tree.zip");
        let unpacked = Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .args([&zip, disk.path()])
            .status()?;
        ensure!(unpacked.success());
        ensure!(digest(&disk.path().join("tree/deep/large"))? == digest(&sent)?);
        ensure!(fs::read_to_string(disk.path().join("tree/small"))? == "small");
        ensure!(private(browser).await? == json!([]), "it went another way");
        Ok(())
    })
    .await
}

/// Puts a file of nothing on the server that is long on its way, and begins to download it.
async fn begin_long(world: &World, disk: &TempDir) -> Result<Download> {
    let browser = world.browser();
    File::create(world.server()?.home().join("long.bin"))?.set_len(LONG)?;
    begin(world, disk).await?;
    click(browser, "long.bin").await?;
    browser.press("Download").await?;
    let moves = |last: &Download| last.state == "inProgress" && last.received > 4e6;
    last(browser, moves).await
}

#[tokio::test]
async fn who_cancels_in_the_browser_ends_the_transfer_and_may_begin_anew() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let download = begin_long(world, &disk).await?;
        // The browser's list has that.
        ensure!(browser.find(Role::Button, "Pause").await?.is_none());
        ensure!(browser.find(Role::Button, "Pause all").await?.is_none());
        let guid = json!({"guid": download.id});
        let devtools = browser.devtools();
        devtools.call(None, "Browser.cancelDownload", guid).await?;
        browser
            .says("cancelled in its list of downloads", PATIENCE)
            .await?;
        browser.says(NO_RESUME, PATIENCE).await?;
        ensure!(names(disk.path())?.is_empty(), "{:?}", names(disk.path())?);
        // Then by private storage, where it could be continued.
        let there = world.server()?.home().join("long.bin");
        File::options()
            .write(true)
            .open(&there)?
            .set_len(5_000_001)?;
        browser.press("Retry").await?;
        last(browser, completed).await?;
        ensure!(digest(&disk.path().join("long.bin"))? == digest(&there)?);
        browser.see(Role::Button, "Save again").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_connection_that_is_lost_leaves_nothing_that_looks_whole() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let disk = tempfile::tempdir()?;
        begin_long(world, &disk).await?;
        world.server_mut()?.kill().await?;
        let browser = world.browser();
        last(browser, |last| last.state == "canceled").await?;
        ensure!(names(disk.path())?.is_empty(), "{:?}", names(disk.path())?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_cancels_on_the_page_leaves_nothing_that_looks_whole() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        begin_long(world, &disk).await?;
        browser.press("Cancel").await?;
        last(browser, |last| last.state == "canceled").await?;
        browser.gone(Role::Region, "Transfers").await?;
        ensure!(names(disk.path())?.is_empty(), "{:?}", names(disk.path())?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_a_service_worker_a_download_goes_through_private_storage() -> Result<()> {
    const NEITHER: &str = "delete self.showSaveFilePicker;
        if (self.ServiceWorkerContainer) ServiceWorkerContainer.prototype.register = async () => { throw new Error('no'); };";
    let options = WorldOptions {
        browser: BrowserOptions {
            script: Some(NEITHER),
            ..BrowserOptions::default()
        },
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        let (from, disk) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let browser = world.browser();
        let sent = local(&from, "sent", 3_000_001)?;
        fs::copy(&sent, world.server()?.home().join("plain.bin"))?;
        open(world).await?;
        downloads_into(browser, disk.path()).await?;
        click(browser, "plain.bin").await?;
        browser.press("Download").await?;
        last(browser, completed).await?;
        ensure!(digest(&disk.path().join("plain.bin"))? == digest(&sent)?);
        browser.see(Role::Button, "Save again").await?;
        Ok(())
    })
    .await
}

/// How far any program has read a file, in bytes.
fn read_up_to(path: &Path) -> Result<u64> {
    let mut furthest = 0;
    for process in fs::read_dir("/proc")?.flatten() {
        let Ok(open) = fs::read_dir(process.path().join("fd")) else {
            continue;
        };
        for file in open.flatten() {
            if fs::read_link(file.path()).is_ok_and(|there| there == path) {
                let known = process.path().join("fdinfo").join(file.file_name());
                let known = fs::read_to_string(known).unwrap_or_default();
                let place = known.lines().find_map(|line| line.strip_prefix("pos:"));
                furthest = furthest.max(place.unwrap_or("0").trim().parse()?);
            }
        }
    }
    Ok(furthest)
}

#[tokio::test]
async fn a_browser_that_takes_nothing_more_is_sent_and_read_nothing_more() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let long = world.server()?.home().join("long.bin");
        File::create(&long)?.set_len(LONG)?;
        world.log_in().await?;
        speak(world).await?;
        // As the service worker, for a browser whose disk is full after three pieces.
        js(
            world,
            "const { port1, port2 } = new MessageChannel();
             globalThis.pieces = [];
             globalThis.disk = port2;
             const third = new Promise((done) => {
               port2.onmessage = ({ data }) => {
                 if (data.begin) globalThis.offer = data.begin;
                 if (data instanceof Uint8Array) pieces.push(data.length);
                 if (pieces.length >= 3) done();
                 else if (data !== 'alive') port2.postMessage('more');
                 if (data === 'alive') port2.postMessage('alive');
               };
             });
             files.send({type: 'download', transfer: 'slowslowslow', path: 'long.bin', verify: false}, port1);
             await third;",
        )
        .await?;
        let (before, mut now) = (std::cell::Cell::new(0), 0);
        until("nothing moves", PATIENCE, async || {
            // The server has answered all that was asked before this.
            js(world, "for (let n = 0; n < 20; n++) await files.ask({type: 'home'})").await?;
            now = read_up_to(&long)?;
            Ok(before.replace(now) == now && now > 0)
        })
        .await?;
        let seen = js(
            world,
            "return {pieces, offer, transfer: files.transfers.slowslowslow}",
        )
        .await?;
        ensure!(seen.pointer("/offer") == Some(&json!({"name": "long.bin", "size": LONG})), "{seen:#}");
        ensure!(seen.pointer("/transfer/streamed") == Some(&json!(true)), "{seen:#}");
        let pieces = seen.get("pieces").and_then(Value::as_array);
        let pieces: Vec<u64> = pieces.into_iter().flatten().filter_map(Value::as_u64).collect();
        ensure!(pieces.len() == 3, "{seen:#}");
        let given: u64 = pieces.iter().sum();
        let done = seen.pointer("/transfer/done").and_then(Value::as_u64).context("no progress")?;
        // One piece is held for the browser.
        ensure!(done <= given + (2 << 20), "{seen:#}");
        // Beside it what waits for the disk, and what may be in flight at most.
        ensure!(now <= given + (32 << 20), "{now} bytes were read for {given}");
        js(world, "disk.postMessage('cancelled')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_service_worker_asks_for_what_is_taken_and_answers_each_address_once() -> Result<()> {
    let options = WorldOptions {
        expected: vec!["404"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.script(KEEP, vec![]).await?;
        // As an engine, and as a browser that takes the bytes one by one.
        let seen = browser
            .script(
                "return (async () => {
                    const worker = (await navigator.serviceWorker.getRegistration()).active;
                    const offer = async (token, name, size) => {
                        const { port1, port2 } = new MessageChannel();
                        const reply = new MessageChannel();
                        const heard = new Promise((done) => { reply.port1.onmessage = done; });
                        worker.postMessage({ download: { token, name, size } }, [port2, reply.port2]);
                        await heard;
                        return port1;
                    };
                    const PIECE = 1 << 20;
                    let asked = 0, told = [], heard = () => {};
                    const port = await offer('first', `a'b(c)*é\\r\\n\"`, 40 * PIECE);
                    port.onmessage = ({ data }) => {
                        if (data === 'more') {
                            asked += 1;
                            if (asked <= 40) port.postMessage(new Uint8Array(PIECE));
                            else port.postMessage('end');
                        } else told.push(data);
                        heard();
                    };
                    const answer = await fetch('/download/first');
                    const headers = Object.fromEntries(answer.headers);
                    const again = (await fetch('/download/first')).status;
                    const reader = answer.body.getReader();
                    let taken = 0, ahead = 0;
                    for (;;) {
                        // Time for it to ask for more than it should.
                        await (await fetch('/engine.js')).text();
                        ahead = Math.max(ahead, asked * PIECE - taken);
                        const { done, value } = await reader.read();
                        if (done) break;
                        taken += value.length;
                    }
                    // One that breaks off, and one that is given up.
                    const broken = await offer('second', 'x', null);
                    broken.onmessage = () => broken.postMessage('abort');
                    const failed = await fetch('/download/second').then((it) => it.arrayBuffer()).then(() => 'whole', () => 'failed');
                    const given = await offer('third', 'x', null);
                    const stopped = new Promise((done) => {
                        given.onmessage = ({ data }) => data === 'more' ? given.postMessage(new Uint8Array(PIECE)) : done(data);
                    });
                    const third = (await fetch('/download/third')).body.getReader();
                    await third.read();
                    await third.cancel();
                    return { headers, again, taken, ahead, told, failed, stopped: await stopped };
                })()",
                vec![],
            )
            .await?;
        let header = |name: &str| seen.pointer(&format!("/headers/{name}")).and_then(Value::as_str);
        let name = "attachment; filename*=UTF-8''a%27b%28c%29%2A%C3%A9%0D%0A%22";
        ensure!(header("content-disposition") == Some(name), "{seen:#}");
        ensure!(header("content-type") == Some("application/octet-stream"), "{seen:#}");
        ensure!(header("x-content-type-options") == Some("nosniff"), "{seen:#}");
        ensure!(header("content-security-policy") == Some("default-src 'none'; sandbox"), "{seen:#}");
        ensure!(header("content-length") == Some("41943040"), "{seen:#}");
        ensure!(seen.get("again") == Some(&json!(404)), "{seen:#}");
        ensure!(seen.get("taken") == Some(&json!(40 << 20)), "{seen:#}");
        ensure!(seen.get("told") == Some(&json!(["ended"])), "{seen:#}");
        let ahead = seen.get("ahead").and_then(Value::as_u64).context("no figure")?;
        ensure!(ahead <= 6 << 20, "{ahead} bytes ahead");
        ensure!(seen.get("failed") == Some(&json!("failed")), "{seen:#}");
        ensure!(seen.get("stopped") == Some(&json!("cancelled")), "{seen:#}");
        Ok(())
    })
    .await
}
