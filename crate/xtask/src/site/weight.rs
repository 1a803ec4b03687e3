//! What the first load of the page weighs, file by file.

use std::fs;

use anyhow::Result;

use super::bundle::Bundle;
use super::split::Share;
use crate::place;

/// Crates that the table names.
const SHOWN_CRATES: usize = 24;

/// One file that the first load fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its path in the site.
    pub(crate) name: String,
    /// Bytes as built.
    pub(crate) raw_bytes: u64,
    /// Bytes on the line: in brotli where there is such a file.
    pub(crate) sent_bytes: u64,
}

impl Item {
    /// Whether it is a font.
    fn is_font(&self) -> bool {
        self.name.rsplit('.').next() == Some("woff2")
    }

    /// Whether it is a program.
    #[must_use]
    pub(crate) fn is_wasm(&self) -> bool {
        self.name.rsplit('.').next() == Some("wasm")
    }
}

/// Everything that page and worker fetch before a first shell: all that `index.html` and
/// `engine.js` need, fonts as well.
///
/// # Errors
///
/// When the site is not built.
pub(crate) fn first_load() -> Result<Vec<Item>> {
    let bundle = Bundle::read(&place::dist())?;
    let mut names = bundle.reachable("index.html");
    names.extend(bundle.reachable("engine.js"));
    items(names)
}

fn items<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Vec<Item>> {
    let dist = place::dist();
    let mut items = Vec::new();
    for name in names {
        let raw_bytes = fs::metadata(dist.join(name))?.len();
        let sent_bytes =
            fs::metadata(dist.join(format!("{name}.br"))).map_or(raw_bytes, |file| file.len());
        items.push(Item {
            name: name.to_owned(),
            raw_bytes,
            sent_bytes,
        });
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.sent_bytes));
    Ok(items)
}

/// The sum of what is sent for page, worker, xterm.js and styles. Fonts are not in it: the page is
/// there and works before they are.
#[must_use]
pub(crate) fn total(items: &[Item]) -> u64 {
    let programs = items.iter().filter(|item| !item.is_font());
    programs.map(|item| item.sent_bytes).sum()
}

/// What is fetched later: the second parts of the programs, and on demand the words of languages.
///
/// # Errors
///
/// When the site is not built.
pub(crate) fn later() -> Result<Vec<Item>> {
    let bundle = Bundle::read(&place::dist())?;
    let is_later = |name: &&str| match name.rsplit('.').next() {
        Some("json") => true,
        Some("wasm") => name.contains("_later-"),
        _ => false,
    };
    items(bundle.names().filter(is_later))
}

/// A table for people: what each crate's code weighs in the programs, before compression.
#[must_use]
pub(crate) fn shares(programs: &[(&str, Vec<Share>)]) -> String {
    let mut lines = Vec::new();
    for (program, shares) in programs {
        lines.push(format!(
            "  {:>9} {:>9}  {program}: bytes of code",
            "first", "later"
        ));
        let row = |first: u64, later: u64, name: &str| format!("  {first:>9} {later:>9}  {name}");
        let shown = shares.iter().take(SHOWN_CRATES);
        lines.extend(
            shown.map(|share| row(share.first_bytes, share.later_bytes, &share.crate_name)),
        );
        let rest = shares.iter().skip(SHOWN_CRATES);
        let (first, later) = rest.fold((0, 0), |(first, later), share| {
            (first + share.first_bytes, later + share.later_bytes)
        });
        lines.push(row(first, later, "all others"));
    }
    lines.join("\n")
}

/// A table for people: heaviest first.
#[must_use]
pub(crate) fn report(items: &[Item], later: &[Item]) -> String {
    let row = |item: &Item| {
        format!(
            "  {:>9} {:>9}  {}",
            item.raw_bytes, item.sent_bytes, item.name
        )
    };
    let mut lines = vec![format!("  {:>9} {:>9}  first load", "built", "brotli")];
    lines.extend(items.iter().map(row));
    let total = total(items);
    let raw: u64 = items.iter().map(|item| item.raw_bytes).sum();
    let sent: u64 = items.iter().map(|item| item.sent_bytes).sum();
    lines.push(format!("  {:>9} {total:>9}  without fonts", ""));
    lines.push(format!("  {raw:>9} {sent:>9}  together"));
    lines.push(format!("  {:>9} {:>9}  later", "", ""));
    lines.extend(later.iter().map(row));
    lines.join("\n")
}
