//! Open files, draft §6.3 and §6.4.

use std::sync::Arc;

use bytes::Bytes;

use super::reader::Beside;
use super::{FileReader, FileWriter, Sftp, sent, unexpected};
use crate::codec::{Attributes, OpenFlags, Request, Response, Status, Writer};
use crate::error::{Operation, SftpError, Subject};
use crate::extension::{Feature, StatVfs};
use crate::link::{Answer, RemoteHandle};

/// How a file is to be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    flags: OpenFlags,
    mode: Option<u32>,
}

impl Open {
    /// To read what is there.
    pub fn read() -> Self {
        Self {
            flags: OpenFlags::READ,
            mode: None,
        }
    }

    /// To write into what is there.
    pub fn write() -> Self {
        Self {
            flags: OpenFlags::WRITE,
            mode: None,
        }
    }

    /// To write a file that is empty at first, made where there is none.
    pub fn replace() -> Self {
        Self::write().with(OpenFlags::CREATE.and(OpenFlags::TRUNCATE))
    }

    /// To write a file that must not exist before.
    pub fn exclusive() -> Self {
        Self::write().with(OpenFlags::CREATE.and(OpenFlags::EXCLUSIVE))
    }

    /// To write at the end, made where there is none.
    pub fn append() -> Self {
        Self::write().with(OpenFlags::CREATE.and(OpenFlags::APPEND))
    }

    /// Adds flags.
    pub fn with(self, flags: OpenFlags) -> Self {
        Self {
            flags: self.flags.and(flags),
            ..self
        }
    }

    pub(crate) fn flags(self) -> OpenFlags {
        self.flags
    }

    /// Permission bits of a file that is made.
    pub fn mode(self, mode: u32) -> Self {
        Self {
            mode: Some(mode & 0o7777),
            ..self
        }
    }
}

/// An open file. Dropping it closes it, unheard; [`File::close`] tells whether that went well.
#[derive(Clone, Debug)]
pub struct File {
    sftp: Sftp,
    handle: Arc<RemoteHandle>,
    path: Bytes,
}

impl Sftp {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    ///
    /// # Cancel safety
    ///
    /// A file that a dropped call opened is closed; one that it made stays.
    pub async fn open(&self, path: impl AsRef<[u8]>, open: Open) -> Result<File, SftpError> {
        let path = sent(path);
        let subject = Subject {
            operation: Operation::Open,
            path: path.clone(),
        };
        let attributes = Attributes {
            permissions: open.mode,
            ..Attributes::default()
        };
        let request = Request::Open {
            path: path.clone(),
            flags: open.flags,
            attributes,
        };
        match self.shared().call(&request, None, subject.clone()).await? {
            Answer::Handle(handle) => Ok(File {
                sftp: self.clone(),
                handle,
                path,
            }),
            Answer::Plain(_) => Err(unexpected(subject)),
        }
    }
}

/// # Errors
///
/// Each returns any [`SftpError`].
#[expect(clippy::missing_errors_doc, reason = "said once, for all of them")]
impl File {
    /// The path it was opened by.
    pub fn path(&self) -> &Bytes {
        &self.path
    }

    /// The connection it belongs to.
    pub fn sftp(&self) -> &Sftp {
        &self.sftp
    }

    pub(crate) fn handle(&self) -> &Arc<RemoteHandle> {
        &self.handle
    }

    pub(crate) fn subject(&self, operation: Operation) -> Subject {
        Subject {
            operation,
            path: self.path.clone(),
        }
    }

    /// Reads `length` bytes from `offset` on, less only where the file ends.
    pub async fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, SftpError> {
        let end = offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        let mut reader = self.reader(offset..end);
        let Some(first) = reader.next().await? else {
            return Ok(Bytes::new());
        };
        if first.len() == length {
            return Ok(first);
        }
        let mut all = Vec::from(first);
        while let Some(more) = reader.next().await? {
            all.extend_from_slice(&more);
        }
        Ok(all.into())
    }

    /// Writes all of `data` from `offset` on. A dropped call has written none, some or all of it.
    pub async fn write_at(&self, offset: u64, data: &[u8]) -> Result<(), SftpError> {
        let mut writer = self.writer(offset);
        writer.write(data).await?;
        writer.flush().await
    }

    /// Reads a part of it from front to end, many requests at a time.
    pub fn reader(&self, part: core::ops::Range<u64>) -> FileReader {
        self.reader_beside(part, Beside::default())
    }

    /// The same, over other connections as well.
    pub(crate) fn reader_beside(&self, part: core::ops::Range<u64>, beside: Beside) -> FileReader {
        FileReader::new(self.clone(), part, beside)
    }

    /// Writes from `offset` on, many requests at a time.
    pub fn writer(&self, offset: u64) -> FileWriter {
        FileWriter::new(self.clone(), offset)
    }

    /// Its attributes.
    pub async fn stat(&self) -> Result<Attributes, SftpError> {
        let subject = self.subject(Operation::Stat);
        let request = Request::Fstat {
            handle: self.handle.bytes(),
        };
        match self.call(&request, &subject).await? {
            Answer::Plain(Response::Attributes(attributes)) => Ok(attributes),
            _ => Err(unexpected(subject)),
        }
    }

    /// Sets the attributes that are given.
    pub async fn set_attributes(&self, attributes: Attributes) -> Result<(), SftpError> {
        let handle = self.handle.bytes();
        let request = Request::Fsetstat { handle, attributes };
        self.status(&request, Operation::SetAttributes).await
    }

    /// Makes it this long, in bytes; new bytes are zero.
    pub async fn truncate(&self, size: u64) -> Result<(), SftpError> {
        self.set_attributes(Attributes {
            size: Some(size),
            ..Attributes::default()
        })
        .await
    }

    /// Waits until what was written is on the server's disk. [`SftpError::PeerUnsupported`] where
    /// the server does not offer it.
    pub async fn sync(&self) -> Result<(), SftpError> {
        let mut body = Writer::body();
        body.string(&self.handle.bytes());
        let extended = self
            .sftp
            .extended(Feature::Sync, body, Operation::Sync, &self.path)?;
        self.status(&extended.0, Operation::Sync).await
    }

    /// Space of the file system that holds it.
    pub async fn statvfs(&self) -> Result<StatVfs, SftpError> {
        let mut body = Writer::body();
        body.string(&self.handle.bytes());
        let feature = Feature::FileStatVfs;
        let (request, subject) =
            self.sftp
                .extended(feature, body, Operation::FreeSpace, &self.path)?;
        let reply = self
            .sftp
            .reply(&request, Some(&self.handle), subject.clone());
        StatVfs::decode(reply.await?).map_err(|_| unexpected(subject))
    }

    /// Closes it. Some servers only tell here that a write did not go well.
    pub async fn close(self) -> Result<(), SftpError> {
        let request = Request::Close {
            handle: self.handle.bytes(),
        };
        self.handle.release();
        let closed = self.status(&request, Operation::Close).await;
        match closed {
            // A few servers have nothing to say when a read handle closes.
            Err(error) if error.status() == Some(Status::Eof) => Ok(()),
            closed => closed,
        }
    }

    async fn call(&self, request: &Request, subject: &Subject) -> Result<Answer, SftpError> {
        self.sftp
            .shared()
            .call(request, Some(&self.handle), subject.clone())
            .await
    }

    async fn status(&self, request: &Request, operation: Operation) -> Result<(), SftpError> {
        let subject = self.subject(operation);
        match self.call(request, &subject).await? {
            Answer::Plain(Response::Status { .. }) => Ok(()),
            _ => Err(unexpected(subject)),
        }
    }
}
