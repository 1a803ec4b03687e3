//! Targets that do not take what is sent to them, and names that are hard to carry: each behaves, and says
//! what happened.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_tests::{Need, World, WorldOptions, scenario};

use crate::files::{begin, js, names, state};
use crate::files_liar::at;

/// An upload failed for this reason, with words for a person.
fn failed(end: &Value, code: &str, words: &str) -> Result<()> {
    ensure!(state(end) == "failed", "{end:#}");
    ensure!(at(end, "/state/failure/code") == json!(code), "{end:#}");
    let detail = at(end, "/state/failure/detail").to_string();
    ensure!(detail.contains(words), "{detail}");
    Ok(())
}

/// The size that the server allows a file, in blocks of 512 bytes.
const MOST_BLOCKS: u32 = 16_384;

/// Lets no file of the server's SFTP subsystem grow beyond a size, as a quota does: there is room on the disk.
fn limit_files(world: &World) -> Result<()> {
    let server = world.server()?;
    let (usual, copy, limited) = (
        "/usr/lib/openssh/sftp-server",
        server.home().join(".ssh/sftp-server"),
        server.home().join(".ssh/limited"),
    );
    fs::copy(usual, &copy)?;
    let script = format!(
        "#!/bin/sh\ntrap '' XFSZ\nulimit -f {MOST_BLOCKS}\nexec {} \"$@\"\n",
        copy.display()
    );
    fs::write(&limited, script)?;
    for file in [&copy, &limited] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    let limited = limited.to_str().context("the folder's path is not text")?;
    server.inside(&["mount", "--bind", limited, usual])?;
    Ok(())
}

#[tokio::test]
async fn a_quota_is_told_apart_from_a_full_disk() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        limit_files(world)?;
        begin(world).await?;
        let seen = js(
            world,
            "const file = await files.make('large', 20000001);
             return files.upload('quotaquotaquota', 'large.bin', file)",
        )
        .await?;
        failed(&seen, "full", "(quota) may be used up")?;
        ensure!(!world.server()?.home().join("large.bin").exists());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn targets_that_take_nothing_are_told_apart() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let home = world.server()?.home();
        let fixed = home.join("fixed");
        fs::create_dir(&fixed)?;
        chown(&fixed, Some(0), Some(0))?;
        symlink("nowhere/at/all", home.join("dangling"))?;
        symlink("loop", home.join("loop"))?;
        fs::create_dir(home.join("folder"))?;
        begin(world).await?;
        let seen = js(
            world,
            "const up = (id, target) => files.upload(id, target, new File(['text'], 'text'), 'replace');
             return {fixed: await up('fixedfixed', 'fixed/new'), dangling: await up('danglingdangling', 'dangling'),
                     loop: await up('looploop', 'loop'), folder: await up('folderfolder', 'folder'),
                     link: await files.ask({type: 'stat', path: 'loop'})};",
        )
        .await?;
        failed(&at(&seen, "/fixed"), "denied", "permission denied")?;
        failed(&at(&seen, "/dangling"), "not-found", "there is no such file or folder")?;
        ensure!(state(&at(&seen, "/loop")) == "failed", "{seen:#}");
        failed(&at(&seen, "/folder"), "not-a-file", "is not an ordinary file")?;
        ensure!(at(&seen, "/link/entry/kind") == json!("link"), "{seen:#}");
        ensure!(at(&seen, "/link/entry/target_kind") == Value::Null, "{seen:#}");
        ensure!(names(world)? == ["dangling", "fixed", "folder", "loop"], "{:?}", names(world)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tree_with_links_that_lead_nowhere_or_around_comes_down_and_says_so() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let tree = world.server()?.home().join("tree");
        fs::create_dir_all(tree.join("deep"))?;
        fs::write(tree.join("deep/file"), "text")?;
        symlink("nowhere", tree.join("dangling"))?;
        symlink("loop", tree.join("loop"))?;
        symlink("..", tree.join("deep/around"))?;
        begin(world).await?;
        let seen = js(
            world,
            "files.send({type: 'download-folder', transfer: 'zipzipzipzip', path: 'tree'});
             return files.ended('zipzipzipzip')",
        )
        .await?;
        ensure!(state(&seen) == "done", "{seen:#}");
        let notes = at(&seen, "/state/notes").to_string();
        for name in [
            "dangling was left out",
            "loop was left out",
            "around was left out",
        ] {
            ensure!(notes.contains(name), "{name}: {notes}");
        }
        ensure!(
            notes.contains("1 files arrived, 3 were left out"),
            "{notes}"
        );
        // What is left out is done with, too.
        ensure!(at(&seen, "/files_done") == json!(4), "{seen:#}");
        Ok(())
    })
    .await
}

/// Names that are hard to carry through shells, pages and file systems.
const NAMES: [&[u8]; 6] = [
    b"with spaces ",
    b"it's \"quoted\" `too`",
    b"two\nlines",
    "🎉 crab 🦀".as_bytes(),
    b"-rf *",
    b"caf\xe9",
];

#[tokio::test]
async fn names_of_any_bytes_go_up_and_come_down_and_are_checked() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let home = world.server()?.home();
        // Paths that are no text are told as arrays of bytes.
        for (number, name) in NAMES.iter().enumerate() {
            let path = match core::str::from_utf8(name) {
                Ok(text) => json!(text),
                Err(_) => json!(name),
            };
            let seen = js(
                world,
                &format!(
                    "const path = {path};
                     files.send({{type: 'upload', transfer: 'upupupup{number}', target: path, conflict: 'ask',
                                  verify: true}}, new File(['content {number}'], 'name'));
                     const up = await files.ended('upupupup{number}');
                     const down = await files.download('downdown{number}', path);
                     return {{up, down, size: down.size}};"
                ),
            )
            .await?;
            let shown = String::from_utf8_lossy(name);
            ensure!(at(&seen, "/up/state/type") == json!("done"), "{shown}: {seen:#}");
            ensure!(at(&seen, "/down/state/type") == json!("done"), "{shown}: {seen:#}");
            // The hash was asked for, and the shell found the file by its name.
            let notes = at(&seen, "/up/state/notes").to_string();
            ensure!(notes.contains("The checksums are equal"), "{shown}: {notes}");
            let there = fs::read_to_string(home.join(std::ffi::OsStr::from_bytes(name)))?;
            ensure!(there == format!("content {number}"), "{shown}: {there}");
            ensure!(at(&seen, "/size") == json!(there.len()), "{shown}: {seen:#}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_devices_that_upload_one_name_do_not_mix() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let seen = js(
            world,
            "const one = await files.make('one', 30000001);
             const two = await files.make('two', 30000001);
             const up = (id, file) => files.upload(id, 'same.bin', file, 'replace');
             const ends = await Promise.all([up('deviceonedevice', one), up('devicetwodevice', two)]);
             return {ends, digests: [await files.digestOf(one), await files.digestOf(two)]};",
        )
        .await?;
        let done = |way: usize| at(&seen, &format!("/ends/{way}/state/type")) == json!("done");
        ensure!(done(0) || done(1), "{seen:#}");
        let whole = json!(crate::files::digest(world, "same.bin")?);
        let digests = at(&seen, "/digests");
        let digests = digests.as_array().context("no digests")?;
        ensure!(digests.contains(&whole), "{whole} is neither of {digests:?}");
        // Who came second to a name that was free is told, and its part waits to be continued.
        for way in [0, 1] {
            if !done(way) {
                failed(&at(&seen, &format!("/ends/{way}")), "exists", "exists")?;
            }
        }
        Ok(())
    })
    .await
}
