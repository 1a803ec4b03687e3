//! Making tickets: for scripts, tests and a first try. In earnest a back end does it.

use std::path::Path;

use jsonwebtoken::{EncodingKey, Header, encode};
use transom_wire::Claims;

use super::key::{KeyError, read, secret, signature};
use crate::config::Algorithm;

/// A private key that signs tickets. `Debug` shows nothing of it.
#[derive(Debug)]
pub struct SigningKey {
    key: EncodingKey,
    header: Header,
}

/// Why there is no ticket.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MintError {
    /// The key file.
    #[error(transparent)]
    UserKey(#[from] KeyError),
    /// The key does not sign.
    #[error("the key does not sign")]
    LocalSigning,
}

impl SigningKey {
    /// Reads a private key as PEM, or for HS256 the secret.
    ///
    /// - `id`: becomes the header `kid`.
    ///
    /// # Errors
    ///
    /// [`MintError::UserKey`] where the file holds no such key.
    pub fn read(path: &Path, algorithm: Algorithm, id: Option<String>) -> Result<Self, MintError> {
        let content = read(path)?;
        let key = match algorithm {
            Algorithm::EdDsa => EncodingKey::from_ed_pem(&content).ok(),
            Algorithm::Es256 => EncodingKey::from_ec_pem(&content).ok(),
            Algorithm::Rs256 => EncodingKey::from_rsa_pem(&content).ok(),
            Algorithm::Hs256 => secret(&content).map(EncodingKey::from_secret),
        };
        let key = key.ok_or_else(|| KeyError::UserKey {
            path: path.to_owned(),
            algorithm,
            hint: match algorithm {
                Algorithm::Hs256 => "write at least 32 random bytes, as of `openssl rand -hex 32`",
                _ => "write its private key as PEM in PKCS #8, as of `openssl genpkey`",
            },
        })?;
        let mut header = Header::new(signature(algorithm));
        header.kid = id;
        Ok(Self { key, header })
    }

    /// Signs a ticket.
    ///
    /// # Errors
    ///
    /// [`MintError::LocalSigning`] where the key turns out not to fit.
    pub fn sign(&self, claims: &Claims) -> Result<String, MintError> {
        encode(&self.header, claims, &self.key).map_err(|_| MintError::LocalSigning)
    }
}
