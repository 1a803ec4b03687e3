//! `transom-relay`: serves the page and its WebSockets.

mod cli;

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use transom_relay::{Config, LogConfig, LogFormat, LogLevel, check, serve};

use cli::{Command, ConfigCommand, Options};

fn main() -> Result<()> {
    let Options { command, settings } = Options::parse();
    match command {
        None => run(settings.load()?),
        Some(Command::Config(ConfigCommand::Check(settings))) => {
            check(&settings.load()?)?;
            writeln!(io::stdout(), "the settings are fine")?;
            Ok(())
        }
        Some(Command::Config(ConfigCommand::Print(settings))) => {
            write!(io::stdout(), "{}", settings.load()?.to_file()?)?;
            Ok(())
        }
        Some(Command::Ticket(options)) => {
            writeln!(io::stdout(), "{}", options.mint()?)?;
            Ok(())
        }
    }
}

#[tokio::main]
async fn run(config: Config) -> Result<()> {
    start_log(&config.log);
    // `serve` would refuse it as well, but nobody should be able to connect even briefly.
    config.check_exposure(config.listen)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    // To be listened for is enough that it ends nothing; whoever keeps files fresh hears it too.
    let _reload = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let scheme = if config.tls.is_some() {
        "https"
    } else {
        "http"
    };
    writeln!(io::stdout(), "relay listening on {scheme}://{address}")?;
    serve(listener, config, shutdown).await?;
    Ok(())
}

/// Logs to standard error, as much as the settings say, or `RUST_LOG` (`off` to `trace`).
///
/// # Security
///
/// Only this crate's own lines: at `trace` the WebSocket library prints whole messages, and with
/// them the secrets of sessions.
fn start_log(config: &LogConfig) {
    let wanted = std::env::var("RUST_LOG").ok();
    let level = wanted.and_then(|level| level.parse().ok());
    let level = level.unwrap_or(match config.level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    });
    let lines = layer().with_writer(io::stderr);
    let lines = match config.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines)
        .with(Targets::new().with_target("transom_relay", level))
        .init();
}
