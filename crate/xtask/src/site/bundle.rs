//! The files of the site in memory, and the step that makes them fit to be served.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::naming::{Naming, renamed};
use super::{join, offline, pack, page, reference, style, vendor};

/// The start page, and the root of every reference.
const INDEX: &str = "index.html";

/// Endings of files whose text may name other files.
const TEXT: &[&str] = &["css", "html", "js", "mjs", "webmanifest"];

/// Files by their path from the top of the site, with `/` between folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bundle(BTreeMap<String, Vec<u8>>);

impl Bundle {
    /// Reads a folder.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut bundle = Self::default();
        bundle.read_into(folder, "")?;
        Ok(bundle)
    }

    fn read_into(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let entries =
            fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read_into(&entry.path(), &format!("{name}/"))?;
            } else {
                self.0.insert(name, fs::read(entry.path())?);
            }
        }
        Ok(())
    }

    /// Adds the files of another bundle.
    ///
    /// # Errors
    ///
    /// When both have a file of one name with different content.
    pub(crate) fn merge(&mut self, other: Self) -> Result<()> {
        for (name, bytes) in other.0 {
            if self.0.get(&name).is_some_and(|present| *present != bytes) {
                bail!("two different files want to be {name}");
            }
            self.0.insert(name, bytes);
        }
        Ok(())
    }

    /// The wasm files.
    pub(crate) fn wasm(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let files = self.0.iter().filter(|(name, _)| ending(name) == "wasm");
        files.map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Gives every wasm file new content.
    ///
    /// # Errors
    ///
    /// Those of `new`.
    pub(crate) fn replace_wasm(&mut self, new: impl Fn(&str) -> Result<Vec<u8>>) -> Result<()> {
        for (name, bytes) in &mut self.0 {
            if ending(name) == "wasm" {
                *bytes = new(name)?;
            }
        }
        Ok(())
    }

    /// Makes the site fit to be served: npm modules found by path, no inline script, names that
    /// follow the content, and links that fetch early what the first paint needs.
    ///
    /// - `join`: put each program's modules into one file.
    ///
    /// # Errors
    ///
    /// When the page is not as trunk writes it, or files name each other in a circle.
    pub(crate) fn finish(mut self, join: bool) -> Result<Self> {
        pack::modules(&mut self)?;
        self.add_modules()?;
        let html = self.text(INDEX).context("there is no index.html")?;
        let html = self.with_one_sheet(&page::without_early_knowledge(&html))?;
        let page = page::without_inline(&html)?;
        self.0
            .insert(page::SCRIPT.to_owned(), page.script.into_bytes());
        self.0.remove(INDEX);
        if join {
            join::programs(&mut self)?;
        }
        let keeper = self.0.remove(offline::WORKER);
        let shell = offline::shell(&self);
        let named = Naming::of(&self)?;
        let html = page::with_links(&page.html, &self.links(&named.names));
        let mut finished = named.files;
        let html = named
            .names
            .iter()
            .fold(html, |html, (old, new)| renamed(&html, INDEX, old, new));
        finished.insert(INDEX.to_owned(), html.into_bytes());
        if let Some(keeper) = keeper {
            let kept = shell.iter().filter_map(|name| named.names.get(name));
            let text = offline::filled(&String::from_utf8(keeper)?, kept, &finished)?;
            finished.insert(offline::WORKER.to_owned(), text.into_bytes());
        }
        Ok(Self(finished))
    }

    /// Adds a file, or gives it new content.
    pub(crate) fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.insert(name.to_owned(), bytes);
    }

    /// Removes a file.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Adds a text that no other file mentions.
    pub(crate) fn add(&mut self, name: &str, text: String) {
        self.0.insert(name.to_owned(), text.into_bytes());
    }

    /// The content of a file.
    pub(crate) fn content(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The names of all files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Writes the files into an empty folder.
    ///
    /// # Errors
    ///
    /// When the folder cannot be emptied or written.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        for (name, bytes) in &self.0 {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// The names of the files that `start` needs, directly or through others, with itself. What
    /// is imported on demand is not among them.
    #[must_use]
    pub(crate) fn reachable(&self, start: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&str> = self
            .0
            .get_key_value(start)
            .map(|(name, _)| name.as_str())
            .into_iter()
            .collect();
        while let Some(name) = waiting.pop() {
            if seen.insert(name) {
                waiting.extend(self.needs(name));
            }
        }
        seen
    }

    /// Puts all linked style sheets into one, and gives the page that links it.
    fn with_one_sheet(&mut self, html: &str) -> Result<String> {
        let (html, sheet, names) = style::merged(html, |name| self.text(name))?;
        for name in &names {
            self.0.remove(name);
        }
        if !names.is_empty() {
            self.put(style::SHEET, sheet.into_bytes());
        }
        Ok(html)
    }

    fn add_modules(&mut self) -> Result<()> {
        let mut modules = Vec::new();
        for (name, bytes) in &mut self.0 {
            if ending(name) == "js" {
                let mut script = String::from_utf8(std::mem::take(bytes))?;
                let up = match name.matches('/').count() {
                    0 => "./".to_owned(),
                    depth => "../".repeat(depth),
                };
                modules.extend(vendor::resolve(&mut script, &up)?);
                *bytes = script.into_bytes();
            }
        }
        let files = modules
            .into_iter()
            .map(|module| (module.path, module.text.into_bytes()));
        self.0.extend(files);
        Ok(())
    }

    fn text(&self, name: &str) -> Option<String> {
        let bytes = self.0.get(name).filter(|_| TEXT.contains(&ending(name)))?;
        String::from_utf8(bytes.clone()).ok()
    }

    /// The files that `name` mentions.
    pub(crate) fn references(&self, name: &str) -> Vec<&str> {
        let Some(text) = self.text(name) else {
            return Vec::new();
        };
        let others = self.0.keys().filter(|other| *other != name);
        others
            .filter(|other| {
                let mut spellings = reference::spellings(name, other).into_iter();
                spellings.any(|spelling| reference::mentions(&text, &spelling))
            })
            .map(String::as_str)
            .collect()
    }

    /// The files that `name` cannot do without.
    fn needs(&self, name: &str) -> Vec<&str> {
        if ending(name) == "webmanifest" {
            // Its pictures are for whoever installs the page.
            return Vec::new();
        }
        let text = self.text(name).unwrap_or_default();
        let deferred = |other: &&str| {
            let mut spellings = reference::spellings(name, other).into_iter();
            spellings.any(|spelling| reference::defers(&text, &spelling))
        };
        let mut needed = self.references(name);
        needed.retain(|other| !deferred(other));
        needed
    }

    /// Early fetches: what the page needs at once, and the JavaScript that the worker will need soon.
    ///
    /// Not its wasm: the worker has asked for that before it is here, and then it comes twice.
    fn links(&self, names: &BTreeMap<String, String>) -> Vec<String> {
        let page = self.reachable(page::SCRIPT);
        let worker = self.reachable("engine.js");
        let early = page.iter().filter_map(|name| {
            let new = names.get(*name)?;
            match ending(name) {
                "js" if *name != page::SCRIPT => Some(format!("<link rel=\"modulepreload\" href=\"/{new}\">")),
                "wasm" => Some(format!(
                    "<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"/{new}\">"
                )),
                _ => None,
            }
        });
        let scripts = worker.difference(&page).filter(|name| ending(name) == "js");
        let soon = scripts.filter_map(|name| {
            let new = names.get(*name)?;
            Some(format!("<link rel=\"prefetch\" href=\"/{new}\">"))
        });
        early.chain(soon).collect()
    }
}

