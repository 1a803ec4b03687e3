//! Whether to trust a server's key: what is stored decides, or else a person does.

mod policy;
mod rotation;
mod store;

use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use transom_browser::unix_millis;
use transom_keys::{HostCertificate, PublicKey};
use transom_protocol::{
    Answer, ErrorCode, Failure, HostKeyOffer, HostKeyVerdict, Phase, Question, Target, TrustRules,
};
use transom_ssh::{Trust, Verdict};

use crate::engine::Engine;
use crate::words;
use policy::{Finding, Shown, Step};
use store::Store;
pub(crate) use store::rules;

/// Carries the SSH client's question over to the engine's thread of tasks: the client wants a
/// `Send` answerer, and the engine is not `Send`.
#[derive(Debug)]
pub(crate) struct AskTrust(mpsc::UnboundedSender<Asked>);

#[derive(Debug)]
struct Asked {
    shown: Shown,
    verdict: oneshot::Sender<Verdict>,
}

/// The engine's side of [`AskTrust`].
#[derive(Debug)]
pub(crate) struct TrustQuestions(mpsc::UnboundedReceiver<Asked>);

/// Makes both sides. The client asks once for each key exchange, so the channel stays short.
pub(crate) fn trust_questions() -> (AskTrust, TrustQuestions) {
    let (asker, questions) = mpsc::unbounded();
    (AskTrust(asker), TrustQuestions(questions))
}

impl AskTrust {
    async fn ask(&self, shown: Shown) -> Verdict {
        let (verdict, wait) = oneshot::channel();
        match self.0.unbounded_send(Asked { shown, verdict }) {
            Ok(()) => wait.await.unwrap_or(Verdict::Refuse),
            Err(_) => Verdict::Refuse,
        }
    }
}

impl Trust for AskTrust {
    async fn decide(&mut self, offered: PublicKey) -> Verdict {
        self.ask(Shown::Key(offered)).await
    }

    async fn decide_certificate(&mut self, offered: HostCertificate) -> Verdict {
        self.ask(Shown::Certificate(offered)).await
    }
}

/// How a host key was settled.
#[derive(Debug)]
pub(crate) enum Settled {
    /// Accepted.
    Accepted {
        /// What was accepted.
        offer: HostKeyOffer,
        /// Whether the next session will accept it as well.
        known: bool,
        /// `SHA256:…` of the authority that certified it.
        authority: Option<String>,
    },
    /// Refused, and why.
    Refused(Failure),
}

/// Decides about the keys of one server.
#[derive(Debug)]
pub(crate) struct HostKeys {
    target: Target,
    pinned: Option<String>,
    trust: TrustRules,
    store: Store,
}

impl HostKeys {
    /// Reads what is stored.
    pub(crate) async fn load(target: Target, pinned: Option<String>, trust: TrustRules) -> Self {
        let store = Store::load(&target).await;
        Self {
            target,
            pinned,
            trust,
            store,
        }
    }

    /// Key algorithms that are stored for this server: asked for first, so that a known host
    /// shows the key that is known.
    pub(crate) fn algorithms(&self) -> Vec<String> {
        let (host, port) = (&self.target.host, self.target.port);
        self.store.rules().algorithms_for(host, port)
    }

    /// Whether some authority is trusted for this server, so that it is asked for a certificate.
    pub(crate) fn wants_certificate(&self) -> bool {
        let (host, port) = (&self.target.host, self.target.port);
        self.store.rules().has_authority(host, port)
    }

    /// Whether a person chose that this server may agree on weak algorithms.
    pub(crate) fn allows_legacy(&self) -> bool {
        self.trust
            .legacy
            .iter()
            .any(|name| name == self.store.name())
    }

