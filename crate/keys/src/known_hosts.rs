//! What is known about servers: the rules of OpenSSH's `known_hosts` files.
//!
//! Format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". A line that cannot be read is kept as it is and
//! never matches anything. This module must never answer [`HostKeyStatus::Known`] by default.

use crate::PublicKey;
use crate::pattern::Hosts;

mod certificate;
mod edit;
mod rotation;

pub use certificate::{CertificateFault, CertificateStatus, HostCertificate};
pub use edit::{FoundLine, SALT_BYTES};
pub use rotation::Rotation;

/// The port whose hosts are written without it.
const DEFAULT_PORT: u16 = 22;

/// The lines of a `known_hosts` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownHosts {
    lines: Vec<Line>,
}

/// One line: its text as it came, and what it says if it says something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    text: String,
    entry: Option<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    marker: Marker,
    hosts: Hosts,
    key: PublicKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    None,
    Revoked,
    CertAuthority,
}

/// A host key that is trusted, and the line that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The key.
    pub key: PublicKey,
    /// Number of the line, from 1.
    pub line: usize,
}

/// What is known about a key that a server showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostKeyStatus {
    /// This key is trusted for this host.
    Known,
    /// Nothing is known about this host.
    Unknown,
    /// Other keys are trusted for this host, and this one is not.
    ///
    /// OpenSSH calls a key of another type than the known ones new. We do not: a server that
    /// hides the known type would else be a way around the full stop. Offering
    /// [`KnownHosts::algorithms_for`] first keeps honest servers out of this.
    Changed {
        /// What is trusted; not empty.
        known: Vec<KnownKey>,
    },
    /// This key is marked `@revoked`, whatever else is said about it.
    Revoked,
}

impl KnownHosts {
    /// Reads the text of a file. Never fails: lines that make no sense are kept and ignored.
    pub fn parse(text: &str) -> Self {
        Self {
            lines: text.split_terminator('\n').map(Line::parse).collect(),
        }
    }

    /// The lines that say something, and the numbers of those that try to and cannot be read, from 1.
    /// Empty lines and comments are neither.
    pub fn told(&self) -> (Vec<&str>, Vec<usize>) {
        let (mut told, mut unread) = (Vec::new(), Vec::new());
        for (number, line) in (1..).zip(&self.lines) {
            let text = line.text.trim();
            match &line.entry {
                Some(_) => told.push(text),
                None if text.is_empty() || text.starts_with('#') => {}
                None => unread.push(number),
            }
        }
        (told, unread)
    }

    /// Writes the file, untouched lines exactly as they were.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }

    /// Says what is known about `key` for `host` (a name or address without brackets) and `port`.
    ///
    /// Off port 22 only entries of the form `[host]:port` count. OpenSSH would take one without a
    /// port as well; we ask instead. `@cert-authority` lines say nothing about plain keys.
    pub fn check(&self, host: &str, port: u16, key: &PublicKey) -> HostKeyStatus {
        let name = entry_name(host, port);
        let matching = || self.matching(&name);
        if matching().any(|(_, entry)| entry.marker == Marker::Revoked && entry.key == *key) {
            return HostKeyStatus::Revoked;
        }
        let known: Vec<KnownKey> = matching()
            .filter(|(_, entry)| entry.marker == Marker::None)
            .map(|(line, entry)| KnownKey {
                key: entry.key.clone(),
                line,
            })
            .collect();
        if known.is_empty() {
            HostKeyStatus::Unknown
        } else if known.iter().any(|known| known.key == *key) {
            HostKeyStatus::Known
        } else {
            HostKeyStatus::Changed { known }
        }
    }

    /// The names under which a key is trusted, line by line as the file writes them. Lines that hide
    /// their name behind a hash have none.
    pub fn names_of(&self, key: &PublicKey) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| {
            let entry = line.entry.as_ref()?;
            let names = line.text.split_ascii_whitespace().next()?;
            let trusted = entry.marker == Marker::None && entry.key == *key;
            let readable = !matches!(entry.hosts, Hosts::Hashed { .. });
            (trusted && readable).then_some(names)
        })
    }

    /// Names the key types that are trusted for a host, in the order of the file, so that the
    /// server is asked for a key that can be checked: `ssh-ed25519`, `ecdsa-sha2-nistp256`,
    /// `ssh-rsa` (which stands for every RSA signature).
    pub fn algorithms_for(&self, host: &str, port: u16) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, entry) in self.matching(&entry_name(host, port)) {
            let name = entry.key.algorithm_name();
            if entry.marker == Marker::None && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Appends a line that trusts `key` for a host. Does nothing if it is trusted already.
    pub fn add(&mut self, host: &str, port: u16, key: &PublicKey) {
        if self.check(host, port, key) == HostKeyStatus::Known {
            return;
        }
        let text = format!("{} {}", entry_name(host, port), key.to_openssh());
        self.lines.push(Line::parse(&text));
    }

    /// Takes out what was trusted for exactly this host, and trusts `key` instead.
    ///
    /// Lines that name other hosts as well (several names, wildcards) stay: they are the work of
    /// a person, and if one of them still disagrees, [`Self::check`] goes on to say
    /// [`HostKeyStatus::Known`], because any line that trusts the key is enough.
    pub fn replace(&mut self, host: &str, port: u16, key: &PublicKey) {
        self.remove(host, port);
        self.add(host, port, key);
    }

    /// Takes out the lines that trust a key for exactly this host. `@revoked` lines stay.
    pub fn remove(&mut self, host: &str, port: u16) {
        let name = entry_name(host, port);
        self.lines.retain(|line| {
            !line
                .entry
                .as_ref()
                .is_some_and(|entry| entry.marker == Marker::None && entry.hosts.is_only(&name))
        });
    }

    fn matching<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (usize, &'a Entry)> {
        (1..)
            .zip(&self.lines)
            .filter_map(|(number, line)| line.entry.as_ref().map(|entry| (number, entry)))
            .filter(move |(_, entry)| entry.hosts.matches(name))
    }
}

impl Line {
    fn parse(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            entry: Entry::parse(text),
        }
    }
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let mut rest = line.trim_matches([' ', '\t', '\r']);
        if rest.starts_with('#') {
            return None;
        }
        let marker = match rest.strip_prefix('@') {
            None => Marker::None,
            Some(marked) => {
                let (name, after) = marked.split_once([' ', '\t'])?;
                rest = after.trim_start_matches([' ', '\t']);
                match name {
                    "revoked" => Marker::Revoked,
                    "cert-authority" => Marker::CertAuthority,
                    _ => return None,
                }
            }
        };
        let (hosts, key) = rest.split_once([' ', '\t'])?;
        Some(Self {
            marker,
            hosts: Hosts::parse(hosts)?,
            key: PublicKey::from_openssh(key).ok()?,
        })
    }
}

/// The name under which a host is filed: lower case, with brackets and port off port 22.
fn entry_name(host: &str, port: u16) -> String {
    let host = host.to_lowercase();
    if port == DEFAULT_PORT {
        host
    } else {
        format!("[{host}]:{port}")
    }
}
