//! One file from the server.

use core::pin::pin;

use bytes::Bytes;
use futures::future::{Either, select};
use tokio::sync::mpsc;

use super::lanes::{Lanes, NoLanes, widen};
use super::part::{Local, Sum, same_start};
use super::{Progress, Resumed, SLICE_BYTES, Sink, TransferError};
use crate::client::{Beside, File, Open, Sftp};
use crate::codec::{Attributes, FileKind};
use crate::shell::{Sha256, Shell, sha256};

/// What a file on the server was when a download of it began; kept beside the part, so that a later
/// attempt knows whether it is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// In bytes.
    pub size: u64,
    /// Last change, in seconds since 1970.
    pub modified: u32,
}

/// Something to download.
#[derive(Clone, Debug, Default)]
pub struct Download {
    /// What.
    pub path: Bytes,
    /// What it was when the part in the sink was begun; `None` throws a part away.
    pub mark: Option<Mark>,
    /// Has the server's shell compute a checksum at the end, and compares. Not for a part.
    pub verify: bool,
    /// Leaves what comes after this many bytes, for a sink whose size was settled before the file
    /// grew. It then counts as changed.
    pub at_most: Option<u64>,
}

/// How a download went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// What became of an earlier part.
    pub resumed: Resumed,
    /// Bytes of the file.
    pub size: u64,
    /// What the server said about the file before.
    pub attributes: Attributes,
    /// The file grew, or was touched, meanwhile: this is what it was at the beginning.
    pub changed: bool,
    /// The checksum that the server's shell computed, compared with ours.
    pub checksum: Option<Sha256>,
    /// Ours, where checksums were to be compared.
    pub sum: Option<Sha256>,
}

struct SinkSlices<'a, S>(&'a mut S);

impl<S: Sink> Local for SinkSlices<'_, S> {
    async fn slice(&mut self, offset: u64, length: usize) -> Result<Bytes, TransferError> {
        Ok(self.0.read(offset, length).await?)
    }
}

impl Mark {
    /// What attributes say; `None` where they do not say enough.
    pub fn of(attributes: &Attributes) -> Option<Self> {
        Some(Self {
            size: attributes.size?,
            modified: attributes.modified()?,
        })
    }
}

impl Download {
    /// Downloads into `sink`, which is to get its final name only after this has succeeded.
    ///
    /// # Errors
    ///
    /// [`TransferError`]. What the sink holds may be resumed with the same mark.
    ///
    /// # Cancel safety
    ///
    /// As after an error.
    pub async fn run(
        &self,
        sftp: &Sftp,
        sink: &mut impl Sink,
        shell: &impl Shell,
        progress: impl FnMut(Progress),
    ) -> Result<Downloaded, TransferError> {
        self.run_over(sftp, &NoLanes, sink, shell, progress).await
    }

    /// The same, over more connections to the server as well.
    ///
    /// # Errors
    ///
    /// As for [`Self::run`]; what fails on another connection only is read over the first.
    ///
    /// # Cancel safety
    ///
    /// As for [`Self::run`].
    pub async fn run_over(
        &self,
        sftp: &Sftp,
        lanes: &impl Lanes,
        sink: &mut impl Sink,
        shell: &impl Shell,
        mut progress: impl FnMut(Progress),
    ) -> Result<Downloaded, TransferError> {
        let path = &self.path;
        let before = sftp.stat(path).await?;
        if !matches!(before.kind(), FileKind::File | FileKind::Unknown) {
            return Err(TransferError::UserNotAFile { path: path.clone() });
        }
        let file = sftp.open(path, Open::read()).await?;
        let (start, resumed, mut sum) = self
            .start(&file, &before, sink, shell, &mut progress)
            .await?;
        let wanted = before.size.map(|size| self.cut(size));
        let size = match wanted {
            // Files of /proc and the like have no size, and content all the same.
            None | Some(0) => unsized_copy(&file, sink, &mut sum, &mut progress).await?,
            Some(size) => {
                let beside = Beside::default();
                let widen = widen(lanes, path, &before, &beside);
                let copy = copy(
                    (&file, &beside),
                    sink,
                    (start, size),
                    &mut sum,
                    &mut progress,
                );
                beside_it(Box::pin(copy), Box::pin(widen)).await?
            }
        };
        let after = file.stat().await?;
        let changed = Mark::of(&after) != Mark::of(&before) || wanted < before.size;
        if after
            .size
            .is_some_and(|after| after < before.size.unwrap_or(0))
        {
            return Err(TransferError::PeerChanged { path: path.clone() });
        }
        file.close().await?;
        let (sum, mut checksum) = (sum.digest(), None);
        if self.verify && !changed {
            checksum = sha256(shell, path, None).await;
            if checksum.is_some() && checksum != sum {
                return Err(TransferError::Differs { path: path.clone() });
            }
        }
        // Only what is right is made to last: a stream to the disk could not be taken back.
        sink.sync().await?;
        Ok(Downloaded {
            resumed,
            size,
            attributes: before,
            changed,
            checksum,
            sum,
        })
    }

