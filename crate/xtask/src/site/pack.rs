//! Modules of the page that import packages of many files from npm: each gets all of them into itself,
//! since a browser could not find them, and would have to fetch hundreds of files.

use std::process::Command;

use anyhow::{Context, Result};

use super::bundle::Bundle;
use crate::{place, run};

/// The script: a bundler from npm.
const SCRIPT: &str = include_str!("pack.mjs");

/// Files of the site, and their sources.
const MODULES: &[(&str, &str)] = &[("editor.js", "web/editor.js")];

/// Puts what the modules import into them.
///
/// # Errors
///
/// What the bundler said.
pub(super) fn modules(bundle: &mut Bundle) -> Result<()> {
    for (name, source) in MODULES {
        if bundle.content(name).is_some() {
            let mut node = Command::new("node");
            node.args(["--input-type=module", "--eval", SCRIPT, "--"])
                .arg(source)
                .current_dir(place::root());
            let packed = run::captured(&mut node);
            let packed = packed.with_context(|| format!("cannot pack {source}"))?;
            bundle.put(name, packed.into_bytes());
        }
    }
    Ok(())
}
