//! The licences of everything that is part of the site: `licences.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::setup::TARGET;
use crate::{place, run};

/// What the files with licences are called, in the order of our choice where there are several.
const FILES: [&str; 4] = ["license-mit", "license", "licence", "copying"];

/// One package: its name with its version, and what it allows.
type Named = (String, String);

/// All licences in one text, each distinct one once, under the packages that have it.
///
/// # Errors
///
/// When a package of npm or cargo is missing, or names no licence.
pub(crate) fn all() -> Result<String> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (package, text) in of_npm()?.into_iter().chain(of_cargo()?) {
        texts.entry(text).or_default().insert(package);
    }
    let mut all = String::from("Transom: MIT OR Apache-2.0\n");
    let mut sorted: Vec<_> = texts.into_iter().collect();
    sorted.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (text, packages) in sorted {
        let packages: Vec<_> = packages.into_iter().collect();
        all.extend(["\n\n", &packages.join(", "), "\n\n", text.trim(), "\n"]);
    }
    Ok(all)
}

/// The packages that the page asks for, and those that they ask for.
fn of_npm() -> Result<Vec<Named>> {
    let mut waiting = asked_for(&json(&place::root().join("package.json"))?);
    let mut named = BTreeMap::new();
    while let Some(name) = waiting.pop() {
        if named.contains_key(&name) {
            continue;
        }
        let folder = place::root().join("node_modules").join(&name);
        let package = json(&folder.join("package.json"))?;
        let spoken = package.get("license").and_then(Value::as_str);
        let text = text_in(&folder).or(spoken.map(str::to_owned));
        let text = text.with_context(|| format!("{name} has no licence"))?;
        waiting.extend(asked_for(&package));
        named.insert(name, text);
    }
    Ok(named.into_iter().collect())
}

/// The names in `dependencies` of a `package.json`.
fn asked_for(package: &Value) -> Vec<String> {
    let names = package.get("dependencies").and_then(Value::as_object);
    names
        .into_iter()
        .flat_map(|names| names.keys().cloned())
        .collect()
}

/// The crates that page and worker are built of. A tool that only wrote some of their code is
/// none of them.
fn of_cargo() -> Result<Vec<Named>> {
    let mut tree = run::cargo();
    tree.args(["tree", "--package", "transom-web", "--package"])
        .args(["transom-engine", "--edges", "normal,no-proc-macro"])
        .args(["--target", TARGET, "--prefix", "none", "--format", "{p}"]);
    let tree = run::captured(&mut tree)?;
    let mut cargo = run::cargo();
    cargo.args(["metadata", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&run::captured(&mut cargo)?)?;
    let folders = folders(&metadata);
    let mut named = Vec::new();
    for package in built(&tree) {
        let (folder, licence) = folders
            .get(&package)
            .with_context(|| format!("cargo does not know {package}"))?;
        let text = text_in(folder).unwrap_or_else(|| licence.clone());
        named.push((package, text));
    }
    Ok(named)
}

/// `name 1.2.3` of each line of `cargo tree` about a package that is not ours.
fn built(tree: &str) -> BTreeSet<String> {
    let foreign = tree.lines().filter(|line| !line.contains(" (/"));
    let words = foreign.filter_map(|line| {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next()?, words.next()?);
        Some(format!("{name} {}", version.strip_prefix('v')?))
    });
    words.collect()
}

/// `name 1.2.3` → its folder, and the licence that it names.
fn folders(metadata: &Value) -> BTreeMap<String, (PathBuf, String)> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let packages = packages.into_iter().flatten().filter_map(|package| {
        let text = |field: &str| package.get(field).and_then(Value::as_str);
        let folder = Path::new(text("manifest_path")?).parent()?.to_owned();
        let licence = text("license").unwrap_or("see its source").to_owned();
        Some((
            format!("{} {}", text("name")?, text("version")?),
            (folder, licence),
        ))
    });
    packages.collect()
}

/// The text of the licence in the folder of a package.
fn text_in(folder: &Path) -> Option<String> {
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    FILES.iter().find_map(|start| {
        let mut fitting = files.iter().filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.to_lowercase().starts_with(start) && path.is_file()
        });
        fitting.find_map(|path| fs::read_to_string(path).ok())
    })
}

fn json(path: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&run::read(path)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_ours_are_not_listed_as_foreign() {
        let tree = "transom-web v0.1.0 (/home/me/web)\nyew v0.23.0\nyew v0.23.0 (*)\n\n";
        assert_eq!(built(tree), BTreeSet::from(["yew 0.23.0".to_owned()]));
    }

    #[test]
    fn the_shorter_licence_is_taken_where_there_is_a_choice() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("LICENSE-APACHE"), "long").unwrap();
        assert_eq!(text_in(folder.path()).unwrap(), "long");
        fs::write(folder.path().join("LICENSE-MIT"), "short").unwrap();
        assert_eq!(text_in(folder.path()).unwrap(), "short");
    }
}
