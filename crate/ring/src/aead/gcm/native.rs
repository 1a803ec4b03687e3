//! By RustCrypto, with the instructions of the processor.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes128Gcm, Aes256Gcm, KeyInit, Nonce, Tag};

use crate::aead::{NONCE_LEN, TAG_LEN};
use crate::error::Unspecified;

/// An expanded key. Boxed, because its tables are large; wiped when dropped by RustCrypto.
pub(in crate::aead) enum Gcm {
    Aes128(Box<Aes128Gcm>),
    Aes256(Box<Aes256Gcm>),
}

impl Gcm {
    /// Expands a key of 16 or 32 bytes.
    pub(in crate::aead) fn new(key: &[u8]) -> Result<Self, Unspecified> {
        if let Ok(cipher) = Aes128Gcm::new_from_slice(key) {
            return Ok(Self::Aes128(Box::new(cipher)));
        }
        let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| Unspecified)?;
        Ok(Self::Aes256(Box::new(cipher)))
    }

    pub(in crate::aead) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
    ) -> Result<[u8; TAG_LEN], Unspecified> {
        let nonce: &Nonce<_> = nonce.into();
        let tag = match self {
            Self::Aes128(cipher) => cipher.encrypt_inout_detached(nonce, aad, text.into()),
            Self::Aes256(cipher) => cipher.encrypt_inout_detached(nonce, aad, text.into()),
        };
        tag.map(Into::into).map_err(|_| Unspecified)
    }

    pub(in crate::aead) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), Unspecified> {
        let nonce: &Nonce<_> = nonce.into();
        let tag: &Tag = tag.try_into().map_err(|_| Unspecified)?;
        let opened = match self {
            Self::Aes128(cipher) => cipher.decrypt_inout_detached(nonce, aad, text.into(), tag),
            Self::Aes256(cipher) => cipher.decrypt_inout_detached(nonce, aad, text.into(), tag),
        };
        opened.map_err(|_| Unspecified)
    }
}
