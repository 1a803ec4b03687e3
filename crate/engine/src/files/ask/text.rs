//! Files that a page reads and writes whole, as texts.

use bytes::Bytes;
use transom_protocol::{
    FileMark, FilesAnswer, FilesErrorCode, FilesFailure, MAX_READ_BYTES, MAX_SIZE_BYTES,
    RemotePath, WrittenInPlace,
};
use transom_sftp::{
    Attributes, InPlace, LocalError, NoShell, Open, Over, Sftp, Shell, Source, Status, Upload,
    discard_part, link_count,
};

use super::super::words;
use super::{Reply, refused};

pub(super) async fn read(
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

/// Saves, and only over what the page has seen. The file is replaced at once by one that is alike; where
/// there can be none, it is written in place, and the answer says why.
pub(super) async fn write(
    (sftp, shell): (&Sftp, &impl Shell),
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
    let names = link_count(shell, path.bytes()).await;
    let upload = Upload {
        target: Bytes::copy_from_slice(path.bytes()),
        token: crate::files::token(),
        replace: true,
        over: if names.is_some_and(|names| names > 1) {
            Over::InPlace
        } else {
            Over::Alike
        },
        ..Upload::default()
    };
    let saved = upload
        .run(sftp, &mut Memory(content), &NoShell, |_| ())
        .await;
    let report = match saved {
        Ok(report) => report,
        Err(error) => {
            // Nobody continues it. What cannot be removed is hidden and says what it was.
            let _left = discard_part(sftp, path.bytes(), &upload.token).await;
            return Err(words::transfer_failure(&error));
        }
    };
    let attributes = sftp.stat(path.bytes()).await.map_err(refused)?;
    Ok(FilesAnswer::Written {
        entry: words::file_entry(path.name(), &attributes),
        in_place: report.in_place.and_then(why_in_place),
    })
}

fn why_in_place(why: InPlace) -> Option<WrittenInPlace> {
    match why {
        InPlace::Folder => Some(WrittenInPlace::Folder),
        InPlace::Owner => Some(WrittenInPlace::Owner),
        InPlace::Links => Some(WrittenInPlace::Links),
        InPlace::Name => Some(WrittenInPlace::Name),
        // Nothing is continued here.
        InPlace::Continued => None,
    }
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
