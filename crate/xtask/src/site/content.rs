//! Names of files by what is in them.

use sha2::{Digest, Sha256};

/// Hexadecimal digits in a file's name: 64 bits, so that two versions never share one.
const NAME_DIGITS: usize = 16;

/// SHA-256 in hexadecimal.
#[must_use]
pub(crate) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 over many pieces, each with its name and length, in hexadecimal.
#[derive(Debug, Default)]
pub(crate) struct Digester(Sha256);

impl Digester {
    /// Adds one piece.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) {
        self.0.update(format!("{name}\n{}\n", bytes.len()));
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    #[must_use]
    pub(crate) fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// `a/b.js` with content → `a/b-0123456789abcdef.js`.
#[must_use]
pub(crate) fn hashed_name(path: &str, bytes: &[u8]) -> String {
    let mut hash = digest(bytes);
    hash.truncate(NAME_DIGITS);
    let file = path.rfind('/').map_or(0, |slash| slash + 1);
    match path.rfind('.').filter(|dot| *dot > file) {
        Some(dot) => {
            let (stem, ending) = path.split_at(dot);
            format!("{stem}-{hash}{ending}")
        }
        None => format!("{path}-{hash}"),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content() {
        assert_eq!(hashed_name("a.b/c.js", b""), "a.b/c-e3b0c44298fc1c14.js");
        assert_eq!(hashed_name("a.b/c", b""), "a.b/c-e3b0c44298fc1c14");
        assert_ne!(hashed_name("x.js", b"1"), hashed_name("x.js", b"2"));
    }

    #[test]
    fn a_digest_knows_where_one_piece_ends() {
        let mut one = Digester::default();
        one.add("a", b"bc");
        let mut two = Digester::default();
        two.add("a", b"b");
        two.add("c", b"");
        assert_ne!(one.finish(), two.finish());
    }
}
