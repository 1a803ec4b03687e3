//! Public keys, as a server shows them and as people compare them.

use core::fmt;

use ssh_key::public::KeyData;
use ssh_key::{EcdsaCurve, HashAlg};

use crate::PublicKeyError;

/// A public key without its comment.
///
/// Two keys are equal when their wire encodings are ([RFC 4253 §6.6]).
///
/// [RFC 4253 §6.6]: https://www.rfc-editor.org/rfc/rfc4253#section-6.6
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicKey(KeyData);

impl PublicKey {
    /// Reads the wire encoding: what base64 hides in `ssh-ed25519 AAAA…`.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if it is cut short, has bytes left over, or is of an unknown type.
    pub fn from_blob(blob: &[u8]) -> Result<Self, PublicKeyError> {
        let key = ssh_key::PublicKey::from_bytes(blob).map_err(|_| PublicKeyError)?;
        Ok(Self(key.key_data().clone()))
    }

    /// Reads one line of the OpenSSH format: type, base64, and a comment that is not kept.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if it is no such line, or the types inside and outside differ.
    pub fn from_openssh(line: &str) -> Result<Self, PublicKeyError> {
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(base64)) = (words.next(), words.next()) else {
            return Err(PublicKeyError);
        };
        let key = ssh_key::PublicKey::from_openssh(&format!("{name} {base64}"))
            .map_err(|_| PublicKeyError)?;
        Ok(Self(key.key_data().clone()))
    }

    /// Takes over a key that ssh-key has parsed.
    pub fn from_ssh_key(key: &ssh_key::PublicKey) -> Self {
        Self(key.key_data().clone())
    }

    /// The key as ssh-key has it, without a comment.
    pub fn to_ssh_key(&self) -> ssh_key::PublicKey {
        ssh_key::PublicKey::from(self.0.clone())
    }

    /// Writes type and base64, as in `known_hosts` and `authorized_keys`, without a comment.
    pub fn to_openssh(&self) -> String {
        // An encoding can only fail on lengths beyond u32, and this key was parsed from less.
        ssh_key::PublicKey::from(self.0.clone())
            .to_openssh()
            .unwrap_or_default()
    }

    /// Writes the wire encoding.
    pub fn to_blob(&self) -> Vec<u8> {
        // As above: it was parsed from less than the encoding can hold.
        ssh_key::PublicKey::from(self.0.clone())
            .to_bytes()
            .unwrap_or_default()
    }

    /// The kind, for people: `Ed25519`, `ECDSA P-256`, `RSA 3072`.
    pub fn kind(&self) -> String {
        match &self.0 {
            KeyData::Ed25519(_) => "Ed25519".to_owned(),
            KeyData::Ecdsa(key) => match key.curve() {
                EcdsaCurve::NistP256 => "ECDSA P-256".to_owned(),
                EcdsaCurve::NistP384 => "ECDSA P-384".to_owned(),
                EcdsaCurve::NistP521 => "ECDSA P-521".to_owned(),
            },
            KeyData::Rsa(key) => format!("RSA {}", rsa_bits(key)),
            KeyData::SkEd25519(_) => "Ed25519 security key".to_owned(),
            KeyData::SkEcdsaSha2NistP256(_) => "ECDSA P-256 passkey or security key".to_owned(),
            other => other.algorithm().as_str().to_owned(),
        }
    }

    /// The name in the key's own encoding: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`.
    pub fn algorithm_name(&self) -> String {
        self.0.algorithm().as_str().to_owned()
    }

    /// `SHA256:` and 43 characters of base64, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The picture of the fingerprint with its frame, 11 lines separated by `\n`, as
    /// `ssh-keygen -lv` prints it.
    pub fn randomart(&self) -> String {
        self.0
            .fingerprint(HashAlg::Sha256)
            .to_randomart(&self.randomart_header())
    }

    /// Type and size in brackets; the size is left out where it does not fit (OpenSSH
    /// `fingerprint_randomart`).
    fn randomart_header(&self) -> String {
        /// Characters that the upper border has room for.
        const WIDTH: usize = 17;
        let (name, bits) = match &self.0 {
            KeyData::Ed25519(_) => ("ED25519", Some(256)),
            KeyData::Ecdsa(key) => ("ECDSA", Some(curve_bits(key.curve()))),
            KeyData::Rsa(key) => ("RSA", Some(rsa_bits(key))),
            KeyData::Dsa(_) => ("DSA", Some(1024)),
            KeyData::SkEd25519(_) => ("ED25519-SK", Some(256)),
            KeyData::SkEcdsaSha2NistP256(_) => ("ECDSA-SK", Some(256)),
            _ => ("UNKNOWN", None),
        };
        match bits.map(|bits| format!("[{name} {bits}]")) {
            Some(header) if header.len() <= WIDTH => header,
            _ => format!("[{name}]"),
        }
    }
}

/// Size of the modulus in bits, as OpenSSH counts: from the highest bit that is set.
fn rsa_bits(key: &ssh_key::public::RsaPublicKey) -> u32 {
    let zeros = key
        .n()
        .as_positive_bytes()
        .and_then(<[u8]>::first)
        .map_or(0, |first| first.leading_zeros());
    key.key_size().saturating_sub(zeros)
}

fn curve_bits(curve: EcdsaCurve) -> u32 {
    match curve {
        EcdsaCurve::NistP256 => 256,
        EcdsaCurve::NistP384 => 384,
        EcdsaCurve::NistP521 => 521,
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PublicKey({} {})",
            self.kind(),
            self.fingerprint()
        )
    }
}
