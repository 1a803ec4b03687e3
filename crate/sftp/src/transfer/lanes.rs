//! More connections to a server, over which one file is read.
//!
//! A channel of SSH holds a window of some 192 KiB, for a terminal's sake. A long or fast link holds
//! several of them, so a large file is read over several channels side by side.

use bytes::Bytes;

use super::Mark;
use crate::client::{Beside, File, Open, Sftp};
use crate::codec::Attributes;

/// Opens connections while a download runs.
pub trait Lanes {
    /// Waits until one more is worth it and gives it; `None` when there will be no more.
    ///
    /// # Cancel safety
    ///
    /// A dropped call opens none.
    fn next(&self) -> impl Future<Output = Option<Sftp>>;
}

/// Nothing beside the first connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLanes;

impl Lanes for NoLanes {
    async fn next(&self) -> Option<Sftp> {
        None
    }
}

/// Opens the file on each lane that comes, for as long as it is polled.
pub(super) async fn widen(lanes: &impl Lanes, path: &Bytes, before: &Attributes, beside: &Beside) {
    while let Some(sftp) = lanes.next().await {
        // What cannot be opened there is read here.
        if let Some(file) = same(&sftp, path, before).await {
            beside.add(file);
        }
    }
}

/// The file, where it is the same one there.
async fn same(sftp: &Sftp, path: &Bytes, before: &Attributes) -> Option<File> {
    let file = sftp.open(path, Open::read()).await.ok()?;
    let there = file.stat().await.ok()?;
    (Mark::of(&there) == Mark::of(before)).then_some(file)
}
