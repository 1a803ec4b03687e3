//! Child processes that end with the value that started them.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::wait::until_some;

/// A process whose output goes to a file, and that is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` with both outputs in the file `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let output = File::create(log).context("cannot make a log file")?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone().context("cannot share the log file")?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self {
            child,
            log: log.to_owned(),
        })
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it printed until now.
    pub fn log(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Waits for a line of output from which `read` gets something.
    pub async fn line<T>(
        &mut self,
        what: &str,
        within: Duration,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let seen = until_some(what, within, async || {
            if let Some(found) = self.log().lines().find_map(&read) {
                return Ok(Some(Ok(found)));
            }
            Ok(self.ended()?.map(Err))
        })
        .await;
        match seen {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(status)) => bail!("ended with {status} before {what}:\n{}", self.log()),
            Err(error) => Err(error.context(self.log())),
        }
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .context("cannot ask for a child's end")
    }

    /// Ends it at once and waits for that.
    pub fn kill(&mut self) {
        // Both only fail where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A loopback port on which nothing listens.
///
/// Another program could take it before the caller does; the system hands out ports in turn, so
/// that takes ten thousands of them.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}
