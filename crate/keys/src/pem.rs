//! Private keys in PEM, as OpenSSL and old versions of OpenSSH write them: PKCS#1 ([RFC 8017]),
//! SEC 1 ([RFC 5915]) and PKCS#8 ([RFC 5958]), the last one also encrypted (PBES2, [RFC 8018]).
//!
//! The older encryption by lines in the header (`Proc-Type: 4,ENCRYPTED`) is opened by
//! [`crate::old_pem`].
//!
//! [RFC 8017]: https://www.rfc-editor.org/rfc/rfc8017
//! [RFC 5915]: https://www.rfc-editor.org/rfc/rfc5915
//! [RFC 5958]: https://www.rfc-editor.org/rfc/rfc5958
//! [RFC 8018]: https://www.rfc-editor.org/rfc/rfc8018

use base64ct::{Base64, Encoding as _};
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncryptedPrivateKeyInfoRef};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use ssh_key::EcdsaCurve;
use ssh_key::private::{EcdsaKeypair, Ed25519Keypair, Ed25519PrivateKey, KeypairData, RsaKeypair};
use zeroize::Zeroizing;

use crate::KeyError;
use crate::old_pem::Sealed;

/// Most rounds of PBKDF2 that are computed to open a key.
///
/// OpenSSL writes 2048; 600 000 are recommended for passwords. Two million take a few seconds in
/// a browser. A file that asks for more is refused, since nothing can interrupt the computation.
const MAX_PBKDF2_ROUNDS: u32 = 2_000_000;

/// Most memory that scrypt may use to open a key, in bytes (128 · N · r), times its passes.
///
/// OpenSSL uses 16 MiB. 128 MiB take about a second, and a browser may refuse to give more.
const MAX_SCRYPT_BYTES: u64 = 128 * 1024 * 1024;

/// What is between the marks, and what it claims to be.
pub(crate) struct Block<'a> {
    kind: Kind,
    body: &'a str,
}

#[derive(Clone, Copy)]
enum Kind {
    Pkcs1,
    Sec1,
    Pkcs8,
    EncryptedPkcs8,
    Dsa,
}

const KINDS: [(Kind, &str); 5] = [
    (Kind::Dsa, "DSA PRIVATE KEY"),
    (Kind::Pkcs1, "RSA PRIVATE KEY"),
    (Kind::Sec1, "EC PRIVATE KEY"),
    (Kind::EncryptedPkcs8, "ENCRYPTED PRIVATE KEY"),
    (Kind::Pkcs8, "PRIVATE KEY"),
];

impl<'a> Block<'a> {
    /// Finds the block in a text.
    pub(crate) fn find(text: &'a str) -> Option<Self> {
        KINDS.into_iter().find_map(|(kind, label)| {
            let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
            let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
            Some(Self { kind, body })
        })
    }

    /// Reads the key in the block.
    pub(crate) fn parse(&self, passphrase: Option<&str>) -> Result<ssh_key::PrivateKey, KeyError> {
        let sealed = Sealed::find(self.body)?;
        let base64 = sealed.as_ref().map_or(self.body, |sealed| sealed.base64);
        let base64: Zeroizing<String> = Zeroizing::new(base64.split_ascii_whitespace().collect());
        let der = Base64::decode_vec(&base64).map_err(|_| KeyError::Damaged)?;
        let der = match &sealed {
            Some(sealed) => sealed.open(&der, passphrase)?,
            None => Zeroizing::new(der),
        };
        let pair = self.pair(&der, passphrase).map_err(|error| match error {
            // One wrong passphrase in 256 leaves padding that looks right.
            KeyError::Damaged if sealed.is_some() => KeyError::WrongPassphrase,
            error => error,
        })?;
        ssh_key::PrivateKey::new(pair, "").map_err(|_| KeyError::Damaged)
    }

    fn pair(&self, der: &[u8], passphrase: Option<&str>) -> Result<KeypairData, KeyError> {
        match self.kind {
            Kind::Pkcs1 => pkcs1(der),
            Kind::Sec1 => sec1(der),
            Kind::Pkcs8 => pkcs8(der),
            Kind::EncryptedPkcs8 => pkcs8(decrypt(der, passphrase)?.as_bytes()),
            Kind::Dsa => Err(KeyError::Dsa),
        }
    }
}

fn decrypt(der: &[u8], passphrase: Option<&str>) -> Result<pkcs8::SecretDocument, KeyError> {
    let sealed = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Damaged)?;
    let scheme = sealed.encryption_algorithm.pbes2();
    match &scheme.ok_or(KeyError::Unsupported)?.kdf {
        Kdf::Pbkdf2(kdf) if kdf.iteration_count <= MAX_PBKDF2_ROUNDS => {}
        Kdf::Scrypt(kdf)
            if kdf
                .cost_parameter
                .saturating_mul(128)
                .saturating_mul(kdf.block_size.into())
                .saturating_mul(kdf.parallelization.into())
                <= MAX_SCRYPT_BYTES => {}
        Kdf::Pbkdf2(_) | Kdf::Scrypt(_) => return Err(KeyError::TooCostly),
        _ => return Err(KeyError::Unsupported),
    }
    let passphrase = passphrase.ok_or(KeyError::NeedsPassphrase)?;
    sealed.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(
            pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs8::pkcs5::Error::NoPbes1CryptSupport,
        ) => KeyError::Unsupported,
        _ => KeyError::WrongPassphrase,
    })
}

