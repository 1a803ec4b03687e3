//! Private keys of PuTTY, versions 2 and 3 (PuTTY manual, appendix C, "PPK file format").
//!
//! ssh-key reads them too, but takes private numbers for `mpint`s in their shortest form, which
//! PuTTY's are not: one key in 256 would be refused. It also derives the key twice.

use aes::Aes256;
use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64, Encoding as _};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use ssh_key::Mpint;
use ssh_key::private::{Ed25519Keypair, Ed25519PrivateKey, KeypairData, RsaKeypair, RsaPrivateKey};
use ssh_key::public::KeyData;
use zeroize::Zeroizing;

use crate::signature::put_string;
use crate::{KeyError, PublicKey, pem};

/// How such a file begins.
pub(crate) const BEGIN: &str = "PuTTY-User-Key-File-";

/// Most memory that Argon2 may use to open a key, in KiB.
///
/// PuTTY uses 8 MiB. A browser may refuse to give more than 128 MiB.
const MAX_ARGON2_KIB: u32 = 128 * 1024;

/// Most memory that Argon2 may go over, in KiB, all passes together: some seconds in a browser.
///
/// PuTTY chooses its passes (13 to 40, over 8 MiB) to take 0.1 s natively. A file that asks for more
/// is refused, since nothing can interrupt the computation.
const MAX_ARGON2_WORK_KIB: u64 = 1024 * 1024;

/// Lines of base64 that a section may have; the size of the file bounds them anyway.
const MAX_LINES: usize = 4096;

/// What a file says, still encrypted.
struct File<'a> {
    version: u8,
    algorithm: &'a str,
    encryption: &'a str,
    comment: &'a str,
    public: Vec<u8>,
    derivation: Option<Argon2id<'a>>,
    private: Zeroizing<Vec<u8>>,
    mac: Vec<u8>,
}

/// Parameters of version 3's key derivation.
struct Argon2id<'a> {
    kind: &'a str,
    memory_kib: u32,
    passes: u32,
    parallelism: u32,
    salt: Vec<u8>,
}

/// Keys of AES and HMAC.
struct Derived {
    cipher: Zeroizing<Vec<u8>>,
    mac: Zeroizing<Vec<u8>>,
}

/// Reads the key.
pub(crate) fn parse(text: &str, passphrase: Option<&str>) -> Result<ssh_key::PrivateKey, KeyError> {
    let mut file = File::read(text)?;
    let derived = match file.encryption {
        "none" => None,
        "aes256-cbc" => {
            file.check_cost()?;
            let passphrase = passphrase.ok_or(KeyError::NeedsPassphrase)?;
            let derived = file.derive(passphrase.as_bytes())?;
            decrypt(&derived.cipher, &mut file.private)?;
            Some(derived)
        }
        _ => return Err(KeyError::Unsupported),
    };
    if !file.is_genuine(derived.as_ref()) {
        return Err(match derived {
            Some(_) => KeyError::WrongPassphrase,
            None => KeyError::Damaged,
        });
    }
    let public = PublicKey::from_blob(&file.public).map_err(|_| KeyError::Unsupported)?;
    let pair = pair(&public, &file.private)?;
    let key = ssh_key::PrivateKey::new(pair, file.comment).map_err(|_| KeyError::Damaged)?;
    if PublicKey::from_ssh_key(key.public_key()) == public {
        Ok(key)
    } else {
        Err(KeyError::Damaged)
    }
}

