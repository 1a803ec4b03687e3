//! Writing private keys as files.

use base64ct::{Base64, Encoding as _};
use ssh_key::{Cipher, Kdf, LineEnding};
use zeroize::Zeroizing;

use crate::{KeyError, PrivateKey};

/// Bytes of chance that an encrypted key file needs: the salt of bcrypt, as `ssh-keygen` has it, and
/// the number by which a wrong passphrase is seen.
pub const KEY_FILE_CHANCE_BYTES: usize = SALT_BYTES + 4;

const SALT_BYTES: usize = 16;

/// Rounds of bcrypt, as `ssh-keygen` has it since version 9.4.
const BCRYPT_ROUNDS: u32 = 24;

impl PrivateKey {
    /// Writes the key in OpenSSH's format, encrypted under `passphrase`. It takes some tenths of a
    /// second.
    ///
    /// - `comment`: stands in the file; control characters are left out.
    /// - `chance`: fresh for each file.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] where the key cannot be written.
    pub fn to_encrypted_openssh(
        &self,
        passphrase: &str,
        comment: &str,
        chance: &[u8; KEY_FILE_CHANCE_BYTES],
    ) -> Result<Zeroizing<String>, KeyError> {
        let unsupported = |_| KeyError::Unsupported;
        let (salt, check) = chance.split_at(SALT_BYTES);
        let check = check.try_into().map_or(0, u32::from_be_bytes);
        let kdf = Kdf::Bcrypt {
            salt: salt.to_vec(),
            rounds: BCRYPT_ROUNDS,
        };
        let mut key = self.as_ssh_key().clone();
        let comment: String = comment.chars().filter(|c| !c.is_control()).collect();
        key.set_comment(comment);
        let sealed = key
            .encrypt_with(Cipher::Aes256Ctr, kdf, check, passphrase)
            .map_err(unsupported)?;
        sealed.to_openssh(LineEnding::LF).map_err(unsupported)
    }
}

/// Writes a key in PKCS#8 as the text of a file ([RFC 7468 §10]), not encrypted.
///
/// # Security
///
/// This is the secret itself; it is wiped when it is dropped.
///
/// [RFC 7468 §10]: https://www.rfc-editor.org/rfc/rfc7468#section-10
pub fn pkcs8_text(pkcs8: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(Base64::encode_string(pkcs8));
    // Written whole at once: no copy is left where the text had to grow.
    let mut text = Zeroizing::new(String::with_capacity(base64.len() / 64 * 65 + 128));
    text.push_str("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = base64.as_str();
    while let Some((line, after)) = rest.split_at_checked(64) {
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(rest);
    text.push_str("\n-----END PRIVATE KEY-----\n");
    text
}
