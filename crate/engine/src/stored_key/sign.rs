//! How a key that this browser keeps signs: in the browser, out of the vault, or by a touch.

use core::cell::Cell;
use core::pin::pin;

use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use transom_browser::vault::{KeyHolder, Passkey};
use transom_keys::{Assertion, PrivateKey, SignatureAlgorithm, UserCertificate};
use transom_protocol::{Answer, Question};
use transom_ssh::{ConnectError, KeySigner, Login, Outcome};

use super::Offer;
use crate::engine::Engine;

/// What became of an offer.
#[derive(Debug)]
pub(crate) struct Tried {
    pub(crate) outcome: Outcome,
    /// The server would have taken the key, and there is no signature.
    pub(crate) unsigned: bool,
}

/// Offers a key to the server and signs if it would do: its certificate first, if it has one.
///
/// - `engine`: asks for a key that is in the vault; without it such a key does not sign.
pub(crate) async fn attempt(
    engine: Option<&Engine>,
    login: Login,
    user: &str,
    offer: &Offer,
) -> Result<Tried, ConnectError> {
    let Some(certificate) = &offer.certificate else {
        return attempt_with(engine, login, user, (offer, None)).await;
    };
    let tried = attempt_with(engine, login, user, (offer, Some(certificate))).await?;
    match tried.outcome {
        // The server may know the bare key.
        Outcome::Denied {
            login,
            partial_success: false,
            ..
        } if !tried.unsigned => attempt_with(engine, login, user, (offer, None)).await,
        outcome => Ok(Tried { outcome, ..tried }),
    }
}

/// Offers a key, or its certificate.
///
/// - `engine`: asks for a key that is in the vault; without it such a key does not sign.
async fn attempt_with(
    engine: Option<&Engine>,
    login: Login,
    user: &str,
    (offer, certificate): (&Offer, Option<&UserCertificate>),
) -> Result<Tried, ConnectError> {
    let unsigned = Cell::new(false);
    let (asker, mut requests) = mpsc::channel(1);
    let mut signer = AskSignature(asker);
    let attempt = pin!(async {
        match certificate {
            Some(certificate) => login.certificate_with(user, certificate, &mut signer).await,
            None => {
                login
                    .public_key_with(user, &offer.public, &mut signer)
                    .await
            }
        }
    });
    let answer = pin!(async {
        while let Some(Asked { way, message, done }) = requests.next().await {
            let signature = signature(engine, offer, way, message).await;
            unsigned.set(signature.is_none());
            // A log-in that no longer waits has failed already and says why.
            let _ = done.send(signature);
        }
    });
    let outcome = match select(attempt, answer).await {
        Either::Left((outcome, _)) => outcome?,
        Either::Right(((), attempt)) => attempt.await?,
    };
    let unsigned = unsigned.get();
    Ok(Tried { outcome, unsigned })
}

/// Signs with a key; `None` where that did not come about.
///
/// - `engine`: as for [`attempt`].
pub(crate) async fn signature(
    engine: Option<&Engine>,
    offer: &Offer,
    way: SignatureAlgorithm,
    message: Vec<u8>,
) -> Option<Vec<u8>> {
    match &offer.key.private {
        KeyHolder::Browser(private) => private.sign(way, &message).await.ok(),
        KeyHolder::Vault => sealed_signature(engine, offer, way, &message).await,
        KeyHolder::Passkey(passkey) => {
            let name = &offer.key.record.name;
            passkey_signature(engine, name, passkey, message).await
        }
    }
}

/// Asks for a touch. Only a page can ask the authenticator.
async fn passkey_signature(
    engine: Option<&Engine>,
    name: &str,
    passkey: &Passkey,
    message: Vec<u8>,
) -> Option<Vec<u8>> {
    let question = Question::Passkey {
        name: name.to_owned(),
        credential: passkey.credential.clone(),
        party: passkey.name.clone(),
        challenge: message,
    };
    let Ok(Answer::Assertion {
        authenticator_data,
        client_data,
        origin,
        signature,
    }) = engine?.ask(question).await
    else {
        return None;
    };
    let assertion = Assertion {
        authenticator_data: &authenticator_data,
        client_data: &client_data,
        origin: &origin,
        signature: &signature,
    };
    assertion.to_signature()
}

/// Asks for a key of the vault and signs with it. It is wiped when this returns.
async fn sealed_signature(
    engine: Option<&Engine>,
    offer: &Offer,
    way: SignatureAlgorithm,
    message: &[u8],
) -> Option<Vec<u8>> {
    let question = Question::SealedKey {
        fingerprint: offer.key.record.fingerprint.clone(),
        name: offer.key.record.name.clone(),
    };
    let Ok(Answer::KeyFile { text, .. }) = engine?.ask(question).await else {
        return None;
    };
    let key = PrivateKey::parse(text.expose().as_bytes(), None).ok()?;
    // Another key would sign for something that nobody was asked about.
    (key.public_key() == offer.public).then_some(())?;
    key.sign(way, message).ok()
}

/// Carries the request for a signature over to the engine, which is not `Send`.
struct AskSignature(mpsc::Sender<Asked>);

struct Asked {
    way: SignatureAlgorithm,
    message: Vec<u8>,
    done: oneshot::Sender<Option<Vec<u8>>>,
}

impl KeySigner for AskSignature {
    async fn sign(&mut self, way: SignatureAlgorithm, message: Vec<u8>) -> Option<Vec<u8>> {
        let (done, wait) = oneshot::channel();
        let asked = Asked { way, message, done };
        // The client asks once at a time, so there is room.
        self.0.try_send(asked).ok()?;
        wait.await.ok()?
    }
}
