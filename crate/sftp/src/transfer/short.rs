//! Transfers in one call, named as Paramiko's users expect. Whoever wants to resume, compare
//! checksums or choose what is replaced uses [`Upload`], [`Download`] and their like.

use core::fmt::Write as _;

use bytes::Bytes;

use super::{
    Download, Downloaded, FolderDownload, FolderProgress, FolderReport, FolderUpload, LocalError,
    LocalProblem, LocalTree, Place, Progress, Sink, Source, TransferError, Upload, Uploaded,
    discard_part,
};
use crate::client::Sftp;
use crate::shell::NoShell;

/// Bytes of randomness in the name of a part: two devices never choose the same.
const TOKEN_BYTES: usize = 12;

/// # Errors
///
/// Each returns any [`TransferError`].
#[expect(clippy::missing_errors_doc, reason = "said once, for all of them")]
impl Sftp {
    /// Uploads a file under its final name once it is whole, replacing what is there. After an error
    /// nothing of it is left, as far as the server still listens.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves a hidden part.
    pub async fn put(
        &self,
        source: &mut impl Source,
        target: impl AsRef<[u8]>,
        progress: impl FnMut(Progress),
    ) -> Result<Uploaded, TransferError> {
        let upload = Upload {
            target: Bytes::copy_from_slice(target.as_ref()),
            token: token()?,
            replace: true,
            ..Upload::default()
        };
        let sent = upload.run(self, source, &NoShell, progress).await;
        if sent.is_err() {
            let _left = discard_part(self, &upload.target, &upload.token).await;
        }
        sent
    }

    /// Downloads a file into `sink`, from its beginning.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves the beginning in the sink.
    pub async fn get(
        &self,
        path: impl AsRef<[u8]>,
        sink: &mut impl Sink,
        progress: impl FnMut(Progress),
    ) -> Result<Downloaded, TransferError> {
        let download = Download {
            path: Bytes::copy_from_slice(path.as_ref()),
            ..Download::default()
        };
        download.run(self, sink, &NoShell, progress).await
    }

    /// Uploads a folder with all in it into `target`, replacing files that are there.
    ///
    /// # Cancel safety
    ///
    /// As [`FolderUpload::run`].
    pub async fn put_tree(
        &self,
        tree: &mut impl LocalTree,
        target: impl AsRef<[u8]>,
        progress: impl FnMut(FolderProgress),
    ) -> Result<FolderReport, TransferError> {
        let upload = FolderUpload {
            target: Bytes::copy_from_slice(target.as_ref()),
            token: token()?,
            replace: true,
            ..FolderUpload::default()
        };
        upload.run(self, tree, &NoShell, progress).await
    }

    /// Downloads a folder with all in it into `place`.
    ///
    /// # Cancel safety
    ///
    /// As [`FolderDownload::run`].
    pub async fn get_tree(
        &self,
        path: impl AsRef<[u8]>,
        place: &impl Place,
        progress: impl FnMut(FolderProgress),
    ) -> Result<FolderReport, TransferError> {
        let path = Bytes::copy_from_slice(path.as_ref());
        let download = FolderDownload {
            path,
            ..FolderDownload::default()
        };
        download.run((self, &NoShell), place, progress).await
    }
}

/// A name for a part that nobody else has.
fn token() -> Result<String, LocalError> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| LocalError {
        problem: LocalProblem::Broken,
        detail: format!("there are no random numbers here: {error}"),
    })?;
    let mut token = String::with_capacity(2 * TOKEN_BYTES);
    for byte in bytes {
        let _infallible = write!(token, "{byte:02x}");
    }
    Ok(token)
}
