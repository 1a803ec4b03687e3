//! One local file onto the server.

mod finish;
mod over;
mod room;

use bytes::Bytes;

use self::finish::rename;
use self::over::{can_be_alike, is_name_refused};
use self::room::{cannot_make, cannot_write};
use super::part::{Local, Sum, same_start, slice};
use super::{Progress, Resumed, SLICE_BYTES, Source, TransferError};
use crate::client::{File, Open, Sftp};
use crate::codec::{Attributes, FileKind, OpenFlags, Status};
use crate::error::SftpError;
use crate::path::{file_name, join, parent};
use crate::shell::{Sha256, Shell, sha256};

pub use self::over::{InPlace, Over};

/// Longest name that file systems take, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// Something to upload.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The final name.
    pub target: Bytes,
    /// Unique to this transfer on all devices, and the same when it is resumed: letters and
    /// digits, at most 32. It is in the name of the part, so that two transfers never share one.
    pub token: String,
    /// Whether something with the final name is replaced.
    pub replace: bool,
    /// How it is replaced.
    pub over: Over,
    /// What has the final name is the beginning of the source and is continued; where it is not,
    /// nothing happens.
    pub continues: bool,
    /// Permission bits of a new file; those of the file that is replaced stay.
    pub mode: Option<u32>,
    /// Times of last access and last change that the file gets at the end.
    pub times: Option<(u32, u32)>,
    /// Whether the file is brought to the server's disk before it gets its final name.
    pub to_disk: ToDisk,
    /// Has the server's shell compute a checksum at the end, and compares.
    pub verify: bool,
}

/// Which files are brought to the server's disk (`fsync@openssh.com`) before they get their final
/// name, where the server offers it.
///
/// A disk takes about 2 ms for that however small the file is, and OpenSSH's server does it for one
/// file at a time: that alone allows no more than 500 files a second. If the server's power fails
/// within seconds, a file that was not brought to the disk may be empty; its source is still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToDisk {
    /// Every file.
    Always,
    /// Files that replace others, and new ones of 256 KiB and more.
    #[default]
    Large,
    /// None: the server's system writes when it likes to.
    Never,
}

/// How an upload went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// What became of an earlier part.
    pub resumed: Resumed,
    /// It was written under its final name from the start, for this reason.
    pub in_place: Option<InPlace>,
    /// The old file was gone for a moment, because the server cannot replace one at once.
    pub gap: bool,
    /// The server made sure that it is on its disk, see [`ToDisk`].
    pub synced: bool,
    /// Mode, owner or times could not all be set.
    pub attributes_lost: bool,
    /// The checksum that the server's shell computed, compared with ours.
    pub checksum: Option<Sha256>,
}

struct SourceSlices<'a, S>(&'a mut S);

impl<S: Source> Local for SourceSlices<'_, S> {
    async fn slice(&mut self, offset: u64, length: usize) -> Result<Bytes, TransferError> {
        Ok(self.0.read(offset, length).await?)
    }
}

/// Name of the part while it is not whole: beside the final one, hidden.
pub fn part_path(target: &[u8], token: &str) -> Bytes {
    let token: String = token
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    let end = format!(".{token}.part");
    let name = file_name(target);
    // A cut may fall into a character. The name is not for people.
    let kept = name.len().min(MAX_NAME_BYTES - 1 - end.len());
    let name = [b".", name.get(..kept).unwrap_or_default(), end.as_bytes()].concat();
    join(parent(target), &name)
}

/// Removes the part of an upload that will not be resumed. That there is none is fine.
///
/// # Errors
///
/// Any [`SftpError`].
pub async fn discard_part(sftp: &Sftp, target: &[u8], token: &str) -> Result<(), SftpError> {
    match sftp.remove(part_path(target, token)).await {
        Err(error) if error.status() != Some(Status::NoSuchFile) => Err(error),
        _ => Ok(()),
    }
}

