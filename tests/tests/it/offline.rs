//! Without a network: the page starts, and says at once what is missing. Nothing secret is kept
//! for that, and a new version asks before it takes over.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, RelayOptions, Role, World, WorldOptions, scenario, until};

/// Asks for the files now instead of in a quiet moment, and waits until they are all there.
pub(crate) const KEEP: &str = "
    return navigator.serviceWorker.register('/service-worker.js')
        .then(() => navigator.serviceWorker.ready).then(() => true)";

/// Addresses and contents of all that is kept.
const KEPT: &str = "
    const all = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const answer = await cache.match(request);
            const text = new TextDecoder('latin1').decode(await answer.arrayBuffer());
            all.push([new URL(request.url).pathname + new URL(request.url).search, text]);
        }
    }
    return all;";

async fn kept(world: &World) -> Result<Vec<(String, String)>> {
    let run = format!("return (async () => {{ {KEPT} }})()");
    let all = world.browser().script(&run, vec![]).await?;
    let all = all.as_array().context("no list")?.clone();
    let text = |pair: &Value, at: usize| pair.get(at).and_then(Value::as_str).map(str::to_owned);
    all.iter()
        .map(|pair| {
            Ok((
                text(pair, 0).context("no path")?,
                text(pair, 1).context("no text")?,
            ))
        })
        .collect()
}

