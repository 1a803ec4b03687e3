//! Authenticated encryption with associated data ([RFC 5116]).
//!
//! [RFC 5116]: https://www.rfc-editor.org/rfc/rfc5116

pub mod chacha20_poly1305_openssh;
mod gcm;

use core::fmt;

use crate::error::Unspecified;
use gcm::Gcm;

/// Length of a nonce in bytes ([RFC 5116 §5.1]).
///
/// [RFC 5116 §5.1]: https://www.rfc-editor.org/rfc/rfc5116#section-5.1
pub const NONCE_LEN: usize = 12;

/// Length of a tag in bytes, for every algorithm here.
const TAG_LEN: usize = 16;

/// AES-128 in Galois/Counter Mode, as `aes128-gcm@openssh.com` uses it.
pub static AES_128_GCM: Algorithm = Algorithm {
    key_len: 16,
    name: "AES_128_GCM",
};

/// AES-256 in Galois/Counter Mode, as `aes256-gcm@openssh.com` uses it.
pub static AES_256_GCM: Algorithm = Algorithm {
    key_len: 32,
    name: "AES_256_GCM",
};

/// An AEAD algorithm.
#[derive(PartialEq, Eq)]
pub struct Algorithm {
    key_len: usize,
    name: &'static str,
}

impl Algorithm {
    /// Length of a key in bytes.
    pub fn key_len(&self) -> usize {
        self.key_len
    }

    /// Length of a tag in bytes.
    pub fn tag_len(&self) -> usize {
        TAG_LEN
    }

    /// Length of a nonce in bytes.
    pub fn nonce_len(&self) -> usize {
        NONCE_LEN
    }
}

impl fmt::Debug for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// A nonce that must be used once.
pub struct Nonce([u8; NONCE_LEN]);

impl Nonce {
    /// Wraps `value`, which the caller must never use again with the same key.
    pub fn assume_unique_for_key(value: [u8; NONCE_LEN]) -> Self {
        Self(value)
    }
}

/// Where nonces come from, one after the other.
pub trait NonceSequence {
    /// Returns the next nonce.
    ///
    /// # Errors
    ///
    /// [`Unspecified`] when the sequence is exhausted.
    fn advance(&mut self) -> Result<Nonce, Unspecified>;
}

/// Data that is authenticated and not encrypted.
#[derive(Clone, Copy)]
pub struct Aad<A: AsRef<[u8]>>(A);

impl<A: AsRef<[u8]>> From<A> for Aad<A> {
    fn from(data: A) -> Self {
        Self(data)
    }
}

/// An authentication tag.
#[derive(Clone, Copy)]
pub struct Tag([u8; TAG_LEN]);

impl AsRef<[u8]> for Tag {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A key without a nonce sequence.
pub struct UnboundKey {
    cipher: Gcm,
    algorithm: &'static Algorithm,
}

impl UnboundKey {
    /// Expands a key.
    ///
    /// # Errors
    ///
    /// [`Unspecified`] when `key` does not have the algorithm's length.
    pub fn new(algorithm: &'static Algorithm, key: &[u8]) -> Result<Self, Unspecified> {
        if key.len() != algorithm.key_len {
            return Err(Unspecified);
        }
        let cipher = Gcm::new(key)?;
        Ok(Self { cipher, algorithm })
    }
}

/// A key with its nonces.
pub trait BoundKey<N: NonceSequence> {
    /// Binds `key` to `nonces`.
    fn new(key: UnboundKey, nonces: N) -> Self;

    /// The key's algorithm.
    fn algorithm(&self) -> &'static Algorithm;
}

/// A key that opens what the peer sealed.
pub struct OpeningKey<N: NonceSequence> {
    key: UnboundKey,
    nonces: N,
}

/// A key that seals.
pub struct SealingKey<N: NonceSequence> {
    key: UnboundKey,
    nonces: N,
}

impl<N: NonceSequence> BoundKey<N> for OpeningKey<N> {
    fn new(key: UnboundKey, nonces: N) -> Self {
        Self { key, nonces }
    }

    fn algorithm(&self) -> &'static Algorithm {
        self.key.algorithm
    }
}

impl<N: NonceSequence> BoundKey<N> for SealingKey<N> {
    fn new(key: UnboundKey, nonces: N) -> Self {
        Self { key, nonces }
    }

    fn algorithm(&self) -> &'static Algorithm {
        self.key.algorithm
    }
}

impl<N: NonceSequence> OpeningKey<N> {
    /// Checks and decrypts `text`, which ends in the tag, and returns the plaintext.
    ///
    /// # Errors
    ///
    /// [`Unspecified`] when text, tag or associated data are not what was sealed. The text is
    /// then not decrypted.
    pub fn open_in_place<'text, A: AsRef<[u8]>>(
        &mut self,
        Aad(aad): Aad<A>,
        text: &'text mut [u8],
    ) -> Result<&'text mut [u8], Unspecified> {
        let length = text.len().checked_sub(TAG_LEN).ok_or(Unspecified)?;
        let nonce = self.nonces.advance()?;
        let (text, tag) = text.split_at_mut(length);
        self.key.cipher.open(&nonce.0, aad.as_ref(), text, tag)?;
        Ok(text)
    }
}

impl<N: NonceSequence> SealingKey<N> {
    /// Encrypts `text` in place and returns its tag.
    ///
    /// # Errors
    ///
    /// [`Unspecified`] when the nonces are exhausted or the text is longer than the mode allows.
    pub fn seal_in_place_separate_tag<A: AsRef<[u8]>>(
        &mut self,
        Aad(aad): Aad<A>,
        text: &mut [u8],
    ) -> Result<Tag, Unspecified> {
        let nonce = self.nonces.advance()?;
        self.key.cipher.seal(&nonce.0, aad.as_ref(), text).map(Tag)
    }
}
