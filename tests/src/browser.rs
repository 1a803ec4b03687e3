//! A browser of its own for each test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, WindowHandle,
};

use crate::artifact::Artifacts;
use crate::devtools::Devtools;
use crate::memory::holds;
use crate::process::Process;
use crate::wait::{PATIENCE, until_some};
use crate::{tap, terminal};

/// How often ChromeDriver is started again.
const DRIVER_TRIES: u32 = 5;

/// What it says when its port is taken.
const PORT_TAKEN: &str = "Address already in use";

/// Arguments that keep Chromium on this machine and quiet.
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
];

/// How the browser is set up.
#[derive(Clone, Copy, Debug)]
pub struct BrowserOptions {
    /// Offers WebGL, drawn by the processor.
    pub webgl: bool,
    /// Keeps a record of console, requests and terminal output. Costs a little time, so
    /// measurements go without.
    pub watch: bool,
    /// Width and height of the window in CSS pixels.
    pub size: (u32, u32),
    /// Runs in each page before the page's own programs, where `watch` is on.
    pub script: Option<&'static str>,
}

impl Default for BrowserOptions {
    fn default() -> Self {
        Self {
            webgl: false,
            watch: true,
            size: (1200, 800),
            script: None,
        }
    }
}

/// A browser with an empty profile, controlled by a ChromeDriver of its own.
///
/// INVARIANT: dropping it ends every process that it started, by id.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    devtools: Devtools,
    profile: Arc<TempDir>,
    _chromedriver: Process,
}

impl Browser {
    /// Starts a browser; ChromeDriver's log goes to `artifacts`.
    pub async fn start(options: &BrowserOptions, artifacts: &Artifacts) -> Result<Self> {
        let profile = tempfile::tempdir().context("cannot make a browser profile")?;
        Self::start_in(Arc::new(profile), options, artifacts).await
    }

    /// Ends the browser and starts another one with the same profile, all but what it cached:
    /// it knows what the page stored, and has to fetch and compile its programs again.
    pub async fn start_afresh(
        self,
        options: &BrowserOptions,
        artifacts: &Artifacts,
    ) -> Result<Self> {
        let profile = Arc::clone(&self.profile);
        drop(self);
        for cache in ["Cache", "Code Cache", "GPUCache", "Service Worker"] {
            let cache = profile.path().join("Default").join(cache);
            if cache.exists() {
                fs::remove_dir_all(cache)?;
            }
        }
        let _ = fs::remove_file(devtools_file(profile.path()));
        Self::start_in(profile, options, artifacts).await
    }

    async fn start_in(
        profile: Arc<TempDir>,
        options: &BrowserOptions,
        artifacts: &Artifacts,
    ) -> Result<Self> {
        let (chromedriver, port) = chromedriver(artifacts).await?;
        let capabilities = capabilities(options, profile.path())?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities)
            .await
            .context("cannot start Chromium")?;
        let url = devtools_url(profile.path()).await?;
        let devtools = if options.watch {
            let ours = [terminal::READABLE, tap::SCRIPT];
            let scripts = options.script.into_iter().chain(ours).collect();
            Devtools::connect(&url, scripts).await?
        } else {
            Devtools::connect_only(&url, vec![]).await?
        };
        Ok(Self {
            driver,
            devtools,
            profile,
            _chromedriver: chromedriver,
        })
    }

    /// WebDriver, for what the harness has no word for.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// DevTools, for what the harness has no word for.
    pub fn devtools(&self) -> &Devtools {
        &self.devtools
    }

    /// Opens an address in the front window.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.driver
            .goto(url)
            .await
            .with_context(|| format!("cannot open {url}"))
    }

    /// Reloads the front window's page.
    pub async fn reload(&self) -> Result<()> {
        self.driver.refresh().await.context("cannot reload")
    }

    /// Opens another window, empty and in front.
    pub async fn new_window(&self) -> Result<WindowHandle> {
        let window = self.driver.new_window().await?;
        self.driver.switch_to_window(window.clone()).await?;
        Ok(window)
    }

    /// Closes the front window and goes to another one.
    pub async fn close_window(&self, next: WindowHandle) -> Result<()> {
        self.driver.close_window().await?;
        self.driver.switch_to_window(next).await?;
        Ok(())
    }

    /// Runs a function body in the page.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Result<Value> {
        let returned = self.driver.execute(body, arguments).await?;
        Ok(returned.json().clone())
    }

    /// Changes the window's size, in CSS pixels of the page.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.driver.set_window_rect(0, 0, width, height).await?;
        Ok(())
    }

    /// DevTools session of the page in the front window.
    pub async fn page_session(&self) -> Result<String> {
        let window = self.driver.window().await?.to_string();
        let page = self
            .devtools
            .ledger()
            .targets()
            .find(|target| target.kind == "page" && window.ends_with(&target.id))
            .map(|target| target.session.clone());
        page.ok_or_else(|| anyhow!("no DevTools session for the page"))
    }

    /// DevTools sessions of all workers that live.
    pub fn worker_sessions(&self) -> Vec<String> {
        let ledger = self.devtools.ledger();
        let workers = ledger
            .targets()
            .filter(|target| target.kind.ends_with("worker"));
        workers.map(|target| target.session.clone()).collect()
    }

    /// Lets pages of `origin` use the clipboard without being asked.
    pub async fn allow_clipboard(&self, origin: &str) -> Result<()> {
        let params = json!({
            "origin": origin,
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
        });
        self.devtools
            .call(None, "Browser.grantPermissions", params)
            .await?;
        Ok(())
    }

    /// Cuts the network of the page and of all workers off, silently, or puts it back.
    pub async fn set_offline(&self, offline: bool) -> Result<()> {
        let mut sessions = self.worker_sessions();
        sessions.push(self.page_session().await?);
        let params = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        for session in sessions {
            self.devtools
                .call(
                    Some(&session),
                    "Network.emulateNetworkConditions",
                    params.clone(),
                )
                .await?;
        }
        Ok(())
    }

    /// A picture of the page, as PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        self.driver
            .screenshot_as_png()
            .await
            .context("no screenshot")
    }

    /// Whether a file below the profile holds `text`, as the browser has written it by now.
    pub fn profile_holds(&self, text: impl AsRef<[u8]>) -> Result<bool> {
        folder_holds(self.profile.path(), text.as_ref())
    }

    /// Ids of all processes of this browser, with their `--type`; empty for the main one.
    pub fn processes(&self) -> Vec<(u32, String)> {
        processes_of(self.profile.path())
    }
}

