//! Sealing and opening with one nonce.

use ring::aead::{
    Aad, Algorithm, BoundKey, NONCE_LEN, Nonce, NonceSequence, OpeningKey, SealingKey, UnboundKey,
};
use ring::error::Unspecified;

/// A sequence of a single nonce.
pub(crate) struct Once(Option<[u8; NONCE_LEN]>);

impl Once {
    pub(crate) fn new(nonce: &[u8]) -> Self {
        Self(Some(nonce.try_into().unwrap()))
    }
}

impl NonceSequence for Once {
    fn advance(&mut self) -> Result<Nonce, Unspecified> {
        self.0
            .take()
            .map(Nonce::assume_unique_for_key)
            .ok_or(Unspecified)
    }
}

/// Returns ciphertext and tag.
pub(crate) fn seal(
    algorithm: &'static Algorithm,
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    let key = UnboundKey::new(algorithm, key).unwrap();
    let mut key = SealingKey::new(key, Once::new(nonce));
    let mut text = plaintext.to_vec();
    let tag = key
        .seal_in_place_separate_tag(Aad::from(aad), &mut text)
        .unwrap();
    text.extend_from_slice(tag.as_ref());
    text
}

/// Takes ciphertext and tag, returns the plaintext.
pub(crate) fn open(
    algorithm: &'static Algorithm,
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let key = UnboundKey::new(algorithm, key).unwrap();
    let mut key = OpeningKey::new(key, Once::new(nonce));
    let mut text = sealed.to_vec();
    Ok(key.open_in_place(Aad::from(aad), &mut text)?.to_vec())
}
