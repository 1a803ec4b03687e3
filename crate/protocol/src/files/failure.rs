//! Why something could not be done with files.

use serde::{Deserialize, Serialize};

/// Why something could not be done with files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesFailure {
    /// Which kind.
    pub code: FilesErrorCode,
    /// A sentence for a person, without its full stop: `cannot open /etc/shadow: permission
    /// denied`. Names in it are made safe to show; at most 4 KiB.
    pub detail: String,
}

/// Kinds of failure with files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesErrorCode {
    /// There is no such file or folder.
    NotFound,
    /// The user may not.
    Denied,
    /// Something has this name.
    Exists,
    /// It is a folder, a device or the like.
    NotAFile,
    /// The server's disk, or the user's share of it, is full.
    Full,
    /// The server does not offer this.
    Unsupported,
    /// The server would not, and does not say why.
    Refused,
    /// The file on the server is not what it was.
    Changed,
    /// What arrived is not what was sent.
    Differs,
    /// The server has no SFTP, or does not let the user have it.
    NoSftp,
    /// The server does not answer.
    TimedOut,
    /// The connection is gone. A transfer can be continued on the next one.
    Lost,
    /// The server broke the protocol.
    Misbehaved,
    /// The local file is not what it was when it was chosen.
    LocalChanged,
    /// There is no room left in the browser's storage or on the local disk.
    LocalFull,
    /// The browser may not use the local file (any more).
    LocalDenied,
    /// The browser stopped a download that it took as it came: a person cancelled it there, or the
    /// disk is full.
    LocalStopped,
    /// What hands a download to the browser has ended.
    LocalGone,
    /// The local file cannot be read or written.
    LocalBroken,
    /// The request makes no sense: a name too long, too much to read at once.
    Invalid,
}
