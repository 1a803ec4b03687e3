//! Certificates of keys that sign elsewhere ([PROTOCOL.certkeys]).
//!
//! [PROTOCOL.certkeys]: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.certkeys

use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use russh::keys::HashAlg;
use transom_keys::{SignatureAlgorithm, UserCertificate};

use super::{Adapter, Attempt, KeySigner, SERVER, SignFailure, answered};
use crate::clock::within;
use crate::handshake::{CutOnDrop, close_cause, from_cause};
use crate::{ConnectError, Stage};

/// Offers `certificate`, and lets `signer` sign with its key once the server says that it would do.
pub(crate) async fn attempt<H: russh::client::Handler>(
    handle: &mut russh::client::Handle<H>,
    guard: &CutOnDrop,
    user: &str,
    certificate: &UserCertificate,
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
    let key = certificate.public_key();
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
    let certificate = certificate.as_ssh_key().clone();
    let offered = handle.authenticate_certificate_with(user, certificate, hash, &mut adapter);
    match answered(&*shared.clock, limit, &turn, offered).await {
        Some(Ok(answer)) => Ok(Attempt::Judged(answer)),
        Some(Err(SignFailure::Declined)) => Ok(Attempt::Declined),
        Some(Err(SignFailure::Gone)) => Err(lost()),
        None => Err(late()),
    }
}
