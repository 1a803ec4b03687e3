//! SSH keys: parse, fingerprint, randomart, and the rules of `known_hosts`.
//!
//! Pure data: no input or output, no runtime, no clock. The same code runs in the browser and in
//! native tests, where it is compared with `ssh-keygen`.

mod agent;
mod backup;
mod error;
mod export;
mod known_hosts;
mod old_pem;
mod passkey;
mod passphrase;
mod pattern;
mod pem;
mod private;
mod public;
mod putty;
mod sign;
mod signature;
mod user_certificate;

pub use agent::{
    AGENT_FAILURE, AGENT_SUCCESS, AgentBindings, AgentHop, AgentLogIn, AgentRefusal, AgentRequest,
    MAX_AGENT_MESSAGE_BYTES, SessionBind, SignRequest, agent_identities, agent_signature,
};
pub use backup::{BACKUP_CHANCE_BYTES, BackupError, MAX_BACKUP_BYTES, open_backup, seal_backup};
pub use error::{KeyError, PublicKeyError};
pub use export::{KEY_FILE_CHANCE_BYTES, pkcs8_text};
pub use known_hosts::{
    CertificateFault, CertificateStatus, FoundLine, HostCertificate, HostKeyStatus, KnownHosts,
    KnownKey, Rotation, SALT_BYTES,
};
pub use passkey::{Assertion, passkey_request};
pub use passphrase::{
    PASSPHRASE_KEY_BYTES, PASSPHRASE_SALT_BYTES, PassphraseCost, PassphraseError,
};
pub use private::{MAX_KEY_FILE_BYTES, PrivateKey};
pub use public::PublicKey;
pub use signature::SignatureAlgorithm;
pub use user_certificate::{CertificateError, UserCertificate};
