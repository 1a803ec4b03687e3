//! `transom-relay ticket`: makes one.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use transom_relay::{Algorithm, Rule, SigningKey, Span};
use transom_wire::{Claims, OneOrMany};

/// What the ticket says.
#[derive(Args, Debug)]
pub(crate) struct TicketOptions {
    /// PEM file of the private key; for HS256 the file of the secret
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// EdDSA, ES256, RS256 or HS256
    #[arg(long, default_value = "EdDSA")]
    algorithm: Algorithm,
    /// Name of the key, as in the relay's settings
    #[arg(long, value_name = "KID")]
    key_id: Option<String>,
    /// The relay's tickets.audience
    #[arg(long)]
    audience: String,
    /// The relay's tickets.issuer
    #[arg(long)]
    issuer: Option<String>,
    /// Whom the ticket is for
    #[arg(long)]
    subject: String,
    /// Where it leads, with patterns as in --allow (repeatable)
    #[arg(long, value_name = "PATTERN", required = true)]
    to: Vec<Rule>,
    /// For how long it can be used, at most 5m
    #[arg(long, value_name = "TIME", default_value = "60s")]
    lifetime: Span,
    /// For how long the session may last
    #[arg(long, value_name = "TIME")]
    max_time: Option<Span>,
}

/// Random bytes in the name of a ticket: nobody guesses or repeats it.
const NAME_BYTES: usize = 16;

impl TicketOptions {
    /// Signs the ticket.
    pub(crate) fn mint(self) -> Result<String> {
        let key = SigningKey::read(&self.key, self.algorithm, self.key_id)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.context("the clock stands before 1970")?.as_secs();
        let mut random = [0; NAME_BYTES];
        getrandom::fill(&mut random).map_err(|error| anyhow!("no randomness: {error}"))?;
        let mut name = String::new();
        for byte in random {
            write!(name, "{byte:02x}")?;
        }
        let claims = Claims {
            aud: OneOrMany::One(self.audience),
            sub: self.subject,
            dst: OneOrMany::Many(self.to.iter().map(ToString::to_string).collect()),
            jti: name,
            exp: now + self.lifetime.0.as_secs(),
            nbf: Some(now),
            iss: self.issuer,
            max_seconds: self.max_time.map(|time| time.0.as_secs()),
            idle_seconds: None,
            max_sessions: None,
        };
        Ok(key.sign(&claims)?)
    }
}