/// What follows the last dot of a name.
fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(files: &[(&str, &str)]) -> Bundle {
        Bundle(
            files
                .iter()
                .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                .collect(),
        )
    }

    const HTML: &str = "<head><script type=\"module\">import init from '/a.js';</script></head>";

    #[test]
    fn names_follow_the_content_of_what_is_mentioned() {
        let site = |wasm| {
            bundle(&[
                ("index.html", HTML),
                ("a.js", "new URL('a.wasm', import.meta.url)"),
                ("a.wasm", wasm),
                ("engine.js", "import './e.js'"),
                ("e.js", ""),
            ])
        };
        let one = site("1").finish(false).unwrap();
        let two = site("2").finish(false).unwrap();
        let named = |site: &Bundle, start: &str| {
            site.0
                .keys()
                .filter(|name| name.starts_with(start))
                .cloned()
                .collect::<Vec<_>>()
        };
        for start in ["a-", "start-"] {
            assert_ne!(named(&one, start), named(&two, start), "{start}");
        }
        assert_eq!(named(&one, "e"), named(&two, "e"));
        assert!(one.0.contains_key("engine.js"));
    }

    #[test]
    fn what_the_page_needs_is_fetched_early_and_the_worker_soon() {
        let site = bundle(&[
            ("index.html", HTML),
            ("a.js", "'a.wasm'"),
            ("a.wasm", ""),
            ("engine.js", "import './e.js'"),
            ("e.js", ""),
        ]);
        let finished = site.finish(false).unwrap();
        let html = finished.text("index.html").unwrap();
        assert!(html.contains("rel=\"modulepreload\" href=\"/a-"), "{html}");
        assert!(
            html.contains("as=\"fetch\" type=\"application/wasm\" crossorigin href=\"/a-"),
            "{html}"
        );
        assert!(html.contains("rel=\"prefetch\" href=\"/e-"), "{html}");
    }

    #[test]
    fn a_circle_is_refused() {
        let site = bundle(&[
            ("index.html", HTML),
            ("a.js", "'./b.js'"),
            ("b.js", "'./a.js'"),
        ]);
        let error = site.finish(false).unwrap_err().to_string();
        assert!(error.contains("circle"), "{error}");
    }

    #[test]
    fn two_contents_for_one_name_are_refused() {
        let mut one = bundle(&[("a", "1")]);
        assert!(one.merge(bundle(&[("a", "1")])).is_ok());
        assert!(one.merge(bundle(&[("a", "2")])).is_err());
    }
}
