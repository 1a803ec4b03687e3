//! Listens between page and engine, for tests that measure times or count bytes.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::wait::PATIENCE;

/// Runs in every watched page before its own scripts.
pub const SCRIPT: &str = include_str!("tap.js");

/// A wait for a piece of output, begun before what causes it.
#[derive(Debug)]
#[must_use = "begun to be finished"]
pub struct Tap<'a> {
    browser: &'a Browser,
    session: String,
    key: String,
}

/// When a piece of output got to a page, counted from the key that was pressed last.
#[derive(Clone, Copy, Debug)]
pub struct Echo {
    /// Until the engine's message arrived in the page.
    pub arrived: Duration,
    /// Until the terminal had parsed it.
    pub parsed: Duration,
}

impl Browser {
    /// Begins to wait for `needle` (ASCII) in any shell's output from now on.
    pub async fn tap(&self, needle: &str) -> Result<Tap<'_>> {
        let session = self.page_session().await?;
        let key = format!("{needle} {:?}", std::time::Instant::now());
        let begin = format!("transomTap.begin({}, {})", quoted(&key), quoted(needle));
        self.devtools().evaluate(&session, &begin).await?;
        Ok(Tap {
            browser: self,
            session,
            key,
        })
    }

    /// Types a command and waits until its output holds `needle`, which the command itself must
    /// not, without looking at the screen.
    pub async fn command(&self, command: &str, needle: &str, within: Duration) -> Result<()> {
        let tap = self.tap(needle).await?;
        self.enter(command).await?;
        tap.finish(within).await?;
        Ok(())
    }

    /// Does without all that costs memory or time while bytes flow: screen reader mode, the
    /// record of the workers' network, the long memory of the tap. Reloads the page; the session
    /// goes on.
    pub async fn lighten(&self) -> Result<()> {
        let store = "localStorage.setItem('transom.settings', '{}');";
        self.script(store, vec![]).await?;
        self.reload().await?;
        self.status("Connected", PATIENCE).await?;
        self.focus_terminal().await?;
        for session in self.worker_sessions() {
            self.devtools()
                .call(Some(&session), "Network.disable", json!({}))
                .await?;
        }
        let session = self.page_session().await?;
        self.devtools()
            .evaluate(&session, "transomTap.keep = 1024")
            .await?;
        Ok(())
    }

    /// What the page got of each shell: bytes, gaps, the last 64 KiB of text.
    pub async fn tapped(&self) -> Result<Value> {
        let session = self.page_session().await?;
        self.devtools()
            .evaluate(&session, "transomTap.shells()")
            .await
    }

    /// Every event but output that the engine sent to the front page since it was loaded.
    pub async fn tapped_events(&self) -> Result<Vec<Value>> {
        let session = self.page_session().await?;
        let events = self
            .devtools()
            .evaluate(&session, "transomTap.events")
            .await?;
        Ok(events.as_array().cloned().unwrap_or_default())
    }
}

impl Tap<'_> {
    /// Waits for the end.
    pub async fn finish(self, within: Duration) -> Result<Echo> {
        let script = format!(
            "transomTap.finish({}).then(({{arrived, parsed}}) => \
             [arrived - transomTap.lastKey, parsed - transomTap.lastKey])",
            quoted(&self.key)
        );
        let times = self.browser.devtools().evaluate(&self.session, &script);
        let times = tokio::time::timeout(within, times)
            .await
            .with_context(|| format!("no output like {} within {within:?}", self.key))??;
        let time = |at: usize| {
            let milliseconds = times.get(at).and_then(Value::as_f64).unwrap_or_default();
            Duration::from_secs_f64(milliseconds.max(0.0) / 1000.0)
        };
        Ok(Echo {
            arrived: time(0),
            parsed: time(1),
        })
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
