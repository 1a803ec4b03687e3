//! The JavaScript of each program in one file: every file of a first load costs the browser a few
//! hundredths of a second of work, whatever it weighs.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::bundle::Bundle;
use super::page;
use crate::{place, run};

/// The script: a bundler from npm that parses modules.
const SCRIPT: &str = include_str!("join.mjs");

/// The files that take in what they import.
const PROGRAMS: &[&str] = &[page::SCRIPT, "transom-engine.js"];

/// Joins what the programs import at once. What is imported on demand stays as it is.
///
/// # Errors
///
/// What the bundler said.
pub(super) fn programs(bundle: &mut Bundle) -> Result<()> {
    let folder = place::scratch().join("join");
    bundle.write(&folder)?;
    let programs = PROGRAMS
        .iter()
        .filter(|name| bundle.content(name).is_some());
    let programs: Vec<&str> = programs.copied().collect();
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", SCRIPT, "--"])
        .arg(&folder)
        .args(&programs)
        .current_dir(place::root());
    let joined = run::captured(&mut node).context("cannot join the site's modules")?;
    let inputs: BTreeSet<&str> = joined.lines().collect();
    let others = bundle.names().filter(|name| !inputs.contains(name));
    // What something else imports as well stays a file of its own, too.
    let shared: BTreeSet<&str> = others.flat_map(|name| bundle.references(name)).collect();
    let absorbed = |name: &&&str| !programs.contains(*name) && !shared.contains(**name);
    let absorbed: Vec<String> = inputs
        .iter()
        .filter(absorbed)
        .map(|name| (*name).to_owned())
        .collect();
    for name in &absorbed {
        bundle.remove(name);
    }
    for name in &programs {
        let path = folder.join("joined").join(name);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        bundle.put(name, bytes);
    }
    Ok(())
}
