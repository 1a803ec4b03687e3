//! The relay as its own process, so that its memory, logs and end can be looked at.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use tokio::sync::OnceCell;

use crate::artifact::Artifacts;
use crate::process::{Process, free_port};
use crate::wait::PATIENCE;

/// What the relay may do.
#[derive(Clone, Debug, Default)]
pub struct RelayOptions {
    /// `host:port` patterns that it may connect to; all loopback ports where empty.
    pub allow: Vec<String>,
    /// Port to listen on; any free one where `None`.
    pub port: Option<u16>,
}

/// A running relay that serves the built site.
#[derive(Debug)]
pub struct RelayProcess {
    process: Process,
    port: u16,
}

impl RelayProcess {
    /// Starts the relay; its log goes to `artifacts`.
    pub async fn start(options: &RelayOptions, artifacts: &Artifacts) -> Result<Self> {
        let port = match options.port {
            Some(port) => port,
            None => free_port()?,
        };
        let mut command = Command::new(binary().await?);
        command
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .arg("--site")
            .arg(site()?);
        let everything = ["127.0.0.1:*".to_owned(), "localhost:*".to_owned()];
        let allow = if options.allow.is_empty() {
            &everything
        } else {
            options.allow.as_slice()
        };
        for pattern in allow {
            command.arg("--allow").arg(pattern);
        }
        let mut process = Process::start(&mut command, &artifacts.path("relay.log"))?;
        process
            .line("the relay listens", PATIENCE, |line| {
                line.contains(&port.to_string()).then_some(())
            })
            .await?;
        Ok(Self { process, port })
    }

    /// Origin of the page.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// What it logged.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Folder of the built site.
pub(crate) fn site() -> Result<PathBuf> {
    let folder =
        env::var_os("TRANSOM_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from);
    ensure!(
        folder.join("index.html").exists(),
        "{} holds no built site: run `cargo xtask build --dev` first, or set TRANSOM_DIST",
        folder.display()
    );
    Ok(folder)
}

/// The relay's program, built once for this run of the tests.
async fn binary() -> Result<&'static Path> {
    static BINARY: OnceCell<PathBuf> = OnceCell::const_new();
    let path = BINARY
        .get_or_try_init(|| async { tokio::task::spawn_blocking(build).await? })
        .await?;
    Ok(path)
}

fn build() -> Result<PathBuf> {
    if let Some(path) = env::var_os("TRANSOM_RELAY") {
        return Ok(path.into());
    }
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "transom-relay", "--bins"])
        .current_dir(workspace())
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        bail!(
            "the relay does not build:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // This program is target/<profile>/deps/<name> or target/<profile>/<name>.
    let here = env::current_exe()?;
    let target = here
        .ancestors()
        .find(|folder| folder.ends_with("target"))
        .map_or_else(|| workspace().join("target"), Path::to_owned);
    Ok(target.join("debug").join("transom-relay"))
}
