//! Tickets: signed permissions to connect, each good for one session.
//!
//! A ticket is a JSON Web Token ([RFC 7519]) in the first frame of a connection. This module
//! says what it allows, or why it is worth nothing; that reason goes to the log and never to the
//! client. Neither the ticket nor a key is ever printed.
//!
//! [RFC 7519]: https://www.rfc-editor.org/rfc/rfc7519

mod key;
mod mint;
mod remote;
mod used;

use core::time::Duration;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use transom_wire::{Claims, MAX_TICKET_BYTES};

use crate::config::TicketConfig;
use crate::policy::{Rule, Target};
use key::{Key, KeyRing};
use remote::Remote;
use used::{Taken, Used};

pub use key::KeyError;
pub use mint::{MintError, SigningKey};

/// Seconds by which the clock of whoever makes tickets may be ahead of ours.
const LEEWAY_SECONDS: u64 = 5;

/// Destinations in one ticket, at most; each is compared with the target.
const MAX_DESTINATIONS: usize = 64;

/// Bytes of `jti` and `sub`, at most: they are kept, counted and logged.
const MAX_NAME_BYTES: usize = 256;

/// Keys that a ticket which names none is tried with, at most.
const MAX_CANDIDATES: usize = 4;

/// What a ticket allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) subject: Arc<str>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) idle: Option<Duration>,
    pub(crate) total: Option<Duration>,
    pub(crate) sessions: Option<usize>,
}

/// Why a ticket is worth nothing. For the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TicketRefusal {
    #[error("there is no ticket")]
    Missing,
    #[error("the ticket is no token of three parts with the claims of a ticket")]
    Malformed,
    #[error("the ticket's header demands what this relay does not understand")]
    Critical,
    #[error("no key of this relay has the ticket's algorithm and name")]
    UnknownKey,
    #[error("the ticket's signature is wrong")]
    Signature,
    #[error("the ticket is for another audience")]
    Audience,
    #[error("the ticket is from another issuer")]
    Issuer,
    #[error("the ticket has expired")]
    Expired,
    #[error("the ticket is not valid yet")]
    NotYet,
    #[error("the ticket lives for longer than this relay accepts")]
    TooLong,
    #[error("the ticket's jti or sub is empty, too long or not printable")]
    Name,
    #[error("the ticket's dst has no pattern, too many, or one that is none")]
    Destination,
    #[error("the ticket is for another target")]
    Target,
    #[error("the ticket was used before")]
    Used,
    #[error("the relay remembers as many used tickets as it may")]
    MemoryFull,
}

/// Checks tickets.
#[derive(Debug)]
pub(crate) struct Tickets {
    config: TicketConfig,
    /// Keys of files.
    local: KeyRing,
    remote: Option<Remote>,
    used: Used,
}

impl Tickets {
    /// Reads the keys that are in files.
    pub(crate) fn new(config: TicketConfig) -> Result<Self, KeyError> {
        let local = KeyRing::from_files(&config)?;
        let remote = config.jwks_url.clone();
        let remote = remote.map(|url| Remote::new(url, config.jwks_refresh.0));
        Ok(Self {
            local,
            remote: remote.transpose()?,
            used: Used::new(config.remembered),
            config,
        })
    }

    /// Takes a ticket for a session with `target`, once.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves the ticket unused.
    pub(crate) async fn redeem(
        &self,
        ticket: &str,
        target: Option<&Target>,
    ) -> Result<Grant, TicketRefusal> {
        let claims = self.verify(ticket).await?;
        let now = now();
        self.check(&claims, now)?;
        let grant = grant(&claims)?;
        let target = target.ok_or(TicketRefusal::Target)?;
        if !grant.rules.iter().any(|rule| rule.could_name(target)) {
            return Err(TicketRefusal::Target);
        }
        let issuer = claims.iss.as_deref().unwrap_or_default();
        match self.used.take((issuer, &claims.jti), claims.exp, now) {
            Taken::First => Ok(grant),
            Taken::Again => Err(TicketRefusal::Used),
            Taken::Full => Err(TicketRefusal::MemoryFull),
        }
    }

