//! Paths and names of a server.

use core::fmt::{self, Write as _};

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A path or a name on the server: bytes, which nearly always are UTF-8.
///
/// It travels as a string where it is UTF-8, and as bytes where it is not, so that a page can use
/// the usual ones directly and never changes the others.
///
/// # Security
///
/// The server chose it. It may contain control and bidirectional characters, and may be no name at
/// all (`../x`): show it through [`RemotePath::shown`] only.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemotePath(Vec<u8>);

impl RemotePath {
    /// Wraps bytes.
    pub fn new(path: impl Into<Vec<u8>>) -> Self {
        Self(path.into())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, where it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// Puts a name behind it.
    pub fn join(&self, name: &[u8]) -> Self {
        let mut path = self.0.clone();
        if !path.is_empty() && !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        Self(path)
    }

    /// The last name.
    pub fn name(&self) -> &[u8] {
        let end = self
            .0
            .iter()
            .rposition(|byte| *byte != b'/')
            .map_or(0, |last| last + 1);
        let path = self.0.get(..end).unwrap_or_default();
        let start = path
            .iter()
            .rposition(|byte| *byte == b'/')
            .map_or(0, |slash| slash + 1);
        path.get(start..).unwrap_or_default()
    }

    /// Fit to be shown: nothing in it can move, hide, reorder or imitate other text. Control
    /// characters become the pictures of Unicode's block for them, what is not UTF-8 its number.
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                show(&mut shown, character);
            }
            for byte in chunk.invalid() {
                // Writing into a string cannot fail.
                let _ = write!(shown, "\\x{byte:02x}");
            }
        }
        shown
    }
}

fn show(shown: &mut String, character: char) {
    match character {
        '\0'..='\u{1f}' => {
            shown.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => shown.push('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => {
            let _ = write!(shown, "<U+{:04X}>", u32::from(character));
        }
        plain => shown.push(plain),
    }
}

impl From<&str> for RemotePath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl fmt::Debug for RemotePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.shown())
    }
}

impl Serialize for RemotePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_bytes(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for RemotePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PathVisitor)
    }
}

struct PathVisitor;

impl<'de> Visitor<'de> for PathVisitor {
    type Value = RemotePath;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a path as text or bytes")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<RemotePath, E> {
        Ok(RemotePath::new(text))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<RemotePath, E> {
        Ok(RemotePath::new(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<RemotePath, A::Error> {
        // What it announces is not believed: memory grows with what comes.
        let mut path = Vec::new();
        while let Some(byte) = bytes.next_element()? {
            path.push(byte);
        }
        Ok(RemotePath(path))
    }
}
