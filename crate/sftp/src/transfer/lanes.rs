//! More connections to a server, over which one file is read.
//!
//! A channel of SSH holds a window of some 512 KiB to 1 MiB, for a terminal's sake. A long or fast link holds
//! several of them, so a large file is read over several channels side by side.

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::Mark;
use crate::client::{Beside, File, Open, Sftp};
use crate::codec::Attributes;

/// Opens connections while a download runs.
///
/// To open one takes several round trips. So each may be opened before it is known whether it is worth
/// it, and is asked for bytes once it is.
pub trait Lanes {
    /// How many there may be beside the first one.
    fn most(&self) -> usize;

    /// Waits until the `number`th (from 0 on) should be opened, and opens it; `None` when it cannot be.
    ///
    /// # Cancel safety
    ///
    /// A dropped call opens none.
    fn open(&self, number: usize) -> impl Future<Output = Option<Sftp>>;

    /// Waits until the `number`th is worth it.
    fn worth(&self, number: usize) -> impl Future<Output = ()>;
}

/// Nothing beside the first connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLanes;

impl Lanes for NoLanes {
    fn most(&self) -> usize {
        0
    }

    async fn open(&self, _number: usize) -> Option<Sftp> {
        None
    }

    async fn worth(&self, _number: usize) {}
}

/// Opens the file on each lane, for as long as it is polled.
pub(super) async fn widen(lanes: &impl Lanes, path: &Bytes, before: &Attributes, beside: &Beside) {
    let lane = async |number| {
        // What cannot be opened there is read over the others.
        if let Some(sftp) = lanes.open(number).await
            && let Some(file) = same(&sftp, path, before).await
        {
            lanes.worth(number).await;
            beside.add(file);
        }
    };
    let mut opening: FuturesUnordered<_> = (0..lanes.most()).map(lane).collect();
    while opening.next().await.is_some() {}
}

/// The file, where it is the same one there.
async fn same(sftp: &Sftp, path: &Bytes, before: &Attributes) -> Option<File> {
    let file = sftp.open(path, Open::read()).await.ok()?;
    let there = file.stat().await.ok()?;
    (Mark::of(&there) == Mark::of(before)).then_some(file)
}
