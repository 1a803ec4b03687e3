//! The demo server as a child: where it listens, and how to log in.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};
use serde_json::json;

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

/// What the server says first, in one line on its standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Greeting {
    /// `user@127.0.0.1:port`
    address: String,
    /// For this run only. It goes to the terminal, and nowhere else.
    password: String,
    port: u16,
}

impl Demo {
    /// Starts the server on loopback and tells the page where.
    ///
    /// - `port`: where it listens; 0 for any free port.
    ///
    /// # Errors
    ///
    /// When it does not start or does not say where it listens.
    pub(crate) fn start(port: u16) -> Result<Self> {
        let mut command = Command::new(place::program("release", "transom-demo"));
        command
            // Its input ends with us, however we end; see `--with-parent`.
            .args(["--with-parent", "--port", &port.to_string()])
            // The same key each time, so that a browser that trusts it is not asked again.
            .arg("--host-key")
            .arg(place::scratch().join("demo-host-key"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut server = Group::start(&mut command)?;
        let pipe = server.child().stdout.take();
        let pipe = pipe.context("the demo server has no output")?;
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
    /// Reads `demo listening on 127.0.0.1:4022 user=ann password=… host-key=…`.
    fn read(line: &str) -> Result<Self> {
        let greeting = || {
            let mut words = line.strip_prefix("demo listening on ")?.split_whitespace();
            let address = words.next()?;
            let words: Vec<&str> = words.collect();
            let field = |name| words.iter().find_map(|word| word.strip_prefix(name));
            Some(Self {
                address: format!("{}@{address}", field("user=")?),
                password: field("password=")?.to_owned(),
                port: address.rsplit(':').next()?.parse().ok()?,
            })
        };
        // The line itself stays out of the error: it may hold a password.
        greeting().context("the demo server did not say where it listens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_tells_address_port_and_password() {
        let line = "demo listening on 127.0.0.1:4022 user=ann password=s3cret host-key=SHA256:x\n";
        let greeting = Greeting::read(line).unwrap();
        assert_eq!(greeting.port, 4022);
        assert_eq!(greeting.address, "ann@127.0.0.1:4022");
        assert_eq!(greeting.password, "s3cret");
    }

    #[test]
    fn another_greeting_is_refused_without_repeating_it() {
        let error = Greeting::read("demo listening on nowhere password=secret")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("secret"));
    }
}