impl Upload {
    /// Uploads `source`. An existing part with the same token is verified and continued.
    ///
    /// # Errors
    ///
    /// [`TransferError`]. The part stays, to be resumed or discarded ([`discard_part`]).
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves the part, and never anything incomplete under the final name, but
    /// where [`Uploaded::in_place`] holds.
    pub async fn run(
        &self,
        sftp: &Sftp,
        source: &mut impl Source,
        shell: &impl Shell,
        mut progress: impl FnMut(Progress),
    ) -> Result<Uploaded, TransferError> {
        let mut report = Uploaded::default();
        let (target, old) = self.look(sftp).await?;
        let part = part_path(&target, &self.token);
        let names = Names {
            sftp,
            target: &target,
            part: &part,
            replaces: old.is_some(),
            verify: self.verify,
        };
        if self.continues && old.is_some() {
            return self
                .extend(&names, (source, shell), old.as_ref(), &mut progress)
                .await;
        }
        let beside = if self.over == Over::InPlace && old.is_some() {
            Err(InPlace::Links)
        } else {
            let reported = (old.as_ref(), &mut report);
            self.swap(&names, (source, shell), reported, &mut progress)
                .await?
        };
        let sum = match beside {
            Ok(sum) => sum,
            Err(why) => {
                let reported = (why, &mut report);
                self.write_over(&names, source, old.as_ref(), reported, &mut progress)
                    .await?
            }
        };
        self.verify(&target, sum, shell, &mut report).await?;
        Ok(report)
    }

    /// Writes a part beside what is there, and gives it the final name; or says why that must be
    /// written in place.
    async fn swap(
        &self,
        names: &Names<'_>,
        (source, shell): (&mut impl Source, &impl Shell),
        (old, report): (Option<&Attributes>, &mut Uploaded),
        progress: &mut impl FnMut(Progress),
    ) -> Result<Result<Sum, InPlace>, TransferError> {
        let Some((file, start, sum)) = open(names, source, shell, report, progress).await? else {
            return Ok(Err(InPlace::Folder));
        };
        let alike = self.over == Over::Alike;
        if let Some(old) = old.filter(|_| alike)
            && !can_be_alike(&file, old).await?
        {
            file.close().await?;
            names.sftp.remove(names.part).await?;
            return Ok(Err(InPlace::Owner));
        }
        let sum = copy(source, &file, (start, sum), progress).await?;
        self.finish(&file, source.size(), old, report).await?;
        // What was read at once is one state of the file, whatever happened to it since.
        let once = report.resumed == Resumed::Fresh && slice(source.size()) < SLICE_BYTES;
        if !once {
            source.check().await?;
        }
        file.close().await?;
        match rename(names, report).await {
            // Where the server had to remove the old one first, there is none to be written over.
            Err(error) if alike && names.replaces && !report.gap && is_name_refused(&error) => {
                names.sftp.remove(names.part).await?;
                Ok(Err(InPlace::Name))
            }
            renamed => renamed.map(|()| Ok(sum)),
        }
    }

    /// Compares checksums, where that is wanted and the shell can compute one.
    async fn verify(
        &self,
        target: &Bytes,
        sum: Sum,
        shell: &impl Shell,
        report: &mut Uploaded,
    ) -> Result<(), TransferError> {
        if self.verify {
            report.checksum = sha256(shell, target, None).await;
            if report.checksum.is_some() && report.checksum != sum.digest() {
                let path = target.clone();
                return Err(TransferError::Differs { path });
            }
        }
        Ok(())
    }

    /// What has the final name now. A link is followed: what it leads to is replaced, not the link.
    async fn look(&self, sftp: &Sftp) -> Result<(Bytes, Option<Attributes>), TransferError> {
        let mut target = self.target.clone();
        let mut old = match sftp.lstat(&target).await {
            Ok(old) => Some(old),
            Err(error) if error.status() == Some(Status::NoSuchFile) => None,
            Err(error) => return Err(error.into()),
        };
        if old.as_ref().is_some_and(|old| old.kind() == FileKind::Link) {
            old = Some(sftp.stat(&target).await?);
            target = sftp.normalize(&target).await?;
        }
        match &old {
            Some(old) if !matches!(old.kind(), FileKind::File | FileKind::Unknown) => {
                Err(TransferError::UserNotAFile { path: target })
            }
            Some(_) if !self.replace && !self.continues => {
                Err(TransferError::UserTargetExists { path: target })
            }
            _ => Ok((target, old)),
        }
    }
}

