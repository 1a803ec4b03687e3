//! Starts the demo server and says in one line how to log in.

use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use transom_demo::{Account, Demo, HostKey, Loopback, Password, serve};

/// A demo SSH server on 127.0.0.1 for the user who starts it.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Keep the host key in this file; without it each run has a new one.
    #[arg(long, value_name = "FILE")]
    host_key: Option<PathBuf>,
    /// End when standard input does, that is, with the program that started this one.
    #[arg(long)]
    with_parent: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let host_key = match &options.host_key {
        Some(path) => HostKey::in_file(path),
        None => HostKey::random(),
    };
    let host_key = host_key.context("no host key")?;
    let demo = Demo {
        account: Account::invoking()?,
        password: Password::random()?,
    };
    let listener = Loopback::bind(options.port)
        .await
        .with_context(|| format!("cannot listen on port {}", options.port))?;
    // Before the line is printed: whoever reads it may end this program at once.
    let end = end(options.with_parent)?;
    announce(&listener, &host_key, &demo)?;
    serve(listener, &host_key, demo, end).await?;
    Ok(())
}

/// Prints the one line that programs read. Fields may be added at its end and never change.
fn announce(listener: &Loopback, host_key: &HostKey, demo: &Demo) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(
        output,
        "demo listening on {} user={} password={} host-key={}",
        listener.address()?,
        demo.account.name,
        demo.password.reveal(),
        host_key.fingerprint(),
    )?;
    output.flush()?;
    Ok(())
}

/// Resolves at Ctrl-C or a request to end, and at the parent's end if that is wanted.
///
/// A program started in the background often ignores Ctrl-C, and what it starts would inherit that:
/// Ctrl-C would do nothing in the shells. A signal that is handled here is not ignored there.
fn end(with_parent: bool) -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let parent = with_parent.then(end_of_input);
    Ok(async move {
        let parent = async {
            match parent {
                // An error means that the thread is gone, which it is only at the end of input.
                Some(end) => drop(end.await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = quit.recv() => {}
            _ = hang_up.recv() => {}
            _ = terminate.recv() => {}
            () = parent => {}
        }
    })
}

/// Watches standard input on a thread of its own: the runtime would wait for a blocked read of its
/// own before it lets the program end.
fn end_of_input() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut discarded = [0; 256];
        while matches!(input.read(&mut discarded), Ok(1..)) {}
        let _nobody_waits = sender.send(());
    });
    receiver
}
