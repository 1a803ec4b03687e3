//! Why a key could not be read.

/// Why a private key file could not be used. Each variant is something else to do for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key is encrypted and no passphrase was given. Ask for it and try again.
    #[error("key is encrypted and needs its passphrase")]
    NeedsPassphrase,
    /// The passphrase does not open the key. Ask again.
    #[error("passphrase does not open the key")]
    WrongPassphrase,
    /// The file holds no private key in a format that we know. Choose another file.
    #[error("file holds no private key")]
    NotAKey,
    /// It begins like a private key and is cut short, or what is in it does not fit together.
    /// Copy the file again.
    #[error("key file is cut short or damaged")]
    Damaged,
    /// The file is the public half. Choose the file without `.pub`.
    #[error("file is a public key")]
    PublicKeyGiven,
    /// The file is a certificate. Choose the file without `-cert.pub`.
    #[error("file is a certificate")]
    CertificateGiven,
    /// The private half lives in a security key; the file only names it.
    #[error("private half lives in a security key")]
    SecurityKey,
    /// A DSA key, which OpenSSH no longer accepts since version 7.0. Make another one.
    #[error("DSA keys are no longer accepted by servers")]
    Dsa,
    /// The key's type, format or encryption is not supported. Convert it with `ssh-keygen -p`.
    #[error("key type or encryption is not supported")]
    Unsupported,
    /// The file asks for so many rounds of key derivation that opening it would hang the program.
    #[error("key asks for too many rounds of key derivation")]
    TooCostly,
    /// The file is larger than [`crate::MAX_KEY_FILE_BYTES`].
    #[error("file is larger than any key")]
    TooLarge,
}

/// The bytes or the text are no public key of a type that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a public key")]
pub struct PublicKeyError;
