//! Keys that sign elsewhere: in the browser's key store, an agent, a security key.

use core::pin::pin;
use core::sync::atomic::{AtomicU8, Ordering};
use core::time::Duration;
use std::sync::Arc;

use futures::future::{Either, select};
use russh::SendError;
use russh::client::AuthResult;
use russh::keys::HashAlg;
use russh::keys::agent::AgentIdentity;
use transom_keys::{PublicKey, SignatureAlgorithm, UserCertificate, passkey_request};

use crate::clock::{Clock, within};
use crate::handshake::{CutOnDrop, close_cause, from_cause};
use crate::{ConnectError, Stage};

/// Signs with a private key that this crate never sees.
pub trait KeySigner: Send {
    /// Signs `to_sign` in the way that is asked for; `None` if it will not or cannot.
    ///
    /// The answer is the bare signature, as WebCrypto makes it
    /// ([`SignatureAlgorithm::encode`] says more).
    fn sign(
        &mut self,
        algorithm: SignatureAlgorithm,
        to_sign: Vec<u8>,
    ) -> impl Future<Output = Option<Vec<u8>>> + Send;
}

/// What is offered to a server.
#[derive(Clone, Copy)]
pub(crate) enum Offered<'a> {
    /// A key alone.
    Key(&'a PublicKey),
    /// The certificate of a key ([PROTOCOL.certkeys]).
    ///
    /// [PROTOCOL.certkeys]: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.certkeys
    Certificate(&'a UserCertificate),
}

impl Offered<'_> {
    /// The key that signs.
    pub(crate) fn key(self) -> PublicKey {
        match self {
            Self::Key(key) => key.clone(),
            Self::Certificate(certificate) => certificate.public_key(),
        }
    }
}

/// What became of an attempt with a [`KeySigner`].
pub(crate) enum Attempt {
    /// The server answered.
    Judged(AuthResult),
    /// The signer did not sign. The server waits for another credential.
    Declined,
}

/// russh's signer around ours.
struct Adapter<'a, S> {
    signer: &'a mut S,
    algorithm: SignatureAlgorithm,
    turn: Arc<AtomicU8>,
}

/// The server is to answer.
const SERVER: u8 = 0;
/// The signer signs: a person may have to touch a key, or to say yes.
const SIGNER: u8 = 1;
/// The signer has signed since the last look.
const SIGNED: u8 = 2;

/// Why there is no signature.
enum SignFailure {
    Declined,
    Gone,
}

impl From<SendError> for SignFailure {
    fn from(_: SendError) -> Self {
        Self::Gone
    }
}

impl<S: KeySigner> russh::Signer for Adapter<'_, S> {
    type Error = SignFailure;

    async fn auth_sign(
        &mut self,
        _key: &AgentIdentity,
        _hash: Option<HashAlg>,
        mut to_sign: Vec<u8>,
    ) -> Result<Vec<u8>, SignFailure> {
        if self.algorithm == SignatureAlgorithm::Passkey {
            // russh puts the key's name where the signature's belongs, and sends what comes back.
            to_sign = passkey_request(&to_sign).ok_or(SignFailure::Declined)?;
        }
        self.turn.store(SIGNER, Ordering::Relaxed);
        let raw = self.signer.sign(self.algorithm, to_sign.clone()).await;
        self.turn.store(SIGNED, Ordering::Relaxed);
        let blob = self.algorithm.encode(&raw.ok_or(SignFailure::Declined)?);
        // The request as it was signed, then the signature as one string (RFC 4252 §7).
        let length = u32::try_from(blob.len()).map_err(|_| SignFailure::Declined)?;
        to_sign.extend_from_slice(&length.to_be_bytes());
        to_sign.extend_from_slice(&blob);
        Ok(to_sign)
    }
}

/// Offers a key, and lets `signer` sign once the server says that it would do.
pub(crate) async fn attempt<H: russh::client::Handler>(
    handle: &mut russh::client::Handle<H>,
    guard: &CutOnDrop,
    user: &str,
    offered: Offered<'_>,
    signer: &mut impl KeySigner,
) -> Result<Attempt, ConnectError> {
    let shared = &guard.0;
    let lost = || {
        let cause = shared.close_cause();
        let cause = cause.unwrap_or_else(|| close_cause(&russh::Error::Disconnect));
        from_cause(cause, Stage::Authenticating)
    };
    let late = || ConnectError::PeerTimeout {
        stage: Stage::Authenticating,
    };
    let limit = shared.deadlines.authenticate;
    let key = offered.key();
    let hash = if key.algorithm_name() == "ssh-rsa" {
        let known = within(&shared.clock, limit, handle.best_supported_rsa_hash()).await;
        let known = known.ok_or_else(late)?.map_err(|_| lost())?;
        // A server that does not say takes SHA-512 or nothing that we would send.
        Some(known.flatten().unwrap_or(HashAlg::Sha512))
    } else {
        None
    };
    let sha512 = hash == Some(HashAlg::Sha512);
    let Some(algorithm) = SignatureAlgorithm::of(&key, sha512) else {
        return Ok(Attempt::Declined);
    };
    let turn = Arc::new(AtomicU8::new(SERVER));
    let mut adapter = Adapter {
        signer,
        algorithm,
        turn: Arc::clone(&turn),
    };
    let judged = async {
        let adapter = &mut adapter;
        match offered {
            Offered::Key(key) => {
                let key = key.to_ssh_key();
                handle
                    .authenticate_publickey_with(user, key, hash, adapter)
                    .await
            }
            Offered::Certificate(certificate) => {
                let certificate = certificate.as_ssh_key().clone();
                handle
                    .authenticate_certificate_with(user, certificate, hash, adapter)
                    .await
            }
        }
    };
    match answered(&*shared.clock, limit, &turn, judged).await {
        Some(Ok(answer)) => Ok(Attempt::Judged(answer)),
        Some(Err(SignFailure::Declined)) => Ok(Attempt::Declined),
        Some(Err(SignFailure::Gone)) => Err(lost()),
        None => Err(late()),
    }
}

/// Waits for the server, for `limit` whenever it is its turn. The signer's time does not count:
/// how long a person needs is no fault of the server, which has a limit of its own
/// (`LoginGraceTime`).
async fn answered<T>(
    clock: &dyn Clock,
    limit: Duration,
    turn: &AtomicU8,
    answer: impl Future<Output = T>,
) -> Option<T> {
    let mut answer = pin!(answer);
    loop {
        match select(answer.as_mut(), clock.sleep(limit)).await {
            Either::Left((answer, _)) => return Some(answer),
            Either::Right(((), _)) => match turn.load(Ordering::Relaxed) {
                SIGNER => {}
                SIGNED => turn.store(SERVER, Ordering::Relaxed),
                _ => return None,
            },
        }
    }
}
