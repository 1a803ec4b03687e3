//! What the file transfer client says, in the words of the engine protocol.

use transom_protocol::{
    EntryKind, FileEntry, FilesAnswer, FilesErrorCode, FilesFailure, MAX_SIZE_BYTES, RemotePath,
};
use transom_sftp::{
    Attributes, DirEntry, FileKind, LocalError, LocalProblem, SftpError, Skip, Status,
    TransferError, TreeCount, is_name,
};

/// A failure in words of our own.
pub(crate) fn failure(code: FilesErrorCode, detail: impl Into<String>) -> FilesFailure {
    FilesFailure {
        code,
        detail: detail.into(),
    }
}

/// The server would not, or is gone.
pub(super) fn sftp_failure(error: &SftpError) -> FilesFailure {
    let code = match error {
        SftpError::PeerRefused { status, .. } => match status {
            Status::NoSuchFile => FilesErrorCode::NotFound,
            Status::PermissionDenied => FilesErrorCode::Denied,
            Status::OpUnsupported => FilesErrorCode::Unsupported,
            _ => FilesErrorCode::Refused,
        },
        SftpError::PeerUnsupported { .. } => FilesErrorCode::Unsupported,
        SftpError::PeerTimeout { .. } => FilesErrorCode::TimedOut,
        SftpError::Closed { .. } => FilesErrorCode::Lost,
        SftpError::UserTooLong { .. } | SftpError::UserInsideItself { .. } => {
            FilesErrorCode::Invalid
        }
        // Misbehaved, and what later versions add.
        _ => FilesErrorCode::Misbehaved,
    };
    failure(code, error.to_string())
}

/// A transfer stopped.
pub(super) fn transfer_failure(error: &TransferError) -> FilesFailure {
    let code = match error {
        TransferError::Remote(error) => return sftp_failure(error),
        TransferError::Local(LocalError { problem, .. }) => match problem {
            LocalProblem::Changed => FilesErrorCode::LocalChanged,
            LocalProblem::Full => FilesErrorCode::LocalFull,
            LocalProblem::Denied => FilesErrorCode::LocalDenied,
            LocalProblem::Stopped => FilesErrorCode::LocalStopped,
            LocalProblem::Gone => FilesErrorCode::LocalGone,
            LocalProblem::Broken => FilesErrorCode::LocalBroken,
        },
        TransferError::PeerFull { .. } | TransferError::PeerQuota { .. } => FilesErrorCode::Full,
        TransferError::PeerChanged { .. } => FilesErrorCode::Changed,
        TransferError::Differs { .. } | TransferError::ManyDiffer { .. } => FilesErrorCode::Differs,
        TransferError::UserTargetExists { .. } => FilesErrorCode::Exists,
        TransferError::UserPartDenied { .. } => FilesErrorCode::Denied,
        TransferError::UserNotAFile { .. } => FilesErrorCode::NotAFile,
        _ => FilesErrorCode::Misbehaved,
    };
    failure(code, error.to_string())
}

/// Why something in a tree was left out.
pub(super) fn skip_failure(skip: &Skip) -> FilesFailure {
    let invalid = |words: &str| failure(FilesErrorCode::Misbehaved, words);
    match skip {
        Skip::Refused(error) => sftp_failure(error),
        Skip::NoName => invalid("a name leads out of its folder and was left alone"),
        Skip::TooDeep => invalid("folders within folders without an end were left alone"),
        Skip::TooMany => invalid("a folder with too many entries was left alone"),
        Skip::Special => failure(
            FilesErrorCode::NotAFile,
            "a device, a pipe or a socket was left alone",
        ),
    }
}

/// A count of a tree.
pub(super) fn counted(count: &TreeCount) -> FilesAnswer {
    FilesAnswer::Counted {
        files: count.files,
        folders: count.folders,
        bytes: count.bytes.min(MAX_SIZE_BYTES),
        failures: count.failures.iter().map(skip_failure).collect(),
        cut: count.cut,
    }
}

/// An entry of a folder. What a link leads to is not known here.
pub(super) fn entry(entry: DirEntry) -> FileEntry {
    let DirEntry {
        name,
        attributes,
        owner,
    } = entry;
    let (user_name, group_name) = owner.unwrap_or_default();
    FileEntry {
        user_name,
        group_name,
        ..file_entry(&name, &attributes)
    }
}

/// An entry from its attributes.
pub(super) fn file_entry(name: &[u8], attributes: &Attributes) -> FileEntry {
    FileEntry {
        named: is_name(name),
        name: RemotePath::new(name),
        kind: kind(attributes.kind()),
        target_kind: None,
        size: attributes.size.unwrap_or(0).min(MAX_SIZE_BYTES),
        modified: attributes.modified(),
        mode: attributes.mode(),
        user: attributes.owner.map(|(user, _)| user),
        group: attributes.owner.map(|(_, group)| group),
        user_name: String::new(),
        group_name: String::new(),
    }
}

/// The type of an entry.
pub(super) fn kind(kind: FileKind) -> EntryKind {
    match kind {
        FileKind::File => EntryKind::File,
        FileKind::Folder => EntryKind::Folder,
        FileKind::Link => EntryKind::Link,
        FileKind::Special => EntryKind::Special,
        FileKind::Unknown => EntryKind::Unknown,
    }
}