impl<'a> File<'a> {
    fn read(text: &'a str) -> Result<Self, KeyError> {
        let mut lines = Lines(text.lines());
        let first = lines.next_line()?.strip_prefix(BEGIN);
        let (version, algorithm) = first
            .and_then(|rest| rest.split_once(": "))
            .ok_or(KeyError::Damaged)?;
        let version = match version {
            "2" => 2,
            "3" => 3,
            // Version 1 was written for some months of 2001, and its MAC is none.
            _ => return Err(KeyError::Unsupported),
        };
        match algorithm {
            "ssh-dss" => return Err(KeyError::Dsa),
            "ssh-ed448" => return Err(KeyError::Unsupported),
            _ => {}
        }
        let encryption = lines.value("Encryption")?;
        let comment = lines.value("Comment")?;
        let public = lines.base64("Public-Lines")?.to_vec();
        let derivation = if version == 3 && encryption != "none" {
            Some(Argon2id {
                kind: lines.value("Key-Derivation")?,
                memory_kib: lines.number("Argon2-Memory")?,
                passes: lines.number("Argon2-Passes")?,
                parallelism: lines.number("Argon2-Parallelism")?,
                salt: hex(lines.value("Argon2-Salt")?)?,
            })
        } else {
            None
        };
        let private = lines.base64("Private-Lines")?;
        let mac = hex(lines.value("Private-MAC")?)?;
        if mac.len() != if version == 2 { 20 } else { 32 } {
            return Err(KeyError::Damaged);
        }
        Ok(Self {
            version,
            algorithm,
            encryption,
            comment,
            public,
            derivation,
            private,
            mac,
        })
    }

    fn check_cost(&self) -> Result<(), KeyError> {
        let Some(cost) = &self.derivation else {
            return Ok(());
        };
        let work = u64::from(cost.memory_kib).saturating_mul(cost.passes.into());
        if cost.memory_kib > MAX_ARGON2_KIB || work > MAX_ARGON2_WORK_KIB {
            return Err(KeyError::TooCostly);
        }
        Ok(())
    }

    fn derive(&self, passphrase: &[u8]) -> Result<Derived, KeyError> {
        /// Bytes of the cipher's key and first vector; what follows belongs to the MAC.
        const CIPHER_BYTES: usize = 48;
        let Some(cost) = &self.derivation else {
            return Ok(derive_sha1(passphrase));
        };
        let kind = match cost.kind {
            "Argon2id" => Algorithm::Argon2id,
            "Argon2i" => Algorithm::Argon2i,
            "Argon2d" => Algorithm::Argon2d,
            _ => return Err(KeyError::Unsupported),
        };
        let params = Params::new(cost.memory_kib, cost.passes, cost.parallelism, None);
        let params = params.map_err(|_| KeyError::Damaged)?;
        let mut all = Zeroizing::new([0; 80]);
        Argon2::new(kind, Version::V0x13, params)
            .hash_password_into(passphrase, &cost.salt, all.as_mut())
            .map_err(|_| KeyError::Damaged)?;
        let (cipher, mac) = all.split_at(CIPHER_BYTES);
        Ok(Derived {
            cipher: Zeroizing::new(cipher.to_vec()),
            mac: Zeroizing::new(mac.to_vec()),
        })
    }

    /// Whether the MAC is right, over everything that the key depends on.
    fn is_genuine(&self, derived: Option<&Derived>) -> bool {
        let mut covered = Zeroizing::new(Vec::new());
        put_string(&mut covered, self.algorithm.as_bytes());
        put_string(&mut covered, self.encryption.as_bytes());
        put_string(&mut covered, self.comment.as_bytes());
        put_string(&mut covered, &self.public);
        put_string(&mut covered, &self.private);
        let bare = if self.version == 2 {
            derive_sha1(b"").mac
        } else {
            Zeroizing::new(Vec::new())
        };
        let key = derived.map_or(&bare, |derived| &derived.mac);
        if self.version == 2 {
            Hmac::<Sha1>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(&*covered).verify_slice(&self.mac).is_ok())
        } else {
            Hmac::<Sha256>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(&*covered).verify_slice(&self.mac).is_ok())
        }
    }
}

/// Key derivation of version 2: two hashes side by side, and no first vector.
fn derive_sha1(passphrase: &[u8]) -> Derived {
    let mut cipher = Zeroizing::new(Vec::with_capacity(48));
    for counter in 0..2_u32 {
        let half = Sha1::new()
            .chain_update(counter.to_be_bytes())
            .chain_update(passphrase);
        cipher.extend_from_slice(&half.finalize());
    }
    cipher.truncate(32);
    cipher.extend_from_slice(&[0; 16]);
    let mac = Sha1::new()
        .chain_update("putty-private-key-file-mac-key")
        .chain_update(passphrase);
    Derived {
        cipher,
        mac: Zeroizing::new(mac.finalize().to_vec()),
    }
}

