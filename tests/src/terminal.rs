//! Reads the terminal as a screen reader does.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::By;

use crate::browser::Browser;
use crate::control::Role;
use crate::server::PROMPT;
use crate::wait::{PATIENCE, until_some};

/// Switches screen reader mode on before the page reads its settings.
pub(crate) const READABLE: &str = r#"
if (location.protocol.startsWith("http") && !localStorage.getItem("transom.settings")) {
  localStorage.setItem("transom.settings", JSON.stringify({ screen_reader: true }));
}
"#;

/// Rows of the terminal that has the keyboard, else of the first one; those of a hidden tab are
/// not asked.
const ROWS: &str = "
const panes = [...document.querySelectorAll('section[aria-label^=Terminal]')]
  .filter(pane => pane.checkVisibility({checkVisibilityCSS: true}));
const pane = panes.find(pane => pane.contains(document.activeElement)) ?? panes[0];
return pane ? [...pane.querySelectorAll('[role=listitem]')].map(row => row.textContent) : null;";

impl Browser {
    /// Rows on the screen, without trailing blanks.
    pub async fn screen(&self) -> Result<Vec<String>> {
        let rows = self.script(ROWS, vec![]).await?;
        let rows = rows.as_array().cloned().unwrap_or_default();
        let rows = rows.iter().filter_map(Value::as_str);
        Ok(rows
            .map(|row| row.replace('\u{a0}', " ").trim_end().to_owned())
            .collect())
    }

    /// Waits until a row of the terminal satisfies `good`, and returns it.
    pub async fn row(
        &self,
        what: &str,
        within: Duration,
        good: impl Fn(&str) -> bool,
    ) -> Result<String> {
        let mut screen = vec![];
        let seen = until_some(format!("the terminal shows {what}"), within, async || {
            screen = self.screen().await?;
            Ok(screen.iter().find(|row| good(row)).cloned())
        })
        .await;
        seen.map_err(|error| error.context(format!("screen:\n{}", screen.join("\n").trim_end())))
    }

    /// Waits until a row of the terminal is exactly `row`.
    pub async fn shows(&self, row: &str) -> Result<()> {
        self.row(&format!("the row \"{row}\""), PATIENCE, |seen| seen == row)
            .await?;
        Ok(())
    }

    /// Waits until a row of the terminal contains `text`.
    pub async fn shows_in(&self, text: &str) -> Result<String> {
        self.row(&format!("\"{text}\""), PATIENCE, |seen| seen.contains(text))
            .await
    }

    /// Brings a tab to the front, counted from 0, and gives its terminal the keyboard.
    pub async fn tab(&self, place: usize) -> Result<()> {
        let tabs = By::Css("[aria-label=Sessions] .tab-name");
        let tabs = self.driver().find_all(tabs).await?;
        tabs.get(place).context("no such tab")?.click().await?;
        self.focus_terminal().await
    }

    /// Opens another tab on the same connection, which is then at `place`, counted from 0, and waits for
    /// its prompt.
    pub async fn new_tab(&self, place: usize) -> Result<()> {
        self.press("New tab").await?;
        self.tab(place).await?;
        self.shows(PROMPT).await
    }

    /// Gives the terminal the keyboard.
    pub async fn focus_terminal(&self) -> Result<()> {
        self.see(Role::Region, "Terminal*").await?.click().await?;
        Ok(())
    }
}
