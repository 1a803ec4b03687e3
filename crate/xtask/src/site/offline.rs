//! What the service worker keeps: the list that it gets from the build.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::bundle::Bundle;
use super::{content, page};

/// The service worker. Browsers find it, and each new version of it, under this name.
pub(super) const WORKER: &str = "service-worker.js";

/// Files that a start and everything after it may need, by their addresses that never change.
const FIXED: &[(&str, &str)] = &[("/", "index.html"), ("/engine.js", "engine.js")];

/// What only others than the page ask for: who installs it, and who wants to see it play.
const LEFT_OUT: &[&str] = &["png"];

/// The names, as they were before they followed the content, of all that the page and its worker
/// name, at once or later.
pub(super) fn shell(bundle: &Bundle) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![
        page::SCRIPT,
        "engine.js",
        "spare.js",
        "style.css",
        "manifest.webmanifest",
    ];
    while let Some(name) = waiting.pop() {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let known = bundle.content(name).is_some() && !LEFT_OUT.contains(&ending);
        if known && seen.insert(name.to_owned()) {
            waiting.extend(bundle.references(name));
        }
    }
    seen
}

/// Gives the service worker its lists.
///
/// - `names`: of files that are named by their content.
/// - `files`: the finished site, without the service worker.
///
/// # Errors
///
/// When a file with a fixed name is missing, or the worker has no place for a list.
pub(super) fn filled<'a>(
    worker: &str,
    names: impl Iterator<Item = &'a String>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<String> {
    let fixed_names: Vec<&str> = FIXED.iter().map(|(_, file)| *file).collect();
    let shell: Vec<String> = names
        .filter(|name| !fixed_names.contains(&name.as_str()))
        .map(|name| format!("/{name}"))
        .collect();
    let mut fixed = serde_json::Map::new();
    for (address, file) in FIXED {
        let bytes = files
            .get(*file)
            .with_context(|| format!("there is no {file}"))?;
        fixed.insert((*address).to_owned(), json!(integrity(bytes)));
    }
    let lists = format!("{} {}", json!(shell), json!(fixed));
    let version = content::digest(lists.as_bytes());
    let version = version.get(..16).unwrap_or(&version);
    let places = [
        (
            "const SHELL = [];",
            format!("const SHELL = {};", json!(shell)),
        ),
        (
            "const FIXED = {};",
            format!("const FIXED = {};", json!(fixed)),
        ),
        (
            "const VERSION = \"\";",
            format!("const VERSION = {};", json!(version)),
        ),
    ];
    places
        .iter()
        .try_fold(worker.to_owned(), |text, (place, list)| {
            ensure!(text.contains(place), "{WORKER} has no line `{place}`");
            Ok(text.replacen(place, list, 1))
        })
}

/// The digest of a file as browsers check it ([Subresource Integrity §3.1]).
///
/// [Subresource Integrity §3.1]: https://www.w3.org/TR/SRI/#integrity-metadata-description
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "const SHELL = [];\nconst FIXED = {};\nconst VERSION = \"\";\n";

    fn files(index: &str) -> BTreeMap<String, Vec<u8>> {
        [("index.html", index), ("engine.js", "")]
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn the_version_follows_every_file() {
        let names = ["a-1.js".to_owned(), "engine.js".to_owned()];
        let one = filled(TEXT, names.iter(), &files("1")).unwrap();
        let two = filled(TEXT, names.iter(), &files("2")).unwrap();
        let three = filled(TEXT, names.iter().take(0), &files("1")).unwrap();
        assert!(one.contains("const SHELL = [\"/a-1.js\"];"), "{one}");
        assert!(
            one.contains("\"/engine.js\":\"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"")
        );
        let version = |text: &str| text.lines().last().unwrap().to_owned();
        assert_ne!(version(&one), version(&two));
        assert_ne!(version(&one), version(&three));
    }

    #[test]
    fn a_worker_without_a_place_for_the_list_is_refused() {
        assert!(filled("", [].iter(), &files("")).is_err());
    }
}
