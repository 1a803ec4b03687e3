//! What a person does again and again, in one place.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::By;

use crate::control::Role;
use crate::server::{PASSWORD, PROMPT, USER};
use crate::wait::PATIENCE;
use crate::world::World;

/// How soon every failure must be told.
pub const TOLD_WITHIN: Duration = Duration::from_secs(10);

impl World {
    /// Opens the page.
    pub async fn home(&self) -> Result<()> {
        self.browser().open(&format!("{}/", self.origin())).await?;
        self.browser().see(Role::Textbox, "Address").await?;
        Ok(())
    }

    /// Address of the page that connects to the server without typing; the host key is pinned.
    pub fn link(&self) -> Result<String> {
        let server = self.server()?;
        let (fingerprint, _) = server.fingerprint()?;
        let (origin, address) = (self.origin(), server.address());
        Ok(format!("{origin}/#/connect/{address}?hk={fingerprint}"))
    }

    /// Makes a key on the Keys screen of the page that is open, and has the server let it in. Returns
    /// its public line.
    pub async fn keep_key(&self, name: &str) -> Result<String> {
        self.browser().press_role(Role::Rail, "Keys").await?;
        let line = self.browser().make_key(name).await?;
        self.server()?.authorize(&line)?;
        Ok(line)
    }

    /// Opens the page with other settings than usual.
    ///
    /// - `settings`: the JSON object that the page keeps; screen reader mode is added.
    pub async fn home_with(&self, mut settings: Value) -> Result<()> {
        self.home().await?;
        if let Some(settings) = settings.as_object_mut() {
            settings.insert("screen_reader".into(), true.into());
        }
        let store = "localStorage.setItem('transom.settings', arguments[0]);";
        self.browser()
            .script(store, vec![settings.to_string().into()])
            .await?;
        self.browser().reload().await?;
        self.browser().see(Role::Textbox, "Address").await?;
        Ok(())
    }

    /// Types an address on the open page, and connects.
    pub async fn dial(&self, address: &str) -> Result<()> {
        self.browser().fill("Address", address).await?;
        self.browser().press("Connect").await
    }

    /// Connects the open page to something of this test that listens on a port of this machine.
    pub async fn dial_port(&self, port: u16) -> Result<()> {
        self.dial(&format!("{USER}@127.0.0.1:{port}")).await
    }

    /// Trusts a host key that is seen for the first time.
    pub async fn trust(&self) -> Result<()> {
        self.trust_on_the_way().await?;
        self.browser().gone(Role::Dialog, "Unknown host key").await
    }

    /// Trusts a host after which the next one asks, in a dialog of the same
    /// name: nobody can wait until there is none.
    pub async fn trust_on_the_way(&self) -> Result<()> {
        self.browser().see(Role::Dialog, "Unknown host key").await?;
        self.browser().press("Trust and connect").await
    }

    /// Answers a question with a text.
    pub async fn answer(&self, question: &str, text: &str) -> Result<()> {
        self.browser().fill(question, text).await?;
        self.browser().press("Continue").await
    }

    /// Answers the question for a log-in with a key file.
    pub async fn choose_key(&self, path: &Path) -> Result<()> {
        self.browser().see(Role::Button, "Use a key file").await?;
        let input = By::Css("input[type=file][aria-label='Key file']");
        let input = self.browser().driver().find(input).await?;
        let path = path.to_str().context("the key's path is not text")?;
        input.send_keys(path).await?;
        Ok(())
    }

    /// Waits for the shell's first prompt.
    pub async fn ready(&self) -> Result<()> {
        self.browser().status("Connected", PATIENCE).await?;
        self.browser().shows(PROMPT).await
    }

    /// Does all of it: from the empty page to a shell, by password.
    pub async fn log_in(&self) -> Result<()> {
        self.log_in_without_prompt().await?;
        self.ready().await
    }

    /// Does all of it but wait for a prompt.
    pub async fn log_in_without_prompt(&self) -> Result<()> {
        self.home().await?;
        self.dial(&self.server()?.address()).await?;
        self.trust().await?;
        self.answer("Password", PASSWORD).await
    }

    /// Types a command and waits until the terminal shows a row that is exactly `row`.
    pub async fn run(&self, command: &str, row: &str) -> Result<()> {
        self.browser().enter(command).await?;
        self.browser().shows(row).await
    }

    /// Waits until the page shows a failure with this headline, within the time that every
    /// failure has, and offers this button.
    pub async fn fails(&self, headline: &str, way_onward: &str) -> Result<()> {
        self.browser().says(headline, TOLD_WITHIN).await?;
        self.browser().see(Role::Button, way_onward).await?;
        Ok(())
    }
}
