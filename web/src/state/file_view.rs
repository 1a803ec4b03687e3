//! The beginning of a file, made fit to be looked at.

use core::fmt::Write as _;
use std::rc::Rc;

use transom_protocol::{FileMark, RemotePath};
use yew::Reducible;

/// Bytes of a file that are shown at once.
pub(crate) const SHOWN_BYTES: u32 = 256 * 1024;

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Text,
    Hex,
    /// With its media type.
    Image(&'static str),
}

/// What is known of a file that is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) bytes: Vec<u8>,
    /// Where `bytes` begin in the file.
    pub(crate) offset: u64,
    pub(crate) mark: Option<FileMark>,
    pub(crate) failure: Option<String>,
    pub(crate) look: Option<Look>,
    /// What is written to its end is shown.
    pub(crate) following: bool,
}

/// What happened to it.
#[derive(Clone, Debug)]
pub(crate) enum Seeing {
    /// A part of it was read.
    Read {
        bytes: Vec<u8>,
        offset: u64,
        mark: FileMark,
    },
    /// It cannot be read.
    Failed(String),
    /// The person chose how to see it.
    Looked(Look),
    /// The person follows its end, or no longer.
    FollowToggled,
}

impl Seen {
    /// The place after the last byte that was read.
    pub(crate) fn end(&self) -> u64 {
        self.offset + u64::try_from(self.bytes.len()).unwrap_or_default()
    }

    fn read(&mut self, bytes: Vec<u8>, offset: u64, mark: FileMark) {
        if self.following && offset == self.end() && offset > 0 && mark.size >= offset {
            self.bytes.extend_from_slice(&bytes);
            let limit = usize::try_from(SHOWN_BYTES).unwrap_or(usize::MAX);
            let over = self.bytes.len().saturating_sub(limit);
            self.bytes.drain(..over);
            self.offset += u64::try_from(over).unwrap_or_default();
        } else {
            (self.bytes, self.offset) = (bytes, offset);
        }
        self.mark = Some(mark);
        self.look.get_or_insert_with(|| look(&self.bytes));
    }
}

impl Reducible for Seen {
    type Action = Seeing;

    fn reduce(self: Rc<Self>, action: Seeing) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            Seeing::Read {
                bytes,
                offset,
                mark,
            } => next.read(bytes, offset, mark),
            Seeing::Failed(words) => next.failure = Some(words),
            Seeing::Looked(look) => next.look = Some(look),
            Seeing::FollowToggled => next.following = !next.following,
        }
        Rc::new(next)
    }
}

/// Finds out how to show a file that begins with `bytes`.
pub(crate) fn look(bytes: &[u8]) -> Look {
    const IMAGES: [(&[u8], &str); 5] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
        (b"\0\0\x01\0", "image/x-icon"),
    ];
    if let Some((_, kind)) = IMAGES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Look::Image(kind);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Look::Image("image/webp");
    }
    if bytes.iter().take(8192).any(|byte| *byte == 0) {
        Look::Hex
    } else {
        Look::Text
    }
}

/// Text whose lines cannot move, hide or reorder anything.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (line, end) = match line.strip_suffix(b"\n") {
            Some(line) => (line.strip_suffix(b"\r").unwrap_or(line), "\n"),
            None => (line, ""),
        };
        for (place, part) in line.split(|byte| *byte == b'\t').enumerate() {
            if place > 0 {
                text.push('\t');
            }
            text.push_str(&RemotePath::new(part).shown());
        }
        text.push_str(end);
    }
    text
}

/// Sixteen bytes a line, as numbers and as letters.
pub(crate) fn hex(bytes: &[u8], offset: u64) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(5));
    let lines = (offset..).step_by(16).zip(bytes.chunks(16));
    for (offset, line) in lines {
        // Writing into a string cannot fail.
        let _ = write!(text, "{offset:08x} ");
        for place in 0..16 {
            let _ = match line.get(place) {
                Some(byte) => write!(text, " {byte:02x}"),
                None => write!(text, "   "),
            };
        }
        text.push_str("  ");
        let letter = |byte: &u8| {
            if (0x20..0x7f).contains(byte) {
                char::from(*byte)
            } else {
                '·'
            }
        };
        text.extend(line.iter().map(letter));
        text.push('\n');
    }
    text
}

