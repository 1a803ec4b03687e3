//! Questions that only a person can answer, and their answers.

use serde::{Deserialize, Serialize};

use crate::Secret;

/// What the engine needs to know before it goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Nothing is known about this server yet. Answer: [`Answer::HostKey`].
    UnknownHostKey {
        /// What the server showed.
        offer: HostKeyOffer,
    },
    /// The server showed another key than the trusted one: a full stop. Answer:
    /// [`Answer::HostKey`]; accepting replaces the stored key, and the page must have made the
    /// person type the host name.
    ChangedHostKey {
        /// What the server showed.
        offer: HostKeyOffer,
        /// What was trusted until now.
        known: Vec<KnownKey>,
    },
    /// The address did not say as whom to log in. Answer: [`Answer::User`].
    User,
    /// How to log in. Answer: [`Answer::Password`] or [`Answer::KeyFile`].
    Credential {
        /// User who logs in.
        user: String,
        /// The server takes a password.
        password: bool,
        /// The server takes public keys.
        public_key: bool,
        /// Why the attempt before did not succeed; `None` at the first one.
        refused: Option<Refusal>,
    },
    /// The private key is encrypted. Answer: [`Answer::Passphrase`].
    Passphrase {
        /// The key's file name or comment, made safe to show.
        key: String,
        /// The passphrase before was wrong.
        wrong: bool,
    },
    /// The server would take a key whose private half is in the vault. Answer:
    /// [`Answer::KeyFile`] with the key, or [`Answer::WithoutKey`].
    SealedKey {
        /// `SHA256:…`.
        fingerprint: String,
        /// What the person calls it.
        name: String,
    },
    /// The server would take a key that an authenticator holds, which only a page can ask. Answer:
    /// [`Answer::Assertion`], or [`Answer::WithoutKey`].
    Passkey {
        /// What the person calls it.
        name: String,
        /// Names the key to the authenticator.
        credential: Vec<u8>,
        /// The host name that it belongs to.
        party: String,
        /// What the authenticator is to sign.
        challenge: Vec<u8>,
    },
    /// A program on a server wants a signature. Answer: [`Answer::Agent`].
    Agent {
        /// Which, and what for.
        wish: AgentUse,
    },
    /// Keyboard-interactive prompts ([RFC 4256 §3.2]). Answer: [`Answer::Prompts`] with as many
    /// texts. All texts come from the server and are made safe to show.
    ///
    /// [RFC 4256 §3.2]: https://www.rfc-editor.org/rfc/rfc4256#section-3.2
    Prompts {
        /// Title, may be empty.
        name: String,
        /// Instructions, may be empty.
        instructions: String,
        /// At least one prompt.
        prompts: Vec<Prompt>,
        /// Why the attempt before did not succeed; `None` at the first one.
        refused: Option<Refusal>,
    },
}

/// What a program on a server, which the agent is forwarded to, wants a key for. All texts are safe to
/// show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentUse {
    /// What the person calls the key.
    pub key: String,
    /// `SHA256:…` of the key.
    pub fingerprint: String,
    /// The server that the program runs on, as known_hosts writes it.
    pub from: String,
    /// Who is to be logged in; `None` where it is no log-in.
    pub user: Option<String>,
    /// The server that is logged in to; `None` where the program did not prove which.
    pub to: Option<AgentDestination>,
}

/// A server that proved to have a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentDestination {
    /// For people: `Ed25519`, `ECDSA P-256`, `RSA 3072`.
    pub kind: String,
    /// `SHA256:…`.
    pub fingerprint: String,
    /// The names that known_hosts has for it; empty where it is not known.
    pub names: Vec<String>,
}

/// Whether a program gets a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentVerdict {
    /// It gets none.
    Refuse,
    /// This one.
    Once,
    /// This one, and others for the same use while the session lasts, for ten minutes.
    TenMinutes,
}

