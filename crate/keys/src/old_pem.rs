//! The encryption of PEM by lines in its header ([RFC 1421 §4.6]), as OpenSSL wrote it before
//! PKCS#8 and `ssh-keygen -m PEM` still does.
//!
//! The key comes out of one round of MD5, so such a file protects a key badly; it is read so that
//! people can bring old keys, which are then stored otherwise.
//!
//! [RFC 1421 §4.6]: https://www.rfc-editor.org/rfc/rfc1421#section-4.6

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt as _, KeyInit, KeyIvInit as _};
use des::TdesEde3;
use zeroize::Zeroizing;

use crate::KeyError;
use crate::putty::hex;

/// The header's `DEK-Info`, and the base64 below it.
pub(crate) struct Sealed<'a> {
    cipher: &'a str,
    vector: Vec<u8>,
    /// What is encrypted, in base64 with line ends.
    pub(crate) base64: &'a str,
}

impl<'a> Sealed<'a> {
    /// Reads the header; `None` where there is none.
    ///
    /// - `body`: what stands between the marks.
    pub(crate) fn find(body: &'a str) -> Result<Option<Self>, KeyError> {
        let body = body.trim_start();
        if !body.starts_with("Proc-Type:") {
            return Ok(None);
        }
        let split = body.split_once("\n\n").or(body.split_once("\r\n\r\n"));
        let (header, base64) = split.ok_or(KeyError::Damaged)?;
        let info = header
            .lines()
            .find_map(|line| line.strip_prefix("DEK-Info:"));
        let info = info.and_then(|info| info.trim().split_once(','));
        let (cipher, vector) = info.ok_or(KeyError::Damaged)?;
        Ok(Some(Self {
            cipher,
            vector: hex(vector.trim())?,
            base64,
        }))
    }

    /// Opens what was in the base64.
    pub(crate) fn open(
        &self,
        bytes: &[u8],
        passphrase: Option<&str>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let open = match self.cipher {
            "AES-128-CBC" => decrypt::<Aes128>,
            "AES-192-CBC" => decrypt::<Aes192>,
            "AES-256-CBC" => decrypt::<Aes256>,
            "DES-EDE3-CBC" => decrypt::<TdesEde3>,
            _ => return Err(KeyError::Unsupported),
        };
        let passphrase = passphrase.ok_or(KeyError::NeedsPassphrase)?;
        open(passphrase.as_bytes(), &self.vector, bytes)
    }
}

fn decrypt<C: BlockCipherDecrypt + KeyInit>(
    passphrase: &[u8],
    vector: &[u8],
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // The vector is the salt as well: its first eight bytes.
    let salt = vector.get(..8).ok_or(KeyError::Damaged)?;
    let key = derive(passphrase, salt, C::key_size());
    let cipher = Decryptor::<C>::new_from_slices(&key, vector).map_err(|_| KeyError::Damaged)?;
    let mut bytes = Zeroizing::new(bytes.to_vec());
    let opened = cipher.decrypt_padded::<Pkcs7>(&mut bytes);
    // Right by accident for one wrong passphrase in 256; what comes out is no key then.
    let length = opened.map_err(|_| KeyError::WrongPassphrase)?.len();
    bytes.truncate(length);
    Ok(bytes)
}

/// `EVP_BytesToKey` of OpenSSL with MD5 and one round.
fn derive(passphrase: &[u8], salt: &[u8], bytes: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::new());
    let mut last: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::new());
    while key.len() < bytes {
        last.extend_from_slice(passphrase);
        last.extend_from_slice(salt);
        *last = md5::compute(&*last).to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(bytes);
    key
}
