//! `cargo xtask test`: checks, then every test there is, and how many of them passed.

mod tally;

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use tally::Tally;

use crate::check::graph::Graph;
use crate::setup::{Kit, TARGET, apt};
use crate::{check, child, place, run};

/// Name of the test targets that run in a browser (`crate/x/tests/web/main.rs`).
const BROWSER_TESTS: &str = "web";

/// Runs everything, also after something fails. The last line counts the tests.
///
/// # Errors
///
/// When set-up does not work. Tests and checks that fail make the exit code.
pub(crate) fn all() -> Result<ExitCode> {
    let begun = Instant::now();
    run::say("set-up");
    apt::ensure_programs(apt::TEST_PROGRAMS)?;
    let kit = Kit::prepare()?;
    run::say("checks");
    let mut tally = Tally::default();
    tally.add_failures(check::failures(&kit));
    for (name, phase) in phases(&kit)? {
        run::say(name);
        let begun = Instant::now();
        let counted = counted(phase)?;
        run::say(format!(
            "  {name}: {counted}, {}",
            run::spoken(begun.elapsed())
        ));
        tally += counted;
    }
    run::say(format!("everything took {}", run::spoken(begun.elapsed())));
    if tally.ignored() > 0 {
        let count = tally.ignored();
        run::say(format!("{count} tests were left out; above, each says why"));
    }
    println!("{tally}");
    Ok(if tally.is_green() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The runs of cargo, in order. The first two share one set of features, and so one build.
fn phases(kit: &Kit) -> Result<Vec<(&'static str, Command)>> {
    let mut phases = vec![
        ("tests compiled", workspace_tests(&["--no-run"])),
        (
            "native and end-to-end tests",
            workspace_tests(&["--no-fail-fast"]),
        ),
    ];
    let graph = Graph::of(TARGET)?;
    let mut browser = kit.cargo();
    browser
        .args([
            "test",
            "--locked",
            "--no-fail-fast",
            "--target",
            TARGET,
            "--test",
            BROWSER_TESTS,
        ])
        // wasm-bindgen's runner looks on PATH only where this is not set.
        .env(
            "CHROMEDRIVER",
            apt::find("chromedriver").context("chromedriver is not on PATH")?,
        )
        // Seconds for all tests of a crate. The vault's derive keys from passphrases many times, by design
        // some tenths of a second each, and the 20 of the runner are short on a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    let mut packages = graph.with_test(BROWSER_TESTS).peekable();
    if packages.peek().is_some() {
        browser.args(packages.flat_map(|package| ["--package", package]));
        phases.push(("tests in the browser", browser));
    }
    Ok(phases)
}

/// All tests of the workspace. The end-to-end ones find site and relay by their environment.
fn workspace_tests(arguments: &[&str]) -> Command {
    let mut cargo = run::cargo();
    cargo
        .args(["test", "--workspace", "--locked"])
        .args(arguments)
        .env("TRANSOM_DIST", place::dist())
        .env("TRANSOM_RELAY", place::program("debug", "transom-relay"));
    cargo
}

/// Runs a command, shows what it says and counts the tests it tells of.
fn counted(mut command: Command) -> Result<Tally> {
    command.stdout(Stdio::piped());
    let mut group = child::Group::start(&mut command)?;
    let mut tally = Tally::default();
    if let Some(pipe) = group.child().stdout.take() {
        for line in BufReader::new(pipe).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally.read(&line);
        }
    }
    let status = group.wait()?;
    if !status.success() && tally.is_green() {
        run::say(format!("`{}` ended with {status}", run::shown(&command)));
        tally.add_failures(1);
    }
    Ok(tally)
}
