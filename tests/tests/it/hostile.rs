//! Servers that break the protocol, or try to get out of the terminal.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use transom_testkit::{Double, Hostile, Mode, Overflow, Script};
use transom_tests::{
    Memory, Need, PATIENCE, Role, ServerOptions, TOLD_WITHIN, World, WorldOptions, scenario, until,
};

/// Most that memory may grow while a server misbehaves, beyond what any connection takes.
const MOST_MIB: u64 = 16;

/// How much a server sends while memory is watched, at first: what the relay, the engine and the
/// system's sockets hold, and more than the scrollback.
const FIRST: u64 = 16 << 20;

/// How much more is sent then while memory is watched.
const WATCHED: u64 = 24 << 20;

/// Fills the scrollback as the server that sends too much does, within the window.
const ORDINARY_OUTPUT: &str = "head -c 4194304 /dev/zero | tr '\\0' Q; echo; echo filled-$((80+8))";

/// A peer that only dawdles may take this long.
const DAWDLE: Duration = Duration::from_secs(30);

/// Longest time without an answer of the page that a person does not notice, and what a shared
/// machine of two cores adds to it.
pub(crate) const LONGEST_FRAME_MS: f64 = 200.0;

/// Title, clipboard write, link with a script, title report, DECRQSS, right-to-left override.
const ESCAPES: &str = "\x1b]0;owned\x07\x1b]52;c;ZWNobyBwd25lZAo=\x07\
     \x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07\x1b[21t\x1bP$q\x1b\\\u{202e}";

/// Begins to look for times in which the page does not answer.
pub(crate) const WATCH_FRAMES: &str = "
window.longestFrame = 0;
let last = performance.now();
const look = (now) => { longestFrame = Math.max(longestFrame, now - last); last = now; requestAnimationFrame(look); };
requestAnimationFrame(look);";

/// Nothing of the server's got out of its place.
pub(crate) async fn stays_in_its_place(world: &World) -> Result<()> {
    let browser = world.browser();
    let words = browser.words().await?;
    let foreign = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    ensure!(!words.contains(foreign), "control characters in {words:?}");
    let title = browser.driver().title().await?;
    ensure!(!title.contains("owned"), "the page is called {title}");
    Ok(())
}

/// What was there before a server misbehaved.
struct Baseline {
    memory: Memory,
    /// What a connection to a server that behaves takes, in MiB: heaps and resident memory. That
    /// is a worker with its wasm instance and compiled code, a terminal, and what the browser
    /// keeps in reserve.
    connection_mib: (u64, u64),
}

impl Baseline {
    /// Logs in at the world's server, whose session is to stay, and at one that behaves; returns
    /// to Home.
    async fn measure(world: &World) -> Result<Self> {
        let browser = world.browser();
        world.log_in().await?;
        world.run("echo kept-$((60+6))", "kept-66").await?;
        browser.press_role(Role::Rail, "Home").await?;
        let alone = browser.memory().await?;
        let ordinary = Double::start(Script::default()).await?;
        world.dial_port(ordinary.port()).await?;
        world.trust().await?;
        browser.status("Connected", PATIENCE).await?;
        browser.press_role(Role::Rail, "Home").await?;
        let memory = browser.memory().await?;
        Ok(Self {
            memory,
            connection_mib: memory.grown_mib(alone),
        })
    }

    /// Counts what came since as what a connection takes.
    async fn include_growth(&mut self, world: &World) -> Result<()> {
        let memory = world.browser().memory().await?;
        let (heaps, resident) = memory.grown_mib(self.memory);
        self.connection_mib.0 += heaps;
        self.connection_mib.1 += resident;
        self.memory = memory;
        Ok(())
    }

    /// What there is now; nothing more is expected.
    async fn now(world: &World) -> Result<Self> {
        Ok(Self {
            memory: world.browser().memory().await?,
            connection_mib: (0, 0),
        })
    }

    /// Memory grew no more than a connection takes. What the browser only keeps in reserve, such
    /// as the compiler's arenas for a new worker, it gives back within moments.
    async fn stayed_small(&self, world: &World) -> Result<()> {
        let (most_heaps, most_resident) = self.connection_mib;
        until("little more memory in use", PATIENCE, async || {
            let after = world.browser().memory().await?;
            let (heaps, resident) = after.grown_mib(self.memory);
            ensure!(
                heaps <= most_heaps + MOST_MIB && resident <= most_resident + MOST_MIB,
                "{heaps} and {resident} MiB more, where a connection takes {:?}",
                self.connection_mib
            );
            Ok(true)
        })
        .await
    }
}

/// The session that was there first lost nothing, and its last row is `last` still.
pub(crate) async fn first_session_goes_on(world: &World, last: &str) -> Result<()> {
    world.browser().tab(0).await?;
    world.browser().shows(last).await?;
    world.run("echo still-$((70+7))", "still-77").await
}

async fn misbehaves(mode: Mode, within: Duration, headline: &str) -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let baseline = Baseline::measure(world).await?;
        let browser = world.browser();
        let hostile = Hostile::start(mode).await?;
        world.dial_port(hostile.port()).await?;
        browser.says(headline, within).await?;
        browser.see(Role::Button, "Retry").await?;
        stays_in_its_place(world).await?;
        baseline.stayed_small(world).await?;
        first_session_goes_on(world, "kept-66").await
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
        world.dial_port(double.port()).await?;
        world.trust().await?;
        world.browser().see(Role::Textbox, "Secret word").await?;
        world.browser().says("BANNER", PATIENCE).await?;
        stays_in_its_place(world).await
    })
    .await
}

#[tokio::test]
async fn escapes_in_a_disconnect_are_made_visible() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let double = Double::start(Script {
            disconnect: Some(format!("{ESCAPES}{}", "Z".repeat(200_000))),
            ..Script::default()
        })
        .await?;
        let baseline = Baseline::measure(world).await?;
        world.dial_port(double.port()).await?;
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
        baseline.stayed_small(world).await
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
        let baseline = Baseline::now(world).await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        baseline.stayed_small(world).await?;
        let longest = browser.script("return longestFrame", vec![]).await?;
        let longest = longest.as_f64().unwrap_or(f64::MAX);
        ensure!(
            longest < LONGEST_FRAME_MS,
            "the page did not answer for {longest} ms"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn output_beyond_the_window_costs_no_memory() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let mut baseline = Baseline::measure(world).await?;
        world.browser().press_role(Role::Rail, "Sessions").await?;
        world.browser().tab(0).await?;
        world.browser().shows("kept-66").await?;
        world.run(ORDINARY_OUTPUT, "filled-88").await?;
        world.browser().press_role(Role::Rail, "Home").await?;
        baseline.include_growth(world).await?;
        let server = Overflow::start().await?;
        world.dial_port(server.port()).await?;
        world.trust().await?;
        world.browser().status("Connected", PATIENCE).await?;
        until("the scrollback is full", DAWDLE, async || {
            Ok(server.sent() >= FIRST)
        })
        .await?;
        baseline.stayed_small(world).await?;
        let baseline = Baseline::now(world).await?;
        until("more is sent", DAWDLE, async || {
            Ok(server.sent() >= FIRST + WATCHED)
        })
        .await?;
        baseline.stayed_small(world).await?;
        first_session_goes_on(world, "filled-88").await
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
