//! SSH keys: parse, fingerprint, randomart, and the rules of `known_hosts`.
//!
//! Pure data: no input or output, no runtime, no clock. The same code runs in the browser and in
//! native tests, where it is compared with `ssh-keygen`.

mod error;
mod known_hosts;
mod old_pem;
mod passphrase;
mod pattern;
mod pem;
mod private;
mod public;
mod putty;
mod signature;

pub use error::{KeyError, PublicKeyError};
pub use known_hosts::{
    CertificateFault, CertificateStatus, FoundLine, HostCertificate, HostKeyStatus, KnownHosts,
    KnownKey, Rotation, SALT_BYTES,
};
pub use passphrase::{
    PASSPHRASE_KEY_BYTES, PASSPHRASE_SALT_BYTES, PassphraseCost, PassphraseError,
};
pub use private::{MAX_KEY_FILE_BYTES, PrivateKey};
pub use public::PublicKey;
pub use signature::SignatureAlgorithm;
