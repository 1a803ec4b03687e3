//! `chacha20-poly1305@openssh.com` (OpenSSH PROTOCOL.chacha20poly1305).
//!
//! Unlike [RFC 8439] it takes two keys: one encrypts the packet length alone, the other the rest
//! and the key of Poly1305. The nonce is the packet's sequence number in 64 bits, so the block
//! counter has 64 bits as in the original ChaCha20.
//!
//! [RFC 8439]: https://www.rfc-editor.org/rfc/rfc8439

use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::chacha20::{KeyStream, RUN_BLOCKS, RUN_LEN, xor};
use crate::error::Unspecified;

/// Length of a key in bytes: two keys of ChaCha20.
pub const KEY_LEN: usize = 64;

/// Length of the encrypted packet length in bytes ([RFC 4253 §6]).
///
/// [RFC 4253 §6]: https://www.rfc-editor.org/rfc/rfc4253#section-6
pub const PACKET_LENGTH_LEN: usize = 4;

/// Length of a tag in bytes.
pub const TAG_LEN: usize = 16;

/// Bytes of a block. The packet's first yields Poly1305's key, and the payload begins with the
/// second.
const BLOCK_LEN: usize = 64;

/// The two keys. The compiler's own drop does not wipe them, so [`Drop`] does.
struct Keys {
    payload: [u8; 32],
    length: [u8; 32],
}

impl Keys {
    fn new(material: &[u8; KEY_LEN]) -> Self {
        let mut keys = Self {
            payload: [0; 32],
            length: [0; 32],
        };
        let (payload, length) = material.split_at(32);
        keys.payload.copy_from_slice(payload);
        keys.length.copy_from_slice(length);
        keys
    }

    /// Encrypts or decrypts a packet's length.
    fn apply_to_length(&self, sequence_number: u32, length: &mut [u8]) {
        stream(&self.length, sequence_number).apply(0, length);
    }

    /// The stream of a packet's payload, and the packet's authenticator.
    fn packet(&self, sequence_number: u32) -> (PayloadStream, Poly1305) {
        let stream = stream(&self.payload, sequence_number);
        let mut begin = [0; RUN_LEN];
        stream.apply_run(0, &mut begin);
        let mut poly_key = poly1305::Key::default();
        xor(&mut poly_key, &begin);
        let authenticator = Poly1305::new(&poly_key);
        poly_key.zeroize();
        (PayloadStream { stream, begin }, authenticator)
    }
}

/// The stream that encrypts one packet, of which the beginning is computed together with the key
/// of its authenticator: most packets that a person causes need no more.
struct PayloadStream {
    stream: KeyStream,
    /// The first blocks, from that of the key on.
    begin: [u8; RUN_LEN],
}

impl PayloadStream {
    /// Encrypts or decrypts a packet's payload.
    fn apply(&self, payload: &mut [u8]) {
        let (_, begin) = self.begin.split_at(BLOCK_LEN);
        let (first, rest) = payload.split_at_mut(payload.len().min(begin.len()));
        xor(first, begin);
        self.stream.apply(RUN_BLOCKS, rest);
    }
}

impl Drop for PayloadStream {
    fn drop(&mut self) {
        self.begin.zeroize();
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.payload.zeroize();
        self.length.zeroize();
    }
}

fn stream(key: &[u8; 32], sequence_number: u32) -> KeyStream {
    KeyStream::new(key, u64::from(sequence_number).to_be_bytes())
}

/// A key that seals packets.
pub struct SealingKey(Keys);

impl SealingKey {
    /// Splits `key_material` into the two keys.
    pub fn new(key_material: &[u8; KEY_LEN]) -> Self {
        Self(Keys::new(key_material))
    }

    /// Encrypts a packet, its length first, and writes its tag to `tag_out`.
    pub fn seal_in_place(
        &self,
        sequence_number: u32,
        packet: &mut [u8],
        tag_out: &mut [u8; TAG_LEN],
    ) {
        let (stream, authenticator) = self.0.packet(sequence_number);
        // Also of a packet that is too short, every byte is encrypted.
        let (length, payload) = packet.split_at_mut(packet.len().min(PACKET_LENGTH_LEN));
        self.0.apply_to_length(sequence_number, length);
        stream.apply(payload);
        tag_out.copy_from_slice(&authenticator.compute_unpadded(packet));
    }
}

/// A key that opens packets.
pub struct OpeningKey(Keys);

impl OpeningKey {
    /// Splits `key_material` into the two keys.
    pub fn new(key_material: &[u8; KEY_LEN]) -> Self {
        Self(Keys::new(key_material))
    }

    /// Decrypts a packet's length.
    ///
    /// # Security
    ///
    /// It is not authenticated yet: use it to read the rest of the packet and for nothing else.
    pub fn decrypt_packet_length(
        &self,
        sequence_number: u32,
        mut encrypted: [u8; PACKET_LENGTH_LEN],
    ) -> [u8; PACKET_LENGTH_LEN] {
        self.0.apply_to_length(sequence_number, &mut encrypted);
        encrypted
    }

    /// Checks and decrypts a packet that begins with its encrypted length, and returns what
    /// follows that.
    ///
    /// # Errors
    ///
    /// [`Unspecified`] when packet or tag are not what was sealed. The packet is then not
    /// decrypted.
    pub fn open_in_place<'packet>(
        &self,
        sequence_number: u32,
        packet: &'packet mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<&'packet [u8], Unspecified> {
        let (stream, authenticator) = self.0.packet(sequence_number);
        let expected = authenticator.compute_unpadded(packet);
        if !bool::from(expected.as_slice().ct_eq(tag)) {
            return Err(Unspecified);
        }
        let (_, payload) = packet
            .split_at_mut_checked(PACKET_LENGTH_LEN)
            .ok_or(Unspecified)?;
        stream.apply(payload);
        Ok(payload)
    }
}
