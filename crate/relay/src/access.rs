//! Who may open which session: the one place where identities, tickets, the policy and the limits
//! meet.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::net::TcpStream;
use transom_wire::{Close, CloseReason, IssuerAnswer, Open, SessionId, Ticket};

use crate::config::{Config, Limits};
use crate::dial::{DialError, Dialer};
use crate::gate::{Gate, GateRefusal};
use crate::identity::{Identity, Known};
use crate::limit::{Neighbourhood, Place, Places};
use crate::metrics::{Metrics, Outcome, Summary};
use crate::policy::{Rule, Target};
use crate::spare::Spare;
use crate::ticket::{Grant, KeyError, TicketRefusal, Tickets};

/// What a client hears who proved nothing, whatever the reason.
const STRANGER: &str = "the relay wants a valid ticket or a user whom its proxy knows";

/// Decides.
#[derive(Debug)]
pub(crate) struct Access {
    dialer: Dialer,
    gate: Gate,
    tickets: Option<Tickets>,
    identity: Option<Identity>,
    limits: Limits,
    sessions: Arc<Places<Neighbourhood>>,
    subjects: Arc<Places<Arc<str>>>,
    connections: Arc<Places<Neighbourhood>>,
    pub(crate) metrics: Metrics,
    pub(crate) spare: Arc<Spare>,
}

/// A connection's place among those that are no session yet.
pub(crate) type Entry = Arc<Place<Neighbourhood>>;

/// Who is behind a connection.
#[derive(Debug)]
pub(crate) struct Caller {
    known: Known,
    /// Given back as soon as a session has begun, which has places of its own.
    entry: Option<Entry>,
}

/// A session that may be, and its places. Keep it for as long as the session.
#[derive(Debug)]
pub(crate) struct Admission {
    target: Target,
    /// What the ticket names; `None` where there is none.
    rules: Option<Vec<Rule>>,
    subject: Option<Arc<str>>,
    address: IpAddr,
    /// Ends the session when nothing has moved for so long.
    pub(crate) idle: Option<Duration>,
    /// Ends the session after so long.
    pub(crate) total: Option<Duration>,
    /// The client is warned so long before.
    pub(crate) warning: Duration,
    _place: Place<Neighbourhood>,
    _subject_place: Option<Place<Arc<str>>>,
}

impl Access {
    /// Reads the keys of tickets.
    pub(crate) fn new(config: &Config) -> Result<Self, KeyError> {
        let limits = config.limits.clone();
        let tickets = config.tickets.clone().map(Tickets::new).transpose()?;
        let spare = Arc::new(Spare::new());
        Ok(Self {
            dialer: Dialer {
                policy: Arc::new(config.policy.clone()),
                resolver: Arc::clone(&config.resolver),
                deadline: config.deadlines.dial.0,
                spare: Arc::clone(&spare),
            },
            gate: Gate::new(config),
            tickets,
            identity: config.identity.as_ref().and_then(Identity::new),
            sessions: Places::new(limits.sessions, limits.sessions_per_address),
            subjects: Places::new(usize::MAX, limits.sessions_per_subject),
            connections: Places::new(limits.connections, limits.connections_per_address),
            limits,
            metrics: Metrics::default(),
            spare,
        })
    }

    /// Takes a place for a new connection; `None` where there is none.
    pub(crate) fn enter(&self, peer: IpAddr) -> Option<Entry> {
        let proxy = |identity: &Identity| identity.trusts(peer);
        let place = if self.identity.as_ref().is_some_and(proxy) {
            self.connections.take(None)
        } else {
            self.connections.take(Neighbourhood::of(peer))
        };
        if place.is_none() {
            self.metrics.dropped();
        }
        place.map(Arc::new)
    }

    /// Checks the page of a request, and notes who sent it.
    pub(crate) fn caller(
        &self,
        peer: IpAddr,
        entry: Entry,
        headers: &HeaderMap,
    ) -> Result<Caller, GateRefusal> {
        let known = match &self.identity {
            Some(identity) => identity.read(peer, headers),
            None => Known {
                address: peer.to_canonical(),
                subject: None,
            },
        };
        if let Err(refusal) = self.gate.check(headers) {
            self.metrics.refused_origin();
            tracing::info!(client = %known.address, %refusal, "request refused");
            return Err(refusal);
        }
        Ok(Caller {
            known,
            entry: Some(entry),
        })
    }

    /// Decides about `Open`.
    ///
    /// # Security
    ///
    /// Without proof nothing is looked up, and every cause looks alike.
    pub(crate) async fn admit(&self, caller: &Caller, open: &Open) -> Result<Admission, Close> {
        let target = Target::new(open.host.as_str(), open.port);
        let proof = self.prove(caller, open.ticket.as_ref(), target.as_ref().ok());
        let grant = match proof.await {
            Ok(grant) => grant,
            Err(refusal) => {
                let close = Close::new(CloseReason::Unauthorized, STRANGER);
                return Err(self.refuse(caller, &refusal.to_string(), close));
            }
        };
        match target {
            Ok(target) => self.seat(caller, target, grant),
            Err(error) => {
                let text = error.to_string();
                let close = Close::new(CloseReason::NameUnknown, text.as_str());
                Err(self.refuse(caller, &text, close))
            }
        }
    }

    /// What a client is told whose first frame is longer than any.
    ///
    /// - `close`: what it is told where nobody has to prove anything.
    ///
    /// # Security
    ///
    /// Nothing but a ticket could be so long, and a ticket that is refused looks like any other.
    pub(crate) fn overlong(&self, caller: &Caller, close: Close) -> Close {
        let close = if self.tickets.is_some() || self.identity.is_some() {
            Close::new(CloseReason::Unauthorized, STRANGER)
        } else {
            close
        };
        self.refuse(caller, "a first frame that is too long", close)
    }

