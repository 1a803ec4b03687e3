//! Why something could not be done with a file, named by who can act.

use core::fmt;

use bytes::Bytes;

use crate::codec::Status;
use crate::display::display_bytes;

/// Longest text of a server that an error keeps, in bytes.
pub(crate) const MAX_MESSAGE_BYTES: usize = 1024;

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Operation {
    Begin,
    Open,
    Close,
    Read,
    Write,
    List,
    Stat,
    SetAttributes,
    Remove,
    MakeFolder,
    RemoveFolder,
    Resolve,
    Rename,
    ReadLink,
    MakeLink,
    Sync,
    FreeSpace,
    Copy,
    Expand,
    NameOwners,
}

impl Operation {
    /// What it does to something, for a sentence: `cannot read notes.txt`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Begin => "begin to transfer files",
            Self::Open => "open",
            Self::Close => "close",
            Self::Read => "read",
            Self::Write => "write",
            Self::List => "list",
            Self::Stat => "look at",
            Self::SetAttributes => "change the properties of",
            Self::Remove => "delete",
            Self::MakeFolder => "make the folder",
            Self::RemoveFolder => "delete the folder",
            Self::Resolve => "find",
            Self::Rename => "rename",
            Self::ReadLink => "follow the link",
            Self::MakeLink => "make the link",
            Self::Sync => "write to disk",
            Self::FreeSpace => "ask for the free space of",
            Self::Copy => "copy",
            Self::Expand => "expand",
            Self::NameOwners => "name the owners of files",
        }
    }
}

/// What was tried with what.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// What was tried.
    pub operation: Operation,
    /// With which path, as the caller named it. Empty where there is none.
    pub path: Bytes,
}

impl Subject {
    pub(crate) fn new(operation: Operation, path: &[u8]) -> Self {
        let path = Bytes::copy_from_slice(path);
        Self { operation, path }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.operation.words())?;
        if self.path.is_empty() {
            return Ok(());
        }
        write!(
            formatter,
            " {}",
            display_bytes(&self.path, MAX_MESSAGE_BYTES)
        )
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Why something could not be done. Texts from the server are safe to show and bounded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SftpError {
    /// The server said no.
    #[error("cannot {subject}: {}", reason(*status, message))]
    PeerRefused {
        /// What was tried.
        subject: Subject,
        /// Which kind of no.
        status: Status,
        /// The server's own words; empty where they add nothing.
        message: String,
    },
    /// The server does not offer this.
    #[error("cannot {subject}: the server does not offer {extension}")]
    PeerUnsupported {
        /// What was tried.
        subject: Subject,
        /// What it needs.
        extension: &'static str,
    },
    /// The server did not go on in time.
    #[error("cannot {subject}: the server does not answer")]
    PeerTimeout {
        /// What was tried.
        subject: Subject,
    },
    /// The server broke the protocol. Never the user's fault.
    #[error("cannot {subject}: the server broke the file transfer protocol ({what})")]
    PeerMisbehaved {
        /// What was tried.
        subject: Subject,
        /// In which way, for a report.
        what: &'static str,
    },
    /// The channel, or the connection under it, is closed.
    #[error("cannot {subject}: the connection for files is closed")]
    Closed {
        /// What was tried.
        subject: Subject,
    },
    /// What was asked for is longer than a request may be.
    #[error("cannot {subject}: the name is too long")]
    UserTooLong {
        /// What was tried.
        subject: Subject,
    },
    /// A folder cannot be copied into itself.
    #[error("cannot {subject}: the copy would be inside of it")]
    UserInsideItself {
        /// What was tried.
        subject: Subject,
    },
}

impl SftpError {
    /// The server's status, where it answered with one.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::PeerRefused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What was tried.
    pub fn subject(&self) -> &Subject {
        match self {
            Self::PeerRefused { subject, .. }
            | Self::PeerUnsupported { subject, .. }
            | Self::PeerTimeout { subject }
            | Self::PeerMisbehaved { subject, .. }
            | Self::Closed { subject }
            | Self::UserTooLong { subject }
            | Self::UserInsideItself { subject } => subject,
        }
    }

    /// Whether the connection for files has ended, so that nothing more can be done with it.
    pub fn ends_connection(&self) -> bool {
        matches!(
            self,
            Self::Closed { .. } | Self::PeerTimeout { .. } | Self::PeerMisbehaved { .. }
        )
    }

    pub(crate) fn refused(subject: Subject, status: Status, message: &[u8]) -> Self {
        let said = display_bytes(message, MAX_MESSAGE_BYTES);
        let known = [
            "failure",
            "no such file",
            "permission denied",
            "operation unsupported",
        ];
        let message = if known.contains(&said.to_ascii_lowercase().as_str()) {
            String::new()
        } else {
            said
        };
        Self::PeerRefused {
            subject,
            status,
            message,
        }
    }
}

/// Status and the server's words, as the end of a sentence.
fn reason(status: Status, message: &str) -> String {
    match (status, message) {
        (status, "") => status.words().to_owned(),
        (Status::Failure | Status::Other(_), said) => format!("the server says: {said}"),
        (status, said) => format!("{} ({said})", status.words()),
    }
}
