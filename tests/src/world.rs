//! Everything a test needs, on free loopback ports.

use anyhow::{Result, ensure};

use crate::artifact::Artifacts;
use crate::browser::{Browser, BrowserOptions};
use crate::relay::{RelayOptions, RelayProcess};

/// What a test wants to differ.
#[derive(Clone, Debug, Default)]
pub struct WorldOptions {
    /// The browser.
    pub browser: BrowserOptions,
    /// The relay.
    pub relay: RelayOptions,
    /// Beginnings of console errors that this test provokes on purpose, such as the browser's
    /// own line about a WebSocket that cannot be opened.
    pub expected: Vec<&'static str>,
}

/// A relay that serves the page, and a browser.
#[derive(Debug)]
pub struct World {
    browser: Browser,
    relay: RelayProcess,
    artifacts: Artifacts,
    expected: Vec<&'static str>,
    /// Other origins that a test opens by itself.
    origins: Vec<String>,
}

impl World {
    pub(crate) async fn start(options: WorldOptions, artifacts: Artifacts) -> Result<Self> {
        let relay = RelayProcess::start(&options.relay, &artifacts).await?;
        let browser = Browser::start(&options.browser, &artifacts).await?;
        Ok(Self {
            origins: vec![relay.origin()],
            browser,
            relay,
            artifacts,
            expected: options.expected,
        })
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// The relay.
    pub fn relay(&mut self) -> &mut RelayProcess {
        &mut self.relay
    }

    /// Folder for evidence.
    pub fn artifacts(&self) -> &Artifacts {
        &self.artifacts
    }

    /// Lets the page talk to another origin, `http://…`, without a complaint.
    pub fn expect_origin(&mut self, origin: impl Into<String>) {
        self.origins.push(origin.into());
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
        const INSIDE: [&str; 4] = ["data:", "blob:", "about:", "chrome:"];
        let url = url.replacen("ws://", "http://", 1);
        INSIDE.iter().any(|scheme| url.starts_with(scheme))
            || self.origins.iter().any(|origin| {
                url.strip_prefix(origin.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
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
        let ledger = self.browser.devtools().ledger();
        self.artifacts
            .keep("console.txt", ledger.console().join("\n"));
        self.artifacts
            .keep("requests.txt", ledger.requests().join("\n"));
    }
}
