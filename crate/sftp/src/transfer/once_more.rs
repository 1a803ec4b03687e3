//! Files of a folder that are fetched once more, and the local file that is made late.

use bytes::Bytes;

use super::check::{Arrived, Compared};
use super::folder::{FolderReport, Place, stops};
use super::{Download, LocalError, Sink, TransferError};
use crate::client::Sftp;
use crate::shell::Shell;

/// Fetches once more what differs: it may have changed between. What differs again is left out, and not kept.
pub(super) async fn again<P: Place>(
    (sftp, shell): (&Sftp, &impl Shell),
    place: &P,
    compared: Compared,
    report: &mut FolderReport,
) -> Result<(), TransferError> {
    report.compared(&compared);
    for Arrived { path, local, .. } in compared.different {
        let download = Download {
            path: path.clone(),
            verify: true,
            ..Download::default()
        };
        let mut sink = LazySink::new(place, local);
        match download.run(sftp, &mut sink, shell, |_| ()).await {
            Ok(downloaded) if downloaded.checksum.is_some() => report.equal += 1,
            Ok(_) => report.untold += 1,
            Err(error) if stops(&error) => return Err(error),
            Err(error) => {
                report.differs(&path, &error);
                sink.empty().await?;
            }
        }
    }
    Ok(())
}

/// A file that is made when its first byte is there, so that one that cannot be read leaves none.
pub(super) struct LazySink<'a, P: Place> {
    place: &'a P,
    pub(super) path: Vec<String>,
    open: Option<P::Sink>,
}

impl<'a, P: Place> LazySink<'a, P> {
    pub(super) fn new(place: &'a P, path: Vec<String>) -> Self {
        Self {
            place,
            path,
            open: None,
        }
    }

    /// Leaves an empty file, so that nobody takes what was there for whole, and the next attempt fetches it.
    async fn empty(&mut self) -> Result<(), LocalError> {
        let mut file = self.place.file(&self.path).await?;
        file.sync().await
    }

    async fn opened(&mut self) -> Result<&mut P::Sink, LocalError> {
        match &mut self.open {
            Some(sink) => Ok(sink),
            empty => Ok(empty.insert(self.place.file(&self.path).await?)),
        }
    }
}

impl<P: Place> Sink for LazySink<'_, P> {
    async fn size(&mut self) -> Result<u64, LocalError> {
        Ok(0)
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        self.opened().await?.read(offset, length).await
    }

    async fn write(&mut self, offset: u64, data: Bytes) -> Result<(), LocalError> {
        self.opened().await?.write(offset, data).await
    }

    async fn truncate(&mut self, size: u64) -> Result<(), LocalError> {
        self.opened().await?.truncate(size).await
    }

    async fn sync(&mut self) -> Result<(), LocalError> {
        self.opened().await?.sync().await
    }
}
