//! The end of an upload: what the file is to have, its way to the disk, and its final name.

use super::{Names, ToDisk, Upload, Uploaded};
use crate::client::File;
use crate::codec::Attributes;
use crate::error::SftpError;
use crate::extension::Feature;
use crate::transfer::TransferError;

/// New files from this size on, in bytes, are large to [`ToDisk`].
const SYNC_FROM_BYTES: u64 = 256 * 1024;

/// The bits of a mode that let a program run as its owner and group.
const SET_IDS: u32 = 0o6000;

impl Upload {
    /// Checks the size, sets attributes and brings it to the disk.
    pub(super) async fn finish(
        &self,
        file: &File,
        size: u64,
        old: Option<&Attributes>,
        report: &mut Uploaded,
    ) -> Result<(), TransferError> {
        let replaces = old.is_some();
        let to_disk = match self.to_disk {
            ToDisk::Always => true,
            ToDisk::Large => replaces || size >= SYNC_FROM_BYTES,
            ToDisk::Never => false,
        };
        // Asked for together: with many small files it is the round trips that count.
        let (now, lost, synced) = futures::join!(
            file.stat(),
            self.set_attributes(file, old, report.in_place.is_some()),
            sync(file, to_disk)
        );
        if now?.size.is_some_and(|there| there != size) {
            return Err(TransferError::Differs {
                path: self.target.clone(),
            });
        }
        report.attributes_lost = lost;
        report.synced = synced?;
        Ok(())
    }

    /// Gives the file what it is to have, and says whether some of that did not work.
    async fn set_attributes(&self, file: &File, old: Option<&Attributes>, in_place: bool) -> bool {
        let mut lost = false;
        let mut attributes = Attributes {
            times: self.times,
            ..Attributes::default()
        };
        if in_place {
            // Writing takes these bits away, but for root.
            let mode = old.and_then(Attributes::mode);
            attributes.permissions = mode.filter(|mode| mode & SET_IDS != 0);
        } else {
            // Only root can give files away; for others the owner is as it must be.
            if let Some(owner) = old.and_then(|old| old.owner) {
                let owner = Attributes {
                    owner: Some(owner),
                    ..Attributes::default()
                };
                lost |= file.set_attributes(owner).await.is_err();
            }
            let mode = old.and_then(Attributes::mode).or(self.mode);
            attributes.permissions = Some(mode.unwrap_or(0o644));
        }
        if attributes != Attributes::default() {
            lost |= file.set_attributes(attributes).await.is_err();
        }
        lost
    }
}

/// Brings the file to the server's disk, where that is `wanted` and the server offers it.
async fn sync(file: &File, wanted: bool) -> Result<bool, SftpError> {
    let synced = wanted && file.sftp().offer().has(Feature::Sync);
    if synced {
        file.sync().await?;
    }
    Ok(synced)
}

/// Gives the whole part its final name.
pub(super) async fn rename(names: &Names<'_>, report: &mut Uploaded) -> Result<(), TransferError> {
    let Names {
        sftp,
        target,
        part,
        replaces,
        ..
    } = *names;
    if sftp.offer().has(Feature::PosixRename) && replaces {
        return Ok(sftp.posix_rename(part, target).await?);
    }
    if replaces {
        sftp.remove(target).await?;
        report.gap = true;
    }
    let Err(error) = sftp.rename(part, target).await else {
        return Ok(());
    };
    if sftp.exists(target).await.unwrap_or(false) {
        // Somebody else was faster, and nothing of theirs is replaced unasked.
        return Err(TransferError::UserTargetExists {
            path: target.clone(),
        });
    }
    Err(error.into())
}
