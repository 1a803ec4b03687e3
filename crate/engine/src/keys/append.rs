//! A line for `~/.ssh/authorized_keys`, by SFTP: no shell reads anything of it.

use transom_protocol::InstallProblem;
use transom_sftp::{FileKind, Open, Sftp, SftpError, Status, join};

/// Largest file that is read; a larger one was not written by people.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Who may not write to folder and file, or sshd passes them over (`StrictModes`).
const OTHERS_WRITE: u32 = 0o022;

type Problem = (InstallProblem, String);

/// Appends `line` unless the file has its key. Returns whether it had.
///
/// The folder is made with mode 700 and the file with mode 600; of what is there, only the right
/// of others to write is taken away.
///
/// - `line`: type, base64 and a comment; no line end.
///
/// # Cancel safety
///
/// A dropped call appended the whole line or nothing.
pub(super) async fn append(sftp: &Sftp, line: &str) -> Result<bool, Problem> {
    let home = sftp.normalize(".").await.map_err(refused)?;
    let folder = join(&home, b".ssh");
    make_folder(sftp, &folder).await?;
    let path = join(&folder, b"authorized_keys");
    let before = read(sftp, &path).await?;
    if let Some(before) = &before
        && has_key(before, line)
    {
        tighten(sftp, &path).await?;
        return Ok(true);
    }
    let made = before.is_none();
    let before = before.unwrap_or_default();
    let mut added = Vec::with_capacity(line.len() + 2);
    if !before.is_empty() && !before.ends_with(b"\n") {
        added.push(b'\n');
    }
    added.extend_from_slice(line.as_bytes());
    added.push(b'\n');
    let file = sftp.open(&path, Open::append().mode(0o600)).await;
    let file = file.map_err(refused)?;
    let offset = u64::try_from(before.len()).unwrap_or(u64::MAX);
    let written = file.write_at(offset, &added).await;
    written.map_err(refused)?;
    file.close().await.map_err(refused)?;
    if made {
        // The server's umask may have taken away what the owner needs.
        sftp.chmod(&path, 0o600).await.map_err(refused)?;
    } else {
        tighten(sftp, &path).await?;
    }
    let after = read(sftp, &path).await?.unwrap_or_default();
    if has_key(&after, line) {
        Ok(false)
    } else {
        let words = "the server took the line, but it is not in the file";
        Err((InstallProblem::Refused, words.to_owned()))
    }
}

async fn make_folder(sftp: &Sftp, folder: &[u8]) -> Result<(), Problem> {
    match sftp.stat(folder).await {
        Ok(attributes) if attributes.kind() == FileKind::Folder => tighten(sftp, folder).await,
        Ok(_) => Err((
            InstallProblem::NotAFile,
            "~/.ssh is not a folder".to_owned(),
        )),
        Err(error) if is_missing(&error) => {
            sftp.mkdir(folder).await.map_err(refused)?;
            sftp.chmod(folder, 0o700).await.map_err(refused)
        }
        Err(error) => Err(refused(error)),
    }
}

/// Takes away the right of others to write.
async fn tighten(sftp: &Sftp, path: &[u8]) -> Result<(), Problem> {
    let mode = sftp.stat(path).await.map_err(refused)?.permissions;
    match mode.map(|mode| mode & 0o7777) {
        Some(mode) if mode & OTHERS_WRITE != 0 => {
            let tightened = sftp.chmod(path, mode & !OTHERS_WRITE).await;
            tightened.map_err(refused)
        }
        _ => Ok(()),
    }
}

/// Reads a file; `None` where there is none.
async fn read(sftp: &Sftp, path: &[u8]) -> Result<Option<Vec<u8>>, Problem> {
    let attributes = match sftp.stat(path).await {
        Ok(attributes) => attributes,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(refused(error)),
    };
    let size = attributes.size.unwrap_or(MAX_FILE_BYTES);
    if attributes.kind() != FileKind::File || size > MAX_FILE_BYTES {
        let words = "~/.ssh/authorized_keys is no ordinary file, or larger than 1 MiB";
        return Err((InstallProblem::NotAFile, words.to_owned()));
    }
    let file = sftp.open(path, Open::read()).await.map_err(refused)?;
    let mut reader = file.reader(0..size);
    let mut content = Vec::new();
    while let Some(piece) = reader.next().await.map_err(refused)? {
        content.extend_from_slice(&piece);
    }
    Ok(Some(content))
}

/// Whether a line that counts has the key of `line`: its type and base64 in sequence, perhaps
/// behind options.
fn has_key(file: &[u8], line: &str) -> bool {
    let mut wanted = line.split_ascii_whitespace();
    let (Some(kind), Some(base64)) = (wanted.next(), wanted.next()) else {
        return false;
    };
    file.split(|byte| *byte == b'\n').any(|line| {
        let words: Vec<&[u8]> = line
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty())
            .collect();
        let comment = words.first().is_some_and(|word| word.starts_with(b"#"));
        !comment
            && words
                .windows(2)
                .any(|pair| pair == [kind.as_bytes(), base64.as_bytes()])
    })
}

fn is_missing(error: &SftpError) -> bool {
    matches!(
        error,
        SftpError::PeerRefused {
            status: Status::NoSuchFile,
            ..
        }
    )
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn refused(error: SftpError) -> Problem {
    (InstallProblem::Refused, error.to_string())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
