//! Numbers and strings, [RFC 4251 §5].
//!
//! [RFC 4251 §5]: https://www.rfc-editor.org/rfc/rfc4251#section-5

use bytes::{Buf, Bytes};

use super::DecodeError;

/// Takes a packet apart. Strings share the packet's memory.
#[derive(Clone, Debug)]
pub(crate) struct Reader(Bytes);

impl Reader {
    pub(crate) fn new(packet: Bytes) -> Self {
        Self(packet)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.0.try_get_u8().map_err(|_| DecodeError::Truncated)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, DecodeError> {
        self.0.try_get_u32().map_err(|_| DecodeError::Truncated)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, DecodeError> {
        self.0.try_get_u64().map_err(|_| DecodeError::Truncated)
    }

    pub(crate) fn string(&mut self) -> Result<Bytes, DecodeError> {
        let announced = self.u32()?;
        match usize::try_from(announced) {
            Ok(length) if length <= self.0.len() => Ok(self.0.split_to(length)),
            _ => Err(DecodeError::TooLong { announced }),
        }
    }

    /// Reads a count of entries, each of which takes at least `least_bytes`.
    pub(crate) fn count(&mut self, least_bytes: usize) -> Result<usize, DecodeError> {
        let announced = self.u32()?;
        match usize::try_from(announced) {
            Ok(count) if count <= self.0.len() / least_bytes.max(1) => Ok(count),
            _ => Err(DecodeError::TooLong { announced }),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn rest(self) -> Bytes {
        self.0
    }
}

/// Builds a packet behind the field for its length.
#[derive(Debug)]
pub(crate) struct Writer(Vec<u8>);

/// Bytes of the length field.
const LENGTH_BYTES: usize = 4;

impl Writer {
    /// Begins a packet of a type.
    pub(crate) fn packet(kind: u8, capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(LENGTH_BYTES + 1 + capacity);
        bytes.extend([0; LENGTH_BYTES]);
        bytes.push(kind);
        Self(bytes)
    }

    /// Begins a body that goes into a packet.
    pub(crate) fn body() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(crate) fn u64(&mut self, value: u64) -> &mut Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(crate) fn string(&mut self, value: &[u8]) -> &mut Self {
        self.u32(length(value.len()));
        self.0.extend(value);
        self
    }

    pub(crate) fn raw(&mut self, value: &[u8]) -> &mut Self {
        self.0.extend(value);
        self
    }

    /// The packet, with its length in front.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let length = length(self.0.len().saturating_sub(LENGTH_BYTES));
        for (place, byte) in self.0.iter_mut().zip(length.to_be_bytes()) {
            *place = byte;
        }
        self.0
    }

    /// The body.
    pub(crate) fn into_body(self) -> Bytes {
        self.0.into()
    }
}

/// A length as it is sent. One that does not fit makes a packet that [`super::Frames`] refuses
/// and the client does not send, long before.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
