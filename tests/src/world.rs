//! Everything a test needs, on free loopback ports.

use anyhow::{Context, Result, ensure};

use crate::artifact::Artifacts;
use crate::browser::{Browser, BrowserOptions};
use crate::relay::{RelayOptions, RelayProcess};
use crate::server::{Login, Server, ServerOptions};

/// What a test wants to differ.
#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// The browser.
    pub browser: BrowserOptions,
    /// The relay.
    pub relay: RelayOptions,
    /// The server; `None` where the test brings its own.
    pub server: Option<ServerOptions>,
    /// Pieces of console errors that this test provokes on purpose, such as the browser's own
    /// line about a WebSocket that cannot be opened.
    pub expected: Vec<&'static str>,
}

impl WorldOptions {
    /// A server that takes keys and no password.
    pub fn keys_only() -> Self {
        Self {
            server: Some(ServerOptions {
                login: Login::KeysOnly,
                ..ServerOptions::default()
            }),
            ..Self::default()
        }
    }
}

impl Default for WorldOptions {
    fn default() -> Self {
        Self {
            browser: BrowserOptions::default(),
            relay: RelayOptions::default(),
            server: Some(ServerOptions::default()),
            expected: vec![],
        }
    }
}

impl WorldOptions {
    /// A browser whose worker ends with its page, as Chrome's on Android.
    pub fn without_shared_workers() -> Self {
        Self {
            browser: BrowserOptions {
                script: Some("delete self.SharedWorker"),
                ..BrowserOptions::default()
            },
            ..Self::default()
        }
    }
}

/// A server, a relay that serves the page, and a browser.
#[derive(Debug)]
pub struct World {
    browser: Browser,
    relay: RelayProcess,
    server: Option<Server>,
    artifacts: Artifacts,
    expected: Vec<&'static str>,
    /// Origin of the page; another one gets no request.
    origin: String,
}

impl World {
    pub(crate) async fn start(options: WorldOptions, artifacts: Artifacts) -> Result<Self> {
        let server = match &options.server {
            Some(options) => Some(Server::start(options).await?),
            None => None,
        };
        let relay = RelayProcess::start(&options.relay, &artifacts).await?;
        let browser = Browser::start(&options.browser, &artifacts).await?;
        Ok(Self {
            origin: relay.origin(),
            browser,
            relay,
            server,
            artifacts,
            expected: options.expected,
        })
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// The relay.
    pub fn relay(&self) -> &RelayProcess {
        &self.relay
    }

    /// The relay, to end it or to start it again.
    pub fn relay_mut(&mut self) -> (&mut RelayProcess, &Artifacts) {
        (&mut self.relay, &self.artifacts)
    }

    /// The server.
    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("this world has no server")
    }

    /// The server, to end it or to change it.
    pub fn server_mut(&mut self) -> Result<&mut Server> {
        self.server.as_mut().context("this world has no server")
    }

    /// Folder for evidence.
    pub fn artifacts(&self) -> &Artifacts {
        &self.artifacts
    }

    /// Takes the page from another origin, `http://…`, from now on.
    pub fn move_page(&mut self, origin: impl Into<String>) {
        self.origin = origin.into();
    }

    /// Origin of the page.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// No console error, no broken policy, no request to another origin.
    pub(crate) fn check_clean(&self) -> Result<()> {
        let ledger = self.browser.devtools().ledger();
        let complaints: Vec<_> = ledger
            .complaints()
            .iter()
            .filter(|line| !self.expected.iter().any(|expected| line.contains(expected)))
            .collect();
        ensure!(
            complaints.is_empty(),
            "the page complained: {complaints:#?}"
        );
        let foreign: Vec<_> = ledger
            .requests()
            .iter()
            .filter(|url| !self.is_ours(url))
            .collect();
        ensure!(
            foreign.is_empty(),
            "requests to another origin: {foreign:#?}"
        );
        Ok(())
    }

    fn is_ours(&self, url: &str) -> bool {
        const INSIDE: [&str; 5] = ["data:", "blob:", "about:", "chrome:", "chrome-untrusted:"];
        let url = url.replacen("ws://", "http://", 1);
        INSIDE.iter().any(|scheme| url.starts_with(scheme))
            || url
                .strip_prefix(self.origin.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Saves what explains a failure.
    pub(crate) async fn keep_evidence(&self) {
        if let Ok(png) = self.browser.screenshot().await {
            self.artifacts.keep("screenshot.png", png);
        }
        if let Ok(rows) = self.browser.screen().await {
            self.artifacts.keep("terminal.txt", rows.join("\n"));
        }
        if let Ok(words) = self.browser.words().await {
            self.artifacts.keep("page.txt", words);
        }
        if let Ok(tapped) = self.browser.tapped().await {
            self.artifacts.keep("tapped.json", format!("{tapped:#}"));
        }
        if let Some(server) = &self.server {
            self.artifacts.keep("sshd.log", server.log());
        }
        let ledger = self.browser.devtools().ledger();
        self.artifacts
            .keep("console.txt", ledger.console().join("\n"));
        self.artifacts
            .keep("requests.txt", ledger.requests().join("\n"));
    }
}
