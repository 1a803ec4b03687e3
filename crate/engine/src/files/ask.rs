//! Answers what a page asks about files. No browser is needed here.

mod change;
mod list;
mod text;

use bytes::Bytes;
use transom_protocol::{
    EntryKind, FileEntry, FilesAnswer, FilesAsk, FilesFailure, MAX_SIZE_BYTES, RemotePath,
};
use transom_sftp::{Feature, Sftp, SftpError, Shell, TreeCount, file_name, join};

use self::list::{follow, list};
use self::text::{read, write};
use super::words;

/// What goes back to the page: the answer, and the bytes beside it.
pub(super) type Reply = (FilesAnswer, Option<Bytes>);

/// Carries out an ask. `entries` hears of the entries of a folder as they come.
///
/// - `shell`: the server's, which knows of files what SFTP does not say.
///
/// # Cancel safety
///
/// Dropping it stops it; what was changed stays changed.
pub(super) async fn answer(
    (sftp, shell): (&Sftp, &impl Shell),
    ask: FilesAsk,
    bytes: Option<Bytes>,
    entries: impl FnMut(Vec<FileEntry>),
) -> Reply {
    let answered = match ask {
        FilesAsk::Read {
            path,
            offset,
            length,
        } => read(sftp, &path, offset, length).await,
        FilesAsk::List { path } => list(sftp, &path, entries).await.map(plain),
        FilesAsk::Write { path, expected } => {
            let text = bytes.unwrap_or_default();
            write((sftp, shell), &path, expected, text).await.map(plain)
        }
        FilesAsk::Count { paths } => count(sftp, &paths, false).await.map(plain),
        FilesAsk::Remove { paths } => count(sftp, &paths, true).await.map(plain),
        ask @ (FilesAsk::Home
        | FilesAsk::Stat { .. }
        | FilesAsk::ReadLink { .. }
        | FilesAsk::Resolve { .. }
        | FilesAsk::Space { .. }) => look(sftp, &ask).await.map(plain),
        change => change::change(sftp, change)
            .await
            .map(|()| plain(FilesAnswer::Done)),
    };
    answered.unwrap_or_else(|failure| (FilesAnswer::Failed { failure }, None))
}

fn plain(answer: FilesAnswer) -> Reply {
    (answer, None)
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn refused(error: SftpError) -> FilesFailure {
    words::sftp_failure(&error)
}

/// Asks that change nothing and have short answers.
async fn look(sftp: &Sftp, ask: &FilesAsk) -> Result<FilesAnswer, FilesFailure> {
    let path = |path: Bytes| FilesAnswer::Path {
        path: RemotePath::new(path),
    };
    match ask {
        FilesAsk::Stat { path } => {
            let attributes = sftp.lstat(path.bytes()).await.map_err(refused)?;
            let mut entry = words::file_entry(path.name(), &attributes);
            if entry.kind == EntryKind::Link {
                entry.target_kind = follow(sftp, path.bytes()).await;
            }
            Ok(FilesAnswer::Entry { entry })
        }
        FilesAsk::ReadLink { path: link } => {
            sftp.readlink(link.bytes()).await.map(path).map_err(refused)
        }
        FilesAsk::Resolve { path: asked } => resolve(sftp, asked.bytes()).await.map(path),
        FilesAsk::Space { path } => {
            let space = sftp.statvfs(path.bytes()).await.map_err(refused)?;
            Ok(FilesAnswer::Space {
                available: space.available_bytes().min(MAX_SIZE_BYTES),
                total: space.total_bytes().min(MAX_SIZE_BYTES),
            })
        }
        // Home, the only one that is left.
        _ => sftp.normalize(".").await.map(path).map_err(refused),
    }
}

/// Makes a path absolute; `~` is the folder one begins in.
async fn resolve(sftp: &Sftp, path: &[u8]) -> Result<Bytes, FilesFailure> {
    let expanded = match path {
        [b'~', ..] if sftp.offer().has(Feature::ExpandPath) => {
            sftp.expand_path(path).await.map_err(refused)?
        }
        [] | [b'~'] | [b'~', b'/'] => Bytes::from_static(b"."),
        [b'~', b'/', rest @ ..] => join(b".", rest),
        path => Bytes::copy_from_slice(path),
    };
    sftp.normalize(&expanded).await.map_err(refused)
}

/// Counts or removes.
async fn count(
    sftp: &Sftp,
    paths: &[RemotePath],
    remove: bool,
) -> Result<FilesAnswer, FilesFailure> {
    let mut count = TreeCount::default();
    for path in paths {
        let done = if remove {
            sftp.remove_tree(path.bytes(), &mut count, |_| ()).await
        } else {
            sftp.count_tree(path.bytes(), &mut count, |_| ()).await
        };
        done.map_err(refused)?;
    }
    Ok(words::counted(&count))
}

/// Another name beside one that is taken: `name (2).txt`.
pub(super) fn numbered(path: &[u8], number: u32) -> Bytes {
    let name = file_name(path);
    let dot = name
        .iter()
        .rposition(|byte| *byte == b'.')
        .filter(|dot| *dot > 0);
    let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
    let name = [stem, format!(" ({number})").as_bytes(), extension].concat();
    join(transom_sftp::parent(path), &name)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