    /// Decides about plain mode, which has no place for a ticket.
    pub(crate) fn admit_plain(&self, caller: &Caller, target: Target) -> Result<Admission, Close> {
        let open = self.tickets.is_none() && self.identity.is_none();
        if !open && caller.known.subject.is_none() {
            let close = Close::new(CloseReason::Unauthorized, STRANGER);
            return Err(self.refuse(caller, "plain mode without an identity", close));
        }
        self.seat(caller, target, None)
    }

    /// Who asks for what belongs to a person and not to a session; `None` where nobody has to prove
    /// anything. A ticket proves no more than that one session may be.
    ///
    /// # Errors
    ///
    /// What a stranger hears.
    pub(crate) fn identify(&self, caller: &Caller) -> Result<Option<Arc<str>>, &'static str> {
        let open = self.tickets.is_none() && self.identity.is_none();
        if open || caller.known.subject.is_some() {
            return Ok(caller.known.subject.clone());
        }
        tracing::info!(client = %caller.known.address, "certificate refused to a stranger");
        Err("the relay wants a user whom its proxy knows")
    }

    /// Notes that the issuer was asked, and what it said.
    pub(crate) fn asked_issuer(caller: &Caller, answer: &IssuerAnswer) {
        let outcome = match answer {
            IssuerAnswer::Issued { .. } => "issued",
            IssuerAnswer::Refused { .. } => "refused",
            IssuerAnswer::Busy => "busy",
            _ => "no answer",
        };
        tracing::info!(
            client = %caller.known.address,
            subject = caller.known.subject.as_deref(),
            outcome,
            "certificate asked for"
        );
    }

    /// A client proves itself by the word of a proxy, else by a ticket, where one of them is
    /// demanded.
    async fn prove(
        &self,
        caller: &Caller,
        ticket: Option<&Ticket>,
        target: Option<&Target>,
    ) -> Result<Option<Grant>, TicketRefusal> {
        // A ticket that came along is meant, also from a user whom a proxy knows.
        match (&self.tickets, ticket) {
            (Some(tickets), Some(ticket)) => {
                tickets.redeem(ticket.expose(), target).await.map(Some)
            }
            _ if caller.known.subject.is_some() => Ok(None),
            (None, _) if self.identity.is_none() => Ok(None),
            _ => Err(TicketRefusal::Missing),
        }
    }

    /// Gives a session its places.
    fn seat(
        &self,
        caller: &Caller,
        target: Target,
        grant: Option<Grant>,
    ) -> Result<Admission, Close> {
        let address = caller.known.address;
        let full = |text: &str| {
            let close = Close::new(CloseReason::Full, text);
            self.refuse(caller, text, close)
        };
        let place = self.sessions.take(Neighbourhood::of(address));
        let place = place.ok_or_else(|| full("the relay serves as many sessions as it may"))?;
        let subject = match &grant {
            Some(grant) => Some(Arc::clone(&grant.subject)),
            None => caller.known.subject.clone(),
        };
        let own = grant.as_ref().and_then(|grant| grant.sessions);
        let subject_place = match &subject {
            None => None,
            Some(subject) => {
                let key = Some(Arc::clone(subject));
                let place = self.subjects.take_within(key, own.unwrap_or(usize::MAX));
                Some(place.ok_or_else(|| full("you have as many sessions as you may"))?)
            }
        };
        let least = |ours: Option<Duration>, theirs: Option<Duration>| match (ours, theirs) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        let idle = grant.as_ref().and_then(|grant| grant.idle);
        let total = grant.as_ref().and_then(|grant| grant.total);
        Ok(Admission {
            target,
            subject,
            address,
            idle: least(self.limits.idle.0, idle),
            total: least(self.limits.total.0, total),
            warning: self.limits.warning.0,
            rules: grant.map(|grant| grant.rules),
            _place: place,
            _subject_place: subject_place,
        })
    }

    /// Connects to the target of a session.
    pub(crate) async fn dial(&self, admission: &Admission) -> Result<TcpStream, DialError> {
        let dialed = self
            .dialer
            .dial(&admission.target, admission.rules.as_deref())
            .await;
        if let Err(error) = &dialed {
            self.metrics.refused(error.close().reason);
            tracing::info!(
                client = %admission.address,
                subject = admission.subject.as_deref(),
                to = %admission.target,
                reason = %error,
                "session refused"
            );
        }
        dialed
    }

    fn refuse(&self, caller: &Caller, reason: &str, close: Close) -> Close {
        self.metrics.refused(close.reason);
        tracing::info!(
            client = %caller.known.address,
            subject = caller.known.subject.as_deref(),
            reason,
            "session refused"
        );
        close
    }

    /// Notes the end of a session: one line, and the numbers.
    pub(crate) fn ended(
        &self,
        admission: &Admission,
        session: Option<SessionId>,
        outcome: Outcome,
        summary: Summary,
    ) {
        self.metrics.ended(outcome, summary);
        tracing::info!(
            session = session.map(|id| id.to_string()),
            client = %admission.address,
            subject = admission.subject.as_deref(),
            to = %admission.target,
            up_bytes = summary.up_bytes,
            down_bytes = summary.down_bytes,
            seconds = summary.time.as_secs_f64(),
            resumes = summary.resumes,
            %outcome,
            "session over"
        );
    }

    /// Sessions, and connections that are none.
    pub(crate) fn taken(&self) -> (usize, usize) {
        (self.sessions.taken(), self.connections.taken())
    }
}

impl Caller {
    /// Gives the place among the newcomers back.
    pub(crate) fn settle(&mut self) {
        self.entry = None;
    }
}