    fn cut(&self, size: u64) -> u64 {
        self.at_most.map_or(size, |most| size.min(most))
    }

    /// From where on it is to be read: behind a part that is there, if it is the beginning.
    async fn start<S: Sink>(
        &self,
        file: &File,
        now: &Attributes,
        sink: &mut S,
        shell: &impl Shell,
        progress: &mut impl FnMut(Progress),
    ) -> Result<(u64, Resumed, Sum), TransferError> {
        let there = sink.size().await?;
        if there == 0 {
            return Ok((0, Resumed::Fresh, Sum::new(self.verify)));
        }
        let same_file = self.mark.is_some() && self.mark == Mark::of(now);
        if same_file && now.size.is_some_and(|size| there <= size) {
            let mut local = SinkSlices(sink);
            if let Some(sum) = same_start(&mut local, file, there, shell, progress).await? {
                return Ok((there, Resumed::From(there), sum));
            }
        }
        sink.truncate(0).await?;
        Ok((0, Resumed::Discarded, Sum::new(self.verify)))
    }
}

/// Waits for `work`, and polls `aside` meanwhile.
async fn beside_it<T>(
    work: impl Future<Output = T> + Unpin,
    aside: impl Future<Output = ()> + Unpin,
) -> T {
    let aside = async {
        aside.await;
        core::future::pending::<core::convert::Infallible>().await
    };
    match select(work, pin!(aside)).await {
        Either::Left((done, _)) => done,
        Either::Right((never, _)) => match never {},
    }
}

/// Pieces that may wait for the local disk, 64 KiB each. While it is busy, the link goes on.
const WAITING_PIECES: usize = 32;

/// Reads `start..size`, and writes what came while more is on its way.
async fn copy(
    (file, beside): (&File, &Beside),
    sink: &mut impl Sink,
    (start, size): (u64, u64),
    sum: &mut Sum,
    progress: &mut impl FnMut(Progress),
) -> Result<u64, TransferError> {
    let (pieces, waiting) = mpsc::channel::<Bytes>(WAITING_PIECES);
    let read = async move {
        let mut reader = file.reader_beside(start..size, beside.clone());
        while let Some(piece) = reader.next().await? {
            if pieces.send(piece).await.is_err() {
                // Writing failed, which is told.
                break;
            }
        }
        Ok::<_, TransferError>(())
    };
    let mut offset = start;
    let write = async {
        // Dropped with the first error, which ends the reading.
        let mut waiting = waiting;
        let mut told = |done| progress(Progress::Moving { done, total: size });
        told(offset);
        while let Some(piece) = waiting.recv().await {
            sum.feed(&piece);
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            sink.write(offset, piece).await?;
            offset += length;
            told(offset);
        }
        Ok::<_, TransferError>(())
    };
    // What was read before an error is written, so that the next attempt goes on behind it.
    let (read, written) = futures::join!(read, write);
    written?;
    read?;
    if offset < size {
        return Err(TransferError::PeerChanged {
            path: file.path().clone(),
        });
    }
    Ok(size)
}

/// Reads until the end, wherever that is.
async fn unsized_copy(
    file: &File,
    sink: &mut impl Sink,
    sum: &mut Sum,
    progress: &mut impl FnMut(Progress),
) -> Result<u64, TransferError> {
    let mut offset = 0;
    loop {
        let data = file.read_at(offset, SLICE_BYTES / 16).await?;
        if data.is_empty() {
            return Ok(offset);
        }
        sum.feed(&data);
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        sink.write(offset, data).await?;
        offset += length;
        progress(Progress::Moving {
            done: offset,
            total: offset,
        });
    }
}
