//! The lines that are stored, and what is changed in them for one server.

use transom_browser::unix_millis;
use transom_browser::vault::{DEFAULT_NAME, KnownHost, Vault};
use transom_keys::{KnownHosts, PublicKey, Rotation};
use transom_protocol::{KnownKey, Target};

use crate::words;

/// Reads the lines that are stored.
pub(crate) fn rules(stored: &[KnownHost]) -> KnownHosts {
    let lines: Vec<&str> = stored.iter().map(|host| host.line.as_str()).collect();
    KnownHosts::parse(&lines.join("\n"))
}

/// What is stored, seen from one server.
#[derive(Debug)]
pub(super) struct Store {
    /// The server as known_hosts writes it.
    name: String,
    /// `None` where the browser stores nothing: then every host is unknown.
    vault: Option<Vault>,
    stored: Vec<KnownHost>,
    rules: KnownHosts,
}

impl Store {
    /// Reads what is stored.
    pub(super) async fn load(target: &Target) -> Self {
        let vault = Vault::open(DEFAULT_NAME).await.ok();
        let stored = match &vault {
            Some(vault) => vault.known_hosts().await.unwrap_or_default(),
            None => Vec::new(),
        };
        let rules = rules(&stored);
        Self {
            name: target.known_hosts_name(),
            vault,
            stored,
            rules,
        }
    }

    /// All lines.
    pub(super) fn rules(&self) -> &KnownHosts {
        &self.rules
    }

    /// The server as known_hosts writes it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A trusted key, and since when.
    pub(super) fn known_key(&self, key: &PublicKey) -> KnownKey {
        let line = self.line(key);
        let record = self.stored.iter().find(|host| host.line == line);
        KnownKey {
            kind: key.kind(),
            fingerprint: key.fingerprint(),
            since_ms: record.map(|host| words::whole_millis(host.first_seen_ms)),
        }
    }

    /// Notes that a trusted key was shown again.
    pub(super) async fn touch(&mut self, key: &PublicKey) {
        let line = self.line(key);
        if let Some(host) = self.stored.iter_mut().find(|host| host.line == line)
            && let Some(vault) = &self.vault
        {
            host.last_seen_ms = unix_millis();
            // Only the date on a screen is at stake.
            let _ = vault
                .replace_known_hosts(&[], std::slice::from_ref(host))
                .await;
        }
    }

    /// Stores `key` in place of all that this server's name alone is trusted for. `false` where
    /// the browser stores nothing: the session goes on, and the next one asks again.
    pub(super) async fn remember(&mut self, key: &PublicKey) -> bool {
        let prefix = format!("{} ", self.name);
        let replaced: Vec<String> = self
            .stored
            .iter()
            .filter(|host| host.line.starts_with(&prefix))
            .map(|host| host.line.clone())
            .collect();
        let now = unix_millis();
        let added = KnownHost {
            line: self.line(key),
            first_seen_ms: now,
            last_seen_ms: now,
        };
        self.replace(replaced, vec![added]).await
    }

    /// Trusts what a server proved beside the key that is trusted, and no longer what it dropped.
    pub(super) async fn rotate(&mut self, rotation: Rotation) {
        let now = unix_millis();
        let added = rotation.added.iter().map(|key| KnownHost {
            line: self.line(key),
            first_seen_ms: now,
            last_seen_ms: 0.0,
        });
        let added = added.collect();
        // Where nothing can be stored, nothing was stored before.
        self.replace(rotation.removed, added).await;
    }

    /// Takes lines out and puts others in, all or nothing. `false` where that cannot be.
    async fn replace(&mut self, removed: Vec<String>, added: Vec<KnownHost>) -> bool {
        let Some(vault) = &self.vault else {
            return false;
        };
        let replaced = vault.replace_known_hosts(&removed, &added).await.is_ok();
        if replaced {
            self.stored.retain(|host| !removed.contains(&host.line));
            self.stored.extend(added);
            self.rules = rules(&self.stored);
        }
        replaced
    }

    /// The line that trusts `key` for this server.
    fn line(&self, key: &PublicKey) -> String {
        format!("{} {}", self.name, key.to_openssh())
    }
}
