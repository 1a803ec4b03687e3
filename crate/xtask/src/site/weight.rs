//! What the first load of the page weighs, file by file.

use std::fs;

use anyhow::Result;

use super::bundle::Bundle;
use crate::place;

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
    let dist = place::dist();
    let bundle = Bundle::read(&dist)?;
    let mut names = bundle.reachable("index.html");
    names.extend(bundle.reachable("engine.js"));
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

/// A table for people: heaviest first.
#[must_use]
pub(crate) fn report(items: &[Item]) -> String {
    let mut lines = vec![format!("  {:>9} {:>9}  first load", "built", "brotli")];
    for Item {
        name,
        raw_bytes,
        sent_bytes,
    } in items
    {
        lines.push(format!("  {raw_bytes:>9} {sent_bytes:>9}  {name}"));
    }
    let total = total(items);
    let raw: u64 = items.iter().map(|item| item.raw_bytes).sum();
    let sent: u64 = items.iter().map(|item| item.sent_bytes).sum();
    lines.push(format!("  {:>9} {total:>9}  without fonts", ""));
    lines.push(format!("  {raw:>9} {sent:>9}  together"));
    lines.join("\n")
}
