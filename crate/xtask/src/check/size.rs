//! Sizes of files, as the house style sets them. Functions and parameters are clippy's part.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{place, run};

/// Lines of a Rust or JavaScript file, its unit tests left out, above which it is refused.
const FILE_LINES: usize = 600;
/// The same for a component of the page.
const COMPONENT_LINES: usize = 250;
/// Lines of a file of tests above which it is refused.
const TEST_LINES: usize = 600;

/// Folders with code of ours.
const FOLDERS: &[&str] = &["crate", "web", "tests"];
/// Folders inside them with nothing that a person wrote.
const SKIPPED: &[&str] = &[
    "target",
    "node_modules",
    "artifacts",
    "fixture",
    "fixtures",
    "vectors",
];
/// In a file's first line: the file is made by a program.
const GENERATED: &str = "@generated";

/// Measures every file.
///
/// # Errors
///
/// Names each file that is too long.
pub(crate) fn check() -> Result<()> {
    every_file(FOLDERS, |path, text| {
        too_long(path, text).into_iter().collect()
    })
}

/// Asks about each file of the folders, by its path from the root and its text, what is wrong with it.
///
/// # Errors
///
/// Names all that is wrong, or a file that cannot be read.
pub(super) fn every_file(folders: &[&str], wrong: fn(&str, &str) -> Vec<String>) -> Result<()> {
    let mut all = Vec::new();
    for folder in folders {
        for path in files(&place::root().join(folder))? {
            let text = run::read(&path)?;
            let shown = path.strip_prefix(place::root()).unwrap_or(&path);
            all.extend(wrong(&shown.to_string_lossy(), &text));
        }
    }
    if all.is_empty() {
        return Ok(());
    }
    bail!("{}", all.join("\n"))
}

/// A sentence when the file is longer than its kind may be.
fn too_long(path: &str, text: &str) -> Option<String> {
    if text
        .lines()
        .next()
        .is_some_and(|line| line.contains(GENERATED))
    {
        return None;
    }
    let limit = if path.contains("/tests/") {
        TEST_LINES
    } else if path.starts_with("web/src/component/") {
        COMPONENT_LINES
    } else {
        FILE_LINES
    };
    let lines = lines_without_tests(text);
    (lines > limit).then(|| format!("{path} has {lines} lines; {limit} are allowed"))
}

/// Lines above the unit tests, which stand at the bottom of a file.
fn lines_without_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines
        .windows(2)
        .position(|pair| matches!(pair, ["#[cfg(test)]", next] if next.starts_with("mod ")));
    tests.unwrap_or(lines.len())
}

/// The files of a folder and of those in it, that people wrote.
///
/// # Errors
///
/// When a folder cannot be read.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&&*name) {
                found.extend(files(&path)?);
            }
        } else if path
            .extension()
            .is_some_and(|ending| ["rs", "js", "mjs"].iter().any(|known| ending == *known))
        {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_tests_do_not_count() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(lines_without_tests(text), 1);
        assert_eq!(lines_without_tests("#[cfg(test)]\nfn f() {}\n"), 2);
    }

    #[test]
    fn each_kind_of_file_has_its_limit() {
        let text = "\n".repeat(300);
        assert_eq!(too_long("web/src/state/tabs.rs", &text), None);
        assert!(too_long("web/src/component/tab.rs", &text).is_some());
        assert!(too_long("crate/x/src/lib.rs", &"\n".repeat(601)).is_some());
        assert_eq!(
            too_long(
                "crate/x/src/lib.rs",
                &format!("// @generated\n{}", "\n".repeat(900))
            ),
            None
        );
    }
}
