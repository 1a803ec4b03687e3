//! Files: between the browser's storage and the server's disk, through the engine of a real page.

use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_tests::{Need, World, WorldOptions, scenario};

/// Speaks to the engine as a second page would.
const SPEAKER: &str = include_str!("../../src/files.js");

/// Bytes of a file that is large and yet quick.
const LARGE: u64 = 40_000_003;

/// Runs JavaScript beside the page and gives what it returns.
pub(crate) async fn js(world: &World, body: &str) -> Result<Value> {
    let browser = world.browser();
    let session = browser.page_session().await?;
    let code = format!("(async () => {{ const files = globalThis.transomFiles; {body} }})()");
    browser.devtools().evaluate(&session, &code).await
}

/// Logs in and makes the speaker.
pub(crate) async fn begin(world: &World) -> Result<()> {
    world.log_in().await?;
    speak(world).await
}

pub(crate) async fn speak(world: &World) -> Result<()> {
    let browser = world.browser();
    let session = browser.page_session().await?;
    let code = format!("(async () => {{ {SPEAKER} }})()");
    browser.devtools().evaluate(&session, &code).await?;
    Ok(())
}

/// SHA-256 of a file in the account's home, by a program that is not ours.
pub(crate) fn digest(world: &World, name: &str) -> Result<String> {
    crate::files_screen::digest(&world.server()?.home().join(name))
}

/// Names in the account's home, hidden ones of ours included.
pub(crate) fn names(world: &World) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(world.server()?.home())?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>>>()?;
    names.retain(|name| !name.starts_with(".bash") && name != ".ssh" && name != ".cache");
    names.sort();
    Ok(names)
}

pub(crate) fn state(transfer: &Value) -> &str {
    let state = transfer.pointer("/state/type").and_then(Value::as_str);
    state.unwrap_or("no state")
}

