//! Answers what a page asks about files. No browser is needed here.

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream;
use transom_protocol::{
    BATCH_ENTRIES, EntryKind, FileEntry, FileMark, FilesAnswer, FilesAsk, FilesErrorCode,
    FilesFailure, MAX_READ_BYTES, MAX_SIZE_BYTES, RemotePath,
};
use transom_sftp::{
    Attributes, Feature, LocalError, NoShell, Open, Sftp, SftpError, Source, Status, TreeCount,
    Upload, file_name, join,
};

use super::words;

/// Entries of a folder that a page is told at most.
const MAX_LISTED: usize = 100_000;

/// Entries in the first batch, so that something shows at once.
const FIRST_BATCH: usize = 100;

/// Links of one folder that are followed to say what they lead to.
const MAX_FOLLOWED: usize = 2000;

/// Links that are followed at once.
const FOLLOWED_AT_ONCE: usize = 64;

/// What goes back to the page: the answer, and the bytes beside it.
pub(super) type Reply = (FilesAnswer, Option<Bytes>);

/// Carries out an ask. `entries` hears of the entries of a folder as they come.
///
/// # Cancel safety
///
/// Dropping it stops it; what was changed stays changed.
pub(super) async fn answer(
    sftp: &Sftp,
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
            write(sftp, &path, expected, bytes.unwrap_or_default())
                .await
                .map(plain)
        }
        FilesAsk::Count { paths } => count(sftp, &paths, false).await.map(plain),
        FilesAsk::Remove { paths } => count(sftp, &paths, true).await.map(plain),
        ask @ (FilesAsk::Home
        | FilesAsk::Stat { .. }
        | FilesAsk::ReadLink { .. }
        | FilesAsk::Resolve { .. }
        | FilesAsk::Space { .. }) => look(sftp, &ask).await.map(plain),
        change => self::change(sftp, change)
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

async fn list(
    sftp: &Sftp,
    path: &RemotePath,
    mut told: impl FnMut(Vec<FileEntry>),
) -> Result<FilesAnswer, FilesFailure> {
    let folder = resolve(sftp, path.bytes()).await?;
    let mut listing = sftp.listdir_iter(&folder).await.map_err(refused)?;
    let (mut batch, mut size) = (Vec::new(), FIRST_BATCH);
    let (mut listed, mut followed) = (0, 0);
    let mut cut = false;
    while let Some(entry) = listing.next().await.map_err(refused)? {
        if listed == MAX_LISTED {
            cut = true;
            break;
        }
        listed += 1;
        batch.push(words::entry(entry));
        if batch.len() >= size {
            size = BATCH_ENTRIES;
            follow_all(sftp, &folder, &mut batch, &mut followed).await;
            told(core::mem::take(&mut batch));
        }
    }
    if !batch.is_empty() {
        follow_all(sftp, &folder, &mut batch, &mut followed).await;
        told(batch);
    }
    cut |= listing.is_cut();
    Ok(FilesAnswer::Listed {
        path: RemotePath::new(folder),
        cut,
    })
}

/// Says what links lead to, many at a time.
async fn follow_all(sftp: &Sftp, folder: &[u8], batch: &mut [FileEntry], followed: &mut usize) {
    let left = MAX_FOLLOWED.saturating_sub(*followed);
    let links = batch
        .iter_mut()
        .filter(|entry| entry.kind == EntryKind::Link && entry.named);
    let follows = links.take(left).map(|entry| {
        *followed += 1;
        async move {
            entry.target_kind = follow(sftp, &join(folder, entry.name.bytes())).await;
        }
    });
    stream::iter(follows)
        .buffer_unordered(FOLLOWED_AT_ONCE)
        .collect::<()>()
        .await;
}

async fn follow(sftp: &Sftp, link: &[u8]) -> Option<EntryKind> {
    sftp.stat(link)
        .await
        .ok()
        .map(|found| words::kind(found.kind()))
}

async fn read(
    sftp: &Sftp,
    path: &RemotePath,
    offset: i64,
    length: u32,
) -> Result<Reply, FilesFailure> {
    let file = sftp
        .open(path.bytes(), Open::read())
        .await
        .map_err(refused)?;
    let now = file.stat().await.map_err(refused)?;
    if now.is_folder() {
        let detail = format!("{} is a folder", path.shown());
        return Err(words::failure(FilesErrorCode::NotAFile, detail));
    }
    let offset = u64::try_from(offset)
        .unwrap_or_else(|_| now.size.unwrap_or(0).saturating_sub(offset.unsigned_abs()));
    let length = usize::try_from(length.min(MAX_READ_BYTES)).unwrap_or(0);
    let content = file.read_at(offset, length).await.map_err(refused)?;
    let mark = mark(&now);
    Ok((FilesAnswer::Content { mark, offset }, Some(content)))
}

fn mark(attributes: &Attributes) -> FileMark {
    FileMark {
        size: attributes.size.unwrap_or(0).min(MAX_SIZE_BYTES),
        modified: attributes.modified().unwrap_or(0),
    }
}

/// What a page wrote, as something to upload.
struct Memory(Bytes);

impl Source for Memory {
    fn size(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.0.len());
        let end = start.saturating_add(length).min(self.0.len());
        Ok(self.0.slice(start..end))
    }

    async fn check(&mut self) -> Result<(), LocalError> {
        Ok(())
    }
}

