//! Names of a server, made safe for every local file system.

use std::collections::HashSet;

/// Longest name, in bytes, that every local file system takes.
const MAX_BYTES: usize = 255;

/// Names that are devices on Windows, whatever follows after a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Makes names safe within one local folder: none of them leaves it, is a device, or is taken for
/// another one where upper and lower case are the same.
///
/// # Security
///
/// A server chooses names. `../x`, `/x`, `C:x`, `a\..\x`, `con`, a NUL and bytes that are no text all
/// become plain names. It is told whether a name was changed, so that the person can be.
#[derive(Clone, Debug, Default)]
pub struct SafeNames {
    taken: HashSet<String>,
}

impl SafeNames {
    /// A safe name for what the server calls `name`, and whether it is another one.
    pub fn safe(&mut self, name: &[u8]) -> (String, bool) {
        let wanted = safe_name(name);
        let mut safe = wanted.clone();
        let mut number = 2u32;
        while !self.taken.insert(safe.to_lowercase()) {
            safe = numbered(&wanted, number);
            number = number.saturating_add(1);
        }
        let changed = safe.as_bytes() != name;
        (safe, changed)
    }
}

/// A name that is safe by itself; two names may become one.
pub fn safe_name(name: &[u8]) -> String {
    let mut safe = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        safe.extend(chunk.valid().chars().map(plain));
        safe.extend(chunk.invalid().iter().map(|_| '_'));
    }
    // Windows drops these, so that two names would be one.
    let kept = safe.trim_end_matches(['.', ' ']).len();
    let dropped = safe.len() - kept;
    safe.truncate(kept);
    safe.extend(core::iter::repeat_n('_', dropped));
    if safe.is_empty() {
        safe.push('_');
    }
    if is_device(&safe) {
        safe.insert(0, '_');
    }
    shortened(&safe, MAX_BYTES)
}

/// The character, or `_` for one that is no part of a name somewhere or cannot be seen.
fn plain(character: char) -> char {
    match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        control if control.is_control() => '_',
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => '_',
        plain => plain,
    }
}

fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_lowercase();
    let numbered = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"));
    let digit =
        |rest: &str| matches!(rest, "¹" | "²" | "³") || rest.parse::<u8>().is_ok_and(|n| n < 10);
    DEVICES.contains(&stem.as_str()) || numbered.is_some_and(digit)
}

/// `name (2).txt`.
fn numbered(name: &str, number: u32) -> String {
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    };
    let end = format!(" ({number}){extension}");
    format!(
        "{}{end}",
        shortened(stem, MAX_BYTES.saturating_sub(end.len()))
    )
}

/// The beginning, cut between characters.
fn shortened(name: &str, most: usize) -> String {
    let end = (0..=most.min(name.len()))
        .rev()
        .find(|end| name.is_char_boundary(*end));
    name.get(..end.unwrap_or(0)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_folder_or_means_something_else() {
        let cases: [(&[u8], &str); 16] = [
            (b"good.txt", "good.txt"),
            (b"../../evil-up", ".._.._evil-up"),
            (b"/tmp/evil-abs", "_tmp_evil-abs"),
            (b"..", "__"),
            (b".", "_"),
            (b"", "_"),
            (b"a\\..\\evil-win", "a_.._evil-win"),
            (b"C:evil", "C_evil"),
            (b"con", "_con"),
            (b"Nul.txt", "_Nul.txt"),
            (b"com1.log", "_com1.log"),
            (b"console", "console"),
            (b"a\nb\0c", "a_b_c"),
            (b"\xff\xfe-not-utf8", "__-not-utf8"),
            (b"dots. .", "dots___"),
            ("txt\u{202e}exe".as_bytes(), "txt_exe"),
        ];
        for (name, safe) in cases {
            assert_eq!(safe_name(name), safe);
        }
    }

    #[test]
    fn names_that_differ_by_case_only_stay_apart() {
        let mut names = SafeNames::default();
        assert_eq!(names.safe(b"Read.me"), ("Read.me".to_owned(), false));
        assert_eq!(names.safe(b"READ.ME"), ("READ (2).ME".to_owned(), true));
        assert_eq!(names.safe(b"read.me"), ("read (3).me".to_owned(), true));
        assert_eq!(names.safe(b".rc"), (".rc".to_owned(), false));
        assert_eq!(names.safe(b".RC"), (".RC (2)".to_owned(), true));
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let long = "ü".repeat(200);
        let mut names = SafeNames::default();
        assert!(names.safe(long.as_bytes()).0.len() <= MAX_BYTES);
        assert!(names.safe(long.as_bytes()).0.len() <= MAX_BYTES);
    }
}
