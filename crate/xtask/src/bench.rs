//! `cargo xtask bench`: the figures that are promised, one line of JSON each.
//!
//! ```json
//! {"bench":"…","unit":"…","ours":1.0,"base":2.0,"ratio":0.5,"what_base_is":"…"}
//! ```
//!
//! Programs of other crates measure; this only builds them, starts them and passes on what they
//! print. The one figure that needs no clock, the weight of the first load, is taken here.
//!
//! A figure that cannot be taken says why in its line, and the others are taken all the same:
//!
//! ```json
//! {"bench":"…","failed":"…"}
//! ```

mod cipher;
mod table;

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use serde_json::{Value, json};

use crate::check::budget;
use crate::setup::apt;
use crate::site::weight;
use crate::{place, run, site};

/// The figure that is taken here.
const FIRST_LOAD: &str = "first-load-bytes";
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
    "relay-instructions",
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

/// Seconds that one figure may take: some take minutes, and one that hangs must not hold up the rest.
const LIMIT_SECONDS: u32 = 600;

/// Letters of a reason that are shown.
const REASON_LETTERS: usize = 400;

/// Figures that need the same things.
struct Group {
    names: &'static [&'static str],
    prepare: fn() -> Result<()>,
    take: fn(&str) -> Result<Vec<Value>>,
}

/// Every figure, in the order of a full run.
const GROUPS: [Group; 4] = [
    Group {
        names: &[FIRST_LOAD],
        prepare: || site::build(site::Mode::Release),
        take: |_| Ok(vec![first_load()?]),
    },
    Group {
        names: cipher::NAMES,
        prepare: cipher::build,
        take: cipher::measure,
    },
    Group {
        names: RELAY,
        prepare: || {
            apt::ensure_programs(apt::TEST_PROGRAMS)?;
            // Without it, one figure says so.
            let _counts = apt::ensure_programs(&[("valgrind", "valgrind")]);
            build_relay()?;
            compile(&RELAY_BENCH)
        },
        take: |name| measured(&mut limited(&RELAY_BENCH, name)),
    },
    Group {
        names: BROWSER,
        prepare: || {
            site::build(site::Mode::Release)?;
            apt::ensure_programs(apt::TEST_PROGRAMS)?;
            build_relay()?;
            compile(&BROWSER_BENCH)
        },
        take: |name| measured(limited(&BROWSER_BENCH, name).env("TRANSOM_DIST", place::dist())),
    },
];

/// A program that measures.
struct Bench {
    package: &'static str,
    /// What cargo calls its kind, its name, and the folder in which it is built.
    kind: &'static str,
    name: &'static str,
    folder: &'static str,
}

const RELAY_BENCH: Bench = Bench {
    package: "transom-relay",
    kind: "--example",
    name: "relay-bench",
    folder: "release/examples",
};

const BROWSER_BENCH: Bench = Bench {
    package: "transom-tests",
    kind: "--bin",
    name: "bench",
    folder: "release",
};

/// Measures and prints.
///
/// - `words`: names of figures, all where empty, and `--markdown` for a table in the place of
///   JSON.
///
/// # Errors
///
/// When a name is unknown; and in the end, when a figure could not be taken.
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
    let mut figures = Figures {
        markdown,
        rows: Vec::new(),
        failed: Vec::new(),
    };
    for group in &GROUPS {
        let wanted = |name: &&str| names.is_empty() || names.contains(name);
        let wanted: Vec<&str> = group.names.iter().copied().filter(wanted).collect();
        if !wanted.is_empty() {
            group.take_all(&wanted, &mut figures);
        }
    }
    figures.finish()
}

impl Group {
    /// Takes some of the figures.
    fn take_all(&self, names: &[&str], figures: &mut Figures) {
        let prepared = (self.prepare)();
        for name in names {
            let begun = Instant::now();
            let taken = match &prepared {
                Ok(()) => (self.take)(name),
                Err(error) => Err(anyhow!("{error:#}")),
            };
            run::say(format!("  {name}: {}", run::spoken(begun.elapsed())));
            figures.add(name, taken);
        }
    }
}

/// What was measured so far.
struct Figures {
    /// As a table, which has to wait for the last figure.
    markdown: bool,
    rows: Vec<Value>,
    /// Names of those that could not be taken.
    failed: Vec<String>,
}

impl Figures {
    /// Prints a figure's lines as soon as they are known, or keeps them for the table.
    fn add(&mut self, name: &str, taken: Result<Vec<Value>>) {
        let rows = taken.unwrap_or_else(|error| {
            self.failed.push(name.to_owned());
            vec![json!({"bench": name, "failed": reason(&error)})]
        });
        for row in rows {
            if self.markdown {
                self.rows.push(row);
            } else {
                println!("{row}");
            }
        }
    }

    fn finish(self) -> Result<()> {
        if self.markdown {
            println!("{}", table::markdown(&self.rows));
        }
        if !self.failed.is_empty() {
            bail!("not taken: {}", self.failed.join(", "));
        }
        Ok(())
    }
}

/// Why a figure was not taken, in one line: what the program said last.
fn reason(error: &anyhow::Error) -> String {
    let said = format!("{error:#}");
    let lines: Vec<&str> = said.split_whitespace().collect();
    let line = lines.join(" ");
    let skipped = line.chars().count().saturating_sub(REASON_LETTERS);
    line.chars().skip(skipped).collect()
}

/// Every figure's name, in the order of a full run.
fn known() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|group| group.names.iter().copied())
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

/// Builds a program that measures.
fn compile(bench: &Bench) -> Result<()> {
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--locked"]);
    cargo.args(["--package", bench.package, bench.kind, bench.name]);
    run::quietly(&mut cargo)
}

/// The program for one figure, ended where it takes too long.
fn limited(bench: &Bench, name: &str) -> Command {
    let mut command = Command::new("timeout");
    command
        .args(["--kill-after=10", &LIMIT_SECONDS.to_string()])
        .arg(place::program(bench.folder, bench.name))
        .arg(name)
        .current_dir(place::root())
        .env("TRANSOM_RELAY", place::program("release", "transom-relay"));
    command
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

    #[test]
    fn a_figure_that_fails_says_why_and_the_others_are_taken() {
        let group = Group {
            names: &["good", "bad", "late"],
            prepare: || Ok(()),
            take: |name| match name {
                "bad" => measured(Command::new("sh").args(["-c", "echo the cable is out; exit 1"])),
                name => Ok(vec![json!({"bench": name})]),
            },
        };
        let mut figures = Figures {
            markdown: true,
            rows: Vec::new(),
            failed: Vec::new(),
        };
        group.take_all(group.names, &mut figures);
        let [good, bad, late] = figures.rows.as_slice() else {
            panic!("{:?}", figures.rows);
        };
        assert_eq!(good, &json!({"bench": "good"}));
        assert_eq!(late, &json!({"bench": "late"}));
        let said = bad["failed"].as_str().unwrap();
        assert!(said.ends_with("the cable is out"), "{said}");
        assert_eq!(figures.failed, ["bad"]);
    }

    #[test]
    fn what_cannot_be_prepared_fails_every_figure_of_its_group() {
        let group = Group {
            names: &["one", "two"],
            prepare: || bail!("no compiler"),
            take: |_| bail!("must not be taken"),
        };
        let mut figures = Figures {
            markdown: true,
            rows: Vec::new(),
            failed: Vec::new(),
        };
        group.take_all(group.names, &mut figures);
        let failed = |name: &str| json!({"bench": name, "failed": "no compiler"});
        assert_eq!(figures.rows, [failed("one"), failed("two")]);
    }
}
