//! Packets out of a stream of bytes, draft §3.

use bytes::{Buf, Bytes, BytesMut};

use super::{DecodeError, MAX_PACKET_BYTES};

/// Bytes of the length field.
const LENGTH_BYTES: usize = 4;

/// Bytes that are read at once, at most, while the length of the next packet is not known.
const READ_BYTES: usize = 64 * 1024;

/// Cuts what arrives into packets.
///
/// INVARIANT: it holds less than one packet and one read.
#[derive(Debug, Default)]
pub struct Frames {
    buffer: BytesMut,
}

impl Frames {
    /// Where to put what arrives next. It has room for the rest of the packet that has begun.
    pub fn space(&mut self) -> &mut BytesMut {
        let missing = match self.announced() {
            Some(Ok(length)) => (LENGTH_BYTES + length).saturating_sub(self.buffer.len()),
            _ => 0,
        };
        self.buffer.reserve(missing.max(READ_BYTES));
        &mut self.buffer
    }

    /// Takes the next packet, without its length; `None` until all of it is there.
    ///
    /// # Errors
    ///
    /// [`DecodeError::TooLong`] for one above [`MAX_PACKET_BYTES`] or without a type. Nothing that
    /// follows makes sense.
    pub fn take(&mut self) -> Result<Option<Bytes>, DecodeError> {
        let Some(length) = self.announced().transpose()? else {
            return Ok(None);
        };
        if self.buffer.len() < LENGTH_BYTES + length {
            return Ok(None);
        }
        self.buffer.advance(LENGTH_BYTES);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    /// Length of the packet that has begun.
    fn announced(&self) -> Option<Result<usize, DecodeError>> {
        let (field, _) = self.buffer.split_first_chunk::<LENGTH_BYTES>()?;
        let announced = u32::from_be_bytes(*field);
        Some(match usize::try_from(announced) {
            Ok(length) if (1..=MAX_PACKET_BYTES).contains(&length) => Ok(length),
            _ => Err(DecodeError::TooLong { announced }),
        })
    }
}