fn pkcs1(der: &[u8]) -> Result<KeypairData, KeyError> {
    let key = rsa::RsaPrivateKey::from_pkcs1_der(der).map_err(|_| KeyError::Damaged)?;
    from_rsa(&key)
}

fn from_rsa(key: &rsa::RsaPrivateKey) -> Result<KeypairData, KeyError> {
    let pair = RsaKeypair::try_from(key).map_err(|_| KeyError::Unsupported)?;
    Ok(KeypairData::Rsa(pair))
}

/// Tries the curves in turn: only the right one has scalars of the right length.
fn sec1(der: &[u8]) -> Result<KeypairData, KeyError> {
    let pair = if let Ok(key) = p256::SecretKey::from_sec1_der(der) {
        from_p256(key)
    } else if let Ok(key) = p384::SecretKey::from_sec1_der(der) {
        from_p384(key)
    } else if let Ok(key) = p521::SecretKey::from_sec1_der(der) {
        from_p521(key)
    } else {
        return Err(KeyError::Damaged);
    };
    Ok(KeypairData::Ecdsa(pair))
}

/// Tries the types in turn: each refuses the algorithm identifiers of the others.
fn pkcs8(der: &[u8]) -> Result<KeypairData, KeyError> {
    if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
        let private = Ed25519PrivateKey::from_bytes(key.as_bytes());
        return Ok(KeypairData::Ed25519(Ed25519Keypair::from(private)));
    }
    if let Ok(key) = rsa::RsaPrivateKey::from_pkcs8_der(der) {
        return from_rsa(&key);
    }
    let pair = if let Ok(key) = p256::SecretKey::from_pkcs8_der(der) {
        from_p256(key)
    } else if let Ok(key) = p384::SecretKey::from_pkcs8_der(der) {
        from_p384(key)
    } else if let Ok(key) = p521::SecretKey::from_pkcs8_der(der) {
        from_p521(key)
    } else if pkcs8::PrivateKeyInfoRef::try_from(der).is_ok() {
        return Err(KeyError::Unsupported);
    } else {
        return Err(KeyError::Damaged);
    };
    Ok(KeypairData::Ecdsa(pair))
}

/// Builds a key from its private number, highest byte first, of any length.
pub(crate) fn from_scalar(curve: EcdsaCurve, number: &[u8]) -> Result<KeypairData, KeyError> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = number.get(zeros..).unwrap_or_default();
    let mut padded = Zeroizing::new(vec![0; scalar_bytes(curve)]);
    let start = padded.len().checked_sub(digits.len());
    let place = start.and_then(|start| padded.get_mut(start..));
    place.ok_or(KeyError::Damaged)?.copy_from_slice(digits);
    let damaged = |_| KeyError::Damaged;
    Ok(KeypairData::Ecdsa(match curve {
        EcdsaCurve::NistP256 => from_p256(p256::SecretKey::from_slice(&padded).map_err(damaged)?),
        EcdsaCurve::NistP384 => from_p384(p384::SecretKey::from_slice(&padded).map_err(damaged)?),
        EcdsaCurve::NistP521 => from_p521(p521::SecretKey::from_slice(&padded).map_err(damaged)?),
    }))
}

fn scalar_bytes(curve: EcdsaCurve) -> usize {
    match curve {
        EcdsaCurve::NistP256 => 32,
        EcdsaCurve::NistP384 => 48,
        EcdsaCurve::NistP521 => 66,
    }
}

fn from_p256(key: p256::SecretKey) -> EcdsaKeypair {
    EcdsaKeypair::NistP256 {
        public: key.public_key().into(),
        private: key.into(),
    }
}

fn from_p384(key: p384::SecretKey) -> EcdsaKeypair {
    EcdsaKeypair::NistP384 {
        public: key.public_key().into(),
        private: key.into(),
    }
}

fn from_p521(key: p521::SecretKey) -> EcdsaKeypair {
    EcdsaKeypair::NistP521 {
        public: key.public_key().into(),
        private: key.into(),
    }
}

/// Writes a key in PKCS#8, not encrypted.
pub(crate) fn to_pkcs8(pair: &KeypairData) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    /// All that comes before the 32 bytes of an Ed25519 key (RFC 8410 §7). Browsers take no second
    /// version, which has the public half as well, so this is not left to ed25519-dalek.
    const ED25519: [u8; 16] = [
        0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    let damaged = |_| KeyError::Damaged;
    let document = match pair {
        KeypairData::Ed25519(pair) => {
            let mut der = Zeroizing::new(ED25519.to_vec());
            der.extend_from_slice(pair.private.as_ref());
            return Ok(der);
        }
        KeypairData::Ecdsa(EcdsaKeypair::NistP256 { private, .. }) => {
            p256::SecretKey::from_slice(private.as_slice())
                .map_err(damaged)?
                .to_pkcs8_der()
        }
        KeypairData::Ecdsa(EcdsaKeypair::NistP384 { private, .. }) => {
            p384::SecretKey::from_slice(private.as_slice())
                .map_err(damaged)?
                .to_pkcs8_der()
        }
        KeypairData::Ecdsa(EcdsaKeypair::NistP521 { private, .. }) => {
            p521::SecretKey::from_slice(private.as_slice())
                .map_err(damaged)?
                .to_pkcs8_der()
        }
        KeypairData::Rsa(pair) => rsa::RsaPrivateKey::try_from(pair)
            .map_err(|_| KeyError::Damaged)?
            .to_pkcs8_der(),
        _ => return Err(KeyError::Unsupported),
    };
    let document = document.map_err(|_| KeyError::Damaged)?;
    Ok(Zeroizing::new(document.as_bytes().to_vec()))
}
