//! `transom-relay`: serves the page and its WebSockets on this machine.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use transom_relay::{Config, Origin, OtherRelay, Plain, Policy, Rule, ServeError, Target, serve};

/// Turns the WebSocket of a page into TCP connections to SSH servers. Sees only ciphertext.
#[derive(Parser)]
#[command(name = "transom-relay", version)]
struct Options {
    /// Loopback address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8022")]
    listen: SocketAddr,
    /// What may be reached: host:port, *.example.org:22, 10.0.0.0/8:22, localhost:*, *:22
    /// (repeatable). Without it: nothing. Loopback, link-local and other special addresses
    /// only by localhost or by an address
    #[arg(long, value_name = "PATTERN")]
    allow: Vec<Rule>,
    /// Origin of a page that may use the relay besides its own (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<Origin>,
    /// Serve programs, which send no Origin
    #[arg(long)]
    allow_no_origin: bool,
    /// Folder of the page
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Another relay that the page may use, as wss://ssh.example.org (repeatable)
    #[arg(long, value_name = "URL")]
    connect: Vec<OtherRelay>,
    /// Serve bare WebSockets at /plain: to HOST:PORT, or to /plain?target=host:port
    #[arg(long, value_name = "HOST:PORT", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "clap tells absent, bare and given so")]
    plain: Option<Option<Target>>,
    /// Sessions at the same time
    #[arg(long, value_name = "COUNT", default_value_t = Config::DEFAULT_MAX_SESSIONS)]
    max_sessions: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    start_log();
    // `serve` would refuse it as well, but nobody should be able to connect even briefly.
    if !options.listen.ip().is_loopback() {
        return Err(ServeError::UserNotLoopback(options.listen).into());
    }
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = listener.local_addr()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    writeln!(io::stdout(), "relay listening on http://{address}")?;
    serve(listener, options.into(), shutdown).await?;
    Ok(())
}

/// Logs to standard error, as much as `RUST_LOG` (`off` to `trace`) wants; `info` by default.
///
/// # Security
///
/// Only this crate's own lines: at `trace` the WebSocket library prints whole messages, and with
/// them the secrets of sessions.
fn start_log() {
    let wanted = std::env::var("RUST_LOG").ok();
    let level = wanted.and_then(|level| level.parse().ok());
    let level = level.unwrap_or(LevelFilter::INFO);
    tracing_subscriber::registry()
        .with(layer().with_writer(io::stderr))
        .with(Targets::new().with_target("transom_relay", level))
        .init();
}

impl From<Options> for Config {
    fn from(options: Options) -> Self {
        Self {
            policy: Policy::new(options.allow),
            origins: options.origin,
            allow_no_origin: options.allow_no_origin,
            site: options.site,
            other_relays: options.connect,
            plain: match options.plain {
                None => Plain::Off,
                Some(None) => Plain::Query,
                Some(Some(target)) => Plain::Fixed(target),
            },
            max_sessions: options.max_sessions,
        }
    }
}
