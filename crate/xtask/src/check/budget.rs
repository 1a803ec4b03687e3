//! What the site may weigh and what its wasm may ask of its host.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::site::weight;
use crate::{place, run};

/// The budgets, in the tree, so that a change of one is seen in review.
const FILE: &str = "crate/xtask/budget.json";

/// Compares the built site with the budgets.
///
/// # Errors
///
/// Says which budget is exceeded, and by how much.
pub(crate) fn check() -> Result<()> {
    let items = weight::first_load()?;
    let later = weight::later()?;
    let limit = limit("first_load_brotli_bytes")?;
    let total = weight::total(&items);
    if total > limit {
        bail!(
            "the first load is {total} bytes, {} above its budget of {limit}\n{}",
            total - limit,
            weight::report(&items, &later)
        );
    }
    for item in items.iter().chain(&later).filter(|item| item.is_wasm()) {
        let bytes = fs::read(place::dist().join(&item.name))?;
        let modules = imported_modules(&bytes)
            .with_context(|| format!("{} is not the wasm we know", item.name))?;
        ensure!(
            !modules.iter().any(|module| module == "env"),
            "{} imports from `env`: some C code or an unresolved symbol is in it",
            item.name
        );
    }
    Ok(())
}

/// The budget called `name`, in bytes.
///
/// # Errors
///
/// When the file of budgets does not have it.
pub(crate) fn limit(name: &str) -> Result<u64> {
    let budgets: Value = serde_json::from_str(&run::read(&place::root().join(FILE))?)?;
    budgets
        .get(name)
        .and_then(Value::as_u64)
        .with_context(|| format!("{FILE} has no number for {name}"))
}

/// The modules that a wasm file imports from ([WebAssembly §5.5.5], section 2). `None` if it
/// cannot be read.
///
/// [WebAssembly §5.5.5]: https://webassembly.github.io/spec/core/binary/modules.html#import-section
fn imported_modules(wasm: &[u8]) -> Option<Vec<String>> {
    const IMPORTS: u8 = 2;
    let mut rest = wasm.strip_prefix(b"\0asm\x01\0\0\0")?;
    while let Some((id, after)) = rest.split_first() {
        let (length, after) = number(after)?;
        let (mut section, next) = after.split_at_checked(length)?;
        if *id == IMPORTS {
            return import_names(&mut section);
        }
        rest = next;
    }
    Some(Vec::new())
}

fn import_names(section: &mut &[u8]) -> Option<Vec<String>> {
    let (count, mut rest) = number(section)?;
    let mut modules = Vec::new();
    for _ in 0..count {
        let (module, after) = name(rest)?;
        let (_field, after) = name(after)?;
        rest = skip_description(after)?;
        modules.push(module);
    }
    Some(modules)
}

/// Skips what is imported: a function, table, memory, global or tag.
fn skip_description(bytes: &[u8]) -> Option<&[u8]> {
    let (kind, rest) = bytes.split_first()?;
    match kind {
        0 => Some(number(rest)?.1),
        1 => limits(rest.get(1..)?),
        2 => limits(rest),
        3 => rest.get(2..),
        4 => Some(number(rest.get(1..)?)?.1),
        _ => None,
    }
}

fn limits(bytes: &[u8]) -> Option<&[u8]> {
    let (flags, rest) = bytes.split_first()?;
    let (_least, rest) = number(rest)?;
    let has_most = flags & 1 == 1;
    if has_most {
        Some(number(rest)?.1)
    } else {
        Some(rest)
    }
}

fn name(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = number(bytes)?;
    let (name, rest) = rest.split_at_checked(length)?;
    Some((String::from_utf8(name.to_vec()).ok()?, rest))
}

/// An unsigned LEB128 number that fits 32 bits.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(import "env" "f" (func (type 0)))` and `(import "js" "m" (memory 1))`.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\x02\x11\x02\x03env\x01f\0\0\x02js\x01m\x02\0\x01";

    #[test]
    fn the_modules_of_imports_are_found() {
        assert_eq!(
            imported_modules(WASM),
            Some(vec!["env".to_owned(), "js".to_owned()])
        );
    }

    #[test]
    fn a_file_without_imports_has_no_modules() {
        assert_eq!(imported_modules(b"\0asm\x01\0\0\0"), Some(Vec::new()));
    }

    #[test]
    fn a_damaged_file_is_noticed_at_every_length() {
        for length in 9..WASM.len() {
            assert_eq!(
                imported_modules(WASM.get(..length).unwrap()),
                None,
                "{length}"
            );
        }
    }
}
