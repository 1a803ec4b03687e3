//! Cargo-installed tools in the user's cache folder, one folder for each version.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{place, run};

/// A tool that comes from the package registry.
#[derive(Debug)]
pub(crate) struct Tool {
    /// The package's name there.
    package: &'static str,
    /// The program that tells whether it is installed.
    program: &'static str,
    /// Exactly this version.
    version: String,
    /// Arguments of `cargo install` beyond name, version and root.
    arguments: &'static [&'static str],
    /// How long building it usually takes on two cores.
    usually: &'static str,
}

/// Trunk builds the page.
pub(crate) fn trunk() -> Tool {
    Tool {
        package: "trunk",
        program: "trunk",
        // 0.22 needs a newer compiler than we ask for.
        version: "0.21.14".to_owned(),
        arguments: &["--locked", "--no-default-features", "--features", "rustls"],
        usually: "5 to 7 min",
    }
}

/// wasm-bindgen's programs, in exactly the version of the library in `Cargo.lock`: they
/// refuse each other otherwise.
///
/// # Errors
///
/// When `Cargo.lock` does not name the library.
pub(crate) fn wasm_bindgen() -> Result<Tool> {
    let lock = run::read(&place::root().join("Cargo.lock"))?;
    let version =
        locked_version(&lock, "wasm-bindgen").context("Cargo.lock does not name wasm-bindgen")?;
    Ok(Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: version.to_owned(),
        // Without --locked: its own lock file can name crates that a mirror does not have yet.
        arguments: &[],
        usually: "2 min",
    })
}

/// Makes sure that the tool is there. Returns the folder for `PATH`, or `None` when the
/// right version is on it already.
///
/// # Errors
///
/// Names the command that did not work, so that the person can run it.
pub(crate) fn ensure(tool: &Tool) -> Result<Option<PathBuf>> {
    let Tool {
        package,
        version,
        usually,
        ..
    } = tool;
    if is_version(tool, Command::new(tool.program)) {
        return Ok(None);
    }
    let root = place::cache()?.join(format!("{}-{version}", tool.program));
    let folder = root.join("bin");
    if is_version(tool, Command::new(folder.join(tool.program))) {
        return Ok(Some(folder));
    }
    run::step(&format!("{package} {version}"), usually, || {
        let mut fetch = binstall(tool);
        fetch.arg("--root").arg(&root);
        if can_binstall() && run::succeeds(&mut fetch) {
            return Ok(());
        }
        let mut install = install(tool);
        install.arg("--root").arg(&root);
        run::quietly(&mut install)
    })?;
    if !is_version(tool, Command::new(folder.join(tool.program))) {
        bail!(
            "{package} {version} was installed into {}, but does not run",
            root.display()
        );
    }
    Ok(Some(folder))
}

fn is_version(tool: &Tool, mut program: Command) -> bool {
    run::captured(program.arg("--version"))
        .is_ok_and(|said| said.split_whitespace().nth(1) == Some(tool.version.as_str()))
}

fn can_binstall() -> bool {
    run::succeeds(run::cargo().args(["binstall", "-V"]))
}

/// Only a ready-made binary: where there is none, [`install`] builds with our arguments.
fn binstall(tool: &Tool) -> Command {
    let mut command = run::cargo();
    command
        .args([
            "binstall",
            "--no-confirm",
            "--disable-strategies",
            "compile",
        ])
        .args(["--version", &tool.version, tool.package]);
    command
}

fn install(tool: &Tool) -> Command {
    let mut command = run::cargo();
    command
        .args(["install", tool.package, "--version", &tool.version])
        .args(tool.arguments)
        // These tools wait for files and compilers: building them fast matters more.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(std::env::temp_dir());
    command
}

/// The version of `package` in the text of a lock file; the last one if there are several.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    let mut version = None;
    while let Some(line) = lines.next() {
        if line == name {
            version = lines
                .next()?
                .strip_prefix("version = \"")?
                .strip_suffix('"');
        }
    }
    version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\
                    [[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.80\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "bindgen"), None);
    }
}
