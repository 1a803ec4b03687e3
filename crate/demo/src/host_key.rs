//! The server's host key: fresh for each run, or kept in a file.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::{HashAlg, PrivateKey, ssh_key};
use zeroize::Zeroizing;

use crate::password::NoRandomness;

/// Why there is no host key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostKeyError {
    /// The system gave no random bytes.
    #[error(transparent)]
    LocalRandomness(#[from] NoRandomness),
    /// The file can be neither read nor made.
    #[error("host key file cannot be used")]
    LocalFile(#[from] io::Error),
    /// The file does not hold a private key without a passphrase.
    #[error("host key file does not hold a plain private key")]
    LocalFormat(#[from] ssh_key::Error),
}

/// An Ed25519 host key.
#[derive(Clone)]
pub struct HostKey(PrivateKey);

impl HostKey {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// [`HostKeyError::LocalRandomness`] if the system has no random bytes.
    pub fn random() -> Result<Self, HostKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(NoRandomness)?;
        let pair = Ed25519Keypair::from_seed(&seed);
        Ok(Self(PrivateKey::new(KeypairData::Ed25519(pair), "demo")?))
    }

    /// Reads the key from `path`, in OpenSSH's format. Makes the file, readable by its owner alone,
    /// if there is none, so that the next run has the same key.
    ///
    /// # Errors
    ///
    /// [`HostKeyError::LocalFile`] or [`HostKeyError::LocalFormat`] if the file is there and is no
    /// key: it is never overwritten.
    pub fn in_file(path: &Path) -> Result<Self, HostKeyError> {
        match fs::read_to_string(path).map(Zeroizing::new) {
            Ok(text) => Ok(Self(PrivateKey::from_openssh(text.as_bytes())?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::random()?;
                key.write_new(path)?;
                Ok(key)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// `SHA256:…`, as ssh-keygen(1) prints it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    pub(crate) fn to_private_key(&self) -> PrivateKey {
        self.0.clone()
    }

    fn write_new(&self, path: &Path) -> Result<(), HostKeyError> {
        let text = self.0.to_openssh(LineEnding::LF)?;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text.as_bytes())?;
        Ok(())
    }
}
