//! What each crate's code weighs.

use std::collections::BTreeMap;

use anyhow::Result;

use super::module::Module;
use super::{Plan, plain};

/// Crates that write code for others: what they are asked to handle says whose it is.
const FOR_OTHERS: &[&str] = &["alloc", "core", "std", "futures_util"];

/// The code of one crate, in bytes before compression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// As the compiler calls it; empty for code without a name.
    pub(crate) crate_name: String,
    /// In the first file.
    pub(crate) first_bytes: u64,
    /// In the rest.
    pub(crate) later_bytes: u64,
}

/// The crates by weight, heaviest first.
pub(super) fn shares(module: &Module<'_>, plan: &Plan) -> Result<Vec<Share>> {
    let mut bytes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let all = plan.first.iter().map(|function| (function, true));
    let all = all.chain(plan.later.iter().map(|function| (function, false)));
    for (function, is_first) in all {
        let name = module.names.get(function).copied().unwrap_or_default();
        let range = module.body(*function)?.range();
        let (first, later) = bytes.entry(crate_of(&plain(name))).or_default();
        *(if is_first { first } else { later }) += range.end - range.start;
    }
    let shares = bytes.into_iter();
    let mut shares: Vec<Share> = shares
        .map(|(crate_name, (first_bytes, later_bytes))| Share {
            crate_name,
            first_bytes,
            later_bytes,
        })
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.first_bytes + share.later_bytes));
    Ok(shares)
}

/// The first crate in a path that does not work for others.
fn crate_of(name: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut fallback = "";
    let mut before = name;
    for (at, _) in name.match_indices("::") {
        let head = name.get(..at).unwrap_or_default();
        let word = head
            .rsplit(|character| !is_word(character))
            .next()
            .unwrap_or_default();
        let is_root = !head.trim_end_matches(word).ends_with("::");
        if is_root && !word.is_empty() {
            if !FOR_OTHERS.contains(&word) {
                return word.to_owned();
            }
            fallback = word;
        }
        before = head;
    }
    if fallback.is_empty() {
        before.to_owned()
    } else {
        fallback.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_that_it_works_for() {
        assert_eq!(crate_of("a::b::c"), "a");
        assert_eq!(
            crate_of("<core::pin::Pin<a::B> as core::future::Future>::poll"),
            "a"
        );
        assert_eq!(crate_of("core::fmt::write"), "core");
        assert_eq!(crate_of("main"), "main");
    }
}
