//! The service worker as what hands downloads to the browser, with a test in the place of the engine
//! and of the browser.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_tests::{Need, WorldOptions, scenario, until_some};

use crate::offline::KEEP;

/// For the scripts below: offers a download, answers as the page that `here` tells, and gives the
/// engine's port.
const OFFER: &str = "
    const PIECE = 1 << 20;
    const worker = (await navigator.serviceWorker.getRegistration()).active;
    const turns = async (count) => {
        for (let n = 0; n < count; n++) await (await fetch('/engine.js')).text();
    };
    const offer = (token, name, size, here = true) => new Promise((done) => {
        const engine = new MessageChannel();
        const page = new MessageChannel();
        engine.port1.told = [];
        page.port1.onmessage = ({ data }) => {
            if (data === 'offered') done(engine.port1);
            else if (data !== 'alive') engine.port1.told.push(data);
            else if (here) worker.postMessage({ here: token });
        };
        worker.postMessage({ download: { token, name, size } }, [engine.port2, page.port2]);
    });
    const whole = (token) => fetch('/download/' + token).then((it) => it.arrayBuffer()).then(() => 'whole', () => 'failed');
";

/// Runs a script with the service worker there, and gives what it returns.
async fn run(
    script: &str,
    complaints: &[&'static str],
    check: impl Fn(&Value) -> Result<()>,
) -> Result<()> {
    let options = WorldOptions {
        expected: complaints.to_vec(),
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.script(KEEP, vec![]).await?;
        let script = format!(
            "const work = async () => {{ {OFFER} {script} }};
             work().then((value) => (globalThis.seen = value), (error) => (globalThis.seen = String(error)));"
        );
        browser.script(&script, vec![]).await?;
        let seen = until_some("an outcome", Duration::from_mins(1), async || {
            let seen = browser.script("return globalThis.seen", vec![]).await?;
            Ok((!seen.is_null()).then_some(seen))
        })
        .await?;
        check(&seen).with_context(|| format!("{seen:#}"))
    })
    .await
}

#[tokio::test]
async fn an_address_is_answered_once_with_a_name_that_cannot_break_out() -> Result<()> {
    let script = "
        const port = await offer('first', `a'b(c)*é\\r\\n\"`, 40 * PIECE);
        let asked = 0;
        port.onmessage = ({ data }) => {
            if (data !== 'more') port.told.push(data);
            else port.postMessage(++asked > 40 ? 'end' : new Uint8Array(PIECE));
        };
        const answer = await fetch('/download/first');
        const headers = Object.fromEntries(answer.headers);
        const again = (await fetch('/download/first')).status;
        const reader = answer.body.getReader();
        let taken = 0, ahead = 0;
        for (;;) {
            // Time for it to ask for more than it should.
            await turns(1);
            ahead = Math.max(ahead, asked * PIECE - taken);
            const { done, value } = await reader.read();
            if (done) break;
            taken += value.length;
        }
        while (port.told.length < 2) await turns(1);
        return { headers, again, taken, ahead, told: port.told.sort() };";
    run(script, &["404"], |seen| {
        let header = |name: &str| {
            seen.pointer(&format!("/headers/{name}"))
                .and_then(Value::as_str)
        };
        let name = "attachment; filename*=UTF-8''a%27b%28c%29%2A%C3%A9%0D%0A%22";
        ensure!(header("content-disposition") == Some(name));
        ensure!(header("content-type") == Some("application/octet-stream"));
        ensure!(header("x-content-type-options") == Some("nosniff"));
        let policy = "default-src 'none'; sandbox allow-downloads";
        ensure!(header("content-security-policy") == Some(policy));
        ensure!(header("content-length") == Some("41943040"));
        ensure!(seen.get("again") == Some(&json!(404)));
        ensure!(seen.get("taken") == Some(&json!(40 << 20)));
        ensure!(seen.get("told") == Some(&json!(["ended", "over"])));
        let ahead = seen.get("ahead").and_then(Value::as_u64);
        ensure!(ahead.context("no figure")? <= 6 << 20);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_piece_is_asked_for_at_a_time() -> Result<()> {
    let script = "
        const port = await offer('late', 'x', null);
        let asked = 0, sent = 0, most = 0;
        port.onmessage = async ({ data }) => {
            if (data !== 'more') return;
            asked += 1;
            most = Math.max(most, asked - sent);
            // The browser waits for it by then.
            await turns(2);
            port.postMessage(new Uint8Array(PIECE));
            sent += 1;
        };
        const reader = (await fetch('/download/late')).body.getReader();
        for (let taken = 0; taken < 20 * PIECE; ) taken += (await reader.read()).value.length;
        await turns(50);
        return { most, open: asked - sent, asked };";
    run(script, &[], |seen| {
        let figure = |name: &str| seen.get(name).and_then(Value::as_i64).context("no figure");
        ensure!(figure("most")? == 1 && (0..=1).contains(&figure("open")?));
        ensure!((20..=26).contains(&figure("asked")?));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_breaks_off_is_an_error_and_what_is_given_up_is_told() -> Result<()> {
    let script = "
        const broken = await offer('broken', 'x', null);
        broken.onmessage = () => broken.postMessage('abort');
        const given = await offer('given', 'x', null);
        const stopped = new Promise((done) => {
            given.onmessage = ({ data }) => data === 'more' ? given.postMessage(new Uint8Array(PIECE)) : done(data);
        });
        const reader = (await fetch('/download/given')).body.getReader();
        await reader.read();
        await reader.cancel();
        // The page goes; the engine lives on.
        const left = await offer('left', 'x', null);
        const gone = new Promise((done) => {
            left.onmessage = ({ data }) => data === 'more' ? worker.postMessage({ abandon: 'left' }) : done(data);
        });
        const leaving = await whole('left');
        // Withdrawn before the browser asks.
        const early = await offer('early', 'x', null);
        early.postMessage('abort');
        while (early.told.length < 1) await turns(1);
        return {
            broken: await whole('broken'), stopped: await stopped,
            leaving, gone: await gone, early: (await fetch('/download/early')).status,
        };";
    run(script, &["404"], |seen| {
        let wanted = json!({
            "broken": "failed", "stopped": "cancelled",
            "leaving": "failed", "gone": "gone", "early": 404,
        });
        ensure!(*seen == wanted);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_or_an_engine_that_says_nothing_more_ends_its_download() -> Result<()> {
    let script = "
        const begin = async (token, page, engine) => {
            const port = await offer(token, 'x', null, page);
            const beat = engine && setInterval(() => port.postMessage('alive'), 1000);
            const how = await whole(token);
            clearInterval(beat);
            return how;
        };
        const lives = await offer('lives', 'x', null);
        const beat = setInterval(() => lives.postMessage('alive'), 1000);
        const both = whole('lives');
        const ends = await Promise.all([begin('no-page', false, true), begin('no-engine', true, false)]);
        lives.postMessage('end');
        clearInterval(beat);
        return [...ends, await both];";
    run(script, &[], |seen| {
        ensure!(*seen == json!(["failed", "failed", "whole"]));
        Ok(())
    })
    .await
}
