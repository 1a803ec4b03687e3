//! Bytes that wait for the target.

use bytes::{Buf, Bytes, BytesMut};

/// A queue of bytes. Whoever fills it bounds it.
///
/// Where the target keeps up, a message is passed on as it is. What has to wait is put together,
/// so that many tiny messages cost no more memory than their bytes.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// First out.
    front: Bytes,
    /// INVARIANT: empty while `front` is empty.
    rest: BytesMut,
}

impl Outbox {
    /// Adds bytes at the end.
    pub(super) fn push(&mut self, bytes: Bytes) {
        if self.front.is_empty() {
            self.front = bytes;
        } else {
            self.rest.extend_from_slice(&bytes);
        }
    }

    /// The next bytes; empty only where the queue is.
    pub(super) fn front(&self) -> &[u8] {
        &self.front
    }

    /// Bytes in the queue.
    pub(super) fn len(&self) -> usize {
        self.front.len() + self.rest.len()
    }

    /// Removes `count` bytes, at most those of [`Outbox::front`].
    pub(super) fn advance(&mut self, count: usize) {
        self.front.advance(count.min(self.front.len()));
        if self.front.is_empty() {
            self.front = core::mem::take(&mut self.rest).freeze();
        }
    }
}
