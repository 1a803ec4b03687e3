//! `cargo xtask`: set-up, build, run, test, bench and checks of this workspace.
//!
//! Each command looks at what is there and does only what is missing.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on standard output"
)]

mod check;
mod child;
mod place;
mod run;
mod setup;
mod site;
mod test;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match child::end_all_on_signal().and_then(|()| dispatch(&words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<()> {
    match words {
        ["build"] => site::build(site::Mode::Release),
        ["build", "--dev"] => site::build(site::Mode::Dev),
        ["check"] => check::all(),
        ["test"] => test::all(),
        _ => bail!("usage"),
    }
}
