//! `cargo xtask bench`: the figures that are promised, one line of JSON each.
//!
//! ```json
//! {"bench":"…","unit":"…","ours":1.0,"base":2.0,"ratio":0.5,"what_base_is":"…"}
//! ```
//!
//! Programs of other crates measure; this only builds them, starts them and passes on what they
//! print. The one figure that needs no clock, the weight of the first load, is taken here.

mod table;

use std::process::Command;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::check::budget;
use crate::setup::apt;
use crate::site::weight;
use crate::{place, run, site};

/// The figure that is taken here.
const FIRST_LOAD: &str = "first-load-bytes";
/// Figures of the ciphers in WebAssembly, which need Node.
const CIPHER: &[&str] = &["aead-chacha", "aead-aes-gcm"];
/// Figures of the relay's own program.
const RELAY: &[&str] = &[
    "relay-idle-memory",
    "relay-vs-websockify/up",
    "relay-vs-websockify/down",
    "relay-throughput",
    "relay-latency",
    "relay-resume-cost",
    "relay-50ms",
    "relay-growth",
];
/// Figures of the end-to-end package, which needs a browser and an SSH server.
const BROWSER: &[&str] = &[
    "start-cold",
    "start-warm",
    "shell-output",
    "shell-output-drawn",
    "echo-latency",
    "echo-in-flood",
    "echo-in-upload",
    "sftp-upload",
    "sftp-download",
    "sftp-upload-50ms",
    "sftp-download-50ms",
    "sftp-small-files",
    "sftp-listing",
    "sftp-memory",
    "growth-connections",
    "growth-upload",
    "growth-listing",
    "tabs-memory",
    "paint-flood",
];

/// Measures and prints.
///
/// - `words`: names of figures, all where empty, and `--markdown` for a table in the place of
///   JSON.
///
/// # Errors
///
/// When a name is unknown, or a program fails.
pub(crate) fn bench(words: &[&str]) -> Result<()> {
    let markdown = words.contains(&"--markdown");
    let names: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| *word != "--markdown")
        .collect();
    if let Some(unknown) = names
        .iter()
        .find(|name| !known().any(|known| known == **name))
    {
        bail!(
            "no figure is called {unknown}; there are {}",
            known().collect::<Vec<_>>().join(", ")
        );
    }
    let wanted = |name: &&str| names.is_empty() || names.contains(name);
    let browser: Vec<&str> = BROWSER.iter().copied().filter(wanted).collect();
    if wanted(&FIRST_LOAD) || !browser.is_empty() {
        site::build(site::Mode::Release)?;
    }
    let mut figures = Figures {
        markdown,
        rows: Vec::new(),
    };
    if wanted(&FIRST_LOAD) {
        figures.add([first_load()?]);
    }
    let cipher: Vec<&str> = CIPHER.iter().copied().filter(wanted).collect();
    if !cipher.is_empty() {
        figures.add(ciphers(&cipher)?);
    }
    let relay: Vec<&str> = RELAY.iter().copied().filter(wanted).collect();
    if !relay.is_empty() {
        apt::ensure_programs(apt::TEST_PROGRAMS)?;
        build_relay()?;
        let mut command = program(&["--package", "transom-relay", "--example", "relay-bench"]);
        command
            .arg("--")
            .args(relay)
            .env("TRANSOM_RELAY", place::program("release", "transom-relay"));
        figures.add(measured(&mut command)?);
    }
    if !browser.is_empty() {
        apt::ensure_programs(apt::TEST_PROGRAMS)?;
        build_relay()?;
        let mut command = program(&["--package", "transom-tests", "--bin", "bench"]);
        command
            .arg("--")
            .args(browser)
            .env("TRANSOM_DIST", place::dist())
            .env("TRANSOM_RELAY", place::program("release", "transom-relay"));
        figures.add(measured(&mut command)?);
    }
    figures.finish();
    Ok(())
}

/// What was measured so far.
struct Figures {
    /// As a table, which has to wait for the last figure.
    markdown: bool,
    rows: Vec<Value>,
}

