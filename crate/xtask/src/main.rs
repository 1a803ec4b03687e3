//! `cargo xtask`: set-up, build, run, test, bench and checks of this workspace.
//!
//! Each command looks at what is there and does only what is missing.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on standard output"
)]

mod bench;
mod check;
mod child;
mod fuzz;
mod place;
mod profile;
mod run;
mod screens;
mod setup;
mod site;
mod test;
mod up;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

/// What `cargo xtask help` says.
const HELP: &str = "\
Usage: cargo xtask COMMAND

  up       Build everything, start relay and demo server, serve until Ctrl-C
             --port N           serve on this port
             --allow HOST:PORT  let the relay connect only to such targets (repeatable;
                                otherwise port 22 anywhere, and every port of this machine)
             --connect URL      let the page use another relay, as wss://ssh.example.org
                                (repeatable; choose it under Settings)
             --no-demo          start no demo server
             --open             open the browser
  build    Build page and worker into dist/
             --dev              quickly: not optimised, not compressed
  profile  Record which functions a first shell runs: they make the first part of each program
  check    Formatting, lints, arrows between crates, sizes, documentation, budgets
  test     `check`, then every test; the last line counts them
  bench    Figures as lines of JSON
             [NAME …]           only these
             --markdown         as a table
  screens  Take a picture of every screen into target/screens/, both themes, three widths
             --readme           instead those of the README, into docs/
  fuzz     Run the fuzz targets, 30 s each
             [NAME …]           only these
             --seconds N        each for so long; the last words
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match child::end_all_on_signal().and_then(|()| dispatch(&words)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<ExitCode> {
    match words {
        [] | ["help" | "--help" | "-h"] => print!("{HELP}"),
        ["up", options @ ..] => up::up(&up::Options::read(options)?)?,
        ["build"] => site::build(site::Mode::Release)?,
        ["build", "--dev"] => site::build(site::Mode::Dev)?,
        ["profile"] => profile::record()?,
        ["check"] => check::all()?,
        ["test"] => return test::all(),
        ["bench", words @ ..] => bench::bench(words)?,
        ["screens"] => screens::take()?,
        ["screens", "--readme"] => screens::take_readme()?,
        ["fuzz", words @ ..] => fuzz::fuzz(words)?,
        _ => bail!("`cargo xtask {}` is unknown\n\n{HELP}", words.join(" ")),
    }
    Ok(ExitCode::SUCCESS)
}
