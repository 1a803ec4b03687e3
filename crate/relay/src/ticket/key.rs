//! Keys that tickets are checked with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse,
};
use jsonwebtoken::{Algorithm as Signature, DecodingKey};

use crate::config::{Algorithm, TicketConfig, TicketKey};
use crate::fetch::AddressError;

/// Bytes of an HMAC secret, at least: as many as its hash has ([RFC 7518 §3.2]).
///
/// [RFC 7518 §3.2]: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
const MIN_SECRET_BYTES: usize = 32;

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the key file {path}")]
    UserFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{path} holds no key for {algorithm:?}: {hint}")]
    UserKey {
        /// The file.
        path: PathBuf,
        /// What it should be used with.
        algorithm: Algorithm,
        /// What would be right.
        hint: &'static str,
    },
    /// The set of keys is none, or has none that can be used.
    #[error("{place} holds no set of keys with one for EdDSA, ES256, RS256 or HS256")]
    UserKeySet {
        /// File or address.
        place: String,
    },
    /// The address of the set cannot be used.
    #[error(transparent)]
    Address(#[from] AddressError),
}

/// A key and the only algorithm that it is used with.
#[derive(Clone, Debug)]
pub(super) struct Key {
    id: Option<String>,
    pub(super) algorithm: Signature,
    pub(super) material: DecodingKey,
}

/// Some keys.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyRing(Vec<Key>);

impl KeyRing {
    /// Reads all files that `config` names.
    pub(super) fn from_files(config: &TicketConfig) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        for key in &config.keys {
            keys.push(from_file(key)?);
        }
        if let Some(path) = &config.jwks_file {
            let text = String::from_utf8(read(path)?).unwrap_or_default();
            let set = Self::from_set(&text, true);
            let place = || path.display().to_string();
            keys.extend(
                set.ok_or_else(|| KeyError::UserKeySet { place: place() })?
                    .0,
            );
        }
        Ok(Self(keys))
    }

    /// Reads a set of keys ([RFC 7517 §5]); `None` where it has none to use. Keys for other
    /// purposes are passed over.
    ///
    /// - `symmetric`: takes secrets too. One that is fetched is no secret.
    ///
    /// [RFC 7517 §5]: https://www.rfc-editor.org/rfc/rfc7517#section-5
    pub(super) fn from_set(text: &str, symmetric: bool) -> Option<Self> {
        // Key by key: one that this version does not know must not take away the others.
        #[derive(serde::Deserialize)]
        struct Set {
            keys: Vec<serde_json::Value>,
        }
        let set: Set = serde_json::from_str(text).ok()?;
        let set = JwkSet {
            keys: set
                .keys
                .into_iter()
                .filter_map(|key| serde_json::from_value(key).ok())
                .collect(),
        };
        let keys: Vec<Key> = set.keys.iter().filter_map(from_jwk).collect();
        let usable = |key: &Key| symmetric || key.algorithm != Signature::HS256;
        let keys: Vec<Key> = keys.into_iter().filter(usable).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Keys that a ticket may be signed with: the one it names, or those without a name.
    pub(super) fn candidates<'a>(
        &'a self,
        kid: Option<&'a str>,
        algorithm: Signature,
    ) -> impl Iterator<Item = &'a Key> {
        self.0
            .iter()
            .filter(move |key| key.algorithm == algorithm && key.id.as_deref() == kid)
    }

    /// Whether there is a key with this name.
    pub(super) fn knows(&self, kid: Option<&str>) -> bool {
        self.0.iter().any(|key| key.id.as_deref() == kid)
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, KeyError> {
    fs::read(path).map_err(|source| KeyError::UserFile {
        path: path.to_owned(),
        source,
    })
}

/// The secret of an HMAC in a file: its bytes without a line's end.
pub(super) fn secret(content: &[u8]) -> Option<&[u8]> {
    let content = content.trim_ascii_end();
    (content.len() >= MIN_SECRET_BYTES).then_some(content)
}

fn from_file(config: &TicketKey) -> Result<Key, KeyError> {
    let content = read(&config.file)?;
    let key = match config.algorithm {
        Algorithm::EdDsa => DecodingKey::from_ed_pem(&content).ok(),
        Algorithm::Es256 => DecodingKey::from_ec_pem(&content).ok(),
        Algorithm::Rs256 => DecodingKey::from_rsa_pem(&content).ok(),
        Algorithm::Hs256 => secret(&content).map(DecodingKey::from_secret),
    };
    let key = key.ok_or_else(|| KeyError::UserKey {
        path: config.file.clone(),
        algorithm: config.algorithm,
        hint: match config.algorithm {
            Algorithm::Hs256 => "write at least 32 random bytes, as of `openssl rand -hex 32`",
            _ => "write its public key as PEM, as of `openssl pkey -pubout`",
        },
    })?;
    Ok(Key {
        id: config.id.clone(),
        algorithm: signature(config.algorithm),
        material: key,
    })
}

pub(super) fn signature(algorithm: Algorithm) -> Signature {
    match algorithm {
        Algorithm::EdDsa => Signature::EdDSA,
        Algorithm::Es256 => Signature::ES256,
        Algorithm::Rs256 => Signature::RS256,
        Algorithm::Hs256 => Signature::HS256,
    }
}

fn from_jwk(jwk: &Jwk) -> Option<Key> {
    let common = &jwk.common;
    if !matches!(common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Signature::EdDSA, KeyAlgorithm::EdDSA)
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Signature::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::RSA(_) => (Signature::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::OctetKey(_) => (Signature::HS256, KeyAlgorithm::HS256),
        _ => return None,
    };
    if common.key_algorithm.is_some_and(|named| named != name) {
        return None;
    }
    Some(Key {
        id: common.key_id.clone(),
        algorithm,
        material: DecodingKey::from_jwk(jwk).ok()?,
    })
}
