//! The command line. Every flag overrides the setting of the same meaning in the file.

mod ticket;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use transom_relay::{Config, ConfigError, Flags, Origin, OtherRelay, Rule, Span, Target};

pub(crate) use ticket::TicketOptions;

/// Turns the WebSocket of a page into TCP connections to SSH servers. Sees only ciphertext.
///
/// Settings come from flags, else from variables such as TRANSOM_RELAY_LIMITS_SESSIONS, else
/// from the file of --config. `config print` shows all of them.
#[derive(Debug, Parser)]
#[command(
    name = "transom-relay",
    version,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Options {
    /// What to do; without it the relay runs.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// What to do instead of serving.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check or print the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a ticket, for scripts and a first try
    Ticket(TicketOptions),
}

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say whether the relay would start with these settings
    Check(Box<Settings>),
    /// Print the settings that hold, as a file, with all defaults
    Print(Box<Settings>),
}

/// Flags of settings.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// File with settings (TOML)
    #[arg(long, value_name = "FILE", env = "TRANSOM_RELAY_CONFIG")]
    config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8022]; port 0 takes any free one. Other than
    /// loopback only with tickets or an identity header
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// What may be reached: host:port, *.example.org:22, 10.0.0.0/8:22, localhost:*, *:22
    /// (repeatable). Without it: nothing. Private addresses only by name or network; loopback,
    /// link-local and other special ones only by localhost or a network
    #[arg(long, value_name = "PATTERN")]
    allow: Vec<Rule>,
    /// What may not be reached although --allow names it (repeatable)
    #[arg(long, value_name = "PATTERN")]
    deny: Vec<Rule>,
    /// Origin of a page that may use the relay besides its own (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<Origin>,
    /// Serve programs, which send no Origin
    #[arg(long)]
    allow_no_origin: bool,
    /// Folder of the page
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Another relay that the page may use, as wss://ssh.example.org (repeatable)
    #[arg(long, value_name = "URL")]
    connect: Vec<OtherRelay>,
    /// Serve bare WebSockets at /plain: to HOST:PORT, or to /plain?target=host:port
    #[arg(long, value_name = "HOST:PORT", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "clap tells absent, bare and given so")]
    plain: Option<Option<Target>>,
    /// Issuer of certificates for persons' keys: https, or http on a loopback address
    #[arg(long, value_name = "URL")]
    certificate_url: Option<String>,
    /// Sessions at the same time [default: 1024]
    #[arg(long, value_name = "COUNT")]
    max_sessions: Option<u32>,
    /// Time that a session waits for its client to come back [default: 120s]
    #[arg(long, value_name = "TIME")]
    grace: Option<Span>,
    /// Sessions that may wait so at the same time [default: 1024]
    #[arg(long, value_name = "COUNT")]
    max_held: Option<u32>,
    /// Time for sessions to end after SIGTERM [default: 8s]
    #[arg(long, value_name = "TIME")]
    drain: Option<Span>,
    /// Loopback address for Prometheus metrics
    #[arg(long, value_name = "ADDRESS:PORT")]
    metrics: Option<SocketAddr>,
    /// PEM file of the certificate, for TLS without a proxy
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// PEM file of its private key
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

impl Settings {
    /// Puts all settings together.
    pub(crate) fn load(&self) -> Result<Config, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
        Config::load(self.config.as_deref(), environment, self.flags())
    }

    fn flags(&self) -> Flags {
        let mut flags = Flags::default();
        set(&mut flags, "", "listen", self.listen.as_ref());
        set(&mut flags, "", "metrics", self.metrics.as_ref());
        set_list(&mut flags, "policy", "allow", &self.allow);
        set_list(&mut flags, "policy", "deny", &self.deny);
        set_list(&mut flags, "", "origins", &self.origin);
        set_list(&mut flags, "", "other_relays", &self.connect);
        if self.allow_no_origin {
            flags.set("", "allow_no_origin", true);
        }
        set_path(&mut flags, "", "site", self.site.as_deref());
        set_path(
            &mut flags,
            "tls",
            "certificate",
            self.tls_certificate.as_deref(),
        );
        set_path(&mut flags, "tls", "key", self.tls_key.as_deref());
        match &self.plain {
            None => {}
            Some(None) => flags.set("", "plain", "query"),
            Some(Some(target)) => flags.set("", "plain", target.to_string()),
        }
        set(
            &mut flags,
            "certificates",
            "url",
            self.certificate_url.as_ref(),
        );
        if let Some(count) = self.max_sessions {
            flags.set("limits", "sessions", i64::from(count));
        }
        if let Some(count) = self.max_held {
            flags.set("resume", "held", i64::from(count));
        }
        set(&mut flags, "resume", "grace", self.grace.as_ref());
        set(&mut flags, "deadlines", "drain", self.drain.as_ref());
        flags
    }
}

fn set(flags: &mut Flags, section: &str, key: &str, value: Option<&impl ToString>) {
    if let Some(value) = value {
        flags.set(section, key, value.to_string());
    }
}

fn set_path(flags: &mut Flags, section: &str, key: &str, path: Option<&Path>) {
    set(flags, section, key, path.map(Path::display).as_ref());
}

fn set_list(flags: &mut Flags, section: &str, key: &str, values: &[impl ToString]) {
    if !values.is_empty() {
        let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
        flags.set(section, key, texts);
    }
}
