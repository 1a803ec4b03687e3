//! The entries of a folder, and what its links lead to.

use futures::StreamExt as _;
use futures::stream;
use transom_protocol::{
    BATCH_ENTRIES, EntryKind, FileEntry, FilesAnswer, FilesFailure, RemotePath,
};
use transom_sftp::{Sftp, join};

use super::super::words;
use super::{refused, resolve};

/// Entries of a folder that a page is told at most.
const MAX_LISTED: usize = 100_000;

/// Entries in the first batch, so that something shows at once.
const FIRST_BATCH: usize = 100;

/// Links of one folder that are followed to say what they lead to.
const MAX_FOLLOWED: usize = 2000;

/// Links that are followed at once.
const FOLLOWED_AT_ONCE: usize = 64;

pub(super) async fn list(
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

pub(super) async fn follow(sftp: &Sftp, link: &[u8]) -> Option<EntryKind> {
    sftp.stat(link)
        .await
        .ok()
        .map(|found| words::kind(found.kind()))
}
