//! Transfers as a page sees them.

use serde::{Deserialize, Serialize};

use super::FilesFailure;
use crate::RemotePath;

/// Folder in the browser's private storage of this origin (OPFS) that downloads are written into
/// when the page gave no place for them, each under the [`TransferId`] of its transfer. The page
/// hands such a file to the person once the transfer is done, and then removes it.
pub const DOWNLOADS_FOLDER: &str = "transom-downloads";

/// Names one transfer, for ever and everywhere: 8 to 32 random ASCII letters and digits, chosen by
/// the page. An upload that is begun again with the same name continues its part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransferId(pub String);

/// What to do when something has the final name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// The transfer fails with [`Exists`](super::FilesErrorCode::Exists), and a person is asked.
    #[default]
    Ask,
    /// It is replaced.
    Replace,
    /// It is replaced if it is older, by its time of last change; else the transfer is skipped.
    ReplaceOlder,
    /// The new one gets another name: `name (2).txt`.
    KeepBoth,
    /// The transfer is skipped.
    Skip,
    /// What is there is the beginning of the file, and is continued. Where it is not, the transfer
    /// fails with [`Differs`](super::FilesErrorCode::Differs).
    Resume,
}

/// Which way a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// To the server.
    Upload,
    /// From the server.
    Download,
}

/// A transfer as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its name.
    pub id: TransferId,
    /// Which way.
    pub direction: Direction,
    /// The path on the server; after the end, the final one.
    pub path: RemotePath,
    /// A local name for it: safe on every system, never leaving a folder.
    pub local_name: String,
    /// It has a place that a person picked; a download that has none lies in [`DOWNLOADS_FOLDER`],
    /// but for one that is `streamed`.
    pub picked: bool,
    /// It goes, or went, to the browser's downloads while it arrives. It can be neither paused nor
    /// continued: what is there is the browser's.
    #[serde(default)]
    pub streamed: bool,
    /// For a folder: files that are whole or were left out, and all of them as far as is known; 0 of 0 for a file.
    pub files_done: u64,
    /// See `files_done`.
    pub files_total: u64,
    /// Where it stands.
    pub state: TransferState,
    /// Bytes that have arrived.
    pub done: u64,
    /// Bytes of the whole; 0 while not known.
    pub total: u64,
    /// Bytes in a second, of late; 0 while it stands still.
    pub rate: f64,
}

/// Where a transfer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransferState {
    /// Others go first.
    Queued,
    /// What there is of it from before is compared.
    Verifying,
    /// Bytes move.
    Moving,
    /// A person stopped it.
    Paused,
    /// It goes on once the page gives the local file again.
    NeedsFile,
    /// It is whole, under its final name.
    Done {
        /// What a person should know about it, as sentences without full stops.
        notes: Vec<String>,
    },
    /// Something has the final name, and the person chose to leave it.
    Skipped,
    /// It stopped. [`Continue`](super::FilesCommand::Continue) tries again, and continues what there
    /// is.
    Failed {
        /// Why.
        failure: FilesFailure,
    },
}