/// - `key`: 32 bytes of the key and 16 of the first vector.
fn decrypt(key: &[u8], bytes: &mut [u8]) -> Result<(), KeyError> {
    let (key, vector) = key.split_at_checked(32).ok_or(KeyError::Damaged)?;
    cbc::Decryptor::<Aes256>::new_from_slices(key, vector)
        .map_err(|_| KeyError::Damaged)?
        .decrypt_padded::<NoPadding>(bytes)
        .map_err(|_| KeyError::Damaged)?;
    Ok(())
}

/// Joins the two halves. What follows the numbers is padding.
fn pair(public: &PublicKey, private: &[u8]) -> Result<KeypairData, KeyError> {
    let mut numbers = Strings(private);
    match public.to_ssh_key().key_data() {
        KeyData::Ed25519(_) => {
            let seed = numbers.next_string()?;
            let seed = <[u8; 32]>::try_from(seed).map_err(|_| KeyError::Damaged)?;
            let private = Ed25519PrivateKey::from_bytes(&seed);
            Ok(KeypairData::Ed25519(Ed25519Keypair::from(private)))
        }
        KeyData::Ecdsa(key) => pem::from_scalar(key.curve(), numbers.next_string()?),
        KeyData::Rsa(key) => {
            let mut number = || numbers.next_string().map(Mpint::from_positive_bytes);
            let (d, p, q, inverse) = (number()?, number()?, number()?, number()?);
            let private = RsaPrivateKey::new(d, inverse, p, q).map_err(|_| KeyError::Damaged)?;
            let pair = RsaKeypair::new(key.clone(), private).map_err(|_| KeyError::Damaged)?;
            // ssh-key takes any numbers; this looks whether they belong together.
            rsa::RsaPrivateKey::try_from(&pair).map_err(|_| KeyError::Damaged)?;
            Ok(KeypairData::Rsa(pair))
        }
        _ => Err(KeyError::Unsupported),
    }
}

/// The lines that follow.
struct Lines<'a>(core::str::Lines<'a>);

impl<'a> Lines<'a> {
    fn next_line(&mut self) -> Result<&'a str, KeyError> {
        self.0.next().ok_or(KeyError::Damaged)
    }

    /// The value of the next line, which must have this name: the order is fixed.
    fn value(&mut self, name: &str) -> Result<&'a str, KeyError> {
        let value = self.next_line()?.strip_prefix(name);
        let value = value.and_then(|rest| rest.strip_prefix(':'));
        let value = value.ok_or(KeyError::Damaged)?;
        Ok(value.strip_prefix(' ').unwrap_or(value))
    }

    fn number(&mut self, name: &str) -> Result<u32, KeyError> {
        self.value(name)?.parse().map_err(|_| KeyError::Damaged)
    }

    fn base64(&mut self, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let count: usize = self.value(name)?.parse().map_err(|_| KeyError::Damaged)?;
        if count > MAX_LINES {
            return Err(KeyError::Damaged);
        }
        let mut base64 = Zeroizing::new(String::new());
        for _ in 0..count {
            base64.push_str(self.next_line()?);
        }
        let bytes = Base64::decode_vec(&base64).map_err(|_| KeyError::Damaged)?;
        Ok(Zeroizing::new(bytes))
    }
}

/// The strings that follow (RFC 4251 §5).
struct Strings<'a>(&'a [u8]);

impl<'a> Strings<'a> {
    fn next_string(&mut self) -> Result<&'a [u8], KeyError> {
        let (length, rest) = self.0.split_first_chunk().ok_or(KeyError::Damaged)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| KeyError::Damaged)?;
        let (string, rest) = rest.split_at_checked(length).ok_or(KeyError::Damaged)?;
        self.0 = rest;
        Ok(string)
    }
}

pub(crate) fn hex(text: &str) -> Result<Vec<u8>, KeyError> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.ok_or(KeyError::Damaged)?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(KeyError::Damaged);
    }
    Ok(pairs
        .filter_map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect())
}
