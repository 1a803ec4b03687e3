//! What a person does first, in a site that notes which functions run (`cargo xtask profile`).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;
use transom_tests::server::PASSWORD;
use transom_tests::{Browser, Login, Need, PATIENCE, ServerOptions, World, WorldOptions, scenario};

/// Asks a program of the site; says nothing where it is another one's page or worker.
const ASK: &str = "globalThis.transomRan?.()";

/// The programs as `crate/xtask` calls them.
const PAGE: &str = "transom-web";
const WORKER: &str = "transom-engine";

/// The functions that ran, by program.
#[derive(Debug, Default)]
struct Ran(BTreeMap<&'static str, BTreeSet<u64>>);

impl Ran {
    /// Adds what ran in the page since it was loaded, and in the workers.
    async fn ask(&mut self, browser: &Browser) -> Result<()> {
        let page = browser.page_session().await?;
        self.take(PAGE, &browser.devtools().evaluate(&page, ASK).await?);
        for worker in browser.worker_sessions() {
            // One that ended meanwhile has nothing to say.
            let ran = browser.devtools().evaluate(&worker, ASK).await;
            self.take(WORKER, &ran.unwrap_or_default());
        }
        Ok(())
    }

    fn take(&mut self, program: &'static str, places: &Value) {
        let places = places.as_array().into_iter().flatten();
        let places = places.filter_map(Value::as_u64);
        self.0.entry(program).or_default().extend(places);
    }
}

/// Records, and prints the places of the functions that ran by program.
pub(crate) async fn record() -> Result<()> {
    let mut all = Ran::default();
    for login in [Login::Password, Login::KeysOnly] {
        let server = ServerOptions {
            login,
            ..ServerOptions::default()
        };
        let options = WorldOptions {
            server: Some(server),
            expected: vec!["WebSocket connection to", "ERR_CONNECTION_REFUSED"],
            ..WorldOptions::default()
        };
        let ran = std::sync::Mutex::new(Ran::default());
        scenario(Need::Share, options, async |world| {
            let seen = first_shell(world, login).await?;
            if let Ok(mut ran) = ran.lock() {
                *ran = seen;
            }
            Ok(())
        })
        .await?;
        let ran = ran.into_inner().ok().context("the run broke off")?;
        for (program, places) in ran.0 {
            all.0.entry(program).or_default().extend(places);
        }
    }
    println!("{}", serde_json::to_string(&all.0)?);
    Ok(())
}

/// From the first page to a shell that is used, reloaded and used again.
async fn first_shell(world: &mut World, login: Login) -> Result<Ran> {
    let mut ran = Ran::default();
    world.home().await?;
    world.dial(&world.server()?.address()).await?;
    world.trust().await?;
    if login == Login::Password {
        world.answer("Password", PASSWORD).await?;
    } else {
        let key = world.server()?.key("first_key", &["-t", "ed25519"], "")?;
        world.choose_key(&key).await?;
    }
    world.ready().await?;
    world.run("echo one two", "one two").await?;
    let browser = world.browser();
    let flood = "yes 0123456789 | head -c 8000000; echo the-$((1+1))nd";
    browser.command(flood, "the-2nd", PATIENCE).await?;
    browser.resize(900, 600).await?;
    world.run("echo three", "three").await?;
    ran.ask(browser).await?;
    browser.reload().await?;
    browser.status("Connected", PATIENCE).await?;
    browser.focus_terminal().await?;
    world.run("echo four", "four").await?;
    ran.ask(browser).await?;
    let link = world.link()?;
    browser.open("about:blank").await?;
    browser.open(&link).await?;
    if login == Login::Password {
        world.answer("Password", PASSWORD).await?;
    } else {
        let key = world.server()?.key("second_key", &["-t", "ed25519"], "")?;
        world.choose_key(&key).await?;
    }
    world.ready().await?;
    ran.ask(browser).await?;
    if login == Login::KeysOnly {
        with_a_kept_key(world, &link, &mut ran).await?;
    }
    without_a_relay(world, &mut ran).await?;
    Ok(ran)
}

/// A start as of somebody who has a key in the browser. Making it is no part of a start.
async fn with_a_kept_key(world: &World, link: &str, ran: &mut Ran) -> Result<()> {
    let browser = world.browser();
    browser.open("about:blank").await?;
    browser.open(&format!("{}/#/keys", world.origin())).await?;
    let public = browser.make_key("kept").await?;
    world.server()?.authorize(&public)?;
    browser.open("about:blank").await?;
    browser.open(link).await?;
    world.ready().await?;
    ran.ask(browser).await
}

/// What tells that the relay is gone must be there before it goes.
async fn without_a_relay(world: &mut World, ran: &mut Ran) -> Result<()> {
    world.browser().open("about:blank").await?;
    world.home().await?;
    world.relay_mut().0.stop();
    world.dial(&world.server()?.address()).await?;
    world.fails("Can't reach the relay", "Retry").await?;
    ran.ask(world.browser()).await?;
    let (relay, artifacts) = world.relay_mut();
    relay.restart(artifacts).await?;
    world.browser().open("about:blank").await?;
    world.home().await?;
    world.dial(&world.server()?.address()).await?;
    // A key that the browser keeps lets it in; else the question of the log-in stands.
    let questioned = world.server()?.attempts("password") > 0;
    if questioned {
        world.answer("Password", PASSWORD).await?;
    }
    world.ready().await?;
    world.relay_mut().0.stop();
    world.browser().status("Reconnecting", PATIENCE).await?;
    world.browser().enter("held").await?;
    ran.ask(world.browser()).await
}
