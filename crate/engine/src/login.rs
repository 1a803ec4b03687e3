//! Logging in: the server says what it takes, a person gives it.

use core::pin::pin;
use std::rc::Rc;

use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use transom_browser::RelayLink;
use transom_browser::vault::StoredKey;
use transom_keys::{KeyError, PrivateKey};
use transom_protocol::{
    Answer, Echo, ErrorCode, Event, Failure, KeyProblem, Phase, Prompt, Question, Refusal, Secret,
    Target,
};
use transom_ssh::{
    ConnectError, Connection, Login, Method, Methods, Outcome, PromptRequest, Prompter,
    display_safe,
};

use crate::engine::Engine;
use crate::stored_key::{self, Offer, StoredKeys};
use crate::tried::Tried;
use crate::words;

/// Longest name that is shown, of a key, a key file or a user, in bytes.
pub(crate) const NAME_BYTES: usize = 128;

/// A session that is open.
#[derive(Debug)]
pub(crate) struct LoggedIn {
    /// Its connection.
    pub(crate) connection: Connection,
    /// Who logged in.
    pub(crate) user: String,
    /// How, in the RFC's words.
    pub(crate) method: &'static str,
}

/// Logs in, asking for whatever is missing, as often as the server allows.
pub(crate) async fn log_in(
    engine: &Rc<Engine>,
    login: Login,
    target: Target,
    link: &RelayLink,
) -> Result<LoggedIn, Failure> {
    engine.phase(Phase::Authenticating);
    let host = target.known_hosts_name();
    let user = match target.user {
        Some(user) => user,
        None => match engine.ask(Question::User).await {
            Ok(Answer::User { user }) if !user.is_empty() => user,
            _ => return Err(words::failure(ErrorCode::Cancelled)),
        },
    };
    let mut attempts = Attempts {
        engine,
        user,
        link,
        refused: None,
        stored: StoredKeys::load(&host).await,
        refused_keys: Vec::new(),
        lapsed: Vec::new(),
        tried: Tried::default(),
    };
    let logged_in = Box::pin(attempts.all(login)).await;
    if let Err(failure) = &logged_in
        && failure.code == ErrorCode::AuthClosed
    {
        let keys = core::mem::take(&mut attempts.refused_keys);
        attempts.stored.note_refused(keys).await;
    }
    logged_in
}

/// What stays the same from one attempt to the next.
struct Attempts<'a> {
    engine: &'a Rc<Engine>,
    user: String,
    link: &'a RelayLink,
    /// Why the last attempt did not lead on.
    refused: Option<Refusal>,
    /// The keys of this browser that were not tried yet.
    stored: StoredKeys,
    /// Those that the server did not accept.
    refused_keys: Vec<StoredKey>,
    /// The names of those whose certificate has ended and could not be renewed.
    lapsed: Vec<String>,
    /// What is told when nothing leads on.
    tried: Tried,
}

