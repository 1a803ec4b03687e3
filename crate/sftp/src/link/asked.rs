//! One request: what it costs, how it waits, and how its asker hears of the answer.

use core::time::Duration;
use std::sync::Arc;

use futures::channel::oneshot;
use tokio::sync::OwnedSemaphorePermit;

use super::RemoteHandle;
use crate::codec::{RequestId, Response};
use crate::error::{SftpError, Subject};

/// An answer as its asker gets it.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A status, data, names, attributes or the answer to an extension.
    Plain(Response),
    /// An open file or folder. Dropping it closes it.
    Handle(Arc<RemoteHandle>),
}

/// An answer that will come. Dropping it leaves the request to itself: what it opens is closed.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(super) answer: oneshot::Receiver<Result<Answer, SftpError>>,
    pub(super) subject: Subject,
}

impl Asked {
    pub(crate) async fn answer(mut self) -> Result<Answer, SftpError> {
        self.poll_answer().await
    }

    /// The same without giving it away. Not to be awaited again once it has given the answer.
    pub(crate) async fn poll_answer(&mut self) -> Result<Answer, SftpError> {
        match (&mut self.answer).await {
            Ok(answer) => answer,
            Err(oneshot::Canceled) => Err(SftpError::Closed {
                subject: self.subject.clone(),
            }),
        }
    }
}

/// Leave to have some bytes in flight.
#[derive(Debug)]
pub(crate) struct Bulk {
    pub(super) permit: OwnedSemaphorePermit,
    pub(super) bytes: u32,
}

impl Bulk {
    pub(crate) fn bytes(&self) -> u32 {
        self.bytes
    }
}

/// A request that was not answered yet.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) answer: oneshot::Sender<Result<Answer, SftpError>>,
    pub(super) subject: Subject,
    /// Most bytes of data that the answer may have.
    pub(super) most_data: u32,
    /// Bytes that count against the window; 0 for requests without data.
    pub(super) cost: u32,
    /// When it was sent; `None` while it waits.
    pub(super) sent_at: Option<Duration>,
    pub(super) permit: OwnedSemaphorePermit,
    /// Keeps the handle open until the answer is there.
    pub(super) handle: Option<Arc<RemoteHandle>>,
}

/// A packet that waits to be sent.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) id: RequestId,
    pub(super) packet: Vec<u8>,
}

/// What a request takes while it is under way.
pub(super) struct Cost {
    pub(super) permit: OwnedSemaphorePermit,
    pub(super) bytes: u32,
    pub(super) most_data: u32,
}

/// Why the connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Closed,
    Silent,
    Misbehaved(&'static str),
}

impl Why {
    pub(crate) fn error(self, subject: Subject) -> SftpError {
        match self {
            Self::Closed => SftpError::Closed { subject },
            Self::Silent => SftpError::PeerTimeout { subject },
            Self::Misbehaved(what) => SftpError::PeerMisbehaved { subject, what },
        }
    }
}