/// Where an upload goes.
struct Names<'a> {
    sftp: &'a Sftp,
    target: &'a Bytes,
    part: &'a Bytes,
    replaces: bool,
    /// Whether a hash will be asked for.
    verify: bool,
}

/// Opens the part, old or new, and says from where on it is to be written. `None` where the folder
/// takes no new file, and there is one that can be written in place.
async fn open(
    names: &Names<'_>,
    source: &mut impl Source,
    shell: &impl Shell,
    report: &mut Uploaded,
    progress: &mut impl FnMut(Progress),
) -> Result<Option<(File, u64, Sum)>, TransferError> {
    let Names {
        sftp,
        target,
        part,
        replaces,
        verify,
    } = *names;
    let both = Open::read().with(OpenFlags::WRITE);
    // Private until it is whole, so that nobody reads half of a secret.
    let fresh = both.with(Open::exclusive().flags()).mode(0o600);
    let mut made = sftp.open(part, fresh).await;
    let taken = |error: &SftpError| {
        let other = [Status::NoSuchFile, Status::PermissionDenied];
        error
            .status()
            .is_some_and(|status| !other.contains(&status))
    };
    let there = match &made {
        Err(error) if taken(error) => Some(sftp.open(part, both).await),
        _ => None,
    };
    let denied = |error: &SftpError| error.status() == Some(Status::PermissionDenied);
    match there {
        Some(Ok(file)) => {
            if let Some((there, sum)) = begins(&file, source, shell, progress).await? {
                report.resumed = Resumed::From(there);
                return Ok(Some((file, there, sum)));
            }
            // Removed and not emptied: a server that has not noticed the end of the earlier attempt
            // may still write to it.
            report.resumed = Resumed::Discarded;
            sftp.remove(part).await?;
            made = sftp.open(part, fresh).await;
        }
        // Another user's, who carried it before. In a folder of one's own it can be removed.
        Some(Err(error)) if denied(&error) => {
            let path = part.clone();
            let removed = sftp.remove(part).await;
            removed.map_err(|_| TransferError::UserPartDenied { path })?;
            report.resumed = Resumed::Discarded;
            made = sftp.open(part, fresh).await;
        }
        _ => {}
    }
    match made {
        Ok(file) => Ok(Some((file, 0, Sum::new(verify)))),
        Err(error) if denied(&error) && replaces => Ok(None),
        Err(error) => Err(cannot_make(sftp, target, error).await),
    }
}

/// The size of a part, where it is the beginning of the source.
async fn begins(
    part: &File,
    source: &mut impl Source,
    shell: &impl Shell,
    progress: &mut impl FnMut(Progress),
) -> Result<Option<(u64, Sum)>, TransferError> {
    let there = part.stat().await?.size;
    let Some(there) = there.filter(|there| *there <= source.size()) else {
        return Ok(None);
    };
    let mut local = SourceSlices(source);
    let same = same_start(&mut local, part, there, shell, progress).await?;
    Ok(same.map(|sum| (there, sum)))
}

/// Writes the source from `start` on. Reads the next slice while one is being written.
async fn copy(
    source: &mut impl Source,
    file: &File,
    (start, mut sum): (u64, Sum),
    progress: &mut impl FnMut(Progress),
) -> Result<Sum, TransferError> {
    let total = source.size();
    let mut writer = file.writer(start);
    let mut offset = start;
    let mut current = Bytes::new();
    loop {
        let ahead = slice(total - offset);
        let write = writer.write(&current);
        let read = async {
            match ahead {
                0 => Ok(Bytes::new()),
                ahead => source.read(offset, ahead).await,
            }
        };
        let (written, next) = futures::join!(write, read);
        if let Err(error) = written {
            return Err(cannot_write(file.sftp(), file.path(), error).await);
        }
        progress(Progress::Moving {
            done: writer.written(),
            total,
        });
        current = next?;
        if current.is_empty() {
            break;
        }
        sum.feed(&current);
        offset += u64::try_from(current.len()).unwrap_or(u64::MAX);
    }
    if let Err(error) = writer.flush().await {
        return Err(cannot_write(file.sftp(), file.path(), error).await);
    }
    progress(Progress::Moving { done: total, total });
    Ok(sum)
}
