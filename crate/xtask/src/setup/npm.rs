//! The page's npm assets (xterm.js, fonts) and `wasm-opt`, in `node_modules/`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::site::content::digest;
use crate::{place, run};

/// Oldest Node.js that binaryen's programs and our scripts are run with.
const NODE_MAJOR: u32 = 20;

/// Makes sure that `node_modules/` is what `package-lock.json` says. Returns its programs' folder.
///
/// # Errors
///
/// When Node.js is missing or too old, or `npm ci` fails.
pub(crate) fn ensure() -> Result<Option<PathBuf>> {
    let root = place::root();
    let modules = root.join("node_modules");
    let programs = modules.join(".bin");
    let stamp = modules.join(".transom-stamp");
    let wanted = digest(run::read(&root.join("package-lock.json"))?.as_bytes());
    let found = fs::read_to_string(&stamp).unwrap_or_default();
    if found == wanted && programs.join("wasm-opt").exists() {
        return Ok(Some(programs));
    }
    check_node()?;
    run::step(
        "npm packages: xterm.js, CodeMirror, fonts, binaryen, esbuild",
        "10 s",
        || {
            run::quietly(
                Command::new("npm")
                    .args(["ci", "--ignore-scripts"])
                    .current_dir(&root),
            )
        },
    )?;
    fs::write(&stamp, wanted)?;
    Ok(Some(programs))
}

fn check_node() -> Result<()> {
    let advice = format!("install Node.js {NODE_MAJOR} or newer, with npm, and run this again");
    let said = run::captured(Command::new("node").arg("--version")).context(advice.clone())?;
    match major(&said) {
        Some(version) if version >= NODE_MAJOR => Ok(()),
        _ => bail!("node says it is {}: {advice}", said.trim()),
    }
}

/// `v20.20.2` → 20.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_node_says() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
