//! The order of a folder's entries. A hundred thousand of them are put in order while the page waits, so
//! what they are compared by is written into one buffer, and most comparisons are of numbers.

use core::cmp::Ordering;

use transom_protocol::FileEntry;

use super::{Column, is_folder};

/// Bytes of a text that are compared as a number first.
const HEAD_BYTES: usize = 8;

/// What an entry is ordered by.
struct Key {
    /// Folders stay above, whichever the direction.
    below: bool,
    number: u64,
    /// The beginning of the text.
    head: u64,
    /// Where the text begins and ends in the buffer.
    text: (usize, usize),
    index: usize,
}

/// Indexes of the entries that are shown, in their order.
///
/// - `hidden`: names with a dot before them are shown.
pub(super) fn ordered(
    entries: &[FileEntry],
    hidden: bool,
    (column, descending): (Column, bool),
) -> Vec<usize> {
    let mut texts = String::new();
    let mut keys: Vec<Key> = (entries.iter().enumerate())
        .filter(|(_, entry)| is_shown(entry, hidden))
        .map(|(index, entry)| {
            let start = texts.len();
            let number = write_key(&mut texts, entry, column);
            let text = (start, texts.len());
            Key {
                below: is_folder(entry) == descending,
                number,
                head: head(part(&texts, text)),
                text,
                index,
            }
        })
        .collect();
    keys.sort_unstable_by(|one, other| compare(&texts, one, other));
    if descending {
        keys.reverse();
    }
    keys.into_iter().map(|key| key.index).collect()
}

/// Whether an entry has a row.
pub(super) fn is_shown(entry: &FileEntry, hidden: bool) -> bool {
    hidden || !entry.name.bytes().starts_with(b".")
}

fn compare(texts: &str, one: &Key, other: &Key) -> Ordering {
    let numbers = |key: &Key| (key.below, key.number, key.head);
    numbers(one)
        .cmp(&numbers(other))
        .then_with(|| part(texts, one.text).cmp(part(texts, other.text)))
        .then_with(|| one.index.cmp(&other.index))
}

fn part(texts: &str, (start, end): (usize, usize)) -> &[u8] {
    texts.as_bytes().get(start..end).unwrap_or_default()
}

/// The beginning of a text as a number that is ordered as the text is.
fn head(text: &[u8]) -> u64 {
    let mut bytes = [0; HEAD_BYTES];
    for (place, byte) in bytes.iter_mut().zip(text) {
        *place = *byte;
    }
    u64::from_be_bytes(bytes)
}

/// Writes the text that an entry is ordered by, and gives the number that goes before it.
fn write_key(texts: &mut String, entry: &FileEntry, column: Column) -> u64 {
    let number = match column {
        Column::Name => 0,
        Column::Size => entry.size,
        Column::Modified => entry.modified.unwrap_or_default().into(),
        Column::Mode => entry.mode.unwrap_or_default().into(),
        Column::Owner => {
            texts.push_str(&entry.user_name);
            texts.push('\0');
            entry.user.unwrap_or_default().into()
        }
    };
    match entry.name.text() {
        Some(plain) if plain.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
            natural(texts, plain);
        }
        _ => natural(texts, &entry.name.shown()),
    }
    number
}

/// Writes a text whose order is the one that people expect: `file 2` before `File 10`.
fn natural(key: &mut String, name: &str) {
    let mut rest = name;
    while let Some(character) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (taken, left) = rest.split_at(digits.max(character.len_utf8()));
        rest = left;
        if digits == 0 {
            key.extend(character.to_lowercase());
            continue;
        }
        let number = taken.trim_start_matches('0');
        // Longer numbers are larger ones.
        let length = u32::try_from(number.len()).unwrap_or(u32::MAX).min(99);
        key.push(char::from_u32(0x30 + length).unwrap_or('~'));
        key.push_str(number);
    }
}
