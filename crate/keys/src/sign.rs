//! Signing with a private key that this program holds: one that no browser takes in, or that a
//! person wanted to be able to export.

use ed25519_dalek::ed25519::signature::Signer as _;
use ssh_key::HashAlg;
use ssh_key::private::KeypairData;

use crate::{KeyError, PrivateKey, SignatureAlgorithm};

impl PrivateKey {
    /// Signs `message`. The answer is the bare signature, as WebCrypto makes it, which
    /// [`SignatureAlgorithm::encode`] takes.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] where the key does not sign in this way, [`KeyError::Damaged`] where
    /// its numbers do not belong together.
    pub fn sign(&self, way: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let data = self.as_ssh_key().key_data();
        let signed = match (data, way) {
            (KeypairData::Rsa(pair), SignatureAlgorithm::RsaSha512) => {
                (pair, Some(HashAlg::Sha512)).try_sign(message)
            }
            (KeypairData::Rsa(pair), SignatureAlgorithm::RsaSha256) => {
                (pair, Some(HashAlg::Sha256)).try_sign(message)
            }
            _ if SignatureAlgorithm::of(&self.public_key(), true) == Some(way) => {
                data.try_sign(message)
            }
            _ => return Err(KeyError::Unsupported),
        };
        let signed = signed.map_err(|_| KeyError::Damaged)?;
        match number_bytes(way) {
            Some(bytes) => halves(signed.as_bytes(), bytes).ok_or(KeyError::Damaged),
            None => Ok(signed.as_bytes().to_vec()),
        }
    }
}

/// Bytes of each of the two numbers of an ECDSA signature.
fn number_bytes(way: SignatureAlgorithm) -> Option<usize> {
    match way {
        SignatureAlgorithm::EcdsaP256 => Some(32),
        SignatureAlgorithm::EcdsaP384 => Some(48),
        SignatureAlgorithm::EcdsaP521 => Some(66),
        _ => None,
    }
}

/// Turns two `mpint`s (RFC 5656 §3.1.2) into two numbers of equal length (IEEE P1363).
fn halves(numbers: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut halves = Vec::with_capacity(2 * bytes);
    let mut rest = numbers;
    for _ in 0..2 {
        let (length, after) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (number, after) = after.split_at_checked(length)?;
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let digits = number.get(zeros..)?;
        halves.resize(halves.len() + bytes.checked_sub(digits.len())?, 0);
        halves.extend_from_slice(digits);
        rest = after;
    }
    rest.is_empty().then_some(halves)
}
