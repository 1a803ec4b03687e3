//! Ready-made `.br` and `.gz` beside each file, so that the relay never compresses.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run;

/// The script: Node.js is needed anyway and has both compressors built in.
const SCRIPT: &str = include_str!("compress.mjs");

/// Compresses everything in `folder` that gets smaller.
///
/// # Errors
///
/// What the script said.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", SCRIPT, "--"])
        .arg(folder);
    run::quietly(&mut node)
}
