//! New names for files: each carries a hash of its content, so that it may be kept for ever.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::bundle::Bundle;
use super::{content, reference};

/// Files that are asked for by name, so that their names cannot follow their content: the page,
/// the worker (a SharedWorker is found by its URL) and what browsers look for by themselves.
const FIXED: &[&str] = &[
    "index.html",
    "engine.js",
    "favicon.ico",
    "favicon.svg",
    "robots.txt",
];

/// Files whose names follow their content, and how each was called before.
#[derive(Debug)]
pub(crate) struct Naming {
    /// Content by new name.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Old name → new name.
    pub(crate) names: BTreeMap<String, String>,
}

impl Naming {
    /// Names every file of the bundle.
    ///
    /// # Errors
    ///
    /// When files name each other in a circle.
    pub(crate) fn of(bundle: &Bundle) -> Result<Self> {
        let mut naming = Self {
            files: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for name in bundle.names() {
            naming.name(bundle, name, &mut Vec::new())?;
        }
        Ok(naming)
    }

    /// Names a file after everything it mentions, because their names are part of its content.
    fn name<'a>(
        &mut self,
        bundle: &'a Bundle,
        name: &'a str,
        above: &mut Vec<&'a str>,
    ) -> Result<()> {
        if self.names.contains_key(name) {
            return Ok(());
        }
        if above.contains(&name) {
            bail!(
                "files name each other in a circle: {} → {name}",
                above.join(" → ")
            );
        }
        above.push(name);
        let mut bytes = bundle.content(name).unwrap_or_default().to_vec();
        for other in bundle.references(name) {
            self.name(bundle, other, above)?;
            let new = self
                .names
                .get(other)
                .cloned()
                .unwrap_or_else(|| other.to_owned());
            bytes = renamed(&String::from_utf8(bytes)?, name, other, &new).into_bytes();
        }
        above.pop();
        let new = if FIXED.contains(&name) {
            name.to_owned()
        } else {
            content::hashed_name(name, &bytes)
        };
        self.names.insert(name.to_owned(), new.clone());
        self.files.insert(new, bytes);
        Ok(())
    }
}

/// `text` of the file `from`, with `old` called `new` in every spelling.
#[must_use]
pub(crate) fn renamed(text: &str, from: &str, old: &str, new: &str) -> String {
    let olds = reference::spellings(from, old);
    let news = reference::spellings(from, new);
    olds.iter()
        .zip(&news)
        .fold(text.to_owned(), |text, (old, new)| {
            reference::rewrite(&text, old, new)
        })
}