#[tokio::test]
async fn a_large_file_goes_up_and_down_unharmed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let sent = js(
            world,
            &format!(
                "const file = await files.make('large', {LARGE});
                 const digest = await files.digestOf(file);
                 const up = await files.upload('uploaduploadupload', 'a/b/large.bin', file);
                 const down = await files.download('downloaddownload', 'a/b/large.bin');
                 return {{digest, up, down, back: await files.digest('downloaddownload')}};"
            ),
        )
        .await?;
        ensure!(sent.pointer("/up").map(state) == Some("done"), "{sent:#}");
        ensure!(sent.pointer("/down").map(state) == Some("done"), "{sent:#}");
        let expected = sent
            .get("digest")
            .and_then(Value::as_str)
            .context("no digest")?;
        ensure!(digest(world, "a/b/large.bin")? == expected);
        ensure!(sent.get("back").and_then(Value::as_str) == Some(expected));
        ensure!(names(world)? == ["a"], "{:?}", names(world)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_is_listed_changed_and_removed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let seen = js(
            world,
            "const ask = files.ask;
             const home = await ask({type: 'home'});
             await ask({type: 'make-folder', path: 'new'});
             const taken = await ask({type: 'make-folder', path: 'new'});
             await ask({type: 'write', path: 'new/note', expected: null},
                       new TextEncoder().encode('hello'));
             await ask({type: 'set-attributes', path: 'new/note', mode: 0o600, owner: null, modified: 7});
             await ask({type: 'make-link', target: 'note', link: 'new/link'});
             const listed = await ask({type: 'list', path: 'new'});
             const read = await ask({type: 'read', path: 'new/note', offset: 0, length: 100});
             const count = await ask({type: 'count', paths: ['new']});
             const removed = await ask({type: 'remove', paths: ['new']});
             const gone = await ask({type: 'stat', path: 'new'});
             return {home, taken, listed, text: new TextDecoder().decode(read.bytes), count, removed, gone};",
        )
        .await?;
        let at = |path: &str| seen.pointer(path).cloned().unwrap_or(Value::Null);
        let home = world.server()?.home().display().to_string();
        ensure!(at("/home/path") == json!(home), "{seen:#}");
        ensure!(at("/taken/failure/code") == json!("exists"), "{seen:#}");
        ensure!(at("/listed/path") == json!(format!("{home}/new")), "{seen:#}");
        ensure!(at("/listed/entries").as_array().map(Vec::len) == Some(2), "{seen:#}");
        ensure!(at("/text") == json!("hello"), "{seen:#}");
        ensure!(at("/count/files") == json!(2), "{seen:#}");
        ensure!(at("/removed/folders") == json!(1), "{seen:#}");
        ensure!(at("/gone/failure/code") == json!("not-found"), "{seen:#}");
        ensure!(names(world)?.is_empty(), "{:?}", names(world)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_paused_upload_is_hidden_and_continues_where_it_was() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let digest_sent = js(
            world,
            &format!(
                "globalThis.file = await files.make('large', {LARGE});
                 files.send({{type: 'upload', transfer: 'pausepausepause', target: 'large.bin',
                              conflict: 'ask', verify: false}}, file);
                 await files.until(() => files.transfers.pausepausepause?.done > 5000000);
                 files.send({{type: 'pause', transfer: 'pausepausepause'}});
                 await files.until(() => files.transfers.pausepausepause.state.type === 'paused');
                 return files.digestOf(file);"
            ),
        )
        .await?;
        ensure!(
            names(world)? == [".large.bin.pausepausepause.part"],
            "{:?}",
            names(world)?
        );
        let end = js(
            world,
            "files.send({type: 'continue', transfer: 'pausepausepause', conflict: null});
             await files.until(() => files.transfers.pausepausepause.state.type !== 'paused');
             return files.ended('pausepausepause');",
        )
        .await?;
        ensure!(state(&end) == "done", "{end:#}");
        let note = end.pointer("/state/notes/0").and_then(Value::as_str);
        ensure!(
            note.is_some_and(|note| note.starts_with("Continued after")),
            "{end:#}"
        );
        ensure!(json!(digest(world, "large.bin")?) == digest_sent);
        ensure!(names(world)? == ["large.bin"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_name_that_is_taken_is_asked_about() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let seen = js(
            world,
            "const up = (id, text, conflict) =>
               files.upload(id, 'note.txt', new File([text], 'note.txt'), conflict);
             const first = await up('firstfirst', 'one', 'ask');
             const asked = await up('askedasked', 'two', 'ask');
             const both = await up('bothbothboth', 'three', 'keep-both');
             const skipped = await up('skippedskipped', 'four', 'skip');
             files.send({type: 'continue', transfer: 'askedasked', conflict: 'replace'});
             await files.until(() => files.transfers.askedasked.state.type !== 'failed');
             const replaced = await files.ended('askedasked');
             const empty = await files.upload('emptyempty', 'empty', new File([], 'empty'));
             return {first, asked, both, skipped, replaced, empty};",
        )
        .await?;
        let at = |path: &str| seen.pointer(path).cloned().unwrap_or(Value::Null);
        ensure!(at("/first/state/type") == json!("done"), "{seen:#}");
        ensure!(
            at("/asked/state/failure/code") == json!("exists"),
            "{seen:#}"
        );
        ensure!(at("/skipped/state/type") == json!("skipped"), "{seen:#}");
        ensure!(at("/replaced/state/type") == json!("done"), "{seen:#}");
        ensure!(at("/empty/state/type") == json!("done"), "{seen:#}");
        ensure!(
            names(world)? == ["empty", "note (2).txt", "note.txt"],
            "{:?}",
            names(world)?
        );
        ensure!(world.server()?.file("note.txt") == "two");
        ensure!(world.server()?.file("note (2).txt") == "three");
        Ok(())
    })
    .await
}

/// Plants a tree of small files and one that is larger, with a name that is none here.
fn plant(world: &World) -> Result<()> {
    let home = world.server()?.home();
    std::fs::create_dir_all(home.join("tree/sub/empty"))?;
    for number in 0..300 {
        std::fs::write(home.join(format!("tree/sub/{number}")), vec![7; number])?;
    }
    std::fs::write(home.join("tree/large"), vec![9; 5_000_001])?;
    std::fs::write(home.join("tree/a:b"), "renamed")?;
    std::os::unix::fs::symlink("nothing", home.join("tree/dangles"))?;
    Ok(())
}

#[tokio::test]
async fn a_folder_comes_down_into_a_folder_or_as_a_zip() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        plant(world)?;
        let seen = js(
            world,
            "const root = await navigator.storage.getDirectory();
             const picked = await root.getDirectoryHandle('picked', {create: true});
             await picked.getFileHandle('tree', {create: true});
             files.send({type: 'download-folder', transfer: 'folderfolder', path: 'tree'}, picked);
             files.send({type: 'download-folder', transfer: 'zipzipzipzip', path: 'tree'});
             const folder = await files.ended('folderfolder');
             const zip = await files.ended('zipzipzipzip');
             const names = async (at) => {
               const all = [];
               for await (const [name, handle] of at.entries())
                 all.push(handle.kind === 'file' ? `${name} ${(await handle.getFile()).size}` : name);
               return all.sort();
             };
             const tree = await picked.getDirectoryHandle('tree (2)');
             const sub = await names(await tree.getDirectoryHandle('sub'));
             const zips = await root.getDirectoryHandle('transom-downloads');
             const whole = await (await zips.getFileHandle('zipzipzipzip')).getFile();
             const bytes = new Uint8Array(await whole.arrayBuffer());
             const end = new TextDecoder('latin1').decode(bytes.slice(-22, -18));
             return {folder, zip, tree: await names(tree), sub: sub.length, end, entries: bytes.at(-12) + 256 * bytes.at(-11)};",
        )
        .await?;
        let at = |path: &str| seen.pointer(path).cloned().unwrap_or(Value::Null);
        for way in ["folder", "zip"] {
            ensure!(at(&format!("/{way}/state/type")) == json!("done"), "{seen:#}");
            let notes = at(&format!("/{way}/state/notes")).to_string();
            ensure!(notes.contains("dangles was left out"), "{notes}");
            ensure!(notes.contains("is called a_b here"), "{notes}");
            ensure!(at(&format!("/{way}/files_total")) == json!(303), "{seen:#}");
        }
        ensure!(at("/folder/picked") == json!(true) && at("/zip/picked") == json!(false));
        ensure!(at("/zip/local_name") == json!("tree.zip"), "{seen:#}");
        ensure!(at("/tree") == json!(["a_b 7", "large 5000001", "sub"]), "{seen:#}");
        ensure!(at("/sub") == json!(301), "{seen:#}");
        ensure!(at("/end") == json!("PK\u{5}\u{6}"), "{seen:#}");
        ensure!(at("/entries") == json!(304), "{seen:#}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_there_is_continued_where_it_is_the_beginning() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        begin(world).await?;
        let home = world.server()?.home();
        for (name, text) in [("log.txt", "one two "), ("other.txt", "something else")] {
            std::fs::write(home.join(name), text)?;
            // The account is not the one that the test runs as.
            std::fs::set_permissions(home.join(name), std::fs::Permissions::from_mode(0o666))?;
        }
        let seen = js(
            world,
            "const up = (id, name) =>
               files.upload(id, name, new File(['one two three'], name), 'resume');
             return {same: await up('samesame', 'log.txt'), other: await up('otherother', 'other.txt')};",
        )
        .await?;
        let at = |path: &str| seen.pointer(path).cloned().unwrap_or(Value::Null);
        ensure!(at("/same/state/type") == json!("done"), "{seen:#}");
        ensure!(at("/other/state/failure/code") == json!("differs"), "{seen:#}");
        ensure!(world.server()?.file("log.txt") == "one two three");
        ensure!(world.server()?.file("other.txt") == "something else");
        Ok(())
    })
    .await
}
