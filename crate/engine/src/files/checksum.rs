//! The checksum of a file, asked of the server's shell.

use core::fmt::Write as _;

use transom_protocol::{FilesAnswer, FilesErrorCode, RemotePath};
use transom_sftp::{Shell, sha256};

use super::words;

/// Has the server compute it.
///
/// # Cancel safety
///
/// Dropping it may leave the server computing.
pub(super) async fn answer(shell: &impl Shell, path: &RemotePath) -> FilesAnswer {
    let Some(digest) = sha256(shell, path.bytes(), None).await else {
        let detail = format!(
            "the server's shell does not tell the checksum of {}",
            path.shown()
        );
        let failure = words::failure(FilesErrorCode::Unsupported, detail);
        return FilesAnswer::Failed { failure };
    };
    let mut sha256 = String::with_capacity(64);
    for byte in digest {
        let _infallible = write!(sha256, "{byte:02x}");
    }
    FilesAnswer::Checksum { sha256 }
}
