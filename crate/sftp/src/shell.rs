//! What the server's own shell knows of a file, where there is one: its checksum, how many names it has.

use core::fmt::Write as _;

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
/// # Security
///
/// The name of a file is a stranger's bytes, and the shell that reads the command first is the
/// account's own: in fish `'x\'` is no end of a word, and csh looks for `!` inside of quotes. So no
/// byte of a name reaches it but those that mean nothing to any shell; `sh` puts the name together.
///
/// # Cancel safety
///
/// Dropping the call may leave the command running.
pub async fn sha256(shell: &impl Shell, path: &[u8], length: Option<u64>) -> Option<Sha256> {
    parse(&shell.run(command(path, length)?).await?)
}

/// Files that one command hashes at most: its output stays under 5 KiB.
pub(crate) const MOST_AT_ONCE: usize = 64;

/// Bytes of paths, as they are spelled, in one command; one path may be longer. An `exec` request fits into the
/// smallest packet that every server takes (RFC 4253 §6.1), and the shell's argument into what Linux allows.
const MOST_SPELLED_BYTES: usize = 16 * 1024;

/// SHA-256 of files on the server, many with one command; for each `None` where its shell does not tell.
///
/// # Security
///
/// As [`sha256`].
///
/// # Cancel safety
///
/// Dropping the call may leave the command running.
pub async fn sha256_of_all(shell: &impl Shell, paths: &[Bytes]) -> Vec<Option<Sha256>> {
    let mut told = Vec::with_capacity(paths.len());
    let mut left = paths;
    while !left.is_empty() {
        let (mut words, mut spelled_bytes) = (Vec::new(), 0);
        for path in left.iter().take(MOST_AT_ONCE) {
            // What cannot be said is a file that is not there.
            let word = spell(path).unwrap_or_default();
            spelled_bytes += word.len();
            if !words.is_empty() && spelled_bytes > MOST_SPELLED_BYTES {
                break;
            }
            words.push(word);
        }
        let output = shell.run(command_for_all(&words)).await;
        let output = output.unwrap_or_default();
        let mut lines = output.split(|byte| *byte == b'\n');
        // Each file has its line, also where it could not be read.
        told.extend(words.iter().map(|_| lines.next().and_then(parse)));
        left = left.get(words.len()..).unwrap_or_default();
    }
    told
}

/// Hashes its standard input. BSD and macOS have no `sha256sum`.
const HASH: &str = "{ sha256sum 2>/dev/null || shasum -a 256; }";

/// What hashes files, a line for each.
fn command_for_all(words: &[String]) -> Vec<u8> {
    let mut command = "sh -c 'for w in".to_owned();
    for word in words {
        let _infallible = write!(command, " \"{word}\"");
    }
    // See `command`. Only an ordinary file has an end that is sure to come.
    let _infallible = write!(
        command,
        "; do f=$(printf %b \"${{w}}x\") && f=${{f%x}}; d=; \
         if [ -f \"$f\" ] && [ -r \"$f\" ]; then d=$({HASH} < \"$f\"); fi; \
         printf \"%s\\n\" \"$d\"; done'",
    );
    command.into_bytes()
}

/// How many names (hard links) a file on the server has, what links lead to being meant; SFTP does not say.
/// `None` where the server's shell does not tell.
///
/// # Security
///
/// As [`sha256`].
///
/// # Cancel safety
///
/// Dropping the call may leave the command running.
pub async fn link_count(shell: &impl Shell, path: &[u8]) -> Option<u64> {
    // POSIX has no `stat`, but says what `ls` writes.
    let command = about(path, "LC_ALL=C ls -dnL -- \"$f\"")?;
    second_word(&shell.run(command).await?)?.parse().ok()
}

fn second_word(output: &[u8]) -> Option<&str> {
    let line = output.split(|byte| *byte == b'\n').next()?;
    let mut words = line
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    core::str::from_utf8(words.nth(1)?).ok()
}

/// What hashes the beginning of a file. `None` for a path that cannot be said.
fn command(path: &[u8], length: Option<u64>) -> Option<Vec<u8>> {
    let read = match length {
        // `-c` of `head` is not POSIX, but in GNU, BSD, BusyBox and macOS. Its failure shows in
        // the digest, since a pipe ends as its last command does.
        Some(length) => format!("head -c {length}"),
        None => "cat".to_owned(),
    };
    // The file is opened by the shell: no name of it is an option, or `-` for standard input. Where
    // the shell does not see the file, as beside an SFTP server with a root of its own, it says
    // nothing.
    let hash = format!("[ -r \"$f\" ] && {read} < \"$f\" | {HASH}");
    about(path, &hash)
}

/// A command of the POSIX shell, in which `$f` is a path. `None` for a path that cannot be said.
fn about(path: &[u8], command: &str) -> Option<Vec<u8>> {
    let word = spell(path)?;
    // What is substituted loses its newlines at the end, hence the `x`.
    Some(format!("sh -c 'f=$(printf %b \"{word}x\") && f=${{f%x}} && {command}'").into_bytes())
}

/// A path for `printf %b`: letters, digits and what is as harmless as they stay, all else is octal.
/// `None` for what cannot be said.
fn spell(path: &[u8]) -> Option<String> {
    if path.is_empty() || path.contains(&0) {
        return None;
    }
    let mut word = String::with_capacity(path.len());
    for byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => {
                word.push(char::from(*byte));
            }
            byte => {
                let _infallible = write!(word, "\\0{byte:03o}");
            }
        }
    }
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
    fn no_byte_of_a_path_means_anything_to_a_shell() {
        let every: Vec<u8> = (1..=255).collect();
        let word = spell(&every).unwrap();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-\\".contains(&byte);
        assert!(word.bytes().all(plain), "{word}");
        assert_eq!(spell(b"it's\n1").unwrap(), "it\\0047s\\00121");
        assert_eq!(spell(b"a\0b"), None);
        assert_eq!(spell(b""), None);
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
