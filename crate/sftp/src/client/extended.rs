//! What OpenSSH adds to the protocol, [OpenSSH PROTOCOL §4].
//!
//! [OpenSSH PROTOCOL §4]: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL

use bytes::Bytes;

use super::{File, Sftp, sent, subject, unexpected};
use crate::codec::{Attributes, DecodeError, Reader, Request, Response, Writer};
use crate::error::{Operation, SftpError, Subject};
use crate::extension::{Feature, StatVfs};
use crate::link::{Answer, RemoteHandle};

use std::sync::Arc;

/// Bytes that one request copies on the server, at most. A server is silent while it copies, and
/// a silence has a limit; it also lets a person stop in between.
const COPY_BYTES: u64 = 64 * 1024 * 1024;

/// Owners that one request may name. Far below what fits into a packet.
const MAX_OWNERS: usize = 1024;

/// Names of users and groups, in the order of the numbers that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerNames {
    /// Of users; empty where a number has no name.
    pub users: Vec<Bytes>,
    /// Of groups; empty where a number has no name.
    pub groups: Vec<Bytes>,
}

/// # Errors
///
/// Each returns any [`SftpError`]: [`SftpError::PeerUnsupported`] where the server does not offer
/// it, which [`crate::Offer::has`] tells before.
#[expect(clippy::missing_errors_doc, reason = "said once, for all of them")]
impl Sftp {
    /// Renames at once, replacing `to` if it exists: at every moment there is one or the other.
    pub async fn posix_rename(
        &self,
        from: impl AsRef<[u8]>,
        to: impl AsRef<[u8]>,
    ) -> Result<(), SftpError> {
        let mut body = Writer::body();
        body.string(from.as_ref()).string(to.as_ref());
        let request = self.extended(Feature::PosixRename, body, Operation::Rename, from)?;
        self.status(&request.0, request.1).await
    }

    /// Gives a file another name beside the one it has.
    pub async fn hardlink(
        &self,
        file: impl AsRef<[u8]>,
        link: impl AsRef<[u8]>,
    ) -> Result<(), SftpError> {
        let mut body = Writer::body();
        body.string(file.as_ref()).string(link.as_ref());
        let request = self.extended(Feature::HardLink, body, Operation::MakeLink, link)?;
        self.status(&request.0, request.1).await
    }

    /// Sets attributes of a link itself.
    pub async fn set_link_attributes(
        &self,
        path: impl AsRef<[u8]>,
        attributes: &Attributes,
    ) -> Result<(), SftpError> {
        let mut body = Writer::body();
        body.string(path.as_ref());
        attributes.encode(&mut body);
        let operation = Operation::SetAttributes;
        let request = self.extended(Feature::LinkAttributes, body, operation, path)?;
        self.status(&request.0, request.1).await
    }

    /// Space of the file system that holds a path.
    pub async fn statvfs(&self, path: impl AsRef<[u8]>) -> Result<StatVfs, SftpError> {
        let mut body = Writer::body();
        body.string(path.as_ref());
        let (request, subject) =
            self.extended(Feature::StatVfs, body, Operation::FreeSpace, path)?;
        let body = self.reply(&request, None, subject.clone()).await?;
        StatVfs::decode(body).map_err(|_| unexpected(subject))
    }

    /// Expands `~` and `~user` as a shell does.
    pub async fn expand_path(&self, path: impl AsRef<[u8]>) -> Result<Bytes, SftpError> {
        let mut body = Writer::body();
        body.string(path.as_ref());
        let request = self.extended(Feature::ExpandPath, body, Operation::Expand, path)?;
        self.one_name(&request.0, request.1).await
    }

    /// Names of users and groups. More than 1024 of either are cut off.
    pub async fn owner_names(
        &self,
        users: &[u32],
        groups: &[u32],
    ) -> Result<OwnerNames, SftpError> {
        let mut body = Writer::body();
        for numbers in [users, groups] {
            let mut list = Writer::body();
            for number in numbers.iter().take(MAX_OWNERS) {
                list.u32(*number);
            }
            body.string(&list.into_body());
        }
        let operation = Operation::NameOwners;
        let (request, subject) = self.extended(Feature::OwnerNames, body, operation, b"")?;
        let body = self.reply(&request, None, subject.clone()).await?;
        decode_owners(body).map_err(|_| unexpected(subject))
    }

    /// Copies `length` bytes between two open files on the server; to the end where it is 0.
    ///
    /// Returns how many bytes are copied if `length` was given, else 0.
    ///
    /// # Cancel safety
    ///
    /// A dropped call has copied none, some or all of it, from the beginning.
    pub async fn copy_data(
        &self,
        (from, from_offset): (&File, u64),
        (to, to_offset): (&File, u64),
        length: u64,
    ) -> Result<u64, SftpError> {
        let mut done = 0;
        loop {
            let piece = length.saturating_sub(done).min(COPY_BYTES);
            let mut body = Writer::body();
            body.string(&from.handle().bytes())
                .u64(from_offset.saturating_add(done))
                .u64(piece)
                .string(&to.handle().bytes())
                .u64(to_offset.saturating_add(done));
            let (request, subject) =
                self.extended(Feature::CopyData, body, Operation::Copy, from.path())?;
            let answer = self
                .shared()
                .call(&request, Some(to.handle()), subject.clone());
            match answer.await? {
                Answer::Plain(Response::Status { .. }) => (),
                _ => return Err(unexpected(subject)),
            }
            done += piece;
            if done >= length {
                return Ok(done);
            }
        }
    }

    pub(super) fn extended(
        &self,
        feature: Feature,
        body: Writer,
        operation: Operation,
        path: impl AsRef<[u8]>,
    ) -> Result<(Request, Subject), SftpError> {
        let subject = subject(operation, path);
        if !self.offer().has(feature) {
            let extension = feature.name();
            return Err(SftpError::PeerUnsupported { subject, extension });
        }
        let name = sent(feature.name());
        Ok((
            Request::Extended {
                name,
                body: body.into_body(),
            },
            subject,
        ))
    }

    pub(super) async fn reply(
        &self,
        request: &Request,
        handle: Option<&Arc<RemoteHandle>>,
        subject: Subject,
    ) -> Result<Bytes, SftpError> {
        match self.shared().call(request, handle, subject.clone()).await? {
            Answer::Plain(Response::Extended(body)) => Ok(body),
            _ => Err(unexpected(subject)),
        }
    }
}

fn decode_owners(body: Bytes) -> Result<OwnerNames, DecodeError> {
    let mut reader = Reader::new(body);
    let mut list = || -> Result<Vec<Bytes>, DecodeError> {
        let mut names = Vec::new();
        let mut entries = Reader::new(reader.string()?);
        while !entries.is_empty() {
            names.push(Bytes::copy_from_slice(&entries.string()?));
        }
        Ok(names)
    };
    Ok(OwnerNames {
        users: list()?,
        groups: list()?,
    })
}
