//! A session outlives its connection: what breaks between page and relay costs not one byte.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use transom_testkit::{Fault, FaultProxy};
use transom_tests::{
    Browser, Need, PATIENCE, RelayOptions, TOLD_WITHIN, World, WorldOptions, scenario, until,
};

/// Numbered lines of the long stream.
const LINES: usize = 200_000;

/// Pieces in which they come, with a rest between them.
const PIECES: usize = 40;

/// What happens to the way, one after the other.
const CUTS: [Fault; 10] = [
    Fault::Reset,
    Fault::Close,
    Fault::Silence,
    Fault::Reset,
    Fault::Pause(Duration::from_millis(1500)),
    Fault::Close,
    Fault::Reset,
    Fault::Silence,
    Fault::Close,
    Fault::Reset,
];

/// Bytes that pass between two cuts: about half of a piece.
const BETWEEN_CUTS: u64 = 30_000;

/// Time for a cut to be noticed and mended, a silent one included.
const MENDED_WITHIN: Duration = Duration::from_secs(20);

/// After so many attempts the next one is at least 2 s away.
const SPARSE_ATTEMPTS: u64 = 6;

/// Less than the wait between two attempts.
const AT_ONCE: Duration = Duration::from_millis(1500);

fn broken_ways() -> WorldOptions {
    WorldOptions {
        expected: vec!["WebSocket connection to", "ERR_CONNECTION"],
        ..WorldOptions::default()
    }
}

/// Puts a network that breaks between the browser and the relay.
async fn breakable(world: &mut World) -> Result<FaultProxy> {
    let relay = SocketAddr::from(([127, 0, 0, 1], world.relay().port()));
    let proxy = FaultProxy::start(relay).await?;
    world.move_page(format!("http://{}", proxy.address()));
    Ok(proxy)
}

/// Prints the numbered lines for about twenty seconds, longer than all cuts take, then a last word.
fn counting() -> String {
    let each = LINES / PIECES;
    format!(
        "for k in $(seq 0 {}); do seq -f 'line %.0f' $((k*{each}+1)) $((k*{each}+{each})); \
         sleep 0.5; done; echo finis-$((1+1))",
        PIECES - 1
    )
}

/// Asks the shell for its process id.
async fn shell_id(world: &World) -> Result<String> {
    let _ = std::fs::remove_file(world.server()?.home().join("id"));
    world.browser().enter("echo $$ > id").await?;
    until("the shell tells its id", PATIENCE, async || {
        Ok(!world.server()?.file("id").is_empty())
    })
    .await?;
    Ok(world.server()?.file("id"))
}

/// Breaks the way again and again while bytes pass.
async fn break_often(proxy: &FaultProxy) -> Result<()> {
    for fault in CUTS {
        let enough = proxy.carried() + BETWEEN_CUTS;
        until("bytes pass between two cuts", MENDED_WITHIN, async || {
            Ok(proxy.carried() >= enough)
        })
        .await
        .with_context(|| format!("before {fault:?}"))?;
        proxy.strike(fault);
    }
    Ok(())
}

/// Checks that the page got each line once and in order.
async fn nothing_is_missing(browser: &Browser) -> Result<()> {
    let tapped = browser.tapped().await?;
    let shells = tapped.as_object().context("no shells")?;
    let shell = shells.values().next().context("no output")?;
    ensure!(shell.get("gaps").and_then(Value::as_u64) == Some(0), "gaps");
    let text = shell.get("tail").and_then(Value::as_str);
    let lines = text.unwrap_or_default().split("\r\n");
    let numbers: Vec<usize> = lines
        .filter_map(|line| line.strip_prefix("line ")?.parse().ok())
        .collect();
    let wrong = (1..=LINES)
        .zip(&numbers)
        .find(|(expected, got)| expected != *got);
    ensure!(
        numbers.len() == LINES && wrong.is_none(),
        "{} lines; expected and got first: {wrong:?}",
        numbers.len()
    );
    Ok(())
}

/// How often the page was told that the session is held, each cut counted once.
async fn times_held(browser: &Browser) -> Result<usize> {
    let events = browser.tapped_events().await?;
    let states = events
        .iter()
        .filter_map(|event| event.pointer("/link/state/held"));
    let first = states.filter(|state| {
        state.get("attempts").and_then(Value::as_u64) == Some(0)
            && state.get("typed_bytes").and_then(Value::as_u64) == Some(0)
    });
    Ok(first.count())
}