#[tokio::test]
async fn the_page_starts_without_a_network_up_to_the_moment_of_connecting() -> Result<()> {
    let options = WorldOptions {
        expected: vec!["ERR_CONNECTION_REFUSED", "WebSocket connection to"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.browser().script(KEEP, vec![]).await?;
        let address = world.server()?.address();
        world.relay_mut().0.stop();
        world.home().await?;
        world.dial(&address).await?;
        world.fails("Can't reach the relay", "Retry").await?;
        // What only some need is there as well.
        world.browser().key(Key::F1).await?;
        world.browser().see(Role::Dialog, "Commands").await?;
        world.browser().key(Key::Escape).await?;
        let (relay, artifacts) = world.relay_mut();
        relay.restart(artifacts).await?;
        world.browser().press("Retry").await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn only_files_of_the_page_are_kept_and_after_the_first_shell() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        world.run("echo plum''-7731", "plum-7731").await?;
        // By itself, in a quiet moment.
        let ready = "return navigator.serviceWorker.ready.then(() => true)";
        browser.script(ready, vec![]).await?;
        let kept = kept(world).await?;
        ensure!(kept.len() > 10, "{} files", kept.len());
        let site = Path::new(world.relay().site());
        for (path, text) in &kept {
            let file = if path == "/" { "/index.html" } else { path };
            ensure!(
                site.join(&file[1..]).is_file(),
                "{path} is no file of the page"
            );
            for secret in [PASSWORD, "plum-7731"] {
                ensure!(!text.contains(secret), "{path} holds what was typed");
            }
        }
        for needed in ["/", "/engine.js"] {
            ensure!(
                kept.iter().any(|(path, _)| path == needed),
                "{needed} is missing"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_version_asks_before_it_reloads_and_shells_go_on() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let folder = tempfile::tempdir()?;
        copy(Path::new(world.relay().site()), folder.path())?;
        let options = RelayOptions {
            port: Some(world.relay().port()),
            site: Some(folder.path().to_owned()),
            ..RelayOptions::default()
        };
        let (relay, artifacts) = world.relay_mut();
        relay.stop();
        *relay = transom_tests::RelayProcess::start(&options, artifacts).await?;
        world.log_in().await?;
        world.run("echo go''es on", "goes on").await?;
        let browser = world.browser();
        let ready = "return navigator.serviceWorker.ready.then(() => true)";
        browser.script(ready, vec![]).await?;
        // Another version: one byte more in the page is enough.
        change(folder.path())?;
        let look = "return navigator.serviceWorker.getRegistration().then((it) => it.update()).then(() => 1)";
        browser.script(look, vec![]).await?;
        browser.says("A new version is ready", PATIENCE).await?;
        browser.press("Later").await?;
        browser.gone(Role::Region, "Update").await?;
        world.run("echo la''ter", "later").await?;
        // A page that comes later is told of it again; it has the old version still.
        browser.reload().await?;
        browser.shows("later").await?;
        let version = "return document.querySelector('meta[name=version-of-test]') !== null";
        assert_eq!(browser.script(version, vec![]).await?, json!(false));
        browser.says("A new version is ready", PATIENCE).await?;
        browser.press("Reload").await?;
        until("the new version is there", PATIENCE, async || {
            Ok(browser.script(version, vec![]).await? == json!(true))
        })
        .await?;
        browser.shows("later").await?;
        browser.focus_terminal().await?;
        world.run("echo sti''ll", "still").await?;
        assert_eq!(world.server()?.attempts("password"), 1);
        Ok(())
    })
    .await
}

/// Makes another version of a site: another page, and the digest of it for who keeps it.
fn change(site: &Path) -> Result<()> {
    let page = site.join("index.html");
    let before = fs::read_to_string(&page)?;
    let after = before.replace("<head>", "<head><meta name=\"version-of-test\">");
    let keeper = site.join("service-worker.js");
    let script = fs::read_to_string(&keeper)?;
    let (old, new) = (integrity(&before)?, integrity(&after)?);
    ensure!(
        script.contains(&old),
        "the digest of the page is not in its list"
    );
    let script = script
        .replace(&old, &new)
        .replace("const VERSION = \"", "const VERSION = \"next-");
    for (path, text) in [(page, after), (keeper, script)] {
        for ending in ["br", "gz"] {
            let mut compressed = path.clone().into_os_string();
            compressed.push(format!(".{ending}"));
            // A site that was built for development has none.
            let _ = fs::remove_file(compressed);
        }
        fs::write(path, text)?;
    }
    Ok(())
}

fn integrity(text: &str) -> Result<String> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut program = Command::new("sh")
        .args(["-c", "openssl dgst -sha256 -binary | openssl base64 -A"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    program
        .stdin
        .take()
        .context("no pipe")?
        .write_all(text.as_bytes())?;
    let output = program.wait_with_output()?;
    Ok(format!(
        "sha256-{}",
        String::from_utf8(output.stdout)?.trim()
    ))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_page_can_be_installed_and_opens_links_of_its_own_kind() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        let session = browser.page_session().await?;
        let devtools = browser.devtools();
        let answer = devtools
            .call(Some(&session), "Page.getAppManifest", json!({}))
            .await?;
        assert_eq!(answer.pointer("/errors"), Some(&json!([])), "{answer}");
        let text = answer.pointer("/data").and_then(Value::as_str);
        let manifest: Value = serde_json::from_str(text.context("no manifest")?)?;
        let icons = manifest.pointer("/icons").and_then(Value::as_array);
        for icon in icons.context("no icons")? {
            let load = "return fetch(arguments[0]).then((answer) => answer.blob())
                .then((blob) => createImageBitmap(blob)).then((image) => image.width)";
            let source = icon.get("src").cloned().context("no address")?;
            if icon.get("type") == Some(&json!("image/png")) {
                let width = browser.script(load, vec![source]).await?;
                let sizes = icon
                    .get("sizes")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                ensure!(sizes.starts_with(&width.to_string()), "{icon}: {width}");
            }
        }
        let handler = manifest.pointer("/protocol_handlers/0/url");
        assert_eq!(handler, Some(&json!("/#/connect/%s")));
        // What a browser makes of a link.
        let target = format!("web+ssh://{}", world.server()?.address());
        let encode = "return encodeURIComponent(arguments[0])";
        let part = browser.script(encode, vec![target.into()]).await?;
        let part = part.as_str().context("no text")?.to_owned();
        browser
            .open(&format!("{}/#/connect/{part}", world.origin()))
            .await?;
        browser.see(Role::Dialog, "Unknown host key").await?;
        Ok(())
    })
    .await
}