/// Why a credential did not lead on. The page puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The server did not accept the password.
    Password,
    /// The server did not accept the answers to its prompts.
    Prompts,
    /// The server did not accept the key.
    Key {
        /// The key's file name, made safe to show.
        name: String,
        /// For people: `Ed25519`, `ECDSA P-256`, `RSA 3072`.
        kind: String,
    },
    /// The file is no private key that can be used; nothing was sent to the server.
    KeyFile {
        /// The file's name, made safe to show.
        name: String,
        /// What is wrong with it.
        problem: KeyProblem,
    },
    /// The credential was accepted, and the server wants another one as well.
    MoreNeeded,
    /// The server accepted none of the keys that this browser keeps.
    StoredKeys {
        /// What the person calls those that were offered, in their order.
        names: Vec<String>,
        /// Those of them whose certificate has ended and could not be renewed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lapsed: Vec<String>,
    },
}

/// What is wrong with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyProblem {
    /// It holds no key in a format that we know.
    NotAKey,
    /// It is the public half.
    PublicKey,
    /// Its type or encryption is not supported.
    Unsupported,
    /// Its passphrase would take too long to check: the file asks for too many rounds.
    TooCostly,
    /// It is larger than any key.
    TooLarge,
    /// It is cut short, or what is in it does not fit together.
    Damaged,
    /// It is a certificate.
    Certificate,
    /// Its private half lives in a security key.
    SecurityKey,
    /// It is a DSA key, which servers no longer accept.
    Dsa,
}

/// One keyboard-interactive prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// The server's text, made safe to show, without a trailing colon or space.
    pub text: String,
    /// Whether what is typed may be seen.
    pub echo: Echo,
}

/// Whether typed text may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Echo {
    /// Show it.
    Shown,
    /// Hide it like a password.
    Hidden,
}

/// A host key as a person compares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostKeyOffer {
    /// The host as known_hosts writes it: `host` or `[host]:port`.
    pub host: String,
    /// For people: `Ed25519`, `ECDSA P-256`, `RSA 3072`.
    pub kind: String,
    /// `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    /// Randomart with its frame, lines separated by `\n`, as `ssh-keygen -lv` prints it.
    pub randomart: String,
}

/// A host key that was trusted before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownKey {
    /// For people: `Ed25519`, `ECDSA P-256`, `RSA 3072`.
    pub kind: String,
    /// `SHA256:` and base64 without padding.
    pub fingerprint: String,
    /// When it was first trusted, in milliseconds since 1970; `None` where unknown.
    pub since_ms: Option<u64>,
}

/// What a person answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// To a host key question.
    HostKey {
        /// The verdict.
        verdict: HostKeyVerdict,
    },
    /// To [`Question::User`].
    User {
        /// Not empty.
        user: String,
    },
    /// To [`Question::Credential`].
    Password {
        /// The password.
        password: Secret,
    },
    /// To [`Question::Credential`] and [`Question::SealedKey`]: a private key file's content.
    KeyFile {
        /// The file's name, to be shown in later questions.
        name: String,
        /// The file's text.
        text: Secret,
    },
    /// To [`Question::Passkey`]: what the authenticator answered (WebAuthn Level 3 §5.2.2).
    Assertion {
        /// Its own data.
        authenticator_data: Vec<u8>,
        /// The JSON text that it signed as well.
        client_data: Vec<u8>,
        /// Origin of the page.
        origin: String,
        /// The signature, in DER.
        signature: Vec<u8>,
    },
    /// To [`Question::SealedKey`] and [`Question::Passkey`]: go on without it.
    WithoutKey,
    /// To [`Question::Agent`].
    Agent {
        /// The verdict.
        verdict: AgentVerdict,
    },
    /// To [`Question::Passphrase`].
    Passphrase {
        /// The passphrase.
        passphrase: Secret,
    },
    /// To [`Question::Prompts`].
    Prompts {
        /// One text for each prompt, in their order.
        texts: Vec<Secret>,
    },
    /// To any question: stop connecting.
    Cancel,
}

/// What to do with a host key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostKeyVerdict {
    /// Do not connect. No credential leaves the browser.
    Refuse,
    /// Connect, and remember nothing.
    Once,
    /// Connect and remember the key; on a changed key, in place of the old one.
    Trust,
}
