//! What `hostkeys-00@openssh.com` changes: OpenSSH's `UpdateHostKeys`, ssh_config(5).

use super::{KnownHosts, Marker, entry_name};
use crate::PublicKey;

/// What a server's word about its keys changes for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Keys to trust as well, once the server has proved that it holds them.
    pub added: Vec<PublicKey>,
    /// Lines of keys that it no longer has, as they stand in the file.
    pub removed: Vec<String>,
}

impl KnownHosts {
    /// Says what to change for a host that was accepted by its key `used` and says that it has the keys
    /// `told`. `None` where nothing is to be changed.
    ///
    /// As OpenSSH does, nothing is changed where a person wrote the lines: a marker, a wildcard, several
    /// names; or where one of the keys is known under another name. Beyond that, the key that was used must
    /// be a known one and among those that are told: a server that leaves it out says nothing credible.
    pub fn rotation(
        &self,
        host: &str,
        port: u16,
        used: &PublicKey,
        told: &[PublicKey],
    ) -> Option<Rotation> {
        let name = entry_name(host, port);
        let lines: Vec<_> = self.matching(&name).map(|(_, entry)| entry).collect();
        let simple =
            |entry: &&super::Entry| entry.marker == Marker::None && entry.hosts.is_only(&name);
        let known = |key: &PublicKey| lines.iter().any(|entry| entry.key == *key);
        if !lines.iter().all(simple) || !known(used) || !told.contains(used) {
            return None;
        }
        let elsewhere = self.lines.iter().filter_map(|line| line.entry.as_ref());
        let mut elsewhere = elsewhere.filter(|entry| !entry.hosts.matches(&name));
        if elsewhere.any(|entry| told.contains(&entry.key)) {
            return None;
        }
        let mut added: Vec<PublicKey> = Vec::new();
        for key in told.iter().filter(|key| key.is_for_hosts() && !known(key)) {
            if !added.contains(key) {
                added.push(key.clone());
            }
        }
        let removed: Vec<String> = self
            .lines
            .iter()
            .filter(|line| {
                line.entry
                    .as_ref()
                    .is_some_and(|entry| entry.hosts.matches(&name) && !told.contains(&entry.key))
            })
            .map(|line| line.text.clone())
            .collect();
        let changes = !added.is_empty() || !removed.is_empty();
        changes.then_some(Rotation { added, removed })
    }
}

impl PublicKey {
    /// Whether it is of a type that we accept of a server.
    fn is_for_hosts(&self) -> bool {
        let name = self.algorithm_name();
        name == "ssh-ed25519" || name == "ssh-rsa" || name.starts_with("ecdsa-sha2-nistp")
    }
}
