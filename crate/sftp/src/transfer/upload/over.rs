//! Files that are overwritten where they are, and why.

use super::{Names, SourceSlices, Upload, Uploaded, copy};
use crate::client::{File, Open};
use crate::codec::{Attributes, OpenFlags, Status};
use crate::error::SftpError;
use crate::shell::Shell;
use crate::transfer::part::{Sum, same_start};
use crate::transfer::{Progress, Resumed, Source, TransferError};

/// How something with the final name is replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// By a new file, at once; in place only where the folder takes no new files.
    #[default]
    Swap,
    /// The same where nobody can tell the new file from the old one: it has the same owner and group,
    /// and the server lets it have the name. Else in place. So does vim with `backupcopy=auto`.
    Alike,
    /// In place: a file with several names (hard links) stays one file.
    InPlace,
}

/// Why a file was written under its final name from the start. Until it is whole, others can read it
/// incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InPlace {
    /// It was the beginning of the source, and was continued ([`Upload::continues`]).
    Continued,
    /// Its folder takes no new files.
    Folder,
    /// A new file would have another owner or group.
    Owner,
    /// It has several names ([`Over::InPlace`]).
    Links,
    /// The server would not give the new file its name, as where something is mounted there.
    Name,
}

impl Upload {
    /// Writes the source over what has the final name. What is there is cut off at the end and not
    /// before: on a full disk the file keeps its length, and mostly what it held.
    pub(super) async fn write_over(
        &self,
        names: &Names<'_>,
        source: &mut impl Source,
        old: Option<&Attributes>,
        (why, report): (InPlace, &mut Uploaded),
        progress: &mut impl FnMut(Progress),
    ) -> Result<Sum, TransferError> {
        report.in_place = Some(why);
        let file = names.sftp.open(names.target, Open::write()).await?;
        let sum = copy(source, &file, (0, Sum::new(self.verify)), progress).await?;
        file.truncate(source.size()).await?;
        self.finish(&file, source.size(), old, report).await?;
        source.check().await?;
        file.close().await?;
        Ok(sum)
    }

    /// Writes the rest behind what has the final name, in place.
    pub(super) async fn extend(
        &self,
        names: &Names<'_>,
        (source, shell): (&mut impl Source, &impl Shell),
        old: Option<&Attributes>,
        progress: &mut impl FnMut(Progress),
    ) -> Result<Uploaded, TransferError> {
        let both = Open::read().with(OpenFlags::WRITE);
        let file = names.sftp.open(names.target, both).await?;
        let there = file.stat().await?.size.unwrap_or(0);
        let differs = TransferError::Differs {
            path: names.target.clone(),
        };
        if there > source.size() {
            return Err(differs);
        }
        let mut local = SourceSlices(source);
        let Some(sum) = same_start(&mut local, &file, there, shell, progress).await? else {
            return Err(differs);
        };
        let mut report = Uploaded {
            resumed: Resumed::From(there),
            in_place: (there < source.size()).then_some(InPlace::Continued),
            ..Uploaded::default()
        };
        let sum = copy(source, &file, (there, sum), progress).await?;
        self.finish(&file, source.size(), old, &mut report).await?;
        source.check().await?;
        file.close().await?;
        self.verify(names.target, sum, shell, &mut report).await?;
        Ok(report)
    }
}

/// Whether a part can have the owner and group of the file that it is to replace; gives them to it.
pub(super) async fn can_be_alike(part: &File, old: &Attributes) -> Result<bool, SftpError> {
    let Some(owner) = old.owner else {
        return Ok(true);
    };
    let theirs = Attributes {
        owner: Some(owner),
        ..Attributes::default()
    };
    let given = part.set_attributes(theirs).await.is_ok();
    Ok(given || part.stat().await?.owner == Some(owner))
}

/// Whether the server would not give a whole part the final name, though it may write what has it.
pub(super) fn is_name_refused(error: &TransferError) -> bool {
    matches!(error, TransferError::Remote(error)
        if matches!(error.status(), Some(Status::Failure | Status::PermissionDenied)))
}
