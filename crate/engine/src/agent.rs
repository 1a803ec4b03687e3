//! The agent of this browser, for programs on a server that a person forwards it to.
//!
//! Whoever is root there may ask as well. So each signature is confirmed by a person, who sees for which
//! key and, where the client proved it, for which server; nothing else is done.

use core::future::pending;
use core::pin::pin;
use core::time::Duration;
use std::rc::Rc;

use futures::future::{Either, select};
use futures::lock::Mutex;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use transom_browser::monotonic;
use transom_browser::vault::{DEFAULT_NAME, Vault};
use transom_keys::{
    AGENT_FAILURE, AGENT_SUCCESS, AgentBindings, AgentHop, AgentRequest, MAX_AGENT_MESSAGE_BYTES,
    SignRequest, agent_identities, agent_signature,
};
use transom_protocol::{AgentDestination, AgentUse, AgentVerdict, Answer, Question};
use transom_ssh::{Listener, Tunnel, display_safe};

use crate::engine::Engine;
use crate::login::{NAME_BYTES, shown_name};
use crate::stored_key::{self, Offer};
use crate::trust::rules;

/// Programs that are talked to at the same time; others are hung up on.
const MAX_TALKS: usize = 8;

/// Names of a server that are shown, at most.
const MAX_NAMES: usize = 4;

/// How long "Allow for ten minutes" lasts.
const GRANT: Duration = Duration::from_mins(10);

/// The agent on one connection.
struct Agent {
    engine: Rc<Engine>,
    /// The server that it is forwarded to, as known_hosts writes it.
    from: String,
    /// What is allowed, and until when. Held while a person is asked, so that one question waits
    /// at a time, however many programs ask.
    granted: Mutex<Vec<(AgentUse, Duration)>>,
}

/// Serves the programs that come until the connection ends.
///
/// - `from`: the server, as known_hosts writes it.
///
/// # Cancel safety
///
/// Dropping it hangs up on all of them.
pub(crate) async fn serve(engine: Rc<Engine>, mut listener: Listener, from: String) {
    let agent = Agent {
        engine,
        from,
        granted: Mutex::default(),
    };
    let mut talks = FuturesUnordered::new();
    loop {
        futures::select_biased! {
            () = talks.select_next_some() => {}
            tunnel = listener.next().fuse() => match tunnel {
                Some(tunnel) if talks.len() < MAX_TALKS => talks.push(agent.talk(tunnel)),
                Some(_) => {}
                None => return,
            },
        }
    }
}

impl Agent {
    /// Answers one program until it hangs up. A question that it waits for is withdrawn then.
    async fn talk(&self, tunnel: Tunnel) {
        let mut tunnel = BufReader::new(tunnel);
        let mut bindings = AgentBindings::default();
        while let Some(message) = read(&mut tunnel).await {
            let answering = pin!(self.answer(&mut bindings, &message));
            let Either::Left((answer, _)) = select(answering, pin!(hung_up(&mut tunnel))).await
            else {
                return;
            };
            if write(&mut tunnel, &answer).await.is_none() {
                return;
            }
        }
    }

    async fn answer(&self, bindings: &mut AgentBindings, message: &[u8]) -> Vec<u8> {
        match AgentRequest::parse(message) {
            AgentRequest::Identities => {
                let offers = offers().await;
                let all = offers.iter().flat_map(|offer| {
                    let name = offer.key.record.name.as_str();
                    offer.blobs().map(move |blob| (blob, name))
                });
                agent_identities(&all.collect::<Vec<_>>())
            }
            AgentRequest::Bind(bind) => match bindings.bind(bind) {
                Ok(()) => AGENT_SUCCESS.to_vec(),
                Err(_) => AGENT_FAILURE.to_vec(),
            },
            AgentRequest::Sign(request) => match self.sign(bindings, &request).await {
                Some(signature) => agent_signature(&signature),
                None => AGENT_FAILURE.to_vec(),
            },
            AgentRequest::Unknown => AGENT_FAILURE.to_vec(),
        }
    }

    async fn sign(&self, bindings: &AgentBindings, request: &SignRequest) -> Option<Vec<u8>> {
        let hop = bindings.judge(request).ok()?;
        let mut offers = offers().await.into_iter();
        let offer = offers.find(|offer| offer.blobs().any(|blob| blob == request.key))?;
        let way = request.way(offer.public())?;
        let log_in = request.log_in();
        let wish = AgentUse {
            key: shown_name(&offer.key),
            fingerprint: offer.key.record.fingerprint.clone(),
            from: self.from.clone(),
            user: log_in.map(|log_in| display_safe(&log_in.user, NAME_BYTES)),
            to: match hop {
                Some(hop) => Some(destination(hop).await),
                None => None,
            },
        };
        if !self.allows(wish).await {
            return None;
        }
        let engine = Some(&*self.engine);
        let raw = stored_key::signature(engine, &offer, way, request.message.clone()).await?;
        Some(way.encode(&raw))
    }

    /// Asks a person, unless that was allowed less than ten minutes ago.
    async fn allows(&self, wish: AgentUse) -> bool {
        let mut granted = self.granted.lock().await;
        granted.retain(|(_, until)| *until > monotonic());
        if granted.iter().any(|(known, _)| *known == wish) {
            return true;
        }
        let question = Question::Agent { wish: wish.clone() };
        let Ok(Answer::Agent { verdict }) = self.engine.ask(question).await else {
            return false;
        };
        if verdict == AgentVerdict::TenMinutes {
            granted.push((wish, monotonic() + GRANT));
        }
        verdict != AgentVerdict::Refuse
    }
}

/// The keys that the agent has. Not those of authenticators: they sign in a way that no agent knows.
async fn offers() -> Vec<Offer> {
    let Ok(vault) = Vault::open(DEFAULT_NAME).await else {
        return Vec::new();
    };
    stored_key::for_agent(vault.keys().await.unwrap_or_default())
}

/// The server that a log-in is for, and by which names it is known.
async fn destination(hop: &AgentHop) -> AgentDestination {
    let known = match Vault::open(DEFAULT_NAME).await {
        Ok(vault) => vault.known_hosts().await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let rules = rules(&known);
    let names = rules.names_of(&hop.host_key).take(MAX_NAMES);
    AgentDestination {
        kind: hop.host_key.kind(),
        fingerprint: hop.host_key.fingerprint(),
        names: names.map(|names| display_safe(names, NAME_BYTES)).collect(),
    }
}

/// Waits until the program hangs up. One that goes on talking before it has its answer is not heard until then.
async fn hung_up(tunnel: &mut BufReader<Tunnel>) {
    if matches!(tunnel.fill_buf().await, Ok(ahead) if !ahead.is_empty()) {
        pending::<()>().await;
    }
}

/// Reads a message; `None` at the end, and for one that is longer than any.
async fn read(tunnel: &mut BufReader<Tunnel>) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    tunnel.read_exact(&mut length).await.ok()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    if length > MAX_AGENT_MESSAGE_BYTES {
        return None;
    }
    let mut message = vec![0; length];
    tunnel.read_exact(&mut message).await.ok()?;
    Some(message)
}

async fn write(tunnel: &mut BufReader<Tunnel>, message: &[u8]) -> Option<()> {
    let length = u32::try_from(message.len()).ok()?;
    let framed = [&length.to_be_bytes(), message].concat();
    tunnel.write_all(&framed).await.ok()
}