/// Saves at once, and only over what the page has seen.
async fn write(
    sftp: &Sftp,
    path: &RemotePath,
    expected: Option<FileMark>,
    content: Bytes,
) -> Result<FilesAnswer, FilesFailure> {
    if let Some(expected) = expected {
        let now = sftp.stat(path.bytes()).await;
        if !now.is_ok_and(|now| mark(&now) == expected) {
            let detail = format!("{} was changed on the server meanwhile", path.shown());
            return Err(words::failure(FilesErrorCode::Changed, detail));
        }
    }
    may_write(sftp, path).await?;
    let upload = Upload {
        target: Bytes::copy_from_slice(path.bytes()),
        token: super::token(),
        replace: true,
        ..Upload::default()
    };
    let saved = upload
        .run(sftp, &mut Memory(content), &NoShell, |_| ())
        .await;
    if let Err(error) = saved {
        // Nobody continues it. What cannot be removed is hidden and says what it was.
        let _left = transom_sftp::discard_part(sftp, path.bytes(), &upload.token).await;
        return Err(words::transfer_failure(&error));
    }
    let attributes = sftp.stat(path.bytes()).await.map_err(refused)?;
    Ok(FilesAnswer::Entry {
        entry: words::file_entry(path.name(), &attributes),
    })
}

/// Refuses where the user may not write a file. In a folder of theirs they could replace it all the
/// same, which is not what who protects a file expects.
async fn may_write(sftp: &Sftp, path: &RemotePath) -> Result<(), FilesFailure> {
    match sftp.open(path.bytes(), Open::write()).await {
        Err(error) if error.status() == Some(Status::PermissionDenied) => {
            let now = sftp.stat(path.bytes()).await.map_err(refused)?;
            let mode = now.mode().unwrap_or(0) & 0o7777;
            let detail = format!("you may only read {} (mode {mode:04o})", path.shown());
            Err(words::failure(FilesErrorCode::Denied, detail))
        }
        Ok(file) => {
            // Nothing was written, so nothing can be lost in closing.
            let _closed = file.close().await;
            Ok(())
        }
        // A new file, or one that something else is wrong with, which saving it will tell.
        Err(_) => Ok(()),
    }
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

/// Asks that change something and have nothing to tell.
async fn change(sftp: &Sftp, change: FilesAsk) -> Result<(), FilesFailure> {
    match change {
        FilesAsk::MakeFolder { path } => {
            let made = sftp.mkdir(path.bytes()).await;
            explain_taken(sftp, &path, made).await
        }
        FilesAsk::Rename { from, to, replace } => rename(sftp, &from, &to, replace).await,
        FilesAsk::MakeLink { target, link } => {
            let made = sftp.symlink(target.bytes(), link.bytes()).await;
            explain_taken(sftp, &link, made).await
        }
        FilesAsk::SetAttributes {
            path,
            mode,
            owner,
            modified,
        } => {
            let mut accessed = None;
            if modified.is_some() {
                // The two times are set together only.
                let now = sftp.stat(path.bytes()).await.map_err(refused)?;
                accessed = now.times.map(|(accessed, _)| accessed);
            }
            let attributes = Attributes {
                permissions: mode.map(|mode| mode & 0o7777),
                owner,
                times: modified.map(|modified| (accessed.unwrap_or(modified), modified)),
                ..Attributes::default()
            };
            sftp.set_attributes(path.bytes(), attributes)
                .await
                .map_err(refused)
        }
        FilesAsk::Copy { from, to } => copy(sftp, &from, &to).await,
        // Every other ask is answered elsewhere.
        _ => Ok(()),
    }
}

/// SFTP has no status for a name that is taken.
async fn explain_taken(
    sftp: &Sftp,
    path: &RemotePath,
    done: Result<(), SftpError>,
) -> Result<(), FilesFailure> {
    match done {
        Err(error) if error.status() == Some(Status::Failure) => {
            if sftp.exists(path.bytes()).await.unwrap_or(false) {
                let detail = format!("{} exists already", path.shown());
                return Err(words::failure(FilesErrorCode::Exists, detail));
            }
            Err(refused(error))
        }
        done => done.map_err(refused),
    }
}

async fn rename(
    sftp: &Sftp,
    from: &RemotePath,
    to: &RemotePath,
    replace: bool,
) -> Result<(), FilesFailure> {
    if !replace {
        let renamed = sftp.rename(from.bytes(), to.bytes()).await;
        return explain_taken(sftp, to, renamed).await;
    }
    if sftp.offer().has(Feature::PosixRename) {
        return sftp
            .posix_rename(from.bytes(), to.bytes())
            .await
            .map_err(refused);
    }
    match sftp.remove(to.bytes()).await {
        Err(error) if error.status() != Some(Status::NoSuchFile) => return Err(refused(error)),
        _ => (),
    }
    sftp.rename(from.bytes(), to.bytes()).await.map_err(refused)
}

/// Copies a file, or a folder with all in it, on the server, or through here where the server cannot.
async fn copy(sftp: &Sftp, from: &RemotePath, to: &RemotePath) -> Result<(), FilesFailure> {
    let mut count = TreeCount::default();
    let copied = sftp
        .copy_tree(from.bytes(), to.bytes(), &mut count, |_| ())
        .await;
    explain_taken(sftp, to, copied).await?;
    match count.failures.first() {
        None => Ok(()),
        Some(first) => Err(words::skip_failure(first)),
    }
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
