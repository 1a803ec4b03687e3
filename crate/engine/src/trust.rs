//! Whether to trust a server's key: what is stored decides, or else a person does.

use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use transom_browser::unix_millis;
use transom_browser::vault::{DEFAULT_NAME, KnownHost, Vault};
use transom_keys::{HostKeyStatus, KnownHosts, PublicKey};
use transom_protocol::{
    Answer, ErrorCode, Failure, HostKeyOffer, HostKeyVerdict, KnownKey, Phase, Question, Target,
};
use transom_ssh::{Trust, Verdict};

use crate::engine::Engine;
use crate::words;

/// Carries the SSH client's question over to the engine's thread of tasks: the client wants a
/// `Send` answerer, and the engine is not `Send`.
#[derive(Debug)]
pub(crate) struct AskTrust(mpsc::UnboundedSender<Asked>);

#[derive(Debug)]
struct Asked {
    key: PublicKey,
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

impl Trust for AskTrust {
    async fn decide(&mut self, offered: PublicKey) -> Verdict {
        let (verdict, wait) = oneshot::channel();
        let asked = Asked {
            key: offered,
            verdict,
        };
        match self.0.unbounded_send(asked) {
            Ok(()) => wait.await.unwrap_or(Verdict::Refuse),
            Err(_) => Verdict::Refuse,
        }
    }
}

/// How a host key was settled.
#[derive(Debug)]
pub(crate) enum Settled {
    /// Accepted.
    Accepted {
        /// What was accepted.
        offer: HostKeyOffer,
        /// Whether it is stored.
        known: bool,
    },
    /// Refused, and why.
    Refused(Failure),
}

/// Decides about the keys of one server.
#[derive(Debug)]
pub(crate) struct HostKeys {
    target: Target,
    pinned: Option<String>,
    /// `None` where the browser stores nothing: then every host is unknown.
    vault: Option<Vault>,
    stored: Vec<KnownHost>,
    rules: KnownHosts,
}

impl HostKeys {
    /// Reads what is stored.
    pub(crate) async fn load(target: Target, pinned: Option<String>) -> Self {
        let vault = Vault::open(DEFAULT_NAME).await.ok();
        let stored = match &vault {
            Some(vault) => vault.known_hosts().await.unwrap_or_default(),
            None => Vec::new(),
        };
        let lines: Vec<&str> = stored.iter().map(|host| host.line.as_str()).collect();
        let rules = KnownHosts::parse(&lines.join("\n"));
        Self {
            target,
            pinned,
            vault,
            stored,
            rules,
        }
    }

    /// Key algorithms that are stored for this server: asked for first, so that a known host
    /// shows the key that is known.
    pub(crate) fn algorithms(&self) -> Vec<String> {
        self.rules
            .algorithms_for(&self.target.host, self.target.port)
    }

    /// Answers the client's questions until it has no more. Returns how the last was settled.
    pub(crate) async fn answer(
        &mut self,
        engine: &Engine,
        questions: &mut TrustQuestions,
        settled: &mut Option<Settled>,
    ) {
        while let Some(asked) = questions.0.next().await {
            let outcome = self.settle(engine, &asked.key).await;
            let verdict = match outcome {
                Settled::Accepted { .. } => Verdict::Accept,
                Settled::Refused(_) => Verdict::Refuse,
            };
            *settled = Some(outcome);
            // A client that no longer waits has failed already and says why.
            let _ = asked.verdict.send(verdict);
        }
    }

    async fn settle(&mut self, engine: &Engine, key: &PublicKey) -> Settled {
        let offer = self.offer(key);
        let status = self.rules.check(&self.target.host, self.target.port, key);
        let pinned = self
            .pinned
            .as_ref()
            .map(|pinned| *pinned == offer.fingerprint);
        if pinned == Some(false) {
            return Settled::Refused(words::failure_about(
                ErrorCode::HostKeyPinned,
                &offer.fingerprint,
            ));
        }
        match status {
            HostKeyStatus::Known => {
                self.touch(key).await;
                Settled::Accepted { offer, known: true }
            }
            HostKeyStatus::Unknown if pinned == Some(true) => Settled::Accepted {
                offer,
                known: false,
            },
            HostKeyStatus::Unknown => {
                let question = Question::UnknownHostKey {
                    offer: offer.clone(),
                };
                self.ask(engine, question, key, offer).await
            }
            // Also when the link names this key: whoever wrote the link may have made the key, and
            // following a link must not undo what was trusted.
            HostKeyStatus::Changed { known } => {
                let known = known
                    .iter()
                    .map(|known| self.known_key(&known.key))
                    .collect();
                let question = Question::ChangedHostKey {
                    offer: offer.clone(),
                    known,
                };
                self.ask(engine, question, key, offer).await
            }
            HostKeyStatus::Revoked => Settled::Refused(words::failure_about(
                ErrorCode::HostKeyRefused,
                &offer.fingerprint,
            )),
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
            },
            HostKeyVerdict::Trust => {
                let known = self.store(key).await;
                Settled::Accepted { offer, known }
            }
        }
    }

    fn offer(&self, key: &PublicKey) -> HostKeyOffer {
        HostKeyOffer {
            host: self.target.known_hosts_name(),
            kind: key.kind(),
            fingerprint: key.fingerprint(),
            randomart: key.randomart(),
        }
    }

    fn known_key(&self, key: &PublicKey) -> KnownKey {
        let line = self.line(key);
        let record = self.stored.iter().find(|host| host.line == line);
        KnownKey {
            kind: key.kind(),
            fingerprint: key.fingerprint(),
            since_ms: record.map(|host| words::whole_millis(host.first_seen_ms)),
        }
    }

    /// The line that trusts `key` for this server.
    fn line(&self, key: &PublicKey) -> String {
        format!("{} {}", self.target.known_hosts_name(), key.to_openssh())
    }

    /// Notes that a trusted key was shown again.
    async fn touch(&mut self, key: &PublicKey) {
        let line = self.line(key);
        if let Some(host) = self.stored.iter_mut().find(|host| host.line == line)
            && let Some(vault) = &self.vault
        {
            host.last_seen_ms = unix_millis();
            // Only the date on a screen is at stake.
            let _ = vault
                .replace_known_hosts(&[], std::slice::from_ref(host))
                .await;
        }
    }

    /// Stores `key` in place of all that this server's name alone is trusted for. `false` where
    /// the browser stores nothing: the session goes on, and the next one asks again.
    async fn store(&mut self, key: &PublicKey) -> bool {
        let Some(vault) = &self.vault else {
            return false;
        };
        let prefix = format!("{} ", self.target.known_hosts_name());
        let replaced: Vec<String> = self
            .stored
            .iter()
            .filter(|host| host.line.starts_with(&prefix))
            .map(|host| host.line.clone())
            .collect();
        let now = unix_millis();
        let added = KnownHost {
            line: self.line(key),
            first_seen_ms: now,
            last_seen_ms: now,
        };
        vault.replace_known_hosts(&replaced, &[added]).await.is_ok()
    }
}
