//! What `ssh-keygen -F`, `-R` and `-H` do to a file, byte for byte.

use super::{KnownHosts, Line, Marker};
use crate::pattern::Hosts;

/// Bytes of the salt of a hashed name.
pub const SALT_BYTES: usize = 20;

/// A line that speaks of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLine<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// The line as it is.
    pub text: &'a str,
    /// It says that a key is revoked.
    pub revoked: bool,
    /// It says that a key may certify hosts.
    pub authority: bool,
}

impl KnownHosts {
    /// Finds the lines that speak of `name`, as `ssh-keygen -F` does: names in any case, patterns
    /// included, and hashed names exactly as they were hashed.
    ///
    /// - `name`: `host`, or `[host]:port` off port 22.
    pub fn find(&self, name: &str) -> Vec<FoundLine<'_>> {
        (1..)
            .zip(&self.lines)
            .filter_map(|(number, line)| {
                let entry = line.entry.as_ref()?;
                speaks_of(&entry.hosts, name).then_some(FoundLine {
                    number,
                    text: &line.text,
                    revoked: entry.marker == Marker::Revoked,
                    authority: entry.marker == Marker::CertAuthority,
                })
            })
            .collect()
    }

    /// Takes out every line that trusts a key for `name`, and says how many there were.
    ///
    /// As `ssh-keygen -R` does: a line goes also when it speaks of other hosts as well, and lines
    /// with a marker stay. [`Self::remove`] is more careful.
    pub fn remove_found(&mut self, name: &str) -> usize {
        let before = self.lines.len();
        self.lines.retain(|line| {
            !line
                .entry
                .as_ref()
                .is_some_and(|entry| entry.marker == Marker::None && speaks_of(&entry.hosts, name))
        });
        before - self.lines.len()
    }

    /// Hides the names of hosts behind salted hashes, one line for each, as `ssh-keygen -H` does.
    /// Lines with a marker, with patterns or with a hash stay as they are; so do lines that cannot
    /// be read, over which ssh-keygen refuses the whole file.
    ///
    /// - `salt`: gives another random salt each time.
    pub fn hash_names(&mut self, mut salt: impl FnMut() -> [u8; SALT_BYTES]) {
        let lines = core::mem::take(&mut self.lines);
        for line in lines {
            let Some((names, key)) = line.plain_names() else {
                self.lines.push(line);
                continue;
            };
            for name in names.split(',').filter(|name| !name.is_empty()) {
                let hashed = Hosts::hash(&name.to_lowercase(), salt());
                self.lines.push(Line::parse(&format!("{hashed} {key}")));
            }
        }
    }
}

/// A hash cannot be compared in any case but its own; ssh makes names lower case before it asks,
/// ssh-keygen does not.
fn speaks_of(hosts: &Hosts, name: &str) -> bool {
    match hosts {
        Hosts::Patterns(_) => hosts.matches(&name.to_lowercase()),
        Hosts::Hashed { .. } => hosts.matches(name),
    }
}

impl Line {
    /// The names and the rest of a line that has names to hide.
    fn plain_names(&self) -> Option<(&str, &str)> {
        let entry = self.entry.as_ref()?;
        if entry.marker != Marker::None || matches!(entry.hosts, Hosts::Hashed { .. }) {
            return None;
        }
        let (names, key) = self.text.trim_start().split_once([' ', '\t'])?;
        let is_plain = !names.contains(['*', '?', '!']);
        is_plain.then(|| (names, key.trim_start()))
    }
}
