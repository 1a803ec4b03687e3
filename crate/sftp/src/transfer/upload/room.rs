//! Why a server takes no more: SFTP has no status for a full disk, nor for a quota.

use bytes::Bytes;

use crate::client::Sftp;
use crate::codec::Status;
use crate::error::SftpError;
use crate::path::parent;
use crate::transfer::TransferError;

/// Why a file could not be made.
pub(super) async fn cannot_make(sftp: &Sftp, path: &Bytes, error: SftpError) -> TransferError {
    match is_full(sftp, path, &error).await {
        Some(true) => TransferError::PeerFull { path: path.clone() },
        _ => error.into(),
    }
}

/// Why bytes could not be written into a file that was opened for that.
pub(super) async fn cannot_write(sftp: &Sftp, path: &Bytes, error: SftpError) -> TransferError {
    match is_full(sftp, path, &error).await {
        Some(true) => TransferError::PeerFull { path: path.clone() },
        // Little else is left that a system refuses an open file.
        Some(false) => TransferError::PeerQuota { path: path.clone() },
        None => error.into(),
    }
}

/// Whether the file system has no room left; `None` where that is not what the server means, or it does not
/// tell.
async fn is_full(sftp: &Sftp, path: &Bytes, error: &SftpError) -> Option<bool> {
    let unexplained = matches!(error, SftpError::PeerRefused { status: Status::Failure, message, .. }
        if message.is_empty());
    if !unexplained {
        return None;
    }
    let folder = parent(path);
    let folder = if folder.is_empty() { b"." } else { folder };
    let space = sftp.statvfs(folder).await.ok()?;
    Some(space.blocks_available == 0 || (space.files > 0 && space.files_available == 0))
}