type Attempt = Result<(&'static str, Outcome), Failure>;

impl Attempts<'_> {
    /// Makes attempts until one opens the session.
    async fn all(&mut self, login: Login) -> Result<LoggedIn, Failure> {
        let mut method = "none";
        let mut outcome = self.failed(login.none(&self.user).await)?;
        let mut banner_told = false;
        loop {
            let (login, remaining) = match outcome {
                Outcome::LoggedIn(connection) => {
                    return Ok(LoggedIn {
                        connection,
                        user: self.user.clone(),
                        method,
                    });
                }
                Outcome::Denied {
                    login,
                    remaining,
                    partial_success,
                } => {
                    if partial_success {
                        self.tried.note_accepted();
                        self.refused = Some(Refusal::MoreNeeded);
                    }
                    (login, remaining)
                }
            };
            if !core::mem::replace(&mut banner_told, true) && !login.banner().is_empty() {
                self.engine.tell_all(&Event::Banner {
                    text: login.banner(),
                });
            }
            (method, outcome) = self.next(login, &remaining).await?;
        }
    }

    fn failed<T>(&self, result: Result<T, ConnectError>) -> Result<T, Failure> {
        result.map_err(|error| {
            let failure = words::connect_failure(&error, self.link.end().as_ref());
            self.tried.explain(failure)
        })
    }

    /// Makes one attempt with one of the remaining methods.
    async fn next(&mut self, login: Login, remaining: &Methods) -> Attempt {
        self.tried.allow(remaining.iter());
        let password = remaining.contains(Method::Password);
        let prompts = remaining.contains(Method::KeyboardInteractive);
        let public_key = remaining.contains(Method::PublicKey);
        if public_key && let Some(offer) = self.stored.next() {
            return self.stored_key(login, &offer).await;
        }
        match (password, prompts, public_key) {
            (false, false, false) => Err(self.tried.explain(words::failure(ErrorCode::AuthFailed))),
            (false, true, false) => self.prompts(login, None).await,
            _ => {
                let question = Question::Credential {
                    user: self.user.clone(),
                    // A server that asks by prompts mostly asks for the password first.
                    password: password || prompts,
                    public_key,
                    refused: self.refused.take(),
                };
                match self.engine.ask(question).await {
                    Ok(Answer::Password { password: secret }) if password => {
                        self.password(login, &secret).await
                    }
                    Ok(Answer::Password { password: secret }) if prompts => {
                        self.prompts(login, Some(secret)).await
                    }
                    Ok(Answer::KeyFile { name, text }) if public_key => {
                        self.key(login, remaining, &name, &text).await
                    }
                    _ => Err(words::failure(ErrorCode::Cancelled)),
                }
            }
        }
    }

    async fn password(&mut self, login: Login, password: &Secret) -> Attempt {
        self.refused = Some(Refusal::Password);
        self.tried.note("password");
        let outcome = login.password(&self.user, password.expose()).await;
        let outcome = self.failed(outcome).map_err(words::of_password)?;
        Ok(("password", outcome))
    }

    /// Offers a key that this browser keeps; nobody is asked.
    async fn stored_key(&mut self, login: Login, offer: &Offer) -> Attempt {
        let name = shown_name(&offer.key);
        let mut kind = offer.kind();
        if offer.is_lapsed() {
            kind.push_str(", its certificate has ended");
            self.lapsed.push(name.clone());
        }
        self.tried.note(&format!("{name} ({kind})"));
        // Also one that the server closes the connection upon is refused.
        self.refused_keys.push(offer.key.clone());
        let tried = stored_key::attempt(Some(self.engine), login, &self.user, offer).await;
        let stored_key::Tried { outcome, unsigned } = self.failed(tried)?;
        match &outcome {
            Outcome::LoggedIn(_)
            | Outcome::Denied {
                partial_success: true,
                ..
            } => {
                self.refused_keys.pop();
                self.stored.note_use(&offer.key).await;
            }
            Outcome::Denied { .. } if unsigned => {
                self.refused_keys.pop();
            }
            Outcome::Denied { .. } => {
                let names = self.refused_keys.iter().map(shown_name).collect();
                let lapsed = self.lapsed.clone();
                self.refused = Some(Refusal::StoredKeys { names, lapsed });
            }
        }
        Ok(("publickey", outcome))
    }

    /// Tries a key file. A file that cannot be used leads to the next question, not to the end.
    async fn key(
        &mut self,
        login: Login,
        remaining: &Methods,
        name: &str,
        text: &Secret,
    ) -> Attempt {
        let name = display_safe(name, NAME_BYTES);
        match self.unlock(&name, text).await? {
            Ok(key) => {
                let kind = key.public_key().kind();
                self.tried.note(&format!("{name} ({kind})"));
                self.refused = Some(Refusal::Key { name, kind });
                let outcome = login.public_key(&self.user, &key).await;
                Ok(("publickey", self.failed(outcome)?))
            }
            Err(problem) => {
                self.refused = Some(Refusal::KeyFile { name, problem });
                Box::pin(self.next(login, remaining)).await
            }
        }
    }

    /// Reads a key, asking for its passphrase until that is right.
    async fn unlock(
        &self,
        name: &str,
        text: &Secret,
    ) -> Result<Result<PrivateKey, KeyProblem>, Failure> {
        let mut passphrase: Option<Secret> = None;
        loop {
            let given = passphrase.as_ref().map(Secret::expose);
            let wrong = match PrivateKey::parse(text.expose().as_bytes(), given) {
                Ok(key) => return Ok(Ok(key)),
                Err(KeyError::NeedsPassphrase) => false,
                Err(KeyError::WrongPassphrase) => true,
                Err(error) => return Ok(Err(problem(error))),
            };
            let question = Question::Passphrase {
                key: name.to_owned(),
                wrong,
            };
            match self.engine.ask(question).await {
                Ok(Answer::Passphrase { passphrase: typed }) => passphrase = Some(typed),
                _ => return Err(words::failure(ErrorCode::Cancelled)),
            }
        }
    }

    /// Lets the server ask. `password` answers a first round that asks for nothing else.
    async fn prompts(&mut self, login: Login, password: Option<Secret>) -> Attempt {
        let (asker, mut rounds) = mpsc::unbounded();
        let mut prompter = AskPrompts { asker, password };
        let mut refused = self.refused.replace(Refusal::Prompts);
        self.tried.note("keyboard-interactive");
        let attempt = pin!(login.keyboard_interactive(&self.user, &mut prompter));
        let engine = self.engine;
        let answer = pin!(async {
            while let Some(round) = rounds.next().await {
                ask_round(engine, round, refused.take()).await;
            }
        });
        let outcome = match select(attempt, answer).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), attempt)) => attempt.await,
        };
        Ok(("keyboard-interactive", self.failed(outcome)?))
    }
}

