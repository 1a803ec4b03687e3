//! What changes while a transfer rests, and what runs out: each is noticed and told in words.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_tests::{Need, World, WorldOptions, scenario};

use crate::files::{begin, digest, js, names, state};

/// Bytes of a file that is on its way for some moments.
const SIZE: u64 = 40_000_003;

/// The transfer's name, and with it that of its part.
const PART: &str = ".large.bin.restrestrest.part";

/// Begins to upload a file and rests when a part of it is there; gives the file's SHA-256.
async fn rest(world: &World) -> Result<Value> {
    begin(world).await?;
    js(
        world,
        &format!(
            "globalThis.file = await files.make('large', {SIZE});
             const digest = await files.digestOf(file);
             files.send({{type: 'upload', transfer: 'restrestrest', target: 'large.bin',
                          conflict: 'ask', verify: false}}, file);
             await files.until(() => files.transfers.restrestrest?.done > 5000000);
             files.send({{type: 'pause', transfer: 'restrestrest'}});
             await files.until(() => files.transfers.restrestrest.state.type === 'paused');
             return digest;"
        ),
    )
    .await
}

/// Goes on, to whatever end.
async fn go_on(world: &World) -> Result<Value> {
    js(
        world,
        "files.send({type: 'continue', transfer: 'restrestrest', conflict: null});
         await files.until(() => files.transfers.restrestrest.state.type !== 'paused');
         return files.ended('restrestrest');",
    )
    .await
}

fn part(world: &World) -> Result<PathBuf> {
    let part = world.server()?.home().join(PART);
    ensure!(part.exists(), "there is no part");
    Ok(part)
}

/// The first note of a transfer that went well.
fn note(end: &Value) -> Result<&str> {
    ensure!(state(end) == "done", "{end:#}");
    let note = end.pointer("/state/notes/0").and_then(Value::as_str);
    note.context("there is no note")
}

/// A transfer failed for this reason, with words for a person, and nothing has the final name.
fn failed(world: &World, end: &Value, code: &str, words: &str) -> Result<()> {
    ensure!(state(end) == "failed", "{end:#}");
    let failure = end.pointer("/state/failure").context("no failure")?;
    ensure!(failure.get("code") == Some(&json!(code)), "{end:#}");
    let detail = failure.get("detail").and_then(Value::as_str);
    ensure!(
        detail.is_some_and(|detail| detail.contains(words)),
        "{end:#}"
    );
    ensure!(!world.server()?.home().join("large.bin").exists());
    Ok(())
}

