//! Where settings come from: file, environment, flags, one above the other.

use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Config, IdentityConfig, TicketConfig};

/// What the name of a variable begins with.
const PREFIX: &str = "TRANSOM_RELAY_";

/// The variable that names the file; read where flags are.
const FILE_VARIABLE: &str = "TRANSOM_RELAY_CONFIG";

/// Settings of flags, by their path in the file.
#[derive(Clone, Debug, Default)]
pub struct Flags(Table);

impl Flags {
    /// Sets `section.key`, or `key` where the section is empty.
    pub fn set(&mut self, section: &str, key: &str, value: impl Into<Value>) {
        place(&mut self.0, section, key, value.into());
    }
}

/// Why there are no settings; a text for the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    UserFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file says something that cannot be meant; the text has the line and what to write.
    #[error("{path}: {text}")]
    UserSetting {
        /// The file.
        path: PathBuf,
        /// Line, what is wrong, what would be right.
        text: String,
    },
    /// A variable says something that cannot be meant.
    #[error("{variable}: {text}")]
    UserVariable {
        /// The variable.
        variable: String,
        /// What is wrong, what would be right.
        text: String,
    },
    /// Settings that do not fit together.
    #[error("{0}")]
    UserContradiction(String),
}

impl Config {
    /// Puts the settings together: `flags` over `environment` over `file` over the defaults.
    ///
    /// A variable is `TRANSOM_RELAY_` and the key in capitals, with its section in front:
    /// `TRANSOM_RELAY_LIMITS_SESSIONS`. A list is written with commas.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for what cannot be read or meant; unknown keys are among it.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: Flags,
    ) -> Result<Self, ConfigError> {
        let mut table = file.map_or_else(|| Ok(Table::new()), read)?;
        for (variable, text) in environment {
            if let Some(name) = variable.strip_prefix(PREFIX)
                && variable != FILE_VARIABLE
            {
                merge(&mut table, from_variable(&variable, name, &text)?);
            }
        }
        merge(&mut table, flags.0);
        let config: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| complaint(error.message()))?;
        config.check()?;
        Ok(config)
    }

    /// The settings as a file, every default included.
    ///
    /// # Errors
    ///
    /// [`ConfigError::UserContradiction`] where a path is not text.
    pub fn to_file(&self) -> Result<String, ConfigError> {
        toml::to_string(self).map_err(|error| complaint(&error.to_string()))
    }

    /// Looks for settings that do not fit together.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let tickets = self.tickets.as_ref().and_then(TicketConfig::complaint);
        let identity = self.identity.as_ref();
        let proxies = identity.and_then(IdentityConfig::complaint);
        let strangers = self.tickets.is_some() && identity.is_none();
        let issuer = self.certificates.as_ref();
        let issuer = issuer.and_then(|issuer| issuer.complaint(strangers));
        let exposed = self.metrics.filter(|address| !address.ip().is_loopback());
        let metrics = exposed.map(|_| "metrics is no loopback address; write 127.0.0.1:9022");
        match tickets.or(proxies).or(issuer).or(metrics) {
            Some(text) => Err(complaint(text)),
            None => Ok(()),
        }
    }
}

fn complaint(text: &str) -> ConfigError {
    ConfigError::UserContradiction(text.trim_end().to_owned())
}

/// Reads a file, and checks it alone: only now a mistake has a line.
fn read(path: &Path) -> Result<Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::UserFile {
        path: path.to_owned(),
        source,
    })?;
    let wrong = |error: toml::de::Error| ConfigError::UserSetting {
        path: path.to_owned(),
        text: error.to_string().trim_end().to_owned(),
    };
    let _: Config = toml::from_str(&text).map_err(wrong)?;
    text.parse().map_err(wrong)
}

/// The setting of one variable, checked alone.
fn from_variable(variable: &str, name: &str, text: &str) -> Result<Table, ConfigError> {
    let name = name.to_ascii_lowercase();
    let (section, key) = SECTIONS
        .iter()
        .find_map(|section| Some((*section, name.strip_prefix(section)?.strip_prefix('_')?)))
        .unwrap_or(("", &name));
    // Numbers, truth values and lists are written as in the file; everything else is text.
    let value = match format!("x = {text}").parse::<Table>() {
        Ok(mut table) => table.remove("x"),
        Err(_) => None,
    };
    let mut table = Table::new();
    let value = value.unwrap_or_else(|| Value::String(text.to_owned()));
    place(&mut table, section, key, value);
    let alone = |error: toml::de::Error| ConfigError::UserVariable {
        variable: variable.to_owned(),
        text: error.message().to_owned(),
    };
    // A section that demands several keys is judged when all are there.
    if !INSEPARABLE.contains(&section) {
        let _: Config = table.clone().try_into().map_err(alone)?;
    }
    Ok(table)
}

/// Sections of the file.
const SECTIONS: &[&str] = &[
    "policy",
    "tickets",
    "identity",
    "certificates",
    "limits",
    "deadlines",
    "resume",
    "tls",
    "log",
];

/// Sections with keys that must be there.
const INSEPARABLE: &[&str] = &["tickets", "identity", "certificates", "tls"];

fn place(table: &mut Table, section: &str, key: &str, value: Value) {
    if section.is_empty() {
        table.insert(key.to_owned(), value);
        return;
    }
    let inner = table
        .entry(section)
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(inner) = inner {
        inner.insert(key.to_owned(), value);
    }
}

/// Lays `upper` over `lower`; tables are joined, everything else is replaced.
fn merge(lower: &mut Table, upper: Table) {
    for (key, value) in upper {
        match (lower.get_mut(&key), value) {
            (Some(Value::Table(lower)), Value::Table(upper)) => merge(lower, upper),
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
}
