//! Files of the server: what a page asks, what the engine tells, and transfers.
//!
//! An *ask* is a page's own and is answered to that page alone. A *transfer* belongs to the
//! engine: it outlives the page that began it, and every page is told about it.

mod failure;
mod transfer;

use serde::{Deserialize, Serialize};

use crate::RemotePath;
pub use failure::{FilesErrorCode, FilesFailure};
pub use transfer::{Conflict, DOWNLOADS_FOLDER, Direction, Transfer, TransferId, TransferState};

/// Largest size that is told, in bytes: what a JavaScript number holds. More than that is told as
/// this.
pub const MAX_SIZE_BYTES: u64 = (1 << 53) - 1;

/// Entries in one [`FilesEvent::Entries`], at most.
pub const BATCH_ENTRIES: usize = 1000;

/// Bytes that [`FilesAsk::Read`] gives and [`FilesAsk::Write`] takes at most.
pub const MAX_READ_BYTES: u32 = 8 * 1024 * 1024;

/// Names one ask of one page. The page chooses it and does not use it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskId(pub u32);

/// What a page asks about files. Where an object goes with a command, it is the third element of
/// the message: `[envelope, bytes, object]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesCommand {
    /// Asks. [`FilesEvent::Answer`] with the same id follows, after any number of
    /// [`FilesEvent::Entries`].
    Ask {
        /// Names the ask.
        id: AskId,
        /// What is asked.
        ask: FilesAsk,
    },
    /// No longer wants the answer: what goes on for it stops.
    Drop {
        /// Which ask.
        id: AskId,
    },
    /// Uploads the object, a `File`. Without one, the transfer waits in
    /// [`TransferState::NeedsFile`], as after a reload that ended the engine. Again with the same id:
    /// gives the file (anew).
    Upload {
        /// Names the transfer.
        transfer: TransferId,
        /// The final name, with its folder. Folders that are missing are made.
        target: RemotePath,
        /// What to do when something has the final name.
        conflict: Conflict,
        /// Compares checksums at the end, where the server's shell can compute one.
        verify: bool,
        /// The file's time of last change is that of the upload, not that of the local file.
        #[serde(default)]
        new_time: bool,
    },
    /// Downloads into the object: a `FileSystemFileHandle`, or a `MessagePort` to who hands a stream
    /// to the browser's downloads. Without one, or where nobody takes the stream, into
    /// [`DOWNLOADS_FOLDER`].
    Download {
        /// Names the transfer.
        transfer: TransferId,
        /// What.
        path: RemotePath,
        /// Compares checksums at the end, where the server's shell can compute one.
        verify: bool,
    },
    /// Downloads a folder with all in it. The object is a `FileSystemDirectoryHandle`, in which a
    /// folder of its name is made; or one of those of [`Self::Download`], into which a zip is
    /// written; without one, the zip goes into [`DOWNLOADS_FOLDER`].
    DownloadFolder {
        /// Names the transfer.
        transfer: TransferId,
        /// Which folder.
        path: RemotePath,
        /// Compares checksums of all files, where the server's shell can compute them.
        #[serde(default)]
        verify: bool,
    },
    /// Stops a transfer and keeps what there is of it.
    Pause {
        /// Which transfer.
        transfer: TransferId,
    },
    /// Goes on with a transfer that is paused or failed.
    Continue {
        /// Which transfer.
        transfer: TransferId,
        /// Changes what is done about a name that is taken; `None` leaves it.
        conflict: Option<Conflict>,
    },
    /// Stops a transfer for good and removes what there is of it; takes a finished one off the list.
    Cancel {
        /// Which transfer.
        transfer: TransferId,
    },
}

/// One question about files, or one change to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesAsk {
    /// The folder one begins in. Answer: [`FilesAnswer::Path`].
    Home,
    /// The entries of a folder, in batches and in the server's order. `~` and relative paths are
    /// understood. Answer: [`FilesAnswer::Listed`].
    List {
        /// Which folder.
        path: RemotePath,
    },
    /// One entry, links not followed. Answer: [`FilesAnswer::Entry`].
    Stat {
        /// Which.
        path: RemotePath,
    },
    /// Bytes of a file, beside the answer: [`FilesAnswer::Content`].
    Read {
        /// Which file.
        path: RemotePath,
        /// From where on; negative counts from the end.
        offset: i64,
        /// How many at most.
        length: u32,
    },
    /// Replaces a file by the message's bytes, at once where that is possible. Answer:
    /// [`FilesAnswer::Written`].
    Write {
        /// Which file.
        path: RemotePath,
        /// What it was when it was read. Where it is something else now, the answer is
        /// [`FilesErrorCode::Changed`] and nothing is written. `None` replaces whatever is there.
        expected: Option<FileMark>,
    },
    /// Makes a folder. Answer: [`FilesAnswer::Done`].
    MakeFolder {
        /// Its path.
        path: RemotePath,
    },
    /// Renames or moves. Answer: [`FilesAnswer::Done`].
    Rename {
        /// What.
        from: RemotePath,
        /// Its new path.
        to: RemotePath,
        /// Whether something with that name is replaced.
        replace: bool,
    },
    /// Counts what [`FilesAsk::Remove`] of the same paths would remove. Answer:
    /// [`FilesAnswer::Counted`].
    Count {
        /// Files, links, and folders with all in them.
        paths: Vec<RemotePath>,
    },
    /// Removes files, links (not what they lead to), and folders with all in them. Answer:
    /// [`FilesAnswer::Counted`], also when some of it could not be removed.
    Remove {
        /// Which.
        paths: Vec<RemotePath>,
    },
    /// Sets what is given. Answer: [`FilesAnswer::Done`].
    SetAttributes {
        /// Of what. A link is followed.
        path: RemotePath,
        /// Permission bits.
        mode: Option<u32>,
        /// Numbers of user and group.
        owner: Option<(u32, u32)>,
        /// Time of last change, in seconds since 1970.
        modified: Option<u32>,
    },
    /// Makes a symbolic link. Answer: [`FilesAnswer::Done`].
    MakeLink {
        /// Where it leads.
        target: RemotePath,
        /// Its path.
        link: RemotePath,
    },
    /// Where a link leads. Answer: [`FilesAnswer::Path`].
    ReadLink {
        /// Which link.
        path: RemotePath,
    },
    /// The path without `.`, `..`, `~` and links. Answer: [`FilesAnswer::Path`].
    Resolve {
        /// Which path.
        path: RemotePath,
    },
    /// Space of the file system. Answer: [`FilesAnswer::Space`].
    Space {
        /// Any path on it.
        path: RemotePath,
    },
    /// SHA-256 of a file, by the server's own shell. Answer: [`FilesAnswer::Checksum`].
    Checksum {
        /// Which file.
        path: RemotePath,
    },
    /// Copies a file, or a folder with all in it, on the server; `to` must not exist. Answer:
    /// [`FilesAnswer::Done`].
    Copy {
        /// What.
        from: RemotePath,
        /// The copy's path.
        to: RemotePath,
    },
}