#[tokio::test]
async fn a_part_that_was_cut_on_the_server_is_continued_from_there() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let sent = rest(world).await?;
        fs::OpenOptions::new()
            .write(true)
            .open(part(world)?)?
            .set_len(3_000_000)?;
        let end = go_on(world).await?;
        ensure!(
            note(&end)?.starts_with("Continued after 3000000 bytes"),
            "{end:#}"
        );
        ensure!(json!(digest(world, "large.bin")?) == sent);
        ensure!(names(world)? == ["large.bin"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_part_that_was_edited_on_the_server_is_begun_anew_and_told() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let sent = rest(world).await?;
        let mut content = fs::read(part(world)?)?;
        let middle = content.len() / 2;
        content[middle] ^= 1;
        fs::write(part(world)?, content)?;
        let end = go_on(world).await?;
        ensure!(
            note(&end)?.contains("had changed, so it began anew"),
            "{end:#}"
        );
        ensure!(json!(digest(world, "large.bin")?) == sent);
        ensure!(names(world)? == ["large.bin"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_source_that_changed_here_is_told_and_gets_no_final_name() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        rest(world).await?;
        js(
            world,
            "const root = await navigator.storage.getDirectory();
             const stream = await (await root.getFileHandle('large')).createWritable();
             await stream.write('another text');
             await stream.close();",
        )
        .await?;
        let end = go_on(world).await?;
        failed(
            world,
            &end,
            "local-changed",
            "has changed since it was chosen",
        )
    })
    .await
}

#[tokio::test]
async fn a_source_that_changed_on_the_server_is_begun_anew_and_told() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let home = world.server()?.home();
        fs::File::create(home.join("large.bin"))?.set_len(1 << 28)?;
        begin(world).await?;
        js(
            world,
            "files.send({type: 'download', transfer: 'restrestrest', path: 'large.bin', verify: false});
             await files.until(() => files.transfers.restrestrest?.done > 5000000);
             files.send({type: 'pause', transfer: 'restrestrest'});
             await files.until(() => files.transfers.restrestrest.state.type === 'paused');",
        )
        .await?;
        fs::write(home.join("large.bin"), vec![7; 10_000_001])?;
        let end = go_on(world).await?;
        ensure!(note(&end)?.contains("had changed, so it began anew"), "{end:#}");
        let back = js(world, "return files.digest('restrestrest')").await?;
        ensure!(json!(digest(world, "large.bin")?) == back);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_full_disk_is_told_and_the_rest_follows_when_there_is_room() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let server = world.server()?;
        let full = server.home().join("full");
        fs::create_dir(&full)?;
        // Only the server's own namespace sees what is mounted.
        let full = full.to_str().context("the folder's path is not text")?;
        let mount = |option: &str| {
            let arguments = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", full];
            server.inside(&arguments)
        };
        mount("size=8m,mode=777")?;
        begin(world).await?;
        let seen = js(
            world,
            "globalThis.file = await files.make('large', 20000001);
             const end = await files.upload('restrestrest', 'full/large.bin', file);
             return {end, digest: await files.digestOf(file)}",
        )
        .await?;
        let end = seen.get("end").context("no end")?;
        failed(world, end, "full", "no room left on the server for")?;
        let listed = server.inside(&["ls", "-A", full])?;
        ensure!(listed == ".large.bin.restrestrest.part\n", "{listed}");

        mount("remount,size=64m,mode=777")?;
        let end = js(
            world,
            "files.send({type: 'continue', transfer: 'restrestrest', conflict: null});
             await files.until(() => files.transfers.restrestrest.state.type !== 'failed');
             return files.ended('restrestrest');",
        )
        .await?;
        ensure!(note(&end)?.starts_with("Continued after"), "{end:#}");
        let line = server.inside(&["sha256sum", &format!("{full}/large.bin")])?;
        let digest = seen
            .get("digest")
            .and_then(Value::as_str)
            .context("no digest")?;
        ensure!(line.starts_with(digest), "{line}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_that_may_no_longer_be_written_is_told() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let home = world.server()?.home();
        rest(world).await?;
        // The account keeps the part and loses the folder: the last step is refused.
        chown(&home, Some(0), Some(0))?;
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755))?;
        let end = go_on(world).await?;
        failed(world, &end, "denied", "permission denied")
    })
    .await
}

#[tokio::test]
async fn a_part_of_somebody_else_is_replaced_where_that_is_allowed_and_told_where_not() -> Result<()>
{
    scenario(Need::Share, WorldOptions::default(), async |world| {
        rest(world).await?;
        let part = part(world)?;
        let folder = world.server()?.home();
        chown(&part, Some(0), Some(0))?;
        fs::set_permissions(&part, fs::Permissions::from_mode(0o600))?;
        // As in /tmp: only who owns a file may remove it.
        let usual = fs::metadata(&folder)?;
        chown(&folder, Some(0), None)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o1777))?;
        let end = go_on(world).await?;
        failed(world, &end, "denied", "belongs to somebody else")?;
        failed(world, &end, "denied", "have its owner remove it")?;
        chown(
            &folder,
            Some(std::os::unix::fs::MetadataExt::uid(&usual)),
            None,
        )?;
        fs::set_permissions(&folder, usual.permissions())?;
        let end = js(
            world,
            "files.send({type: 'continue', transfer: 'restrestrest', conflict: null});
             await files.until(() => files.transfers.restrestrest.state.type !== 'failed');
             return files.ended('restrestrest');",
        )
        .await?;
        ensure!(state(&end) == "done", "{end:#}");
        ensure!(names(world)? == ["large.bin"], "{:?}", names(world)?);
        Ok(())
    })
    .await
}
