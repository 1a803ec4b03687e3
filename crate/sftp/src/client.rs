//! The client as its callers see it: named and shaped as Paramiko's users expect.

mod extended;
mod file;
mod listing;
mod path;
mod reader;
mod writer;

use core::time::Duration;
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

pub use extended::OwnerNames;
pub use file::{File, Open};
pub use listing::{DirEntry, Listing, MAX_ENTRIES};
pub(crate) use reader::Beside;
pub use reader::FileReader;
pub use writer::FileWriter;

use crate::clock::Clock;
use crate::codec::{Attributes, Name, Request, Response};
use crate::error::{Operation, SftpError, Subject};
use crate::extension::Offer;
use crate::link::{Answer, Driver, Shared, Why, begin};

/// What a connection for files may be told.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Longest silence of the server while it owes an answer. Any byte in either direction ends a
    /// silence, so a slow link is no reason to give up.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
        }
    }
}

/// A connection for files. Clones share it; it ends when the last one and everything that was
/// opened through it is dropped.
#[derive(Clone, Debug)]
pub struct Sftp {
    link: Arc<Link>,
}

/// Ends the connection with its last owner.
#[derive(Debug)]
pub(crate) struct Link(Arc<Shared>);

impl Drop for Link {
    fn drop(&mut self) {
        self.0.close(Why::Closed);
    }
}

impl Sftp {
    /// Agrees with a server on what to speak.
    ///
    /// - `reader`, `writer`: the two directions of a stream whose other end is an SFTP server:
    ///   channel of an SSH subsystem, or pipes.
    ///
    /// The driver must be run for anything to happen afterwards.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`] but refusals. One that misbehaves right here usually is no SFTP server.
    ///
    /// # Cancel safety
    ///
    /// A dropped call drops the stream.
    pub async fn begin<R, W>(
        mut reader: R,
        mut writer: W,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<(Self, Driver<R, W>), SftpError>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let Options { patience } = options;
        let (offer, frames) = begin(&mut reader, &mut writer, &*clock, patience).await?;
        let shared = Arc::new(Shared::new(offer, clock, patience));
        let link = Arc::new(Link(Arc::clone(&shared)));
        Ok((Self { link }, Driver::new(reader, writer, frames, shared)))
    }

    /// What the server offers.
    pub fn offer(&self) -> &Offer {
        &self.shared().offer
    }

    /// Whether the connection has ended.
    pub fn is_closed(&self) -> bool {
        self.shared().is_closed()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.link.0
    }

    /// Asks for something that is answered by a status.
    pub(crate) async fn status(
        &self,
        request: &Request,
        subject: Subject,
    ) -> Result<(), SftpError> {
        match self.shared().call(request, None, subject.clone()).await? {
            Answer::Plain(Response::Status { .. }) => Ok(()),
            _ => Err(unexpected(subject)),
        }
    }

    /// Asks for something that is answered by attributes.
    async fn attributes(
        &self,
        request: &Request,
        subject: Subject,
    ) -> Result<Attributes, SftpError> {
        match self.shared().call(request, None, subject.clone()).await? {
            Answer::Plain(Response::Attributes(attributes)) => Ok(attributes),
            _ => Err(unexpected(subject)),
        }
    }

    /// Asks for something that is answered by one path.
    pub(crate) async fn one_name(
        &self,
        request: &Request,
        subject: Subject,
    ) -> Result<Bytes, SftpError> {
        match self.shared().call(request, None, subject.clone()).await? {
            Answer::Plain(Response::Names(names)) => match <[Name; 1]>::try_from(names) {
                Ok([name]) => Ok(Bytes::copy_from_slice(&name.name)),
                Err(_) => Err(unexpected(subject)),
            },
            _ => Err(unexpected(subject)),
        }
    }
}

/// The server answered with something else than what it was asked for.
pub(crate) fn unexpected(subject: Subject) -> SftpError {
    SftpError::PeerMisbehaved {
        subject,
        what: "it answers something else than was asked",
    }
}

/// A path as it is sent.
pub(crate) fn sent(path: impl AsRef<[u8]>) -> Bytes {
    Bytes::copy_from_slice(path.as_ref())
}

pub(crate) fn subject(operation: Operation, path: impl AsRef<[u8]>) -> Subject {
    Subject::new(operation, path.as_ref())
}
