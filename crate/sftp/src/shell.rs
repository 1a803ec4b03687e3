//! Checksums by the server's own shell, where it has one.

use bytes::Bytes;

/// Runs commands on the server. A server that allows no commands gives `None`, and everything
/// works without, if slower.
pub trait Shell {
    /// Runs a command of the POSIX shell and gives its standard output, if it ended with 0.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call may leave the command running.
    fn run(&self, command: Vec<u8>) -> impl Future<Output = Option<Bytes>>;
}

/// A server without a shell.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoShell;

impl Shell for NoShell {
    async fn run(&self, _command: Vec<u8>) -> Option<Bytes> {
        None
    }
}

/// A SHA-256 digest.
pub type Sha256 = [u8; 32];

/// SHA-256 of the first `length` bytes of a file on the server, all of it where `None`. `None` where
/// its shell does not tell.
///
/// # Cancel safety
///
/// Dropping the call may leave the command running.
pub async fn sha256(shell: &impl Shell, path: &[u8], length: Option<u64>) -> Option<Sha256> {
    let path = quote(path)?;
    let mut command = match length {
        // `-c` of `head` is not POSIX, but in GNU, BSD, BusyBox and macOS. Its failure shows in
        // the digest, since a pipe ends as its last command does.
        Some(length) => format!("head -c {length} -- ").into_bytes(),
        None => b"cat -- ".to_vec(),
    };
    command.extend_from_slice(&path);
    // BSD and macOS have no `sha256sum`.
    command.extend_from_slice(b" | { sha256sum 2>/dev/null || shasum -a 256; }");
    parse(&shell.run(command).await?)
}

/// A path as one word of the shell that cannot be an option. `None` for what cannot be said.
fn quote(path: &[u8]) -> Option<Vec<u8>> {
    if path.is_empty() || path.contains(&0) {
        return None;
    }
    let mut word = b"'".to_vec();
    for byte in path {
        match byte {
            b'\'' => word.extend_from_slice(b"'\\''"),
            byte => word.push(*byte),
        }
    }
    word.push(b'\'');
    Some(word)
}

/// The digest at the beginning of a line of `sha256sum`.
fn parse(output: &[u8]) -> Option<Sha256> {
    let digits = output.first_chunk::<64>()?;
    let mut digest = Sha256::default();
    for (place, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = core::str::from_utf8(pair).ok()?;
        *place = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_whatever_it_holds() {
        let quoted = quote(b"it's; rm -rf $HOME \xff\n").unwrap();
        assert_eq!(quoted, b"'it'\\''s; rm -rf $HOME \xff\n'");
        assert_eq!(quote(b"a\0b"), None);
    }

    #[test]
    fn only_a_digest_is_taken_for_one() {
        let line = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -\n";
        assert_eq!(parse(line).unwrap()[..2], [0xe3, 0xb0]);
        assert_eq!(parse(b"sha256sum: not found"), None);
        let words = [b'+'; 64];
        assert_eq!(parse(&words), None);
    }
}
