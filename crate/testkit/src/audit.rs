//! What `ssh-audit` thinks of a client's offer.

use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Duration, sleep, timeout};

use crate::python::python;
use crate::sshd::free_port;

/// Longest that Python takes to start on a busy machine, and `ssh-audit` to judge.
const PATIENCE: Duration = Duration::from_secs(30);

/// `ssh-audit` in the place of a server. It judges the first client that comes, and ends.
#[derive(Debug)]
pub struct ClientAudit {
    child: Child,
    port: u16,
}

/// The algorithms of an offer, with the failures that were found.
#[derive(Debug)]
pub struct Audit(Value);

impl ClientAudit {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// It cannot be installed; the sentence says what to do.
    pub async fn start() -> Result<Self> {
        let program = python().await?.with_file_name("ssh-audit");
        let port = free_port()?;
        let child = Command::new(program)
            .args(["--client-audit", "--json", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start ssh-audit")?;
        Ok(Self { child, port })
    }

    /// Connects to it as a client. It takes one connection only.
    ///
    /// # Errors
    ///
    /// It does not listen within half a minute.
    pub async fn connect(&self) -> Result<TcpStream> {
        let connected = async {
            // It does not say when it listens.
            loop {
                match TcpStream::connect(("127.0.0.1", self.port)).await {
                    Ok(stream) => return stream,
                    Err(_) => sleep(Duration::from_millis(20)).await,
                }
            }
        };
        timeout(PATIENCE, connected)
            .await
            .context("ssh-audit does not listen")
    }

    /// Waits for what it says of the client.
    ///
    /// # Errors
    ///
    /// It says nothing.
    pub async fn verdict(self) -> Result<Audit> {
        let output = timeout(PATIENCE, self.child.wait_with_output()).await??;
        let said = serde_json::from_slice(&output.stdout);
        Ok(Audit(said.context("ssh-audit did not answer in JSON")?))
    }
}

impl Audit {
    /// The names that were offered, in their order.
    ///
    /// - `kind`: `kex`, `key`, `enc` or `mac`.
    pub fn offered(&self, kind: &str) -> Vec<&str> {
        self.list(kind).map(name).collect()
    }

    /// Those of them that count as failures.
    pub fn failed(&self, kind: &str) -> Vec<&str> {
        let fails = |one: &&Value| one.pointer("/notes/fail").is_some();
        self.list(kind).filter(fails).map(name).collect()
    }

    /// Known attacks on what was offered.
    pub fn vulnerabilities(&self) -> usize {
        self.list("cves").count()
    }

    fn list(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0
            .get(kind)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }
}

fn name(one: &Value) -> &str {
    let name = one.get("algorithm").and_then(Value::as_str);
    name.unwrap_or_default()
}
