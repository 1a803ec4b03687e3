//! Authentication: [RFC 4252], RSA with SHA-2 [RFC 8332].
//!
//! [RFC 4252]: https://www.rfc-editor.org/rfc/rfc4252
//! [RFC 8332]: https://www.rfc-editor.org/rfc/rfc8332

mod method;
mod prompts;

use core::fmt;
use std::sync::Arc;

use russh::client::{AuthResult, Handle};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg};
use transom_keys::{PrivateKey, PublicKey, UserCertificate};

use crate::clock::within;
use crate::events::Events;
use crate::handshake::{CutOnDrop, close_cause, from_cause};
use crate::signer::{self, Attempt, KeySigner, Offered};
use crate::trust::HostKeyVerified;
use crate::{CloseCause, ConnectError, Connection, Negotiated, Stage};

pub use method::{Method, Methods};
pub use prompts::{Prompt, PromptRequest, Prompter};

/// What became of one credential.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "lives for one match; a box would only burden callers"
)]
pub enum Outcome {
    /// The server accepted it.
    LoggedIn(Connection),
    /// The server wants another one.
    Denied {
        /// Try again with this.
        login: Login,
        /// What may go on.
        remaining: Methods,
        /// The credential was right, and another one is wanted as well.
        partial_success: bool,
    },
}

/// A server whose host key is accepted and that nobody has logged in to yet.
///
/// Dropping it cuts the connection.
///
/// # Cancel safety
///
/// Each attempt consumes the log-in; dropping one halfway therefore cuts the connection. russh
/// could not go on either: it waits for the answer to a prompt without reading.
pub struct Login {
    handle: Handle<Events>,
    guard: CutOnDrop,
    negotiated: Negotiated,
    proof: HostKeyVerified,
    /// Whether the server has answered an attempt. Until then it may not have told which
    /// signatures it takes.
    answered: bool,
    /// What the server said last that may go on.
    remaining: Methods,
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Login")
            .field("negotiated", &self.negotiated)
            .finish_non_exhaustive()
    }
}

impl Login {
    pub(crate) fn new(
        handle: Handle<Events>,
        guard: CutOnDrop,
        negotiated: Negotiated,
        proof: HostKeyVerified,
    ) -> Self {
        Self {
            handle,
            guard,
            negotiated,
            proof,
            answered: false,
            remaining: Methods::default(),
        }
    }

    /// What was agreed on.
    pub fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    /// The server's banners so far ([RFC 4252 §5.4]), safe to show, at most 64 KiB. They come
    /// with the answer to the first attempt.
    ///
    /// [RFC 4252 §5.4]: https://www.rfc-editor.org/rfc/rfc4252#section-5.4
    pub fn banner(&self) -> String {
        self.guard.0.banner()
    }

    /// Tries without a credential. Few servers allow that, but all say then what they want.
    ///
    /// # Errors
    ///
    /// The connection failed; being denied is an [`Outcome`].
    pub async fn none(mut self, user: &str) -> Result<Outcome, ConnectError> {
        let answer = self.handle.authenticate_none(user);
        let answer = answered(&self.guard, answer).await?;
        self.judge(answer)
    }

    /// Tries a password.
    ///
    /// # Errors
    ///
    /// The connection failed. [`ConnectError::PeerTimeout`] also when the server wants the
    /// password to be changed: russh 0.65.1 ignores `SSH_MSG_USERAUTH_PASSWD_CHANGEREQ`. (OpenSSH
    /// does not send it.)
    ///
    /// # Security
    ///
    /// The password goes to a server whose key was accepted, encrypted, and is not kept.
    pub async fn password(mut self, user: &str, password: &str) -> Result<Outcome, ConnectError> {
        let answer = self.handle.authenticate_password(user, password);
        let answer = answered(&self.guard, answer).await?;
        self.judge(answer)
    }

    /// Tries a public key. RSA signs with SHA-512, or SHA-256 where the server takes only that,
    /// and never with SHA-1.
    ///
    /// # Errors
    ///
    /// The connection failed.
    pub async fn public_key(self, user: &str, key: &PrivateKey) -> Result<Outcome, ConnectError> {
        let key = Arc::new(key.as_ssh_key().clone());
        if key.algorithm().is_rsa() && !self.answered {
            // The answer to any attempt comes after the server's list of signatures (RFC 8308
            // §2.4), and servers do not count this one.
            return match self.none(user).await? {
                Outcome::Denied { login, .. } => Box::pin(login.sign(user, key)).await,
                logged_in @ Outcome::LoggedIn(_) => Ok(logged_in),
            };
        }
        self.sign(user, key).await
    }

