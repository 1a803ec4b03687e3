//! Servers that do not say when they listen.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// Longest time that it takes to listen, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits until the server called `name` takes connections at a port of this machine.
///
/// # Errors
///
/// It does not, with what it wrote to `log`.
pub(crate) async fn listening(name: &str, port: u16, log: &Path) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        let log = fs::read_to_string(log).unwrap_or_default();
        ensure!(Instant::now() < end, "{name} does not listen:\n{log}");
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}
