//! What was sent and may have to be sent again.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// Pieces of at least so many bytes are kept as they are; smaller ones are put together, so that
/// a thousand keystrokes cost no more memory than their bytes.
const WHOLE_BYTES: usize = 4 * 1024;

/// Bytes that are put together before another piece begins.
const TOGETHER_BYTES: usize = 16 * 1024;

/// A part of a stream: the bytes from one offset to another. Whoever fills it bounds it.
///
/// It holds no memory while it is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    /// Offset of the first byte.
    begin: u64,
    whole: VecDeque<Bytes>,
    /// INVARIANT: comes behind all of `whole`.
    together: BytesMut,
}

impl Kept {
    /// Adds bytes at the end.
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if bytes.len() < WHOLE_BYTES {
            self.together.extend_from_slice(&bytes);
            if self.together.len() >= TOGETHER_BYTES {
                self.close_piece();
            }
        } else {
            self.close_piece();
            self.whole.push_back(bytes);
        }
    }

    /// Drops everything before `offset`. What was kept as it came goes to `spare`.
    pub(crate) fn forget(&mut self, offset: u64, mut spare: impl FnMut(Bytes)) {
        let mut left = distance(self.begin, offset);
        self.begin = self.begin.max(offset);
        while let Some(piece) = self.whole.front_mut() {
            if left < piece.len() {
                piece.advance(left);
                return;
            }
            left -= piece.len();
            self.whole.pop_front().map(&mut spare);
        }
        self.whole = VecDeque::new();
        if left < self.together.len() {
            self.together.advance(left);
        } else {
            self.together = BytesMut::new();
        }
    }

    /// At most `limit` bytes from `offset` on; `None` where there is nothing at it.
    pub(crate) fn read(&self, offset: u64, limit: usize) -> Option<Bytes> {
        let mut skip = distance(self.begin, offset);
        for piece in &self.whole {
            if skip < piece.len() {
                let end = piece.len().min(skip.saturating_add(limit));
                return Some(piece.slice(skip..end));
            }
            skip -= piece.len();
        }
        let end = self.together.len().min(skip.saturating_add(limit));
        let part = self.together.get(skip..end)?;
        (!part.is_empty()).then(|| Bytes::copy_from_slice(part))
    }

    fn close_piece(&mut self) {
        if !self.together.is_empty() {
            self.whole
                .push_back(core::mem::take(&mut self.together).freeze());
        }
    }
}

/// How far `to` lies behind `from`; nothing is ever kept over a longer one than memory has.
fn distance(from: u64, to: u64) -> usize {
    usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX)
}
