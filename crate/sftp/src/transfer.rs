//! Whole files, there and back: never under their final name before they are whole.
//!
//! No browser and no file system is known here: a [`Source`] is what is read locally, a [`Sink`] what
//! is written.

mod check;
mod download;
mod folder;
mod folder_upload;
mod lanes;
mod once_more;
mod part;
mod short;
mod upload;
mod zip;
mod zip_format;

use bytes::Bytes;

pub use download::{Download, Downloaded, Mark};
pub use folder::{FolderDownload, FolderProgress, FolderReport, Place};
pub use folder_upload::{FolderUpload, LocalStep, LocalTree};
pub use lanes::{Lanes, NoLanes};
pub use upload::{InPlace, Over, ToDisk, Upload, Uploaded, discard_part, part_path};
pub use zip::ZipDownload;

use crate::display::display_bytes;
use crate::error::{MAX_MESSAGE_BYTES, SftpError};

/// Bytes that are read from a [`Source`], or verified, at a time. Large enough for the browser's cost of a
/// read to vanish, small enough for memory to stay flat.
const SLICE_BYTES: usize = 1024 * 1024;

/// A local file that is uploaded.
pub trait Source {
    /// Its size in bytes, as it was when it was chosen.
    fn size(&self) -> u64;

    /// Reads `length` bytes from `offset` on, all of them: what is asked for lies in the file.
    ///
    /// # Errors
    ///
    /// [`LocalError`]; [`LocalProblem::Changed`] where the file is not what was chosen.
    fn read(
        &mut self,
        offset: u64,
        length: usize,
    ) -> impl Future<Output = Result<Bytes, LocalError>>;

    /// Fails with [`LocalProblem::Changed`] if the file is no longer what was chosen.
    ///
    /// # Errors
    ///
    /// [`LocalError`].
    fn check(&mut self) -> impl Future<Output = Result<(), LocalError>>;
}

/// A local file that is downloaded into. It may hold the beginning of an earlier attempt.
///
/// # Errors
///
/// Its functions return a [`LocalError`].
pub trait Sink {
    /// Bytes that are there.
    fn size(&mut self) -> impl Future<Output = Result<u64, LocalError>>;

    /// Reads what was written earlier, all `length` bytes.
    fn read(
        &mut self,
        offset: u64,
        length: usize,
    ) -> impl Future<Output = Result<Bytes, LocalError>>;

    /// Writes.
    fn write(&mut self, offset: u64, data: Bytes) -> impl Future<Output = Result<(), LocalError>>;

    /// Cuts it.
    fn truncate(&mut self, size: u64) -> impl Future<Output = Result<(), LocalError>>;

    /// Makes what was written last.
    fn sync(&mut self) -> impl Future<Output = Result<(), LocalError>>;
}

/// What went wrong with a local file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalProblem {
    /// It is not what it was when it was chosen.
    Changed,
    /// There is no room left.
    Full,
    /// Access was taken away or never given.
    Denied,
    /// Who takes it wants no more.
    Stopped,
    /// Who takes it is gone.
    Gone,
    /// Anything else.
    Broken,
}

/// Why a local file cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct LocalError {
    /// Which kind.
    pub problem: LocalProblem,
    /// Details, safe to show.
    pub detail: String,
}

impl LocalError {
    fn words(&self) -> &str {
        match self.problem {
            LocalProblem::Changed => "the file here has changed since it was chosen",
            LocalProblem::Full => "there is no room left here",
            LocalProblem::Denied => "the browser may not use the file here",
            LocalProblem::Stopped | LocalProblem::Gone | LocalProblem::Broken => &self.detail,
        }
    }
}

/// Why a transfer stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The server would not, or is gone. Where [`SftpError::ends_connection`], it can be resumed.
    #[error(transparent)]
    Remote(#[from] SftpError),
    /// The local file could not be read or written.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// The disk of the server, or the user's share of it, is full.
    #[error(
        "no room left on the server for {}",
        display_bytes(path, MAX_MESSAGE_BYTES)
    )]
    PeerFull {
        /// What was written.
        path: Bytes,
    },
    /// The server takes no more of a file although its disk is not full.
    #[error(
        "the server takes no more of {} although its disk has room: your share of it (quota) may be used up, or \
         files may not be that large there",
        display_bytes(path, MAX_MESSAGE_BYTES)
    )]
    PeerQuota {
        /// What was written.
        path: Bytes,
    },
    /// The file on the server changed while it was read.
    #[error(
        "{} changed on the server during the transfer",
        display_bytes(path, MAX_MESSAGE_BYTES)
    )]
    PeerChanged {
        /// What was read.
        path: Bytes,
    },
    /// What arrived is not what was sent.
    #[error(
        "what arrived as {} differs from what was sent",
        display_bytes(path, MAX_MESSAGE_BYTES)
    )]
    Differs {
        /// What was written or read.
        path: Bytes,
    },
    /// Files of a folder that arrived are not what is on the server.
    #[error("{}", many_differ(paths, *count))]
    ManyDiffer {
        /// Some of them.
        paths: Vec<Bytes>,
        /// How many there are.
        count: u64,
    },
    /// Something has this name, and it was not to be replaced.
    #[error("{} exists", display_bytes(path, MAX_MESSAGE_BYTES))]
    UserTargetExists {
        /// The name.
        path: Bytes,
    },
    /// A part of an earlier attempt is there, and this user may neither continue nor remove it.
    #[error(
        "the part of an earlier attempt, {}, belongs to somebody else, so it can be neither continued nor \
         replaced; have its owner remove it, or cancel this transfer and begin it anew",
        display_bytes(path, MAX_MESSAGE_BYTES)
    )]
    UserPartDenied {
        /// The part.
        path: Bytes,
    },
    /// A folder, a device or the like: no file that could be transferred.
    #[error("{} is not an ordinary file", display_bytes(path, MAX_MESSAGE_BYTES))]
    UserNotAFile {
        /// The name.
        path: Bytes,
    },
}

fn many_differ(paths: &[Bytes], count: u64) -> String {
    let names: Vec<_> = (paths.iter())
        .map(|path| display_bytes(path, MAX_MESSAGE_BYTES))
        .collect();
    let names = names.join(", ");
    format!("the checksums of {count} files differ from those on the server: {names}")
}

/// What became of the part of an earlier attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resumed {
    /// There was none.
    #[default]
    Fresh,
    /// It was verified and continued, from this offset on.
    From(u64),
    /// It is not the beginning of the file, so it was thrown away: one of the two was changed.
    Discarded,
}

/// How far a transfer is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// An existing part is compared.
    Verifying {
        /// Compared.
        done: u64,
        /// To compare.
        total: u64,
    },
    /// Bytes move.
    Moving {
        /// Arrived, says the other side.
        done: u64,
        /// Of these.
        total: u64,
    },
}