/// Starts ChromeDriver; returns its port as well.
///
/// It asks for any port on IPv6 and then wants the same one on IPv4. Where something else has that, it
/// ends, and is started again.
async fn chromedriver(artifacts: &Artifacts) -> Result<(Process, u16)> {
    let mut tries = 1..=DRIVER_TRIES;
    loop {
        let mut process = Process::start(
            Command::new("chromedriver").arg("--port=0"),
            &artifacts.path("chromedriver.log"),
        )?;
        let port = process.line("ChromeDriver starts", PATIENCE, |line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        match port.await {
            Ok(port) => return Ok((process, port)),
            Err(_) if process.log().contains(PORT_TAKEN) && tries.next().is_some() => {}
            Err(error) => return Err(error),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Killed below; a session that was ended already is no mistake.
        let _ = self.driver.clone().leak();
        let mut processes = self.processes();
        // The main process first: it would restart or report what is killed below it.
        processes.sort_by_key(|(_, kind)| !kind.is_empty());
        for (id, _) in processes {
            // One that ended by itself since is no mistake either.
            let _ = Command::new("kill").args(["-9", &id.to_string()]).output();
        }
    }
}

fn capabilities(options: &BrowserOptions, profile: &Path) -> Result<thirtyfour::Capabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        chrome.add_arg(argument)?;
    }
    for argument in if options.webgl {
        ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    } else {
        ["--disable-gpu", "--disable-3d-apis"]
    } {
        chrome.add_arg(argument)?;
    }
    let (width, height) = options.size;
    chrome.add_arg(&format!("--window-size={width},{height}"))?;
    chrome.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    chrome.insert_base_capability("unhandledPromptBehavior".into(), "accept".into());
    Ok(chrome.into())
}

fn folder_holds(folder: &Path, text: &[u8]) -> Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = if entry.file_type()?.is_dir() {
            folder_holds(&entry.path(), text)?
        } else {
            // A file may be gone by now, and sockets cannot be read.
            let content = fs::read(entry.path()).unwrap_or_default();
            holds(&content, text)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

fn devtools_file(profile: &Path) -> PathBuf {
    profile.join("DevToolsActivePort")
}

/// Reads where DevTools listens from the file that Chromium leaves in its profile.
async fn devtools_url(profile: &Path) -> Result<String> {
    let file = devtools_file(profile);
    until_some("Chromium tells its DevTools port", PATIENCE, async || {
        let text = fs::read_to_string(&file)?;
        let Some((port, path)) = text.split_once('\n') else {
            return Ok(None);
        };
        Ok(Some(format!("ws://127.0.0.1:{port}{}", path.trim())))
    })
    .await
}

fn processes_of(profile: &Path) -> Vec<(u32, String)> {
    let mark = format!("--user-data-dir={}", profile.display());
    let Ok(entries) = fs::read_dir("/proc") else {
        return vec![];
    };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(|id: u32| {
        let words = fs::read(format!("/proc/{id}/cmdline")).ok()?;
        let words = String::from_utf8_lossy(&words).into_owned();
        let kind = words
            .split(['\0', ' '])
            .find_map(|word| word.strip_prefix("--type="));
        words
            .contains(&mark)
            .then(|| (id, kind.unwrap_or_default().to_owned()))
    })
    .collect()
}