/// What the person calls a key, safe to show.
pub(crate) fn shown_name(key: &StoredKey) -> String {
    display_safe(&key.record.name, NAME_BYTES)
}

pub(crate) fn problem(error: KeyError) -> KeyProblem {
    match error {
        KeyError::PublicKeyGiven => KeyProblem::PublicKey,
        KeyError::Unsupported => KeyProblem::Unsupported,
        KeyError::TooCostly => KeyProblem::TooCostly,
        KeyError::TooLarge => KeyProblem::TooLarge,
        KeyError::Damaged => KeyProblem::Damaged,
        KeyError::CertificateGiven => KeyProblem::Certificate,
        KeyError::SecurityKey => KeyProblem::SecurityKey,
        KeyError::Dsa => KeyProblem::Dsa,
        _ => KeyProblem::NotAKey,
    }
}

/// Carries the server's prompts over to the engine, which is not `Send`.
struct AskPrompts {
    asker: mpsc::UnboundedSender<Round>,
    password: Option<Secret>,
}

struct Round {
    request: PromptRequest,
    answers: oneshot::Sender<Option<Vec<String>>>,
}

impl Prompter for AskPrompts {
    async fn answer(&mut self, request: PromptRequest) -> Option<Vec<String>> {
        let password = self.password.take();
        if let ([prompt], Some(password)) = (request.prompts.as_slice(), password)
            && !prompt.echo
        {
            return Some(vec![password.expose().to_owned()]);
        }
        let (answers, wait) = oneshot::channel();
        self.asker.unbounded_send(Round { request, answers }).ok()?;
        wait.await.ok()?
    }
}

/// Asks a person for the answers of one round.
async fn ask_round(engine: &Engine, round: Round, refused: Option<Refusal>) {
    let count = round.request.prompts.len();
    let question = Question::Prompts {
        name: round.request.name,
        instructions: round.request.instructions,
        prompts: round.request.prompts.iter().map(shown).collect(),
        refused,
    };
    let answers = match engine.ask(question).await {
        Ok(Answer::Prompts { texts }) if texts.len() == count => {
            Some(texts.iter().map(|text| text.expose().to_owned()).collect())
        }
        _ => None,
    };
    // A log-in that no longer waits has failed already and says why.
    let _ = round.answers.send(answers);
}

fn shown(prompt: &transom_ssh::Prompt) -> Prompt {
    Prompt {
        text: prompt.text.trim_end_matches([' ', ':']).to_owned(),
        echo: if prompt.echo {
            Echo::Shown
        } else {
            Echo::Hidden
        },
    }
}