/// Paths as a shell reads them, each with a blank behind it.
pub(crate) fn quoted_all(paths: &[RemotePath]) -> Vec<u8> {
    let words = paths
        .iter()
        .map(|path| [quoted(path), b" ".to_vec()].concat());
    words.flatten().collect()
}

/// What is dragged, for a terminal of the same server: its connection, and the words to type in hexadecimal digits.
pub(crate) fn drag_text(connection: &str, paths: &[RemotePath]) -> String {
    let mut text = format!("{connection} ");
    for byte in quoted_all(paths) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The words of [`drag_text`]. `None` for another connection, or another text.
///
/// # Security
///
/// Any program may write such a text. What holds a key that does something is none.
pub(crate) fn dragged_words(text: &str, connection: &str) -> Option<Vec<u8>> {
    let (of, digits) = text.split_once(' ')?;
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok());
    let words: Vec<u8> = bytes.collect::<Option<_>>()?;
    (of == connection && !words.iter().any(u8::is_ascii_control)).then_some(words)
}

/// A path as a shell reads it: as one word, whatever is in it.
pub(crate) fn quoted(path: &RemotePath) -> Vec<u8> {
    let bytes = path.bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,@%=:".contains(byte);
    if bytes.iter().all(plain) {
        return bytes.to_vec();
    }
    let mut word = Vec::with_capacity(bytes.len() + 4);
    if bytes.iter().any(u8::is_ascii_control) {
        // ANSI-C quoting: what is typed must hold no key that does something.
        word.extend_from_slice(b"$'");
        for byte in bytes {
            match byte {
                b'\'' | b'\\' => word.extend_from_slice(&[b'\\', *byte]),
                byte if byte.is_ascii_control() => {
                    word.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
                }
                byte => word.push(*byte),
            }
        }
    } else {
        word.push(b'\'');
        for byte in bytes {
            if *byte == b'\'' {
                word.extend_from_slice(b"'\\''");
            } else {
                word.push(*byte);
            }
        }
    }
    word.push(b'\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_followed_grows_and_begins_anew_when_it_is_replaced() {
        let read = |bytes: &[u8], offset, size| Seeing::Read {
            bytes: bytes.to_vec(),
            offset,
            mark: FileMark { size, modified: 0 },
        };
        let drive = |seen: Rc<Seen>, action| seen.reduce(action);
        let seen = drive(Rc::default(), read(b"ab", 0, 2));
        let seen = drive(seen, Seeing::FollowToggled);
        let seen = drive(seen, read(b"cd", 2, 4));
        assert_eq!(seen.bytes, b"abcd");
        let seen = drive(seen, read(b"x", 0, 1));
        assert_eq!((seen.bytes.as_slice(), seen.offset), (b"x".as_slice(), 0));
    }

    #[test]
    fn what_a_file_is_shows_at_its_beginning() {
        assert_eq!(look(b"\x89PNG\r\n\x1a\n..."), Look::Image("image/png"));
        assert_eq!(look(b"#!/bin/sh\n"), Look::Text);
        assert_eq!(look(b"\x7fELF\0\0"), Look::Hex);
        assert_eq!(look(b""), Look::Text);
    }

    #[test]
    fn text_keeps_its_lines_and_nothing_that_moves_them() {
        assert_eq!(
            text(b"a\tb\r\n\x1b[2J\xe2\x80\xae\n"),
            "a\tb\n\u{241b}[2J<U+202E>\n"
        );
    }

    #[test]
    fn bytes_are_shown_as_numbers_and_letters() {
        let shown = hex(b"Hi\0", 16);
        assert!(shown.starts_with("00000010  48 69 00    "), "{shown}");
        assert!(shown.ends_with("  Hi·\n"), "{shown}");
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        let quoted = |path: &str| String::from_utf8(quoted(&path.into())).unwrap();
        assert_eq!(quoted("/srv/a-1.txt"), "/srv/a-1.txt");
        assert_eq!(quoted("/srv/it's $HOME"), "'/srv/it'\\''s $HOME'");
        assert_eq!(quoted("/a\n\u{1b}'"), "$'/a\\x0a\\x1b\\''");
    }
}
