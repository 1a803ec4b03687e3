//! Signatures and public keys in the encodings of WebCrypto, turned into those of SSH.
//!
//! A browser can make and use keys that it never shows. It gives public keys as bare points or
//! numbers, and signatures without a name; SSH wants both in the encodings of [RFC 4253 §6.6],
//! [RFC 5656 §3.1], [RFC 8332] and [RFC 8709].
//!
//! [RFC 4253 §6.6]: https://www.rfc-editor.org/rfc/rfc4253#section-6.6
//! [RFC 5656 §3.1]: https://www.rfc-editor.org/rfc/rfc5656#section-3.1
//! [RFC 8332]: https://www.rfc-editor.org/rfc/rfc8332
//! [RFC 8709]: https://www.rfc-editor.org/rfc/rfc8709

use base64ct::{Base64UrlUnpadded, Encoding as _};

use crate::passkey::WEBAUTHN_NAME;
use crate::{PublicKey, PublicKeyError};

/// First byte of an elliptic-curve point that is written with both coordinates (SEC 1 §2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A way to sign that a browser can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// `ssh-ed25519`.
    Ed25519,
    /// `ecdsa-sha2-nistp256`.
    EcdsaP256,
    /// `ecdsa-sha2-nistp384`.
    EcdsaP384,
    /// `ecdsa-sha2-nistp521`.
    EcdsaP521,
    /// `rsa-sha2-256`.
    RsaSha256,
    /// `rsa-sha2-512`.
    RsaSha512,
    /// `webauthn-sk-ecdsa-sha2-nistp256@openssh.com`: an authenticator signs, and
    /// [`Assertion::to_signature`](crate::Assertion::to_signature) makes the value of it.
    Passkey,
}

impl SignatureAlgorithm {
    /// Says how `key` signs; `None` for keys that no browser signs with.
    ///
    /// - `sha512`: of RSA's two ways, the one with SHA-512. Other keys have one way only.
    pub fn of(key: &PublicKey, sha512: bool) -> Option<Self> {
        match key.algorithm_name().as_str() {
            "ssh-ed25519" => Some(Self::Ed25519),
            "ecdsa-sha2-nistp256" => Some(Self::EcdsaP256),
            "ecdsa-sha2-nistp384" => Some(Self::EcdsaP384),
            "ecdsa-sha2-nistp521" => Some(Self::EcdsaP521),
            "sk-ecdsa-sha2-nistp256@openssh.com" => Some(Self::Passkey),
            "ssh-rsa" if sha512 => Some(Self::RsaSha512),
            "ssh-rsa" => Some(Self::RsaSha256),
            _ => None,
        }
    }

    /// The name in the signature.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::RsaSha256 => "rsa-sha2-256",
            Self::RsaSha512 => "rsa-sha2-512",
            Self::Passkey => WEBAUTHN_NAME,
        }
    }

    /// Encodes a signature as SSH sends it: the name, then the value.
    ///
    /// - `raw`: as WebCrypto makes it; for ECDSA the two numbers in equal halves (IEEE P1363),
    ///   which SSH wants as two `mpint`s.
    pub fn encode(self, raw: &[u8]) -> Vec<u8> {
        let mut blob = Vec::new();
        put_string(&mut blob, self.name().as_bytes());
        if self == Self::Passkey {
            // The value has several fields, which follow the name without a length of their own.
            blob.extend_from_slice(raw);
        } else if matches!(self, Self::EcdsaP256 | Self::EcdsaP384 | Self::EcdsaP521) {
            let (r, s) = raw.split_at(raw.len() / 2);
            let mut numbers = Vec::new();
            put_number(&mut numbers, r);
            put_number(&mut numbers, s);
            put_string(&mut blob, &numbers);
        } else {
            put_string(&mut blob, raw);
        }
        blob
    }
}

impl PublicKey {
    /// Builds an Ed25519 key from its point, 32 bytes.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if `point` has another length.
    pub fn from_ed25519_point(point: &[u8]) -> Result<Self, PublicKeyError> {
        let mut blob = Vec::new();
        put_string(&mut blob, b"ssh-ed25519");
        put_string(&mut blob, point);
        Self::from_blob(&blob)
    }

    /// Builds an ECDSA key from its point with both coordinates: 65 bytes on P-256, 97 on P-384.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if `point` has another length or another form.
    pub fn from_ecdsa_point(point: &[u8]) -> Result<Self, PublicKeyError> {
        let curve = match (point.first(), point.len()) {
            (Some(&UNCOMPRESSED), 65) => "nistp256",
            (Some(&UNCOMPRESSED), 97) => "nistp384",
            _ => return Err(PublicKeyError),
        };
        let mut blob = Vec::new();
        put_string(&mut blob, format!("ecdsa-sha2-{curve}").as_bytes());
        put_string(&mut blob, curve.as_bytes());
        put_string(&mut blob, point);
        Self::from_blob(&blob)
    }

    /// Builds an RSA key from its two numbers as a JSON Web Key has them ([RFC 7518 §6.3.1]):
    /// highest byte first, in base64 for URLs without padding.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if they make no key.
    ///
    /// [RFC 7518 §6.3.1]: https://www.rfc-editor.org/rfc/rfc7518#section-6.3.1
    pub fn from_rsa_base64url(exponent: &str, modulus: &str) -> Result<Self, PublicKeyError> {
        let number = |text| Base64UrlUnpadded::decode_vec(text).map_err(|_| PublicKeyError);
        let mut blob = Vec::new();
        put_string(&mut blob, b"ssh-rsa");
        put_number(&mut blob, &number(exponent)?);
        put_number(&mut blob, &number(modulus)?);
        Self::from_blob(&blob)
    }
}

/// Appends a `string` ([RFC 4251 §5]): length, then bytes.
///
/// [RFC 4251 §5]: https://www.rfc-editor.org/rfc/rfc4251#section-5
pub(crate) fn put_string(blob: &mut Vec<u8>, bytes: &[u8]) {
    // Keys and signatures are far below 4 GiB; a longer one would come out malformed, and be
    // refused by whoever reads it.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    blob.extend_from_slice(&length.to_be_bytes());
    blob.extend_from_slice(bytes);
}

/// Appends a positive `mpint`: without zeros in front, but for one where the highest bit is set.
pub(crate) fn put_number(blob: &mut Vec<u8>, bytes: &[u8]) {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    let mut number = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_some_and(|first| *first >= 0x80) {
        number.push(0);
    }
    number.extend_from_slice(digits);
    put_string(blob, &number);
}