    /// Answers the client's questions until it has no more. Returns how the last was settled.
    pub(crate) async fn answer(
        &mut self,
        engine: &Engine,
        questions: &mut TrustQuestions,
        settled: &mut Option<Settled>,
    ) {
        while let Some(asked) = questions.0.next().await {
            let outcome = self.settle(engine, &asked.shown).await;
            let verdict = match outcome {
                Settled::Accepted { .. } => Verdict::Accept,
                Settled::Refused(_) => Verdict::Refuse,
            };
            *settled = Some(outcome);
            // A client that no longer waits has failed already and says why.
            let _ = asked.verdict.send(verdict);
        }
    }

    async fn settle(&mut self, engine: &Engine, shown: &Shown) -> Settled {
        let key = shown.key();
        let offer = self.offer(&key);
        let now_s = words::whole_millis(unix_millis()) / 1000;
        let finding = policy::find(self.store.rules(), &self.target, shown, now_s);
        let is_pinned = |pinned: &String| *pinned == offer.fingerprint;
        let pinned = self.pinned.as_ref().map(is_pinned);
        let question = match policy::step(self.trust.policy, finding.clone(), pinned) {
            Step::Refuse(code) => {
                let detail = detail(&finding, shown);
                return Settled::Refused(words::failure_about(code, &detail));
            }
            Step::Accept => return self.accept(offer, &key, &finding).await,
            Step::Remember => return self.remember(offer, &key).await,
            Step::Ask => Question::UnknownHostKey {
                offer: offer.clone(),
            },
            Step::Stop { known } => Question::ChangedHostKey {
                offer: offer.clone(),
                known: known.iter().map(|key| self.store.known_key(key)).collect(),
            },
        };
        self.ask(engine, question, &key, offer).await
    }

    async fn accept(&mut self, offer: HostKeyOffer, key: &PublicKey, found: &Finding) -> Settled {
        let authority = match found {
            Finding::Certified { authority } => Some(authority.fingerprint()),
            _ => None,
        };
        let known = *found == Finding::Known;
        if known {
            self.store.touch(key).await;
        }
        Settled::Accepted {
            offer,
            known: known || authority.is_some(),
            authority,
        }
    }

    async fn remember(&mut self, offer: HostKeyOffer, key: &PublicKey) -> Settled {
        let known = self.store.remember(key).await;
        Settled::Accepted {
            offer,
            known,
            authority: None,
        }
    }

    async fn ask(
        &mut self,
        engine: &Engine,
        question: Question,
        key: &PublicKey,
        offer: HostKeyOffer,
    ) -> Settled {
        engine.phase(Phase::CheckingHostKey);
        let Ok(Answer::HostKey { verdict }) = engine.ask(question).await else {
            return Settled::Refused(words::failure(ErrorCode::Cancelled));
        };
        match verdict {
            HostKeyVerdict::Refuse => Settled::Refused(words::failure_about(
                ErrorCode::HostKeyRefused,
                &offer.fingerprint,
            )),
            HostKeyVerdict::Once => Settled::Accepted {
                offer,
                known: false,
                authority: None,
            },
            HostKeyVerdict::Trust => self.remember(offer, key).await,
        }
    }

    fn offer(&self, key: &PublicKey) -> HostKeyOffer {
        HostKeyOffer {
            host: self.store.name().to_owned(),
            kind: key.kind(),
            fingerprint: key.fingerprint(),
            randomart: key.randomart(),
        }
    }
}

/// What a refusal tells beside its code.
fn detail(finding: &Finding, shown: &Shown) -> String {
    let key = shown.key().fingerprint();
    match (finding, shown) {
        (Finding::Faulty(fault), Shown::Certificate(certificate)) => format!(
            "Its certificate {fault}.\nKey {key}, authority {}",
            certificate.authority().fingerprint()
        ),
        (Finding::Changed { known }, _) => {
            let known: Vec<String> = known.iter().map(PublicKey::fingerprint).collect();
            format!("Shown now: {key}\nTrusted: {}", known.join(", "))
        }
        _ => key,
    }
}
