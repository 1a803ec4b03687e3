//! Downloads in browsers that give a page no access to the disk: they go there as they arrive, by the
//! service worker.

use std::fs::{self, File};
use std::mem;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

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

/// Bytes of a file that is on its way for longer than any test looks at it, at [`SLOWLY`].
const LONG: u64 = 300 << 20;

/// Bytes in a second of a slow server.
const SLOWLY: u32 = 2_000_000;

/// What the page shows of a download that broke off.
const NO_RESUME: &str = "cannot be continued there: Retry begins anew";

/// For whatever takes its time on a machine with much to do.
const LONGER: Duration = Duration::from_mins(1);

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
    until("a download is as it should be", LONGER, async || {
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

/// The browser keeps nothing in the folder. It removes its part some time after it has told the end.
async fn nothing_is_left(disk: &TempDir) -> Result<()> {
    until("nothing is left of the download", LONGER, async || {
        Ok(fs::read_dir(disk.path())?.next().is_none())
    })
    .await
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
        ensure!(digest(&disk.path().join("deep/large"))? == digest(&sent)?);
        ensure!(fs::read_to_string(disk.path().join("small"))? == "small");
        ensure!(private(browser).await? == json!([]), "it went another way");
        Ok(())
    })
    .await
}

/// Makes the server's SFTP subsystem answer slowly.
fn slow(world: &World) -> Result<()> {
    let server = world.server()?;
    let usual = "/usr/lib/openssh/sftp-server";
    let [copy, slow] = ["copy", "slow"].map(|name| server.home().join(".ssh").join(name));
    fs::copy(usual, &copy)?;
    let script = format!(
        "#!/usr/bin/env python3
import os, subprocess, sys, time
server = subprocess.Popen(['{}', *sys.argv[1:]], stdout=subprocess.PIPE)
while piece := os.read(server.stdout.fileno(), 32768):
    time.sleep(len(piece) / {SLOWLY})
    while piece: piece = piece[os.write(1, piece):]
",
        copy.display()
    );
    fs::write(&slow, script)?;
    for file in [&copy, &slow] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    let slow = slow.to_str().context("the folder's path is not text")?;
    server.inside(&["mount", "--bind", slow, usual])?;
    Ok(())
}

/// Puts a file of nothing on the server that is long on its way, and begins to download it.
async fn begin_long(world: &World, disk: &TempDir) -> Result<Download> {
    let browser = world.browser();
    slow(world)?;
    File::create(world.server()?.home().join("long.bin"))?.set_len(LONG)?;
    begin(world, disk).await?;
    click(browser, "long.bin").await?;
    browser.press("Download").await?;
    let moves = |last: &Download| last.state == "inProgress" && last.received > 1e6;
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
        nothing_is_left(&disk).await?;
        // Then by private storage, where it could be continued.
        let there = world.server()?.home().join("long.bin");
        let file = File::options().write(true).open(&there)?;
        file.set_len(3_000_001)?;
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
        nothing_is_left(&disk).await?;
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
        nothing_is_left(&disk).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_leaves_the_page_leaves_nothing_that_looks_whole() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        begin_long(world, &disk).await?;
        browser.reload().await?;
        last(browser, |last| last.state == "canceled").await?;
        nothing_is_left(&disk).await
    })
    .await
}

#[tokio::test]
async fn what_cannot_be_read_is_told_before_the_browser_hears_of_a_download() -> Result<()> {
    scenario(Need::Share, without_access(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let closed = world.server()?.home().join("closed.bin");
        fs::write(&closed, "mine")?;
        chown(&closed, Some(0), Some(0))?;
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o600))?;
        begin(world, &disk).await?;
        click(browser, "closed.bin").await?;
        browser.press("Download").await?;
        browser.says("permission denied", LONGER).await?;
        ensure!(browser.devtools().ledger().downloads().is_empty());
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
        let (mut equal, mut now) = (0, 0);
        until("nothing moves", LONGER, async || {
            // The server has answered all that was asked before this.
            js(world, "for (let n = 0; n < 20; n++) await files.ask({type: 'home'})").await?;
            let before = mem::replace(&mut now, read_up_to(&long)?);
            // More is in flight than what was handed over.
            equal = if now == before && now > 4 << 20 { equal + 1 } else { 0 };
            Ok(equal >= 5)
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