/// News about files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesEvent {
    /// Some entries of a folder that this page lists; at most [`BATCH_ENTRIES`].
    Entries {
        /// Which ask.
        id: AskId,
        /// The entries.
        entries: Vec<FileEntry>,
    },
    /// An ask is done. Nothing more follows for it.
    Answer {
        /// Which ask.
        id: AskId,
        /// The answer.
        answer: FilesAnswer,
    },
    /// Transfers that are new or changed, for every page; all of them to a page that attaches.
    /// At most some of these in a second.
    Transfers {
        /// As they are now.
        transfers: Vec<Transfer>,
    },
    /// A transfer left the list.
    TransferGone {
        /// Which.
        transfer: TransferId,
    },
}

/// What an ask brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesAnswer {
    /// It is done.
    Done,
    /// A path.
    Path {
        /// The path.
        path: RemotePath,
    },
    /// All entries of a folder were told.
    Listed {
        /// The folder's absolute path.
        path: RemotePath,
        /// There are more, which were left out.
        cut: bool,
    },
    /// One entry.
    Entry {
        /// The entry; its name is the last one of the path that was asked for.
        entry: FileEntry,
    },
    /// A file holds the message's bytes now.
    Written {
        /// The file.
        entry: FileEntry,
        /// Why it was not replaced at once but overwritten, if it was.
        in_place: Option<WrittenInPlace>,
    },
    /// The message's bytes are what was read.
    Content {
        /// What the file is now.
        mark: FileMark,
        /// Offset of the first byte.
        offset: u64,
    },
    /// How much there is, or was removed.
    Counted {
        /// Files and links.
        files: u64,
        /// Folders.
        folders: u64,
        /// Bytes of the files.
        bytes: u64,
        /// What could not be looked at or removed, at most 100 of them, as sentences.
        failures: Vec<FilesFailure>,
        /// There is more, which was not looked at.
        cut: bool,
    },
    /// A checksum.
    Checksum {
        /// SHA-256 in 64 hexadecimal digits.
        sha256: String,
    },
    /// Space of a file system.
    Space {
        /// Bytes that the user may still write.
        available: u64,
        /// All bytes.
        total: u64,
    },
    /// It could not be done.
    Failed {
        /// Why.
        failure: FilesFailure,
    },
}

/// Why a file was overwritten where it is, and not replaced by another one at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenInPlace {
    /// Its folder takes no new files.
    Folder,
    /// A new file would have another owner or group.
    Owner,
    /// It has other names, which stay the same file.
    Links,
    /// The server would not give a new file its name, as where something is mounted there.
    Name,
}

/// What tells whether a file is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// In bytes.
    pub size: u64,
    /// Last change, in seconds since 1970.
    pub modified: u32,
}

/// Types of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// An ordinary file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe or a socket.
    Special,
    /// The server does not say.
    Unknown,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name. It may be no name at all: see `named`.
    pub name: RemotePath,
    /// Whether the name stays in the folder and something can be done with it.
    pub named: bool,
    /// Its type.
    pub kind: EntryKind,
    /// For a link: the type of what it leads to, `None` where it dangles or is not looked at.
    pub target_kind: Option<EntryKind>,
    /// In bytes, at most [`MAX_SIZE_BYTES`].
    pub size: u64,
    /// Last change, in seconds since 1970.
    pub modified: Option<u32>,
    /// Permission bits.
    pub mode: Option<u32>,
    /// Number of the user.
    pub user: Option<u32>,
    /// Number of the group.
    pub group: Option<u32>,
    /// Name of the user, safe to show; empty where not known.
    pub user_name: String,
    /// Name of the group, safe to show; empty where not known.
    pub group_name: String,
}
