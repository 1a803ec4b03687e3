//! Private key files.

use core::fmt;

use ssh_key::Kdf;
use ssh_key::private::KeypairData;
use zeroize::Zeroizing;

use crate::{KeyError, PublicKey, pem, putty};

/// Largest key file that is read, in bytes.
///
/// An RSA key of 16 384 bits, the largest that OpenSSH makes, takes about 13 KB. Beyond it the
/// file is refused unread: it was chosen by mistake.
pub const MAX_KEY_FILE_BYTES: usize = 64 * 1024;

/// Most rounds of bcrypt that are computed to open a key.
///
/// `ssh-keygen` uses 16 to 24; careful people choose 100 (`-a 100`). 256 rounds take a few seconds
/// in a browser. A file that asks for more is refused, since nothing can interrupt the computation.
const MAX_BCRYPT_ROUNDS: u32 = 256;

/// Marks of the text before the first line of base64, and what they mean.
const OPENSSH_BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const OPENSSH_END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// A decrypted private key that can sign.
///
/// # Security
///
/// `Debug` shows the public half only. The secret is wiped from memory on drop, by ssh-key.
#[derive(Clone)]
pub struct PrivateKey(ssh_key::PrivateKey);

impl PrivateKey {
    /// Reads a private key file.
    ///
    /// - `text`: the file's content, at most [`MAX_KEY_FILE_BYTES`].
    /// - `passphrase`: opens an encrypted key; ignored by one that is not encrypted.
    ///
    /// # Errors
    ///
    /// Every [`KeyError`]; each says what the person can do about it.
    ///
    /// # Security
    ///
    /// Opening an encrypted key blocks for up to some seconds; the file cannot make it more.
    pub fn parse(text: &[u8], passphrase: Option<&str>) -> Result<Self, KeyError> {
        if text.len() > MAX_KEY_FILE_BYTES {
            return Err(KeyError::TooLarge);
        }
        let text = core::str::from_utf8(text).map_err(|_| KeyError::NotAKey)?;
        let key = if let Some(block) = openssh_block(text) {
            parse_openssh(&block, passphrase)?
        } else if let Some(block) = pem::Block::find(text) {
            block.parse(passphrase)?
        } else if let Some(start) = putty_start(text) {
            putty::parse(start, passphrase)?
        } else {
            return Err(refuse(text));
        };
        match key.key_data() {
            KeypairData::Ed25519(_) | KeypairData::Ecdsa(_) | KeypairData::Rsa(_) => Ok(Self(key)),
            KeypairData::Dsa(_) => Err(KeyError::Dsa),
            KeypairData::SkEd25519(_) | KeypairData::SkEcdsaSha2NistP256(_) => {
                Err(KeyError::SecurityKey)
            }
            _ => Err(KeyError::Unsupported),
        }
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::from_ssh_key(self.0.public_key())
    }

    /// The comment in the file, often `user@host`; untrusted text, may be empty.
    pub fn comment(&self) -> String {
        self.0.comment().as_str_lossy().to_owned()
    }

    /// The key in PKCS#8 ([RFC 5958]), not encrypted: what a browser's key store takes in.
    ///
    /// # Errors
    ///
    /// [`KeyError::Damaged`] if the key's numbers do not belong together.
    ///
    /// # Security
    ///
    /// This is the secret itself; it is wiped when it is dropped.
    ///
    /// [RFC 5958]: https://www.rfc-editor.org/rfc/rfc5958
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        pem::to_pkcs8(self.0.key_data())
    }

    /// The key as the signing code takes it.
    pub fn as_ssh_key(&self) -> &ssh_key::PrivateKey {
        &self.0
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("PrivateKey")
            .field(&self.public_key())
            .finish()
    }
}

/// Cuts the OpenSSH block out of `text`, with `\n` line ends, so that text around it (mail, blank
/// lines, Windows line ends) does no harm.
fn openssh_block(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(OPENSSH_BEGIN)?;
    let (body, _) = rest.split_once(OPENSSH_END)?;
    let mut block = String::with_capacity(text.len());
    block.push_str(OPENSSH_BEGIN);
    block.push('\n');
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        block.push_str(line);
        block.push('\n');
    }
    block.push_str(OPENSSH_END);
    block.push('\n');
    Some(block)
}

fn parse_openssh(block: &str, passphrase: Option<&str>) -> Result<ssh_key::PrivateKey, KeyError> {
    let key = ssh_key::PrivateKey::from_openssh(block).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. } => {
            KeyError::Unsupported
        }
        _ => KeyError::Damaged,
    })?;
    if !key.is_encrypted() {
        return Ok(key);
    }
    match key.kdf() {
        Kdf::Bcrypt { rounds, .. } if *rounds > MAX_BCRYPT_ROUNDS => {
            return Err(KeyError::TooCostly);
        }
        Kdf::Bcrypt { .. } => {}
        _ => return Err(KeyError::Unsupported),
    }
    let passphrase = passphrase.ok_or(KeyError::NeedsPassphrase)?;
    key.decrypt(passphrase).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. } => {
            KeyError::Unsupported
        }
        _ => KeyError::WrongPassphrase,
    })
}

/// Where PuTTY's file begins, after a byte order mark or blank lines.
fn putty_start(text: &str) -> Option<&str> {
    let start =
        text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    start.starts_with(putty::BEGIN).then_some(start)
}

/// Says what `text`, which is no key that we can read, is instead.
fn refuse(text: &str) -> KeyError {
    let start = text.trim_start();
    let first = start.split_ascii_whitespace().next().unwrap_or_default();
    if first.ends_with("-cert-v01@openssh.com") || text.contains("-----BEGIN CERTIFICATE-----") {
        return KeyError::CertificateGiven;
    }
    let public = ["ssh-", "ecdsa-", "sk-", "---- BEGIN SSH2 PUBLIC KEY"];
    if public.iter().any(|mark| start.starts_with(mark))
        || text.contains("-----BEGIN PUBLIC KEY-----")
        || text.contains("-----BEGIN RSA PUBLIC KEY-----")
        || PublicKey::from_openssh(start).is_ok()
    {
        return KeyError::PublicKeyGiven;
    }
    // A mark of ours without its end is a file that was cut short.
    let ours = ["OPENSSH ", "RSA ", "EC ", "DSA ", "ENCRYPTED ", ""];
    if ours
        .iter()
        .any(|kind| text.contains(&format!("-----BEGIN {kind}PRIVATE KEY")))
    {
        return KeyError::Damaged;
    }
    if text.contains("PRIVATE KEY") || start.starts_with("SSH PRIVATE KEY FILE FORMAT") {
        return KeyError::Unsupported;
    }
    KeyError::NotAKey
}
