//! `chacha20-poly1305@openssh.com` (OpenSSH PROTOCOL.chacha20poly1305).
//!
//! Unlike [RFC 8439] it takes two keys: one encrypts the packet length alone, the other the rest
//! and the key of Poly1305. The nonce is the packet's sequence number in 64 bits, so the block
//! counter has 64 bits as in the original ChaCha20.
//!
//! [RFC 8439]: https://www.rfc-editor.org/rfc/rfc8439

use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use subtle::ConstantTimeEq;

use crate::error::Unspecified;

/// Length of a key in bytes: two keys of ChaCha20.
pub const KEY_LEN: usize = 64;

/// Length of the encrypted packet length in bytes ([RFC 4253 §6]).
///
/// [RFC 4253 §6]: https://www.rfc-editor.org/rfc/rfc4253#section-6
pub const PACKET_LENGTH_LEN: usize = 4;

/// Length of a tag in bytes.
pub const TAG_LEN: usize = 16;

/// Where the stream that encrypts the packet begins: its first block yields Poly1305's key.
const PAYLOAD_OFFSET: u64 = 64;

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

    fn length_stream(&self, sequence_number: u32) -> ChaCha20Legacy {
        stream(&self.length, sequence_number)
    }

    /// The stream of a packet, moved to its payload, and the packet's authenticator.
    fn payload_stream(&self, sequence_number: u32) -> (ChaCha20Legacy, Poly1305) {
        let mut stream = stream(&self.payload, sequence_number);
        let mut poly_key = poly1305::Key::default();
        stream.apply_keystream(&mut poly_key);
        stream.seek(PAYLOAD_OFFSET);
        (stream, Poly1305::new(&poly_key))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.payload);
        zeroize::Zeroize::zeroize(&mut self.length);
    }
}

fn stream(key: &[u8; 32], sequence_number: u32) -> ChaCha20Legacy {
    let nonce = u64::from(sequence_number).to_be_bytes();
    ChaCha20Legacy::new(key.into(), &nonce.into())
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
        let (mut payload_stream, authenticator) = self.0.payload_stream(sequence_number);
        // Also of a packet that is too short, every byte is encrypted.
        let (length, payload) = packet.split_at_mut(packet.len().min(PACKET_LENGTH_LEN));
        self.0
            .length_stream(sequence_number)
            .apply_keystream(length);
        payload_stream.apply_keystream(payload);
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
        self.0
            .length_stream(sequence_number)
            .apply_keystream(&mut encrypted);
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
        let (mut stream, authenticator) = self.0.payload_stream(sequence_number);
        let expected = authenticator.compute_unpadded(packet);
        if !bool::from(expected.as_slice().ct_eq(tag)) {
            return Err(Unspecified);
        }
        let (_, payload) = packet
            .split_at_mut_checked(PACKET_LENGTH_LEN)
            .ok_or(Unspecified)?;
        stream.apply_keystream(payload);
        Ok(payload)
    }
}
