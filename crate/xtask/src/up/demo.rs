//! The demo server as a child: where it listens, and how to log in.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::child::{Group, Note};
use crate::place;

/// In the site: the page offers the demo server while this file is there.
const NOTE: &str = "demo.json";

/// The demo server, and the note by which the page knows of it. Both go when it is dropped.
#[derive(Debug)]
pub(crate) struct Demo {
    server: Group,
    greeting: Greeting,
    _note: Note,
}

/// What the server says first, as one line of JSON on its standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Greeting {
    /// `user@127.0.0.1:port`
    address: String,
    /// For this run only. It goes to the terminal, and nowhere else.
    password: String,
    port: u16,
}

impl Demo {
    /// Starts the server on a free loopback port and tells the page where.
    ///
    /// # Errors
    ///
    /// When it does not start or does not say where it listens.
    pub(crate) fn start() -> Result<Self> {
        let mut command = Command::new(place::program("release", "transom-demo"));
        command.stdout(Stdio::piped());
        let mut server = Group::start(&mut command)?;
        let pipe = server
            .child()
            .stdout
            .take()
            .context("the demo server has no output")?;
        let mut line = String::new();
        BufReader::new(pipe).read_line(&mut line)?;
        let greeting = Greeting::read(&line)?;
        let note = json!({ "address": greeting.address }).to_string();
        let note = Note::write(place::dist().join(NOTE), &note)?;
        Ok(Self {
            server,
            greeting,
            _note: note,
        })
    }

    /// What to type into the address bar.
    pub(crate) fn address(&self) -> &str {
        &self.greeting.address
    }

    /// The password of this run.
    pub(crate) fn password(&self) -> &str {
        &self.greeting.password
    }

    /// Where it listens on loopback.
    pub(crate) fn port(&self) -> u16 {
        self.greeting.port
    }

    /// How it ended, if it did.
    ///
    /// # Errors
    ///
    /// When the operating system does not tell.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.server.child().try_wait()?)
    }
}

impl Greeting {
    fn read(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(address), Some(password)) = (text("address"), text("password")) else {
            bail!("the demo server did not say where it listens");
        };
        let port = address
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        let port = port.with_context(|| format!("the demo server's address is {address}"))?;
        Ok(Self {
            address,
            password,
            port,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_tells_address_port_and_password() {
        let line = r#"{"address":"ann@127.0.0.1:4022","password":"correct horse"}"#;
        let greeting = Greeting::read(line).unwrap();
        assert_eq!(greeting.port, 4022);
        assert_eq!(greeting.address, "ann@127.0.0.1:4022");
        assert_eq!(greeting.password, "correct horse");
    }

    #[test]
    fn another_greeting_is_refused_without_repeating_it() {
        let error = Greeting::read("password: secret").unwrap_err().to_string();
        assert!(!error.contains("secret"));
    }
}
