//! Servers that break the protocol, or try to get out of the terminal.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use transom_testkit::{Double, Hostile, Mode, Script};
use transom_tests::{
    Memory, Need, PATIENCE, Role, ServerOptions, TOLD_WITHIN, World, WorldOptions, scenario,
};

/// Most that the heaps of page and workers may grow while a server misbehaves.
const MOST_MIB: u64 = 16;

/// What the connection to it takes besides, whoever answers: a worker with its wasm instance and
/// compiled code, a terminal, and what the browser keeps in reserve. Measured once: 19 MiB,
/// while the heaps grew by less than 1.
const CONNECTION_MIB: u64 = 32;

/// A peer that only dawdles may take this long.
const DAWDLE: Duration = Duration::from_secs(30);

/// Longest time without an answer of the page that a person does not notice, and what a shared
/// machine of two cores adds to it.
const LONGEST_FRAME_MS: f64 = 200.0;

/// Title, clipboard write, link with a script, title report, DECRQSS, right-to-left override.
const ESCAPES: &str = "\x1b]0;owned\x07\x1b]52;c;ZWNobyBwd25lZAo=\x07\
     \x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07\x1b[21t\x1bP$q\x1b\\\u{202e}";

/// Begins to look for times in which the page does not answer.
const WATCH_FRAMES: &str = "
window.longestFrame = 0;
let last = performance.now();
const look = (now) => { longestFrame = Math.max(longestFrame, now - last); last = now; requestAnimationFrame(look); };
requestAnimationFrame(look);";

/// Nothing of the server's got out of its place.
async fn stays_in_its_place(world: &World) -> Result<()> {
    let browser = world.browser();
    let words = browser.words().await?;
    let foreign = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    ensure!(!words.contains(foreign), "control characters in {words:?}");
    let title = browser.driver().title().await?;
    ensure!(!title.contains("owned"), "the page is called {title}");
    Ok(())
}

async fn misbehaves(mode: Mode, within: Duration, headline: &str) -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        world.run("echo kept-$((60+6))", "kept-66").await?;
        browser.press_role(Role::Rail, "Home").await?;
        let hostile = Hostile::start(mode).await?;
        let before = browser.memory().await?;
        world
            .dial(&format!("tara@127.0.0.1:{}", hostile.port()))
            .await?;
        browser.says(headline, within).await?;
        browser.see(Role::Button, "Retry").await?;
        stays_in_its_place(world).await?;
        let after = browser.memory().await?;
        stayed_small(before, after)?;
        // The other connection lost nothing.
        browser.tab(0).await?;
        browser.shows("kept-66").await?;
        world.run("echo still-$((70+7))", "still-77").await
    })
    .await
}

#[tokio::test]
async fn endless_lines_before_the_version_are_given_up() -> Result<()> {
    misbehaves(Mode::EndlessGreeting, DAWDLE, "is not SSH").await
}

#[tokio::test]
async fn markup_of_a_web_server_is_shown_as_text() -> Result<()> {
    misbehaves(Mode::Http, TOLD_WITHIN, "is not SSH").await
}

#[tokio::test]
async fn a_packet_of_four_gibibytes_is_refused() -> Result<()> {
    misbehaves(Mode::HugePacket, TOLD_WITHIN, "broke the SSH protocol").await
}

#[tokio::test]
async fn foreign_algorithms_are_refused() -> Result<()> {
    misbehaves(
        Mode::NoCommonAlgorithm,
        TOLD_WITHIN,
        "is too old for safe defaults",
    )
    .await
}

#[tokio::test]
async fn escapes_in_a_banner_are_made_visible() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let banner = format!("{ESCAPES}{}", "BANNER".repeat(1000));
        let double = Double::start(Script {
            banner: Some(banner),
            rounds: vec![vec![("Secret word".to_owned(), false)]],
            ..Script::default()
        })
        .await?;
        world.home().await?;
        world
            .dial(&format!("tara@127.0.0.1:{}", double.port()))
            .await?;
        world.trust().await?;
        world.browser().see(Role::Textbox, "Secret word").await?;
        world.browser().says("BANNER", PATIENCE).await?;
        stays_in_its_place(world).await
    })
    .await
}

/// Whether memory grew no more than a connection takes.
fn stayed_small(before: Memory, after: Memory) -> Result<()> {
    let (heaps, resident) = after.grown_mib(before);
    ensure!(
        heaps <= MOST_MIB && resident <= MOST_MIB + CONNECTION_MIB,
        "{before:?}, then {after:?}"
    );
    Ok(())
}

#[tokio::test]
async fn escapes_in_a_disconnect_are_made_visible() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let double = Double::start(Script {
            disconnect: Some(format!("{ESCAPES}{}", "Z".repeat(200_000))),
            ..Script::default()
        })
        .await?;
        // A session before it, so that what every session takes is there already.
        world.log_in().await?;
        world.browser().press_role(Role::Rail, "Home").await?;
        let before = world.browser().memory().await?;
        world
            .dial(&format!("tara@127.0.0.1:{}", double.port()))
            .await?;
        world.trust().await?;
        world
            .browser()
            .says("ended the session", TOLD_WITHIN)
            .await?;
        stays_in_its_place(world).await?;
        let words = world.browser().words().await?;
        ensure!(
            words.len() < 70_000,
            "{} bytes of a stranger's words",
            words.len()
        );
        let after = world.browser().memory().await?;
        stayed_small(before, after)?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_flood_from_the_first_moment_freezes_nothing() -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            config: vec!["ForceCommand yes".to_owned()],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    };
    scenario(Need::Alone, options, async |world| {
        world.log_in_without_prompt().await?;
        let browser = world.browser();
        browser.shows("y").await?;
        browser.script(WATCH_FRAMES, vec![]).await?;
        // The flood's duration is what is tested. First the scrollback fills to its limit.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let before = browser.memory().await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        let after = browser.memory().await?;
        let longest = browser.script("return longestFrame", vec![]).await?;
        let longest = longest.as_f64().unwrap_or(f64::MAX);
        stayed_small(before, after)?;
        ensure!(
            longest < LONGEST_FRAME_MS,
            "the page did not answer for {longest} ms"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn output_neither_types_nor_reads_the_clipboard_nor_navigates() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.server()?.put("escapes", ESCAPES)?;
        world.log_in().await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        let write = "return navigator.clipboard.writeText('mine').then(() => true)";
        browser.script(write, vec![]).await?;
        let address = browser.driver().current_url().await?;
        browser.enter("cat escapes; echo; echo done").await?;
        browser.shows("done").await?;
        world.run("echo next", "next").await?;
        let clipboard = "return navigator.clipboard.readText()";
        assert_eq!(
            browser.script(clipboard, vec![]).await?,
            Value::from("mine")
        );
        assert_eq!(browser.driver().current_url().await?, address);
        Ok(())
    })
    .await
}
