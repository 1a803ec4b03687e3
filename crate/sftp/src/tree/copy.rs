//! Copies on the server: by its own means where it has them, through here where it has not.

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::{Skip, Step, TreeCount};
use crate::client::{File, Open, Sftp};
use crate::codec::{Attributes, FileKind, Status};
use crate::error::{Operation, SftpError, Subject};
use crate::extension::Feature;
use crate::path::{join, parent};

/// Files that are copied at once. A server copies one after the other, so more only hide the way.
const COPIES: usize = 8;

/// Bytes that are read at once where a file's size is not known.
const PIECE_BYTES: usize = 64 * 1024;

impl Sftp {
    /// Copies what is in a file to `to`, which must not exist, with its permission bits. Gives the
    /// bytes of the copy.
    ///
    /// The server copies by itself where it offers `copy-data`; elsewhere all bytes come here and go
    /// back.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`]. What was copied by then is removed, because half a copy looks like a whole
    /// one.
    ///
    /// # Cancel safety
    ///
    /// A dropped call may leave the beginning of a copy.
    pub async fn copy(
        &self,
        from: impl AsRef<[u8]>,
        to: impl AsRef<[u8]>,
    ) -> Result<u64, SftpError> {
        let to = to.as_ref();
        let source = self.open(from, Open::read()).await?;
        let attributes = source.stat().await?;
        let mode = attributes.mode().unwrap_or(0o644);
        let target = self.open(to, Open::exclusive().mode(mode)).await?;
        let copied = match content(&source, &target, &attributes).await {
            Ok(copied) => target.close().await.map(|()| copied),
            Err(error) => Err(error),
        };
        if copied.is_err() {
            let _left = self.remove(to).await;
        }
        copied
    }

    /// Copies a file or a link, or a folder with all in it, to `to`, which must not exist. Links stay
    /// links. `count` tells what was copied and what could not be.
    ///
    /// # Errors
    ///
    /// An [`SftpError`] that ends the connection, or that concerns `from` and `to` themselves:
    /// [`SftpError::UserInsideItself`] where the copy would be in what is copied. Other refusals are in
    /// the count.
    ///
    /// # Cancel safety
    ///
    /// Dropping it stops it: some is copied.
    pub async fn copy_tree(
        &self,
        from: impl AsRef<[u8]>,
        to: impl AsRef<[u8]>,
        count: &mut TreeCount,
        mut told: impl FnMut(&TreeCount),
    ) -> Result<(), SftpError> {
        let (from, to) = (from.as_ref(), to.as_ref());
        let attributes = self.look(from).await?;
        if attributes.kind() == FileKind::Special {
            count.skipped(Skip::Special);
            return Ok(());
        }
        if !attributes.is_folder() {
            self.copy_entry(from, to, &attributes).await?;
            count.file(&attributes);
            return Ok(());
        }
        self.stays_outside(from, to).await?;
        self.mkdir(to).await?;
        let mut walk = self.walk(from);
        let mut copies = FuturesUnordered::new();
        // Folders that are open, with their modes: one without leave to write would take nothing.
        let mut open: Vec<(Bytes, Option<u32>)> = Vec::new();
        while let Some(step) = walk.next().await? {
            match step {
                // What is copied itself, whose copy is made.
                Step::Enter { path, .. } if open.is_empty() => {
                    open.push((path, attributes.mode()));
                }
                Step::Enter { path, attributes } => {
                    if let Err(error) = self.mkdir(moved(&path, from, to)).await {
                        count.refused(error)?;
                    }
                    open.push((path, attributes.mode()));
                }
                Step::Leave { path } => {
                    drain(&mut copies, 0, count).await?;
                    count.folders += 1;
                    if let Some((_, Some(mode))) = open.pop() {
                        // The copy is there; a mode that cannot be set does not undo it.
                        let _kept = self.chmod(moved(&path, from, to), mode).await;
                    }
                }
                Step::File { attributes, .. } if attributes.kind() == FileKind::Special => {
                    count.skipped(Skip::Special);
                }
                Step::File { path, attributes } => {
                    let to = moved(&path, from, to);
                    copies.push(async move {
                        (self.copy_entry(&path, &to, &attributes).await, attributes)
                    });
                }
                Step::Skipped { path, why } => {
                    // A folder that was entered and could not be read to its end is not left.
                    let ends = matches!(why, Skip::TooMany | Skip::Refused(_));
                    open.pop_if(|(top, _)| ends && *top == path);
                    count.skipped(why);
                }
            }
            drain(&mut copies, COPIES, count).await?;
            told(count);
        }
        drain(&mut copies, 0, count).await
    }

