//! The relay: turns a WebSocket into a TCP connection and sees only ciphertext.
//!
//! [`serve`] answers on one listener:
//!
//! - `GET /relay`: the relay protocol (`crate/wire/PROTOCOL.md`), with flow control end to end.
//! - `GET /plain`: bytes in binary messages, as websockify does, where the operator allows it.
//! - `POST /certificate`: hands a line to the issuer of certificates that the operator names.
//! - `GET /healthz`, and the page from a folder, under a strict Content-Security-Policy.
//!
//! It is closed by default: it connects only to what its [`Policy`] names, and listens on
//! loopback only. This crate must never reach the SSH crates: that the relay cannot read a
//! session is a fact of the build. It never logs a payload, a secret or a ticket.

mod access;
mod config;
mod dial;
mod fetch;
mod gate;
mod http;
mod identity;
mod issuer;
mod limit;
mod listen;
mod metrics;
mod policy;
mod serve;
mod session;
mod site;
mod socket;
mod spare;
mod ticket;
mod tls;

pub use config::span::{OptionalSpan, Span, SpanError};
pub use config::{
    Algorithm, AlgorithmError, CertificateConfig, Config, ConfigError, Deadlines, Flags,
    IdentityConfig, Limits, LogConfig, LogFormat, LogLevel, Plain, PlainError, Resumption,
    TicketConfig, TicketKey, TlsConfig,
};
pub use dial::{Resolve, SystemResolver};
pub use fetch::AddressError;
pub use gate::{Origin, OriginError};
pub use issuer::IssuerError;
pub use policy::{Policy, Refusal, Rule, RuleError, SpecialKind, Target, TargetError};
pub use serve::{ServeError, check, serve};
pub use site::{OtherRelay, OtherRelayError};
#[cfg(any(test, feature = "fuzzing"))]
pub use socket::oracle;
pub use ticket::{KeyError, MintError, SigningKey};
pub use tls::TlsError;