    /// Checks the signature, and nothing else.
    ///
    /// # Security
    ///
    /// The key decides on the algorithm, never the ticket: a public key is not taken for the
    /// secret of an HMAC. Keys that the header brings along (`jwk`, `jku`, `x5c`) are ignored.
    async fn verify(&self, ticket: &str) -> Result<Claims, TicketRefusal> {
        if ticket.is_empty() {
            return Err(TicketRefusal::Missing);
        }
        if ticket.len() > MAX_TICKET_BYTES {
            return Err(TicketRefusal::Malformed);
        }
        let header = decode_header(ticket).map_err(|_| TicketRefusal::Malformed)?;
        // RFC 7515 §4.1.11: whoever does not understand it must refuse; RFC 7519 §5.1.
        let token = |typ: &str| typ.eq_ignore_ascii_case("JWT");
        if header.crit.is_some() || !header.typ.as_deref().is_none_or(token) {
            return Err(TicketRefusal::Critical);
        }
        let kid = header.kid.as_deref();
        let verdict = try_keys(ticket, self.local.candidates(kid, header.alg));
        let Some(remote) = &self.remote else {
            return verdict;
        };
        if verdict.is_ok() {
            return verdict;
        }
        let ring = remote.ring(kid).await;
        match try_keys(ticket, ring.candidates(kid, header.alg)) {
            Err(TicketRefusal::UnknownKey) => verdict,
            verdict => verdict,
        }
    }

    fn check(&self, claims: &Claims, now: u64) -> Result<(), TicketRefusal> {
        if !claims.aud.as_slice().contains(&self.config.audience) {
            return Err(TicketRefusal::Audience);
        }
        if self.config.issuer.is_some() && claims.iss != self.config.issuer {
            return Err(TicketRefusal::Issuer);
        }
        if claims.exp <= now {
            return Err(TicketRefusal::Expired);
        }
        if claims.exp - now > self.config.max_lifetime.0.as_secs() {
            return Err(TicketRefusal::TooLong);
        }
        if claims.nbf.is_some_and(|nbf| nbf > now + LEEWAY_SECONDS) {
            return Err(TicketRefusal::NotYet);
        }
        if !is_name(&claims.jti) || !is_name(&claims.sub) {
            return Err(TicketRefusal::Name);
        }
        Ok(())
    }
}

fn try_keys<'a>(
    ticket: &str,
    keys: impl Iterator<Item = &'a Key>,
) -> Result<Claims, TicketRefusal> {
    let mut refusal = TicketRefusal::UnknownKey;
    for key in keys.take(MAX_CANDIDATES) {
        let mut validation = Validation::new(key.algorithm);
        // Ours, which have no surprises in their defaults.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        match decode::<Claims>(ticket, &key.material, &validation) {
            Ok(token) => return Ok(token.claims),
            Err(error) => {
                refusal = match error.kind() {
                    ErrorKind::Json(_) | ErrorKind::Utf8(_) | ErrorKind::Base64(_) => {
                        TicketRefusal::Malformed
                    }
                    _ => TicketRefusal::Signature,
                };
            }
        }
    }
    Err(refusal)
}

fn grant(claims: &Claims) -> Result<Grant, TicketRefusal> {
    let patterns = claims.dst.as_slice();
    if patterns.is_empty() || patterns.len() > MAX_DESTINATIONS {
        return Err(TicketRefusal::Destination);
    }
    let rules: Result<Vec<Rule>, _> = patterns.iter().map(|text| text.parse()).collect();
    let seconds = |seconds: Option<u64>| seconds.map(Duration::from_secs);
    Ok(Grant {
        subject: claims.sub.as_str().into(),
        rules: rules.map_err(|_| TicketRefusal::Destination)?,
        idle: seconds(claims.idle_seconds),
        total: seconds(claims.max_seconds),
        sessions: claims
            .max_sessions
            .map(|count| count.try_into().unwrap_or(usize::MAX)),
    })
}

/// Whether `text` can be kept and logged.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME_BYTES && !text.contains(char::is_control)
}

/// Seconds since 1970. Before that no ticket is valid, which is right for a broken clock.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
