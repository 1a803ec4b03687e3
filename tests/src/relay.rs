//! The relay as its own process, so that its memory, logs and end can be looked at.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::artifact::Artifacts;
use crate::memory::holds;
use crate::process::{Process, free_port};
use crate::wait::PATIENCE;

/// What the relay may do.
#[derive(Clone, Debug, Default)]
pub struct RelayOptions {
    /// `host:port` patterns that it may connect to; all loopback ports where empty.
    pub allow: Vec<String>,
    /// `host:port` that a plain WebSocket is connected to, where that is allowed.
    pub plain: Option<String>,
    /// How long it holds sessions, as `120s`; its own default where `None`.
    pub grace: Option<String>,
    /// Port to listen on; any free one where `None`.
    pub port: Option<u16>,
    /// Address of the issuer of certificates, where there is one.
    pub issuer: Option<String>,
    /// Folder of the page; the built one where `None`.
    pub site: Option<PathBuf>,
}

/// A running relay that serves the built site.
#[derive(Debug)]
pub struct RelayProcess {
    process: Process,
    port: u16,
    options: RelayOptions,
    site: String,
    /// Its working, home and temporary folder: what it writes is here.
    folder: TempDir,
}

impl RelayProcess {
    /// Starts the relay; its log goes to `artifacts`.
    pub async fn start(options: &RelayOptions, artifacts: &Artifacts) -> Result<Self> {
        let port = match options.port {
            Some(port) => port,
            None => free_port()?,
        };
        let mut command = Command::new(binary().await?);
        let site = match &options.site {
            Some(site) => site.clone(),
            None => site()?,
        };
        let site = site.display().to_string();
        command
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--site", &site]);
        let everything = ["127.0.0.1:*".to_owned(), "localhost:*".to_owned()];
        let allow = if options.allow.is_empty() {
            &everything
        } else {
            options.allow.as_slice()
        };
        for pattern in allow {
            command.arg("--allow").arg(pattern);
        }
        if let Some(target) = &options.plain {
            command.arg("--plain").arg(target);
        }
        if let Some(grace) = &options.grace {
            command.arg("--grace").arg(grace);
        }
        if let Some(issuer) = &options.issuer {
            command.arg("--certificate-url").arg(issuer);
        }
        let folder = tempfile::tempdir()?;
        command
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path());
        let mut process = Process::start(&mut command, &artifacts.path("relay.log"))?;
        process
            .line("the relay listens", PATIENCE, |line| {
                line.contains(&port.to_string()).then_some(())
            })
            .await?;
        Ok(Self {
            process,
            port,
            options: options.clone(),
            site,
            folder,
        })
    }

    /// Origin of the page.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Folder of the page that it serves.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once.
    pub fn stop(&mut self) {
        self.process.kill();
    }

    /// Starts it again on the same port.
    pub async fn restart(&mut self, artifacts: &Artifacts) -> Result<()> {
        self.stop();
        let options = RelayOptions {
            port: Some(self.port),
            ..self.options.clone()
        };
        *self = Self::start(&options, artifacts).await?;
        Ok(())
    }

    /// Its process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Whether a file that it could have written holds `text`.
    pub fn disk_holds(&self, text: &str) -> Result<bool> {
        for entry in fs::read_dir(self.folder.path())? {
            let content = fs::read(entry?.path())?;
            if holds(&content, text.as_bytes()) {
                return Ok(true);
            }
        }
        Ok(false)
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