impl Figures {
    /// Prints figures as soon as they are known, or keeps them for the table.
    fn add(&mut self, figures: impl IntoIterator<Item = Value>) {
        for figure in figures {
            if self.markdown {
                self.rows.push(figure);
            } else {
                println!("{figure}");
            }
        }
    }

    fn finish(self) {
        if self.markdown {
            println!(
                "{}\n\n{}",
                table::machine(),
                table::rows(&self.rows).join("\n")
            );
        }
    }
}

/// Every figure's name, in the order of a full run.
fn known() -> impl Iterator<Item = &'static str> {
    [FIRST_LOAD]
        .into_iter()
        .chain(CIPHER.iter().copied())
        .chain(RELAY.iter().copied())
        .chain(BROWSER.iter().copied())
}

/// What page, worker, terminal and styles weigh on the line, against the budget.
fn first_load() -> Result<Value> {
    let ours = weight::total(&weight::first_load()?);
    let base = budget::limit("first_load_brotli_bytes")?;
    // A ratio of whole bytes, to a thousandth.
    let ratio =
        Value::from(format!("{}.{:03}", ours / base, ours % base * 1000 / base).parse::<f64>()?);
    Ok(json!({
        "bench": FIRST_LOAD,
        "unit": "bytes",
        "ours": ours,
        "base": base,
        "ratio": ratio,
        "what_base_is": "the budget for page, worker, xterm.js and styles, in brotli; fonts come besides",
    }))
}

/// Builds the ciphers as the worker has them and measures them in Node.
fn ciphers(names: &[&str]) -> Result<Vec<Value>> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let ring = place::root().join("crate/ring");
    let mut cargo = run::cargo();
    cargo.args(["build", "--locked", "--manifest-path"]);
    cargo.arg(ring.join("Cargo.toml"));
    cargo.args(["--example", "aead", "--profile", "web", "--target", TARGET]);
    run::quietly(&mut cargo)?;
    let mut node = Command::new("node");
    node.arg(ring.join("examples/aead/measure.mjs"))
        .arg(place::target().join(TARGET).join("web/examples/aead.wasm"));
    // The real ring is written in C. Without a compiler for it there is one row less.
    if apt::ensure_programs(&[("clang", "clang")]).is_ok() {
        let target = place::target().join("ring-real");
        let mut cargo = run::cargo();
        cargo.args([
            "build",
            "--release",
            "--locked",
            "--target",
            TARGET,
            "--manifest-path",
        ]);
        cargo.arg(ring.join("real/Cargo.toml"));
        cargo.arg("--target-dir").arg(&target);
        run::quietly(&mut cargo)?;
        node.arg(target.join(TARGET).join("release/ring_real.wasm"));
    }
    node.args(names);
    measured(&mut node)
}

/// Builds the relay as users have it.
///
/// # Errors
///
/// What cargo said.
pub(crate) fn build_relay() -> Result<()> {
    let mut cargo = run::cargo();
    cargo.args([
        "build",
        "--release",
        "--locked",
        "--package",
        "transom-relay",
        "--bins",
    ]);
    run::quietly(&mut cargo)
}

/// A program of this workspace, as users would have it built.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut cargo = run::cargo();
    cargo
        .args(["run", "--release", "--quiet", "--locked"])
        .args(arguments);
    cargo
}

/// Runs a program and keeps those of its lines that are figures.
fn measured(command: &mut Command) -> Result<Vec<Value>> {
    let said = run::captured(command)?;
    let values = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let figures: Vec<Value> = values
        .filter(|value| value.get("bench").is_some())
        .collect();
    if figures.is_empty() {
        bail!("`{}` printed no figure", run::shown(command));
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_figures_are_left_out() {
        let script = "echo warming up; echo '{\"bench\":\"a\"}'; echo '{\"other\":1}'";
        let figures = measured(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!(figures, [json!({"bench": "a"})]);
    }
}
