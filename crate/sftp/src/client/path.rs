//! What is done with paths, draft §6.5 to §6.11.

use super::{Sftp, sent, subject};
use crate::codec::{Attributes, Request, Status};
use crate::error::{Operation, SftpError};

use bytes::Bytes;

/// Every function here sends one request, except where it says otherwise.
///
/// # Errors
///
/// Each returns any [`SftpError`]; [`SftpError::PeerRefused`] says why the server would not.
///
/// # Cancel safety
///
/// A call that is dropped after its request was sent is carried out by the server all the same.
#[expect(clippy::missing_errors_doc, reason = "said once, for all of them")]
impl Sftp {
    /// Attributes of what a path leads to, following links.
    pub async fn stat(&self, path: impl AsRef<[u8]>) -> Result<Attributes, SftpError> {
        let request = Request::Stat { path: sent(&path) };
        self.attributes(&request, subject(Operation::Stat, path))
            .await
    }

    /// Attributes of what a path names, be it a link.
    pub async fn lstat(&self, path: impl AsRef<[u8]>) -> Result<Attributes, SftpError> {
        let request = Request::Lstat { path: sent(&path) };
        self.attributes(&request, subject(Operation::Stat, path))
            .await
    }

    /// Whether something has this name, be it a dangling link.
    pub async fn exists(&self, path: impl AsRef<[u8]>) -> Result<bool, SftpError> {
        match self.lstat(path).await {
            Ok(_) => Ok(true),
            Err(error) if error.status() == Some(Status::NoSuchFile) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Sets the attributes that are given.
    pub async fn set_attributes(
        &self,
        path: impl AsRef<[u8]>,
        attributes: Attributes,
    ) -> Result<(), SftpError> {
        let request = Request::Setstat {
            path: sent(&path),
            attributes,
        };
        self.status(&request, subject(Operation::SetAttributes, path))
            .await
    }

    /// Sets the permission bits.
    pub async fn chmod(&self, path: impl AsRef<[u8]>, mode: u32) -> Result<(), SftpError> {
        let attributes = Attributes {
            permissions: Some(mode & 0o7777),
            ..Attributes::default()
        };
        self.set_attributes(path, attributes).await
    }

    /// Sets the owner, by numbers of user and group.
    pub async fn chown(
        &self,
        path: impl AsRef<[u8]>,
        user: u32,
        group: u32,
    ) -> Result<(), SftpError> {
        let attributes = Attributes {
            owner: Some((user, group)),
            ..Attributes::default()
        };
        self.set_attributes(path, attributes).await
    }

    /// Sets the times of last access and last change, in seconds since 1970.
    pub async fn utime(
        &self,
        path: impl AsRef<[u8]>,
        accessed: u32,
        modified: u32,
    ) -> Result<(), SftpError> {
        let attributes = Attributes {
            times: Some((accessed, modified)),
            ..Attributes::default()
        };
        self.set_attributes(path, attributes).await
    }

    /// Makes a file this long, in bytes; new bytes are zero.
    pub async fn truncate(&self, path: impl AsRef<[u8]>, size: u64) -> Result<(), SftpError> {
        let attributes = Attributes {
            size: Some(size),
            ..Attributes::default()
        };
        self.set_attributes(path, attributes).await
    }

    /// Renames. Fails where `to` exists; [`Self::posix_rename`] replaces it.
    pub async fn rename(
        &self,
        from: impl AsRef<[u8]>,
        to: impl AsRef<[u8]>,
    ) -> Result<(), SftpError> {
        let request = Request::Rename {
            from: sent(&from),
            to: sent(to),
        };
        self.status(&request, subject(Operation::Rename, from))
            .await
    }

    /// Makes a folder, with the permissions that the server chooses.
    pub async fn mkdir(&self, path: impl AsRef<[u8]>) -> Result<(), SftpError> {
        let attributes = Attributes::default();
        let request = Request::MakeDir {
            path: sent(&path),
            attributes,
        };
        self.status(&request, subject(Operation::MakeFolder, path))
            .await
    }

    /// Removes an empty folder.
    pub async fn rmdir(&self, path: impl AsRef<[u8]>) -> Result<(), SftpError> {
        let request = Request::RemoveDir { path: sent(&path) };
        self.status(&request, subject(Operation::RemoveFolder, path))
            .await
    }

    /// Removes a file or a link.
    pub async fn remove(&self, path: impl AsRef<[u8]>) -> Result<(), SftpError> {
        let request = Request::Remove { path: sent(&path) };
        self.status(&request, subject(Operation::Remove, path))
            .await
    }

    /// Where a link leads, as it was written; it may be relative and may not exist.
    pub async fn readlink(&self, path: impl AsRef<[u8]>) -> Result<Bytes, SftpError> {
        let request = Request::ReadLink { path: sent(&path) };
        self.one_name(&request, subject(Operation::ReadLink, path))
            .await
    }

    /// The absolute path, without `.`, `..` and links. `.` gives the folder one begins in.
    pub async fn normalize(&self, path: impl AsRef<[u8]>) -> Result<Bytes, SftpError> {
        let request = Request::RealPath { path: sent(&path) };
        self.one_name(&request, subject(Operation::Resolve, path))
            .await
    }

    /// Makes `link` a symbolic link to `target`.
    ///
    /// The draft sends the link first and OpenSSH, whose order has become the rule, the target.
    /// Some servers choose by who they think is asking. So the link is read again, and where it
    /// was made the wrong way round, that is undone and the other order tried.
    pub async fn symlink(
        &self,
        target: impl AsRef<[u8]>,
        link: impl AsRef<[u8]>,
    ) -> Result<(), SftpError> {
        let (target, link) = (target.as_ref(), link.as_ref());
        let ask = |first: &[u8], second: &[u8]| Request::Symlink {
            first: sent(first),
            second: sent(second),
        };
        let subject = subject(Operation::MakeLink, link);
        self.status(&ask(target, link), subject.clone()).await?;
        if self.readlink(link).await.is_ok() || target == link {
            return Ok(());
        }
        // A link at the target's name that leads to the link's name: ours, the wrong way round.
        if self.readlink(target).await.is_ok_and(|leads| leads == link) {
            self.remove(target).await?;
            return self.status(&ask(link, target), subject).await;
        }
        Ok(())
    }
}
