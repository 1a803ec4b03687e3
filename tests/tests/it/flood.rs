//! Floods of output: memory stays, and keys get through.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use transom_testkit::DelayProxy;
use transom_tests::server::{PASSWORD, PROMPT};
use transom_tests::{
    Browser, Chord, Echo, Memory, Need, PATIENCE, Role, World, WorldOptions, scenario, until,
};

/// Most that page and worker together may grow.
const MOST_MIB: u64 = 64;

/// Within this time a key shows its effect.
pub(crate) const PROMPTLY: Duration = Duration::from_millis(300);

/// Tries, of which the second best counts: a busy neighbour on the machine only adds time.
const TRIES: usize = 5;

/// Waits for a flood's end and returns by how many MiB memory grew at most on the way.
///
/// Garbage is collected before each look: how much of it the browser lets lie is its own choice.
async fn peak_mib(
    browser: &Browser,
    before: Memory,
    within: Duration,
    ended: impl Fn() -> bool,
) -> Result<u64> {
    let end = Instant::now() + within;
    let mut most = 0;
    while !ended() {
        ensure!(
            Instant::now() < end,
            "the flood did not end within {within:?}"
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (heaps, resident) = browser.memory().await?.grown_mib(before);
        most = most.max(heaps).max(resident);
    }
    Ok(most)
}

/// Types an echo and returns how long its answer took to be on the screen.
pub(crate) async fn answer_time(browser: &Browser, number: usize) -> Result<Echo> {
    let tap = browser.tap(&format!("answer-{}", number * 3)).await?;
    browser
        .enter(&format!("echo answer-$(({number}*3))"))
        .await?;
    tap.finish(PATIENCE).await
}

async fn answers_promptly(browser: &Browser) -> Result<()> {
    let mut times = vec![];
    for number in 0..TRIES {
        times.push(answer_time(browser, 100 + number).await?);
    }
    times.sort_by_key(|echo| echo.parsed);
    let second = times.get(1).map_or(Duration::MAX, |echo| echo.parsed);
    ensure!(second <= PROMPTLY, "{times:?}");
    Ok(())
}

/// Interrupts the flood that runs, and then some more.
async fn interrupts_promptly(browser: &Browser) -> Result<()> {
    interrupts_within(PROMPTLY, browser, ("yes", "y\r\ny\r\n")).await
}

/// The same, for a flood that a command prints.
///
/// - `flood`: the command, and what is seen of it.
async fn interrupts_within(
    most: Duration,
    browser: &Browser,
    (flood, seen): (&str, &str),
) -> Result<()> {
    let mut times = vec![];
    for _ in 0..TRIES {
        let tap = browser.tap("ready> ").await?;
        browser.chord(&Chord::ctrl("c")).await?;
        times.push(tap.finish(PATIENCE).await?);
        browser.command(flood, seen, PATIENCE).await?;
        // Everything between server and screen fills again.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    browser.chord(&Chord::ctrl("c")).await?;
    times.sort_by_key(|echo| echo.parsed);
    let second = times.get(1).map_or(Duration::MAX, |echo| echo.parsed);
    ensure!(second <= most, "Ctrl-C took effect after {times:?}");
    Ok(())
}

/// Logs in, and fills the scrollback to its limit: that much is meant to be kept.
async fn log_in(world: &World) -> Result<()> {
    world.log_in().await?;
    let browser = world.browser();
    browser.lighten().await?;
    browser
        .command("seq 20000; echo full-$((1+1))", "full-2", PATIENCE)
        .await
}

#[tokio::test]
async fn two_hundred_megabytes_leave_the_memory_as_it_was() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        log_in(world).await?;
        let browser = world.browser();
        let before = browser.memory().await?;
        let tap = browser.tap("end-4").await?;
        browser
            .enter("base64 /dev/urandom | head -c 200000000; touch ended; echo; echo end-$((2+2))")
            .await?;
        let ended = world.server()?.home().join("ended");
        let most = peak_mib(browser, before, Duration::from_mins(2), || ended.exists()).await?;
        tap.finish(PATIENCE).await?;
        let (heaps, resident) = browser.memory().await?.grown_mib(before);
        ensure!(
            most.max(heaps).max(resident) <= MOST_MIB,
            "memory grew by {most} MiB at most; in the end heaps by {heaps} and processes by {resident}"
        );
        Ok(())
    })
    .await
}

