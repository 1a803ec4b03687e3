//! One program in two files: what a first shell runs, and the rest.
//!
//! The first file is whole to whoever starts it: same imports, same exports, same memory. A
//! function of the rest is reached through the table only, whose slot holds a stub until then: it
//! asks JavaScript for the rest (`later.js`), which fills the slots, and calls again. So code needs
//! no marks, and what is called before its time is only slow, never wrong.

mod first;
mod later;
mod module;
mod record;
#[cfg(test)]
mod tests;
mod weigh;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use wasmparser::Operator;

use self::module::Module;
pub(crate) use self::record::{TELL, record};
pub(crate) use self::weigh::Share;

/// Where the first file imports the function that brings the rest: module and name.
const BRING: (&str, &str) = ("later", "bring");
/// Where the rest imports what the first file exports for it.
const FIRST: &str = "first";

/// Hexadecimal digits of the hash at the end of an older name.
const HASH_DIGITS: usize = 16;

/// A program in two files.
#[derive(Debug)]
pub(crate) struct Halves {
    /// What is started.
    pub(crate) first: Vec<u8>,
    /// What is brought when it is needed, or when there is time.
    pub(crate) later: Vec<u8>,
    /// What each crate's code weighs, heaviest first.
    pub(crate) shares: Vec<Share>,
}

/// Splits a program.
///
/// - `is_first`: whether the function of this name, as [`plain`] gives it, is in the first file.
///   Exported functions always are, because JavaScript holds on to them.
///
/// # Errors
///
/// When the program is not as rustc, wasm-bindgen and wasm-opt write it.
pub(crate) fn split(wasm: &[u8], is_first: impl Fn(&str) -> bool) -> Result<Halves> {
    let module = Module::parse(wasm)?;
    let plan = Plan::of(&module, is_first)?;
    Ok(Halves {
        first: first::encode(&module, &plan)?,
        later: later::encode(&module, &plan)?,
        shares: weigh::shares(&module, &plan)?,
    })
}

/// A function's name without what differs between compilers: the hash at its end or those of its
/// crates, and the numbers that wasm-opt adds.
#[must_use]
pub(crate) fn plain(name: &str) -> String {
    let is_hash =
        |end: &&str| end.len() == HASH_DIGITS && end.bytes().all(|digit| digit.is_ascii_hexdigit());
    let hashed = name.rsplit_once("::h");
    let mut rest = hashed
        .filter(|(_, end)| is_hash(end))
        .map_or(name, |(before, _)| before);
    let mut plain = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        match after.get(digits..).and_then(|end| end.strip_prefix(']')) {
            Some(end) if digits > 0 => rest = end,
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// What goes where.
#[derive(Debug)]
struct Plan {
    /// Functions of the first file, without imports.
    first: Vec<u32>,
    /// Functions of the rest.
    later: Vec<u32>,
    /// Slots of the table by function of the rest that the first file may call.
    slots: BTreeMap<u32, Vec<u32>>,
    /// Slots that the table gets in addition.
    added_slots: u32,
    /// Imports and functions of the first file that the rest calls.
    shared: BTreeSet<u32>,
}

impl Plan {
    fn of(module: &Module<'_>, is_first: impl Fn(&str) -> bool) -> Result<Self> {
        let fixed: BTreeSet<u32> = module.exported_functions().chain(module.start).collect();
        let (first, later): (Vec<u32>, Vec<u32>) = module.defined().partition(|function| {
            let name = module.names.get(function).copied().unwrap_or_default();
            fixed.contains(function) || is_first(&plain(name))
        });
        let is_later: BTreeSet<u32> = later.iter().copied().collect();
        let mut slots: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (slot, function) in module.slots() {
            if is_later.contains(&function) {
                slots.entry(function).or_default().push(slot);
            }
        }
        let mut free = module.function_table()?.initial_slots()?;
        let before = free;
        for callee in calls(module, &first)? {
            if is_later.contains(&callee) && !slots.contains_key(&callee) {
                slots.insert(callee, vec![free]);
                free += 1;
            }
        }
        let shared = calls(module, &later)?
            .into_iter()
            .filter(|callee| !is_later.contains(callee))
            .collect();
        Ok(Self {
            first,
            later,
            slots,
            added_slots: free - before,
            shared,
        })
    }

    /// The slot through which the first file calls a function of the rest.
    fn slot(&self, function: u32) -> Result<i32> {
        let slot = self.slots.get(&function).and_then(|slots| slots.first());
        Ok(i32::try_from(
            *slot.context("a function is called that has no slot")?,
        )?)
    }
}

/// What the functions call by name.
fn calls(module: &Module<'_>, functions: &[u32]) -> Result<BTreeSet<u32>> {
    let mut callees = BTreeSet::new();
    for function in functions {
        for operator in module.body(*function)?.get_operators_reader()? {
            if let Operator::Call { function_index } = operator? {
                callees.insert(function_index);
            }
        }
    }
    Ok(callees)
}

/// A short name for what one file exports to the other.
fn short_name(kind: char, index: u32) -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::from(kind);
    let mut left = usize::try_from(index).unwrap_or_default();
    loop {
        let digit = DIGITS.get(left % DIGITS.len()).copied().unwrap_or(b'-');
        name.push(char::from(digit));
        left /= DIGITS.len();
        if left == 0 {
            return name;
        }
    }
}

/// A function's body with other operators in the place of some.
///
/// - `instead`: appends what stands for an operator and says so, or leaves it alone.
fn rewritten(
    body: &wasmparser::FunctionBody<'_>,
    mut instead: impl FnMut(&Operator<'_>, &mut Vec<u8>) -> Result<bool>,
) -> Result<Vec<u8>> {
    let bytes = body.as_bytes();
    let start = body.range().start;
    let place = |position: u64| usize::try_from(position - start);
    let mut reader = body.get_operators_reader()?;
    let mut new = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    while !reader.is_end_then_eof() {
        let at = place(reader.original_position())?;
        let operator = reader.read()?;
        let end = place(reader.original_position())?;
        let length = new.len();
        new.extend_from_slice(bytes.get(copied..at).context("a body is cut short")?);
        if instead(&operator, &mut new)? {
            copied = end;
        } else {
            new.truncate(length);
        }
    }
    new.extend_from_slice(bytes.get(copied..).context("a body is cut short")?);
    Ok(new)
}
