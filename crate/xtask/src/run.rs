//! Running programs, and the lines that tell a person about it.

use std::fmt::Display;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::{child, place};

/// Bytes of a failed program's output that are shown; the rest is in the log file.
const SHOWN_BYTES: usize = 24_000;

/// Tells the person something. Standard output is for what a command was asked for.
pub(crate) fn say(line: impl Display) {
    eprintln!("{line}");
}

/// Tells in one line what is done and how long it usually takes, then how long it took.
///
/// # Errors
///
/// Those of `work`, with the step's name.
pub(crate) fn step<T>(what: &str, usually: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprint!("  {what} (usually {usually}) …");
    let begun = Instant::now();
    let result = work();
    match &result {
        Ok(_) => eprintln!(" {}", spoken(begun.elapsed())),
        Err(_) => eprintln!(" failed after {}", spoken(begun.elapsed())),
    }
    result.with_context(|| format!("{what}: did not work"))
}

/// A duration as a person says it: `0.3 s`, `42 s`, `3 min 20 s`.
#[must_use]
pub(crate) fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Cargo, as it was started by the person, at the top of this clone.
///
/// What `cargo run` adds for xtask's own package is taken away: it would make build scripts
/// that watch those names run again.
#[must_use]
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root());
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// The compiler that cargo uses in this clone.
#[must_use]
pub(crate) fn rustc() -> Command {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(place::root());
    command
}

/// Runs a program with its output hidden; shows the end of it if the program fails.
///
/// # Errors
///
/// When it cannot be started or does not succeed.
pub(crate) fn quietly(command: &mut Command) -> Result<()> {
    captured(command).map(|_| ())
}

/// Runs a program and returns what it printed.
///
/// # Errors
///
/// When it cannot be started or does not succeed; the error shows its last output.
pub(crate) fn captured(command: &mut Command) -> Result<String> {
    // For cargo, also where another program runs it: only what went wrong is worth showing.
    command.env("CARGO_TERM_QUIET", "true");
    command.env("CARGO_TERM_COLOR", "never");
    command.env("RUST_BACKTRACE", "0");
    let output = child::output(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let mut all = output.stdout;
    all.extend_from_slice(&output.stderr);
    let text = String::from_utf8_lossy(&all);
    bail!(
        "`{}` ended with {}\n{}",
        shown(command),
        output.status,
        tail(&text, SHOWN_BYTES)
    )
}

/// Whether a program is there and succeeds.
#[must_use]
pub(crate) fn succeeds(command: &mut Command) -> bool {
    child::output(command).is_ok_and(|output| output.status.success())
}

/// Reads a text file of this clone.
///
/// # Errors
///
/// When it cannot be read, naming it.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A command as a person would type it.
#[must_use]
pub(crate) fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// The last `limit` bytes of `text`, cut at a line.
fn tail(text: &str, limit: usize) -> &str {
    let start = text.len().saturating_sub(limit);
    if start == 0 {
        return text;
    }
    let cut = text
        .char_indices()
        .find(|(at, letter)| *at >= start && *letter == '\n');
    cut.and_then(|(at, _)| text.get(at + 1..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_begins_at_a_line() {
        assert_eq!(tail("one\ntwo\nthree\n", 8), "three\n");
        assert_eq!(tail("short", 8), "short");
    }

    #[test]
    fn durations_are_spoken() {
        assert_eq!(spoken(Duration::from_millis(340)), "0.3 s");
        assert_eq!(spoken(Duration::from_secs(42)), "42 s");
        assert_eq!(spoken(Duration::from_secs(200)), "3 min 20 s");
    }

    #[test]
    fn a_failing_program_shows_what_it_said() {
        let error = quietly(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("why"), "{error}");
    }
}
