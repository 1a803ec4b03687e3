//! Encrypted backups: one text file, opened by a passphrase. The format is described in
//! `crate/browser/STORAGE.md`.
//!
//! Whoever has the file can change it, so nothing in it is believed before it was checked: the size
//! first, then the sum over all bytes, the version, and the cost of the passphrase with floor and cap.
//! What it holds is for the caller to read; here it is bytes.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce, Tag};
use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::passphrase::{PASSPHRASE_SALT_BYTES, PassphraseCost, PassphraseError};

/// Bytes of chance that a new backup needs: its salt and the vector of AES-GCM.
pub const BACKUP_CHANCE_BYTES: usize = PASSPHRASE_SALT_BYTES + IV_BYTES;

/// Largest content, in bytes: thousands of keys and hosts. As text it is below 4 MB, which is what
/// the page reads of a file.
pub const MAX_BACKUP_BYTES: usize = 2 * 1024 * 1024;

const BEGIN: &str = "-----BEGIN TRANSOM BACKUP-----";
const END: &str = "-----END TRANSOM BACKUP-----";

/// What the bytes begin with, and the version of what follows.
const MAGIC: &[u8; 7] = b"transom";
const VERSION: u8 = 1;

/// Bytes of the vector of AES-GCM (NIST SP 800-38D §8.2.2).
const IV_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const SUM_BYTES: usize = 32;

/// Magic, version, memory, passes, salt, vector.
const HEAD_BYTES: usize = MAGIC.len() + 1 + 4 + 4 + PASSPHRASE_SALT_BYTES + IV_BYTES;

/// Characters in a line of base64, as in PEM.
const LINE_CHARS: usize = 64;

/// Longest text that is looked at: the largest content, in base64, with line ends of two characters.
const MAX_TEXT_BYTES: usize = MAX_BACKUP_BYTES / 3 * 4 / LINE_CHARS * (LINE_CHARS + 2) + 4096;

/// Why a backup could not be opened. Each variant is something else to do for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file is something else. Choose another one.
    #[error("file is no backup")]
    NotABackup,
    /// It begins like a backup and is cut short, or was changed on its way. Copy it again.
    #[error("backup is cut short or damaged")]
    Damaged,
    /// A later version of this program wrote it.
    #[error("backup is of a later version")]
    TooNew,
    /// It asks for less work than this program ever did: somebody changed it so that passphrases
    /// can be guessed.
    #[error("backup asks for too little work on its passphrase")]
    TooCheap,
    /// It asks for so much work that the browser would stand still.
    #[error("backup asks for too much work on its passphrase")]
    TooDear,
    /// The passphrase does not open it. Ask again.
    #[error("passphrase does not open the backup")]
    WrongPassphrase,
    /// There is more in it than a backup holds.
    #[error("backup is too large")]
    TooLarge,
    /// There is not enough memory to derive a key.
    #[error("no key can be derived from the passphrase here")]
    Derivation,
}

impl From<PassphraseError> for BackupError {
    fn from(error: PassphraseError) -> Self {
        match error {
            PassphraseError::TooCheap => Self::TooCheap,
            PassphraseError::TooDear => Self::TooDear,
            PassphraseError::Derivation => Self::Derivation,
        }
    }
}