#[tokio::test]
async fn ten_cuts_lose_no_line_and_double_none() -> Result<()> {
    scenario(Need::Alone, broken_ways(), async |world| {
        let proxy = breakable(world).await?;
        world.log_in().await?;
        let before = shell_id(world).await?;
        let browser = world.browser();
        // The page's own files come the same way once; the cuts are for what follows.
        let kept = "return navigator.serviceWorker.ready.then(() => true)";
        browser.script(kept, vec![]).await?;
        let session = browser.page_session().await?;
        browser
            .devtools()
            .evaluate(&session, "transomTap.keep = 1 << 23")
            .await?;
        let tap = browser.tap("finis-2").await?;
        browser.enter(&counting()).await?;
        break_often(&proxy).await?;
        tap.finish(Duration::from_mins(1)).await?;
        nothing_is_missing(browser).await?;
        let held = times_held(browser).await?;
        // A pause of 1.5 s is none for a client that waits for 3.
        ensure!(held == CUTS.len() - 1, "held {held} times");
        assert_eq!(shell_id(world).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn keys_typed_while_the_session_is_held_arrive_in_order() -> Result<()> {
    scenario(Need::Share, broken_ways(), async |world| {
        let proxy = breakable(world).await?;
        world.log_in().await?;
        let before = shell_id(world).await?;
        let browser = world.browser();
        proxy.refuse(true);
        proxy.strike(Fault::Reset);
        browser.status("Reconnecting", TOLD_WITHIN).await?;
        browser.says("holding your session", TOLD_WITHIN).await?;
        let command = "echo held-$((40+2)) abcdefghijklmnop";
        browser.enter(command).await?;
        // Each of them, and Enter.
        let waiting = format!("{} characters wait", command.len() + 1);
        browser.says(&waiting, TOLD_WITHIN).await?;
        proxy.refuse(false);
        browser.status("Connected", TOLD_WITHIN).await?;
        browser.shows("held-42 abcdefghijklmnop").await?;
        browser.focus_terminal().await?;
        assert_eq!(shell_id(world).await?, before);
        Ok(())
    })
    .await
}

/// Cuts the way for so long that attempts become rare, does `hasten`, and sees that another attempt
/// comes at once.
async fn comes_at_once(
    world: &mut World,
    hasten: impl AsyncFnOnce(&Browser) -> Result<()>,
) -> Result<()> {
    let proxy = breakable(world).await?;
    world.log_in().await?;
    let browser = world.browser();
    proxy.refuse(true);
    proxy.strike(Fault::Reset);
    // By then 2 s or more lie between two attempts.
    until("attempts become rare", PATIENCE, async || {
        Ok(proxy.refused() >= SPARSE_ATTEMPTS)
    })
    .await?;
    let before = proxy.refused();
    hasten(browser).await?;
    until("another attempt comes at once", AT_ONCE, async || {
        Ok(proxy.refused() > before)
    })
    .await?;
    proxy.refuse(false);
    browser.status("Connected", TOLD_WITHIN).await?;
    world.run("echo still-here", "still-here").await
}

#[tokio::test]
async fn to_retry_now_does_not_wait() -> Result<()> {
    scenario(Need::Share, broken_ways(), async |world| {
        comes_at_once(world, async |browser| browser.press("Retry now").await).await
    })
    .await
}

#[tokio::test]
async fn a_network_that_is_back_and_a_page_that_wakes_do_not_wait() -> Result<()> {
    for event in [
        "window.dispatchEvent(new Event('online'))",
        "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
        "document.dispatchEvent(new Event('visibilitychange'))",
    ] {
        scenario(Need::Share, broken_ways(), async |world| {
            comes_at_once(world, async |browser| {
                browser.script(event, Vec::new()).await.map(drop)
            })
            .await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_silent_cut_is_noticed_in_time_and_mended() -> Result<()> {
    scenario(Need::Alone, broken_ways(), async |world| {
        let proxy = breakable(world).await?;
        world.log_in().await?;
        let browser = world.browser();
        for typing in [false, true] {
            proxy.refuse(true);
            proxy.strike(Fault::Silence);
            let within = if typing {
                browser.type_text("echo ").await?;
                Duration::from_secs(5)
            } else {
                Duration::from_secs(10)
            };
            browser.status("Reconnecting", within).await?;
            proxy.refuse(false);
            browser.status("Connected", PATIENCE).await?;
        }
        world.run("still-here", "still-here").await
    })
    .await
}

#[tokio::test]
async fn a_page_that_attaches_meanwhile_sees_that_the_session_is_held() -> Result<()> {
    scenario(Need::Share, broken_ways(), async |world| {
        let proxy = breakable(world).await?;
        world.log_in().await?;
        let browser = world.browser();
        let address = browser.driver().current_url().await?;
        proxy.strike(Fault::Reset);
        browser.status("Connected", TOLD_WITHIN).await?;
        let first = browser.driver().window().await?;
        browser.new_window().await?;
        browser.open(address.as_str()).await?;
        browser.status("Connected", PATIENCE).await?;
        proxy.refuse(true);
        proxy.strike(Fault::Reset);
        for _ in 0..2 {
            browser.status("Reconnecting", TOLD_WITHIN).await?;
            browser.driver().switch_to_window(first.clone()).await?;
        }
        proxy.refuse(false);
        browser.status("Connected", PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_restarted_relay_is_a_clear_end_and_one_click_reconnects() -> Result<()> {
    scenario(Need::Share, broken_ways(), async |world| {
        world.log_in().await?;
        world.run("echo kept-$((300+3))", "kept-303").await?;
        let (relay, artifacts) = world.relay_mut();
        relay.restart(artifacts).await?;
        let browser = world.browser();
        browser.status("Disconnected", PATIENCE).await?;
        world
            .fails("Session could not be resumed", "Reconnect")
            .await?;
        browser.shows("kept-303").await?;
        browser.press("Reconnect").await?;
        world
            .answer("Password", transom_tests::server::PASSWORD)
            .await?;
        world.ready().await?;
        browser.shows("kept-303").await
    })
    .await
}

#[tokio::test]
async fn a_person_may_give_a_held_session_up() -> Result<()> {
    let options = WorldOptions {
        relay: RelayOptions {
            grace: Some("5s".to_owned()),
            ..RelayOptions::default()
        },
        ..broken_ways()
    };
    scenario(Need::Share, options, async |world| {
        let proxy = breakable(world).await?;
        world.log_in().await?;
        let browser = world.browser();
        proxy.refuse(true);
        proxy.strike(Fault::Reset);
        browser.status("Reconnecting", TOLD_WITHIN).await?;
        browser.press("Give up").await?;
        browser.status("Disconnected", TOLD_WITHIN).await?;
        Ok(())
    })
    .await
}
