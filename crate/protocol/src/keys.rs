//! Keys of the person: taking in key files, and putting public halves on servers.

use serde::{Deserialize, Serialize};

use crate::{KeyProblem, Secret};

/// What a page asks of the engine about keys. The page that asked hears the answer, nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeysCommand {
    /// Reads a private key file and keeps it in this browser, where nobody can read it. It needs
    /// no connection. Answer: [`KeysEvent::Import`].
    Import {
        /// What the person calls it; empty: the comment in the file.
        name: String,
        /// The file's text.
        text: Secret,
        /// Opens an encrypted file.
        passphrase: Option<Secret>,
        /// Keep it so that it can be exported again: in the vault. The message's object is the
        /// handle of the vault's key, if the vault is open.
        exportable: bool,
    },
    /// Writes a private key as an encrypted file. It needs no connection. Answer:
    /// [`KeysEvent::Export`].
    Export {
        /// The key, as the text of a key file, not encrypted.
        text: Secret,
        /// What it is called.
        name: String,
        /// Opens the file.
        passphrase: Secret,
    },
    /// Appends the public half of a kept key to `~/.ssh/authorized_keys`, then logs in with it on a
    /// second connection. Answers: [`KeysEvent::Install`].
    Install {
        /// `SHA256:…` of the key.
        fingerprint: String,
    },
    /// Encrypts a backup, or opens one. It needs no connection, and takes some tenths of a second of
    /// the engine's thread. Answer: [`KeysEvent::Backup`].
    Backup {
        /// What.
        command: BackupCommand,
    },
    /// Something about the vault. It needs no connection, and takes some tenths of a second of the
    /// engine's thread. Answer: [`KeysEvent::Vault`].
    Vault {
        /// What.
        command: VaultCommand,
    },
}

/// What a page asks about a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackupCommand {
    /// Encrypts one.
    Seal {
        /// What is in it.
        content: Secret,
        /// Opens it.
        passphrase: Secret,
    },
    /// Opens one.
    Open {
        /// The file's text.
        text: String,
        /// Its passphrase.
        passphrase: Secret,
    },
}

/// What came of a command about a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackupOutcome {
    /// It is encrypted.
    Sealed {
        /// The file's text.
        text: String,
    },
    /// It is open.
    Opened {
        /// What is in it.
        content: Secret,
    },
    /// The file is no backup.
    NotABackup,
    /// It is cut short, or was changed.
    Damaged,
    /// A later version of this program wrote it.
    TooNew,
    /// It asks for so little work that its passphrase can be guessed.
    TooCheap,
    /// It asks for so much work that the browser would stand still.
    TooDear,
    /// That is not its passphrase.
    WrongPassphrase,
    /// There is more in it than a backup holds.
    TooLarge,
    /// The browser has not enough memory.
    Failed,
}

/// What a page asks about the vault of this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VaultCommand {
    /// Makes one, where there is none.
    Create {
        /// Opens it from then on.
        passphrase: Secret,
    },
    /// Opens it.
    Unlock {
        /// Its passphrase.
        passphrase: Secret,
    },
    /// Puts another passphrase in place of the one that it has.
    Change {
        /// The passphrase that it has.
        old: Secret,
        /// The passphrase that it gets.
        new: Secret,
    },
    /// Lets a passkey open it as well. The message's object is the handle of the secret that the
    /// authenticator made.
    AddPasskey {
        /// Its passphrase.
        passphrase: Secret,
        /// How the authenticator is asked for the passkey.
        credential: Vec<u8>,
        /// How the browser may reach the authenticator.
        transports: Vec<String>,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeysEvent {
    /// To [`KeysCommand::Import`].
    Import {
        /// What became of the file.
        outcome: KeyImport,
    },
    /// To [`KeysCommand::Install`], each time that it moved on.
    Install {
        /// How far it is.
        state: KeyInstall,
    },
    /// To [`KeysCommand::Export`].
    Export {
        /// The file's text; `None` where the key cannot be written.
        text: Option<String>,
    },
    /// To [`KeysCommand::Backup`].
    Backup {
        /// What came of it.
        outcome: BackupOutcome,
    },
    /// To [`KeysCommand::Vault`].
    Vault {
        /// What came of it.
        outcome: VaultOutcome,
    },
}

/// What came of a command about the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VaultOutcome {
    /// It is open. The message's object is the handle of its key, which cannot be exported.
    Open,
    /// That is not its passphrase.
    WrongPassphrase,
    /// There is one already; it stays as it is.
    Exists,
    /// There is none.
    Missing,
    /// Its record is damaged.
    Damaged,
    /// The browser refused.
    Failed {
        /// What the browser said.
        detail: String,
    },
}

/// What became of a key file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyImport {
    /// It is kept.
    Kept {
        /// `SHA256:…`.
        fingerprint: String,
        /// It is encrypted in the vault; otherwise the browser holds it, and nobody can read it.
        sealed: bool,
        /// Such a key was kept before. It stays as it was.
        again: bool,
    },
    /// It is encrypted.
    NeedsPassphrase {
        /// The passphrase that was given does not open it.
        wrong: bool,
    },
    /// It is no key that can be kept.
    Refused {
        /// Why.
        problem: KeyProblem,
    },
    /// It has to be kept in the vault, which is not open.
    NeedsVault {
        /// For people: `Ed25519`, `RSA 16384`.
        kind: String,
        /// The browser cannot hold such a key in any other way.
        only: bool,
    },
    /// The browser keeps nothing for this page.
    NotKept {
        /// For people: `Ed25519`, `RSA 3072`.
        kind: String,
        /// What the browser said.
        detail: String,
    },
}

/// How far the installation of a key on a server is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyInstall {
    /// The line stands in the file; now a second connection tries the key.
    Written {
        /// It stood there before.
        already: bool,
    },
    /// The server let the key in.
    Proven {
        /// The line stood there before.
        already: bool,
        /// The server accepts the key, and wants another proof as well.
        more_needed: bool,
    },
    /// It did not work.
    Failed {
        /// What was the matter.
        problem: InstallProblem,
        /// The words of the server or of the program, made safe to show; may be empty.
        detail: String,
    },
}

/// Why a key is not installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallProblem {
    /// There is no open connection.
    NotConnected,
    /// The browser no longer has the key.
    NoSuchKey,
    /// The server offers no file transfer.
    NoFiles,
    /// The server did not let the file be read or written; nothing was changed.
    Refused,
    /// What stands in the way is no file, or larger than any such file.
    NotAFile,
    /// The line stands in the file, and the server does not accept the key all the same.
    NotAccepted,
    /// The line stands in the file; the second connection did not come about.
    NotTried,
}
