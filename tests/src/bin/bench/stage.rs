//! What every figure needs: a server, a relay, a key, and a page that logs in by itself.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use transom_tests::{
    Artifacts, Browser, BrowserOptions, RelayOptions, RelayProcess, SCRIPT, Server, ServerOptions,
};

/// Longest that one run may take.
const LIMIT: Duration = Duration::from_mins(2);

/// Gives the page the key file as soon as it asks for one, as fast as no person could.
const CHOOSE_KEY: &str = "
new MutationObserver((_, observer) => {
  const input = document.querySelector('input[type=file][aria-label=\"Key file\"]');
  if (!input) return;
  observer.disconnect();
  const files = new DataTransfer();
  files.items.add(new File([KEY], 'bench_key'));
  input.files = files.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}).observe(document, { childList: true, subtree: true });";

/// Forgets which sessions the tab showed: a page that comes back to one shows its output at once,
/// and the time of that is not the time of a log-in.
const FORGET: &str = "try { sessionStorage.clear() } catch {}";

/// A server, a relay and a key.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) relay: RelayProcess,
    pub(crate) key: PathBuf,
    artifacts: Artifacts,
}

/// A browser without any of the harness's watching, and the DevTools session of its page.
pub(crate) struct Seat {
    pub(crate) browser: Browser,
    pub(crate) session: String,
}

impl Stage {
    pub(crate) async fn new() -> Result<Self> {
        let artifacts = Artifacts::new("bench")?;
        let server = Server::start(&ServerOptions::default()).await?;
        let key = server.key("bench_key", &["-t", "ed25519"], "")?;
        let relay = RelayProcess::start(&RelayOptions::default(), &artifacts).await?;
        Ok(Self {
            server,
            relay,
            key,
            artifacts,
        })
    }

    /// Address of a page that connects without typing; the host key is pinned.
    pub(crate) fn link(&self) -> Result<String> {
        self.link_by(self.relay.port())
    }

    /// The same, where the relay is reached by `port`.
    pub(crate) fn link_by(&self, port: u16) -> Result<String> {
        let (fingerprint, _) = self.server.fingerprint()?;
        let address = self.server.address();
        Ok(format!(
            "http://127.0.0.1:{port}/#/connect/{address}?hk={fingerprint}"
        ))
    }

    /// A relay of the same kind that brings bare WebSockets to `port`.
    pub(crate) async fn plain_relay(&self, port: u16) -> Result<RelayProcess> {
        let options = RelayOptions {
            plain: Some(format!("127.0.0.1:{port}")),
            ..RelayOptions::default()
        };
        RelayProcess::start(&options, &self.artifacts).await
    }

    /// Starts a browser with an empty profile whose pages choose the key by themselves.
    pub(crate) async fn seat(&self) -> Result<Seat> {
        let browser = Browser::start(&unwatched(), &self.artifacts).await?;
        let key = Value::from(fs::read_to_string(&self.key)?);
        let choosing = CHOOSE_KEY.replace("KEY]", &format!("{key}]"));
        Seat::take(browser, Some(choosing)).await
    }

    /// Starts a browser that keeps a key of its own, with which the server lets it in.
    pub(crate) async fn seat_with_key(&self) -> Result<Seat> {
        let browser = Browser::start(&unwatched(), &self.artifacts).await?;
        browser
            .open(&format!("{}/#/keys", self.relay.origin()))
            .await?;
        let line = browser.make_key("bench").await?;
        self.server.authorize(&line)?;
        Seat::take(browser, None).await
    }

    /// Ends the browser and starts it again with nothing cached.
    pub(crate) async fn chill(&self, seat: Seat) -> Result<Seat> {
        let options = unwatched();
        let browser = seat.browser.start_afresh(&options, &self.artifacts).await?;
        Seat::take(browser, None).await
    }
}

fn unwatched() -> BrowserOptions {
    BrowserOptions {
        watch: false,
        ..BrowserOptions::default()
    }
}

impl Seat {
    async fn take(browser: Browser, script: Option<String>) -> Result<Self> {
        let waiting = "self.transomTap?.begin('prompt', 'ready> ');".to_owned();
        let scripts: Vec<_> = [FORGET.to_owned(), SCRIPT.to_owned(), waiting]
            .into_iter()
            .chain(script)
            .collect();
        let session = browser.devtools().attach_to_page(&scripts).await?;
        Ok(Self { browser, session })
    }

    /// Loads a page; returns when the navigation has begun.
    pub(crate) async fn load(&self, url: &str) -> Result<()> {
        let params = json!({ "url": url });
        let devtools = self.browser.devtools();
        devtools
            .call(Some(&self.session), "Page.navigate", params)
            .await?;
        Ok(())
    }

    /// Evaluates in the page and waits for the promise.
    pub(crate) async fn evaluate(&self, expression: &str) -> Result<Value> {
        let devtools = self.browser.devtools();
        devtools
            .evaluate_within(LIMIT, &self.session, expression)
            .await
    }

    /// Begins to wait for output that holds `needle`, as JavaScript writes it.
    pub(crate) async fn begin(&self, wait: &str, needle: &str) -> Result<()> {
        self.evaluate(&format!("transomTap.begin('{wait}', '{needle}')"))
            .await?;
        Ok(())
    }

    /// Waits until the terminal has parsed that output.
    pub(crate) async fn finish(&self, wait: &str) -> Result<()> {
        self.evaluate(&format!("transomTap.finish('{wait}').then(() => true)"))
            .await?;
        Ok(())
    }

    /// Waits for the prompt, and returns its time since the navigation began, in milliseconds.
    pub(crate) async fn prompt_ms(&self) -> Result<f64> {
        let time = "transomTap.finish('prompt').then((times) => times.parsed)";
        let time = self.evaluate(time).await?;
        time.as_f64().context("no time")
    }
}
