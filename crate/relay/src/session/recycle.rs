//! Memory of messages that the client has, for those that come next.
//!
//! Acknowledgements free a quarter of the window at once. The allocator would give that back to the
//! system each time, and the system would clear every page of it again.

use bytes::{Bytes, BytesMut};

/// Buffers that are kept: as many full messages as one acknowledgement frees.
const MOST: usize = 4;

/// Bytes of a payload whose memory is worth keeping.
const WORTH_BYTES: usize = 32 * 1024;

/// Buffers that wait for their next message. Holds no memory until something is kept.
#[derive(Debug, Default)]
pub(super) struct Recycle(Vec<BytesMut>);

impl Recycle {
    /// Keeps the memory of `payload`, unless somebody still reads it, it is small, or enough is kept.
    pub(super) fn keep(&mut self, payload: Bytes) {
        if payload.len() >= WORTH_BYTES
            && self.0.len() < MOST
            && let Ok(buffer) = payload.try_into_mut()
        {
            self.0.push(buffer);
        }
    }

    /// An empty buffer with room for `bytes`.
    pub(super) fn take(&mut self, bytes: usize) -> BytesMut {
        let spare = (bytes > WORTH_BYTES).then(|| self.0.pop()).flatten();
        let Some(mut buffer) = spare else {
            return BytesMut::with_capacity(bytes);
        };
        buffer.clear();
        // Also takes back what lies before the payload.
        buffer.reserve(bytes);
        buffer
    }

    /// Gives all memory back.
    pub(super) fn clear(&mut self) {
        self.0 = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of `bytes` and its payload, as a session sends it.
    fn message(recycle: &mut Recycle, bytes: usize) -> (Bytes, Bytes) {
        let mut message = recycle.take(bytes);
        message.resize(bytes, 7);
        let message = message.freeze();
        let payload = message.slice(1..);
        (message, payload)
    }

    #[test]
    fn a_message_takes_the_memory_of_one_before_it() {
        let mut recycle = Recycle::default();
        let (sent, payload) = message(&mut recycle, 64 * 1024 + 1);
        let place = sent.as_ptr();
        drop(sent);
        recycle.keep(payload);
        let (next, _payload) = message(&mut recycle, 64 * 1024 + 1);
        assert_eq!(next.as_ptr(), place);
        let (other, _payload) = message(&mut recycle, 64 * 1024 + 1);
        assert_ne!(other.as_ptr(), place);
    }

    #[test]
    fn what_somebody_reads_or_is_small_is_not_kept() {
        let mut recycle = Recycle::default();
        let (sent, payload) = message(&mut recycle, 64 * 1024);
        recycle.keep(payload);
        assert!(recycle.0.is_empty());
        assert_eq!(sent.len(), 64 * 1024);
        let (sent, payload) = message(&mut recycle, 4096);
        drop(sent);
        recycle.keep(payload);
        assert!(recycle.0.is_empty());
    }

    #[test]
    fn no_more_is_kept_than_one_acknowledgement_frees() {
        let mut recycle = Recycle::default();
        for _ in 0..2 * MOST {
            recycle.keep(BytesMut::zeroed(64 * 1024).freeze());
        }
        assert_eq!(recycle.0.len(), MOST);
        recycle.clear();
        assert_eq!(recycle.0.capacity(), 0);
    }
}
