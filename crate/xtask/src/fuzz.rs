//! `cargo xtask fuzz`: runs the targets of `crate/fuzz` for a while, with the ordinary toolchain.
//!
//! cargo-fuzz would need a nightly one for its sanitizers; nothing here is unsafe, so coverage is
//! all that libFuzzer needs, and that is a pass of LLVM.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{place, run};

/// What makes libFuzzer see where an input leads.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Where the programs go. Named, so that the flags do not reach build scripts.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Seconds for each target, where nothing else is said.
const SECONDS: &str = "30";

/// Runs targets, each for a while; what they find stays in `crate/fuzz/corpus`, an input that breaks
/// one in `crate/fuzz/artifacts`.
///
/// - `words`: names of targets, all where empty, and `--seconds N`.
///
/// # Errors
///
/// When a name is unknown, something does not build, or an oracle says that something is wrong.
pub(crate) fn fuzz(words: &[&str]) -> Result<()> {
    let (words, seconds) = match words {
        [words @ .., "--seconds", seconds] => (words, *seconds),
        words => (words, SECONDS),
    };
    let folder = place::root().join("crate/fuzz");
    let mut known = Vec::new();
    for entry in fs::read_dir(folder.join("fuzz_targets"))? {
        let path = entry?.path();
        let stem = path.file_stem().context("a target without a name")?;
        known.push(stem.to_string_lossy().into_owned());
    }
    known.sort_unstable();
    if let Some(unknown) = words
        .iter()
        .find(|word| !known.iter().any(|name| name == *word))
    {
        bail!(
            "no target is called {unknown}; there are {}",
            known.join(", ")
        );
    }
    let mut cargo = run::cargo();
    cargo
        .current_dir(&folder)
        .args(["build", "--release", "--target", TRIPLE])
        .env("RUSTFLAGS", FLAGS);
    run::quietly(&mut cargo)?;
    for name in known {
        if !words.is_empty() && !words.contains(&name.as_str()) {
            continue;
        }
        let (corpus, found) = (folder.join("corpus").join(&name), folder.join("artifacts"));
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&found)?;
        let program = folder
            .join("target")
            .join(TRIPLE)
            .join("release")
            .join(&name);
        let mut command = std::process::Command::new(program);
        command
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/{name}-", found.display()))
            .arg(&corpus);
        run::step(&name, &format!("{seconds} s"), || {
            run::quietly(&mut command)
        })?;
    }
    Ok(())
}