/// Encrypts `content` under a passphrase. It takes some tenths of a second.
///
/// - `cost`: of each try of a passphrase; [`PassphraseCost::USUAL`] but in tests.
/// - `chance`: fresh for each backup.
///
/// # Errors
///
/// [`BackupError::TooLarge`] beyond [`MAX_BACKUP_BYTES`], or [`BackupError::Derivation`].
pub fn seal_backup(
    content: &[u8],
    passphrase: &str,
    cost: PassphraseCost,
    chance: &[u8; BACKUP_CHANCE_BYTES],
) -> Result<String, BackupError> {
    if content.len() > MAX_BACKUP_BYTES {
        return Err(BackupError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(HEAD_BYTES + content.len() + TAG_BYTES + SUM_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.push(VERSION);
    bytes.extend_from_slice(&cost.memory_kib().to_be_bytes());
    bytes.extend_from_slice(&cost.passes().to_be_bytes());
    bytes.extend_from_slice(chance);
    let (salt, iv) = chance.split_at(PASSPHRASE_SALT_BYTES);
    let cipher = cipher(cost, passphrase, salt)?;
    let iv: &Nonce<_> = iv.try_into().map_err(|_| BackupError::Derivation)?;
    let mut text = Zeroizing::new(content.to_vec());
    let tag = cipher.encrypt_inout_detached(iv, &bytes, text.as_mut_slice().into());
    let tag = tag.map_err(|_| BackupError::TooLarge)?;
    bytes.extend_from_slice(&text);
    bytes.extend_from_slice(&tag);
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    Ok(armoured(&bytes))
}

/// Opens a backup. It takes some tenths of a second; the file cannot make it more than some seconds.
///
/// # Errors
///
/// Every [`BackupError`].
///
/// # Security
///
/// The content may be secret; it is wiped when it is dropped.
pub fn open_backup(text: &str, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, BackupError> {
    let bytes = unarmoured(text)?;
    let (bytes, sum) = split_end::<SUM_BYTES>(&bytes)?;
    if Sha256::digest(bytes).as_slice() != sum {
        return Err(BackupError::Damaged);
    }
    let (rest, tag) = split_end::<TAG_BYTES>(bytes)?;
    let (head, sealed) = rest
        .split_at_checked(HEAD_BYTES)
        .ok_or(BackupError::Damaged)?;
    let head = Head::read(head)?;
    let cost = PassphraseCost::stored(head.memory_kib, head.passes)?;
    let cipher = cipher(cost, passphrase, head.salt)?;
    let iv: &Nonce<_> = head.iv.try_into().map_err(|_| BackupError::Damaged)?;
    let tag: &Tag = tag.into();
    let mut content = Zeroizing::new(sealed.to_vec());
    cipher
        .decrypt_inout_detached(iv, head.bytes, content.as_mut_slice().into(), tag)
        // The sum fits, so nothing was damaged on the way; a wrong passphrase is what is left.
        .map_err(|_| BackupError::WrongPassphrase)?;
    Ok(content)
}

/// What stands before the encrypted content, and is bound to it.
struct Head<'a> {
    bytes: &'a [u8],
    memory_kib: u32,
    passes: u32,
    salt: &'a [u8],
    iv: &'a [u8],
}

impl<'a> Head<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, BackupError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BackupError::NotABackup)?;
        let (version, rest) = rest.split_first().ok_or(BackupError::Damaged)?;
        if *version != VERSION {
            return Err(BackupError::TooNew);
        }
        let (memory, rest) = rest.split_first_chunk().ok_or(BackupError::Damaged)?;
        let (passes, rest) = rest.split_first_chunk().ok_or(BackupError::Damaged)?;
        let split = rest.split_at_checked(PASSPHRASE_SALT_BYTES);
        let (salt, iv) = split.ok_or(BackupError::Damaged)?;
        Ok(Self {
            bytes,
            memory_kib: u32::from_be_bytes(*memory),
            passes: u32::from_be_bytes(*passes),
            salt,
            iv,
        })
    }
}

fn cipher(cost: PassphraseCost, passphrase: &str, salt: &[u8]) -> Result<Aes256Gcm, BackupError> {
    let key = cost.derive(passphrase, salt)?;
    Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| BackupError::Derivation)
}

fn split_end<const BYTES: usize>(bytes: &[u8]) -> Result<(&[u8], &[u8; BYTES]), BackupError> {
    bytes.split_last_chunk().ok_or(BackupError::Damaged)
}

/// Writes bytes between marks, in lines of base64.
fn armoured(bytes: &[u8]) -> String {
    let base64 = Base64::encode_string(bytes);
    let mut text = format!("{BEGIN}\n");
    let mut rest = base64.as_str();
    while let Some((line, after)) = rest.split_at_checked(LINE_CHARS) {
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str(END);
    text.push('\n');
    text
}

/// Reads what is between the marks; text around them and other line ends do no harm.
fn unarmoured(text: &str) -> Result<Vec<u8>, BackupError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(BackupError::TooLarge);
    }
    let (_, rest) = text.split_once(BEGIN).ok_or(BackupError::NotABackup)?;
    let (body, _) = rest.split_once(END).ok_or(BackupError::Damaged)?;
    let base64: String = body.split_ascii_whitespace().collect();
    Base64::decode_vec(&base64).map_err(|_| BackupError::Damaged)
}
