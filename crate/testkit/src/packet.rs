//! SSH's packets and their fields ([RFC 4251 §5], [RFC 4253 §6]), for doubles that write them
//! byte by byte.
//!
//! [RFC 4251 §5]: https://www.rfc-editor.org/rfc/rfc4251#section-5
//! [RFC 4253 §6]: https://www.rfc-editor.org/rfc/rfc4253#section-6

use anyhow::{Context, Result, ensure};

/// Appends a string: its length, then its bytes.
pub(crate) fn put(message: &mut Vec<u8>, text: &[u8]) {
    // Doubles write nothing that long.
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    message.extend(length.to_be_bytes());
    message.extend(text);
}

/// A positive number in big-endian bytes, as SSH writes it.
pub(crate) fn mpint(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let mut digits = number.get(zeros..).unwrap_or_default().to_vec();
    if digits.first().is_some_and(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    let mut field = Vec::new();
    put(&mut field, &digits);
    field
}

/// A key exchange message that offers `lists` ([RFC 4253 §7.1]).
///
/// [RFC 4253 §7.1]: https://www.rfc-editor.org/rfc/rfc4253#section-7.1
pub(crate) fn kexinit(cookie: [u8; 16], lists: [&str; 10]) -> Vec<u8> {
    let mut message = vec![20];
    message.extend(cookie);
    for list in lists {
        put(&mut message, list.as_bytes());
    }
    message.extend([0; 5]);
    message
}

/// Wraps a message in a packet: length, length of the padding, message, padding.
///
/// - `block`: what the packet's length is a multiple of.
/// - `length_apart`: without the field for the length itself, as ciphers that seal it apart want.
pub(crate) fn pad(message: &[u8], block: usize, length_apart: bool) -> Vec<u8> {
    let header = if length_apart { 1 } else { 5 };
    let mut padding = block - (message.len() + header) % block;
    if padding < 4 {
        padding += block;
    }
    let length = u32::try_from(message.len() + padding + 1).unwrap_or(u32::MAX);
    let mut packet = length.to_be_bytes().to_vec();
    packet.push(u8::try_from(padding).unwrap_or(u8::MAX));
    packet.extend(message);
    packet.resize(packet.len() + padding, 0);
    packet
}

/// Reads a message's fields, one after the other.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The fields after a message's number, which has to be `number`.
    pub(crate) fn after(number: u8, message: &'a [u8]) -> Result<Self> {
        let (first, fields) = message.split_first().context("an empty message")?;
        ensure!(*first == number, "message {first} in place of {number}");
        Ok(Self(fields))
    }

    /// A string.
    pub(crate) fn string(&mut self) -> Result<&'a [u8]> {
        let length = usize::try_from(self.number()?)?;
        self.take(length)
    }

    /// A number of four bytes.
    pub(crate) fn number(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.take(4)?.try_into()?))
    }

    /// A truth value.
    pub(crate) fn flag(&mut self) -> Result<bool> {
        Ok(self.take(1)? != [0])
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("a short message")?;
        self.0 = rest;
        Ok(taken)
    }
}
