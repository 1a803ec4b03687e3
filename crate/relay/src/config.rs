//! What the operator decides: the settings, their defaults, and what they must agree on.
//!
//! A setting comes from a flag, else from the environment, else from the file, else from here:
//! see [`Config::load`]. `docs/relay.md` explains each of them to operators.

mod access;
mod issuer;
mod layer;
mod limit;
mod plain;
pub(crate) mod span;
pub(crate) mod texts;

use core::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::dial::{Resolve, SystemResolver};
use crate::{Origin, OtherRelay, Policy, ServeError};

pub use access::{Algorithm, AlgorithmError, IdentityConfig, TicketConfig, TicketKey};
pub use issuer::CertificateConfig;
pub use layer::{ConfigError, Flags};
pub use limit::{Deadlines, Limits, Resumption};
pub use plain::{Plain, PlainError};

/// Where the relay listens when nobody says otherwise.
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(core::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8022);

/// What the operator decides. The default allows nothing.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port to listen on; port 0 takes any free one. [`serve`](crate::serve) is given
    /// its listener instead.
    pub listen: SocketAddr,
    /// Loopback address for metrics; without it there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<SocketAddr>,
    /// Folder of the page; without it there is none, or the one inside of the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<PathBuf>,
    /// Origins that are served besides the relay's own.
    #[serde(with = "texts")]
    pub origins: Vec<Origin>,
    /// Serves clients that send no Origin: programs, never browsers.
    pub allow_no_origin: bool,
    /// Relays that the page may use besides this one.
    #[serde(with = "texts")]
    pub other_relays: Vec<OtherRelay>,
    /// Plain mode.
    #[serde(with = "texts::single")]
    pub plain: Plain,
    /// Where sessions may go.
    pub policy: Policy,
    /// Tickets that let clients in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickets: Option<TicketConfig>,
    /// Proxies whose word lets clients in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityConfig>,
    /// Who issues certificates for persons' keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificates: Option<CertificateConfig>,
    /// How much of everything.
    pub limits: Limits,
    /// How long for everything.
    pub deadlines: Deadlines,
    /// What happens when the way to a client breaks.
    pub resume: Resumption,
    /// Certificate and key; without them the relay speaks no TLS itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsConfig>,
    /// How the program logs.
    pub log: LogConfig,
    /// Turns names into addresses.
    #[serde(skip)]
    pub resolver: Arc<dyn Resolve>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: DEFAULT_LISTEN,
            metrics: None,
            site: None,
            origins: Vec::new(),
            allow_no_origin: false,
            other_relays: Vec::new(),
            plain: Plain::default(),
            policy: Policy::default(),
            tickets: None,
            identity: None,
            certificates: None,
            limits: Limits::default(),
            deadlines: Deadlines::default(),
            resume: Resumption::default(),
            tls: None,
            log: LogConfig::default(),
            resolver: Arc::new(SystemResolver),
        }
    }
}

impl Config {
    /// Whether a client has to prove who it is or what it may.
    pub fn asks_for_proof(&self) -> bool {
        self.tickets.is_some() || self.identity.is_some()
    }

    /// Says whether a relay with these settings may listen on `address`.
    ///
    /// # Errors
    ///
    /// [`ServeError::UserNotLoopback`] where other machines reach it and nobody has to prove
    /// anything.
    pub fn check_exposure(&self, address: SocketAddr) -> Result<(), ServeError> {
        if address.ip().is_loopback() || self.asks_for_proof() {
            return Ok(());
        }
        Err(ServeError::UserNotLoopback(address))
    }
}

/// TLS without a proxy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// PEM file of the certificate and those that it was signed with, in this order.
    pub certificate: PathBuf,
    /// PEM file of its private key.
    pub key: PathBuf,
}

/// How the program logs, to standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// One form for people, one for programs.
    pub format: LogFormat,
    /// How much.
    pub level: LogLevel,
}

/// The form of a line in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// To be read.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// The least that is worth a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the usual words")]
pub enum LogLevel {
    Off,
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}
