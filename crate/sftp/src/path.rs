//! Paths of the server: bytes, parted by `/`.

use bytes::Bytes;

/// Puts a name behind a folder.
pub fn join(folder: &[u8], name: &[u8]) -> Bytes {
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    if !folder.is_empty() && !folder.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path.into()
}

/// The last name of a path; empty for `/`.
pub fn file_name(path: &[u8]) -> &[u8] {
    split(path).1
}

/// The folder that holds the last name, `/` for `/x`, empty for a bare name.
pub fn parent(path: &[u8]) -> &[u8] {
    split(path).0
}

fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let end = path
        .iter()
        .rposition(|byte| *byte != b'/')
        .map_or(0, |last| last + 1);
    let path = path.get(..end).unwrap_or_default();
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(0) => (b"/", path.get(1..).unwrap_or_default()),
        Some(slash) => {
            let (folder, name) = path.split_at(slash);
            (folder, name.get(1..).unwrap_or_default())
        }
        None => (b"", path),
    }
}

/// Whether an entry of a folder is a name: one that stays in the folder.
pub fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.iter().any(|byte| matches!(byte, b'/' | 0))
}