    /// Tries a public key whose private half signs elsewhere. The server is asked first whether
    /// the key would do, so that `signer` signs only where it counts.
    ///
    /// A signer that does not sign gives [`Outcome::Denied`]; the server never learns of it.
    ///
    /// # Errors
    ///
    /// The connection failed.
    pub async fn public_key_with(
        self,
        user: &str,
        key: &PublicKey,
        signer: &mut impl KeySigner,
    ) -> Result<Outcome, ConnectError> {
        self.offer(user, Offered::Key(key), signer).await
    }

    /// Tries the certificate of a key whose private half signs elsewhere, as
    /// [`Login::public_key_with`] does with the bare key.
    ///
    /// # Errors
    ///
    /// The connection failed.
    pub async fn certificate_with(
        self,
        user: &str,
        certificate: &UserCertificate,
        signer: &mut impl KeySigner,
    ) -> Result<Outcome, ConnectError> {
        let offered = Offered::Certificate(certificate);
        self.offer(user, offered, signer).await
    }

    async fn offer(
        mut self,
        user: &str,
        offered: Offered<'_>,
        signer: &mut impl KeySigner,
    ) -> Result<Outcome, ConnectError> {
        if offered.key().algorithm_name() == "ssh-rsa" && !self.answered {
            // As in `public_key`: the server tells its signatures before its first answer.
            match self.none(user).await? {
                Outcome::Denied { login, .. } => self = login,
                logged_in @ Outcome::LoggedIn(_) => return Ok(logged_in),
            }
        }
        match signer::attempt(&mut self.handle, &self.guard, user, offered, signer).await? {
            Attempt::Judged(answer) => self.judge(answer),
            Attempt::Declined => Ok(Outcome::Denied {
                remaining: self.remaining.clone(),
                partial_success: false,
                login: self,
            }),
        }
    }

    async fn sign(
        mut self,
        user: &str,
        key: Arc<russh::keys::PrivateKey>,
    ) -> Result<Outcome, ConnectError> {
        let hash = if key.algorithm().is_rsa() {
            let known = answered(&self.guard, self.handle.best_supported_rsa_hash()).await?;
            // A server that does not say takes SHA-512 or nothing that we would send.
            Some(known.flatten().unwrap_or(HashAlg::Sha512))
        } else {
            None
        };
        let key = PrivateKeyWithHashAlg::new(key, hash);
        let answer = self.handle.authenticate_publickey(user, key);
        let answer = answered(&self.guard, answer).await?;
        self.judge(answer)
    }

    /// Turns russh's answer into ours.
    fn judge(mut self, answer: AuthResult) -> Result<Outcome, ConnectError> {
        self.answered = true;
        match answer {
            AuthResult::Success => Ok(Outcome::LoggedIn(Connection::new(
                self.handle,
                self.guard,
                self.negotiated,
                self.proof,
            ))),
            AuthResult::Failure {
                remaining_methods,
                partial_success,
            } => {
                if remaining_methods.is_empty() {
                    // russh says the same when the connection is gone.
                    ended(&self.guard)?;
                }
                self.remaining = Methods::from_russh(&remaining_methods);
                Ok(Outcome::Denied {
                    remaining: self.remaining.clone(),
                    partial_success,
                    login: self,
                })
            }
        }
    }
}

/// Waits for the server's answer to an attempt.
async fn answered<T>(
    guard: &CutOnDrop,
    answer: impl Future<Output = Result<T, russh::Error>>,
) -> Result<T, ConnectError> {
    let shared = &guard.0;
    let limit = shared.deadlines.authenticate;
    match within(&shared.clock, limit, answer).await {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) => {
            let cause = shared.close_cause().unwrap_or_else(|| close_cause(&error));
            Err(from_cause(cause, Stage::Authenticating))
        }
        None => Err(ConnectError::PeerTimeout {
            stage: Stage::Authenticating,
        }),
    }
}

/// Fails if the connection has ended.
fn ended(guard: &CutOnDrop) -> Result<(), ConnectError> {
    match guard.0.close_cause() {
        None | Some(CloseCause::Ours) => Ok(()),
        Some(cause) => Err(from_cause(cause, Stage::Authenticating)),
    }
}