/// Opens a second shell on the same connection.
async fn second_shell(world: &World) -> Result<()> {
    let browser = world.browser();
    let prompt = browser.tap(PROMPT).await?;
    browser.press("New tab").await?;
    prompt.finish(PATIENCE).await?;
    browser.status("Connected", PATIENCE).await.map(drop)
}

#[tokio::test]
async fn during_a_flood_other_shells_answer_and_control_c_works() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        // As most people have it: for a screen reader every line is drawn, and what another shell
        // answers waits behind half a megabyte of them.
        world.log_in().await?;
        let browser = world.browser();
        browser.lighten().await?;
        browser.enter("touch begun; timeout 40 yes").await?;
        until("the flood begins", PATIENCE, async || {
            Ok(world.server()?.home().join("begun").exists())
        })
        .await?;
        second_shell(world).await?;
        answers_promptly(browser).await?;
        // Another connection, in the same page.
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        let prompt = browser.tap(PROMPT).await?;
        world.answer("Password", PASSWORD).await?;
        prompt.finish(PATIENCE).await?;
        answers_promptly(browser).await?;
        browser.tab(0).await?;
        interrupts_promptly(browser).await
    })
    .await
}

#[tokio::test]
async fn control_c_stops_a_flood_of_twenty_seconds() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        log_in(world).await?;
        let browser = world.browser();
        let before = browser.memory().await?;
        browser.enter("yes").await?;
        let begin = Instant::now();
        let twenty = Duration::from_secs(20);
        let most = peak_mib(browser, before, 2 * twenty, || begin.elapsed() >= twenty).await?;
        interrupts_promptly(browser).await?;
        ensure!(most <= MOST_MIB, "memory grew by {most} MiB");
        browser
            .command("echo back-$((1+1))", "back-2", PATIENCE)
            .await
    })
    .await
}

/// Prints colours without end. Such lines are all drawn, unlike plain ones.
const COLOURS: (&str, &str) = (r"yes $'\e[31mred \e[32mgreen'", "green\r\n");

#[tokio::test]
async fn a_flood_of_colours_leaves_other_shells_and_control_c_prompt() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.lighten().await?;
        browser.command(COLOURS.0, COLOURS.1, PATIENCE).await?;
        second_shell(world).await?;
        answers_promptly(browser).await?;
        browser.tab(0).await?;
        interrupts_within(PROMPTLY, browser, COLOURS).await
    })
    .await
}

/// Bytes in a second of a slow way.
const SLOW: u32 = 1_500_000;

#[tokio::test]
async fn on_a_slow_way_control_c_waits_behind_no_long_queue() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        let relay = SocketAddr::from(([127, 0, 0, 1], world.relay().port()));
        let proxy = DelayProxy::start(relay, Duration::from_millis(10)).await?;
        world.move_page(format!("http://{}", proxy.address()));
        world.log_in().await?;
        proxy.limit(SLOW);
        let browser = world.browser();
        browser.command(COLOURS.0, COLOURS.1, PATIENCE).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        interrupts_within(2 * PROMPTLY, browser, COLOURS).await
    })
    .await
}

/// Lines of a flood that a terminal cannot draw as fast as they come.
const FLOOD_LINES: usize = 3_000_000;

#[tokio::test]
async fn lines_that_are_scrolled_away_at_once_are_not_sent_and_the_newest_all_are() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        log_in(world).await?;
        let browser = world.browser();
        let session = browser.page_session().await?;
        let keep = "transomTap.keep = 1 << 20";
        browser.devtools().evaluate(&session, keep).await?;
        let flood = format!("seq {FLOOD_LINES}; echo end-$((2+2))");
        browser
            .command(&flood, "end-4", Duration::from_mins(1))
            .await?;
        let tapped = browser.tapped().await?;
        let shells = tapped.as_object().context("no shells")?;
        let shell = shells.values().next().context("no output")?;
        ensure!(
            shell.get("gaps").and_then(Value::as_u64) > Some(0),
            "every line was sent"
        );
        let tail = shell.get("tail").and_then(Value::as_str);
        let tail = tail.unwrap_or_default();
        let lines = tail.split("\r\n").filter_map(|line| line.parse().ok());
        let lines: Vec<usize> = lines.collect();
        // As many as a terminal keeps by default.
        let newest = lines.get(lines.len().saturating_sub(10_000)..);
        let expected: Vec<usize> = (FLOOD_LINES - 9_999..=FLOOD_LINES).collect();
        ensure!(
            newest == Some(&*expected),
            "of the newest lines some are missing"
        );
        Ok(())
    })
    .await
}
