//! Native ssh on a terminal, driven through pipes.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use transom_tests::RelayProcess;

use crate::bridge;
use crate::stage::Stage;

/// A shell by native ssh. Dropping it ends it.
pub(crate) struct Native {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// What was read and not looked at yet.
    rest: Vec<u8>,
}

impl Native {
    /// Starts ssh with a terminal.
    pub(crate) fn start(stage: &Stage) -> Result<Self> {
        Self::run(stage.server.native_ssh(&stage.key))
    }

    /// The same, where it comes through a relay in plain mode.
    pub(crate) fn through(stage: &Stage, relay: &RelayProcess) -> Result<Self> {
        let mut ssh = stage.server.native_ssh(&stage.key);
        ssh.args(["-o", &bridge::option(&relay.origin())?]);
        Self::run(ssh)
    }

    fn run(mut ssh: Command) -> Result<Self> {
        let mut child = ssh
            .arg("-tt")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().context("no stdin")?;
        let output = child.stdout.take().context("no stdout")?;
        Ok(Self {
            child,
            input,
            output,
            rest: vec![],
        })
    }

    /// Types.
    pub(crate) fn type_text(&mut self, text: &str) -> Result<()> {
        self.input.write_all(text.as_bytes())?;
        Ok(self.input.flush()?)
    }

    /// Reads until `mark` came, and returns the number of bytes up to its end.
    pub(crate) fn read_until(&mut self, mark: &str) -> Result<usize> {
        let mark = mark.as_bytes();
        let mut dropped = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let place = self.rest.windows(mark.len()).position(|part| part == mark);
            if let Some(place) = place {
                let end = place + mark.len();
                self.rest.drain(..end);
                return Ok(dropped + end);
            }
            // Only what could be the mark's beginning matters later.
            let keep = self.rest.len().saturating_sub(mark.len());
            self.rest.drain(..keep);
            dropped += keep;
            let count = self.output.read(&mut buffer)?;
            if count == 0 {
                bail!("native ssh ended");
            }
            self.rest.extend(buffer.iter().take(count));
        }
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        // Both only fail where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