    /// Copies a file or a link.
    async fn copy_entry(
        &self,
        from: &[u8],
        to: &[u8],
        attributes: &Attributes,
    ) -> Result<(), SftpError> {
        if attributes.kind() == FileKind::Link {
            let target = self.readlink(from).await?;
            return self.symlink(target, to).await;
        }
        self.copy(from, to).await.map(drop)
    }

    /// Fails where `to` is in `from`: such a copy would contain itself.
    async fn stays_outside(&self, from: &[u8], to: &[u8]) -> Result<(), SftpError> {
        let root = self.normalize(from).await?;
        let folder = match parent(to) {
            b"" => b".",
            folder => folder,
        };
        let folder = self.normalize(folder).await?;
        let rest = folder.strip_prefix(&*root);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/") || *root == *b"/") {
            let subject = Subject::new(Operation::Copy, from);
            return Err(SftpError::UserInsideItself { subject });
        }
        Ok(())
    }
}

/// Where something in `from` goes.
fn moved(path: &[u8], from: &[u8], to: &[u8]) -> Bytes {
    let mut rest = path.strip_prefix(from).unwrap_or_default();
    while let Some(shorter) = rest.strip_prefix(b"/") {
        rest = shorter;
    }
    if rest.is_empty() {
        return Bytes::copy_from_slice(to);
    }
    join(to, rest)
}

/// Copies what is in a file; gives its bytes.
async fn content(source: &File, target: &File, attributes: &Attributes) -> Result<u64, SftpError> {
    let sftp = source.sftp();
    let size = attributes.size.unwrap_or(0);
    // Files of /proc and the like have no size, and content all the same. A folder has a size, and
    // OpenSSH's server says that it copied one; reading it is what it refuses.
    if size == 0 || attributes.is_folder() {
        return unsized_content(source, target).await;
    }
    if sftp.offer().has(Feature::CopyData) {
        match sftp.copy_data((source, 0), (target, 0), size).await {
            // What it says it offers it may refuse for this file system.
            Err(error) if error.status() == Some(Status::OpUnsupported) => (),
            copied => return copied,
        }
    }
    let (mut reader, mut writer) = (source.reader(0..size), target.writer(0));
    while let Some(data) = reader.next().await? {
        writer.write(&data).await?;
    }
    writer.flush().await?;
    Ok(writer.written())
}

async fn unsized_content(source: &File, target: &File) -> Result<u64, SftpError> {
    let mut offset = 0;
    loop {
        let data = source.read_at(offset, PIECE_BYTES).await?;
        if data.is_empty() {
            return Ok(offset);
        }
        target.write_at(offset, &data).await?;
        offset += u64::try_from(data.len()).unwrap_or(u64::MAX);
    }
}

/// Waits until at most `most` copies are under way.
async fn drain<R>(
    copies: &mut FuturesUnordered<R>,
    most: usize,
    count: &mut TreeCount,
) -> Result<(), SftpError>
where
    R: Future<Output = (Result<(), SftpError>, Attributes)>,
{
    while copies.len() > most {
        match copies.next().await {
            Some((Ok(()), attributes)) => count.file(&attributes),
            Some((Err(error), _)) => count.refused(error)?,
            None => break,
        }
    }
    Ok(())
}
