//! Which hosts a line of `known_hosts` speaks of: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Bytes of a SHA-1 hash, and of the salt that OpenSSH puts in front of it.
const HASH_BYTES: usize = 20;

/// The first field of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hosts {
    /// Comma-separated patterns; one with `!` in front takes hosts away.
    Patterns(Vec<Pattern>),
    /// One name that is only known by its salted hash (`HashKnownHosts`).
    Hashed {
        /// Key of the hash.
        salt: Vec<u8>,
        /// HMAC-SHA1 of the name.
        hash: Vec<u8>,
    },
}

/// One pattern, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    negated: bool,
    glob: String,
}

impl Hosts {
    /// Reads the field; `None` if it is malformed, and then the whole line says nothing.
    pub(crate) fn parse(field: &str) -> Option<Self> {
        if let Some(rest) = field.strip_prefix("|1|") {
            let (salt, hash) = rest.split_once('|')?;
            let salt = Base64::decode_vec(salt).ok()?;
            let hash = Base64::decode_vec(hash).ok()?;
            return (hash.len() == HASH_BYTES).then_some(Self::Hashed { salt, hash });
        }
        if field.starts_with('|') {
            return None;
        }
        let patterns = field
            .split(',')
            .filter(|pattern| !pattern.is_empty())
            .map(Pattern::parse)
            .collect();
        Some(Self::Patterns(patterns))
    }

    /// Writes the field that stands for `name` (lower case) alone, without showing it.
    pub(crate) fn hash(name: &str, salt: [u8; HASH_BYTES]) -> String {
        // HMAC takes a key of any length.
        let hash = Hmac::<Sha1>::new_from_slice(&salt).map_or_else(
            |_| Vec::new(),
            |mut mac| {
                mac.update(name.as_bytes());
                mac.finalize().into_bytes().to_vec()
            },
        );
        let (salt, hash) = (Base64::encode_string(&salt), Base64::encode_string(&hash));
        format!("|1|{salt}|{hash}")
    }

    /// Whether the line is about `name` (lower case, `host` or `[host]:port`).
    ///
    /// A negated pattern that matches wins over every other one.
    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Patterns(patterns) => {
                let hit = |negated| {
                    patterns
                        .iter()
                        .any(|pattern| pattern.negated == negated && pattern.matches(name))
                };
                hit(false) && !hit(true)
            }
            Self::Hashed { salt, hash } => {
                let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(salt) else {
                    return false;
                };
                mac.update(name.as_bytes());
                mac.verify_slice(hash).is_ok()
            }
        }
    }

    /// Whether the line names `name` and nothing else, so that it may be taken out for it.
    pub(crate) fn is_only(&self, name: &str) -> bool {
        match self {
            Self::Patterns(patterns) => match patterns.as_slice() {
                [only] => !only.negated && only.glob == name,
                _ => false,
            },
            Self::Hashed { .. } => self.matches(name),
        }
    }
}

impl Pattern {
    fn parse(text: &str) -> Self {
        let (negated, glob) = match text.strip_prefix('!') {
            Some(glob) => (true, glob),
            None => (false, text),
        };
        Self {
            negated,
            glob: glob.to_lowercase(),
        }
    }

    fn matches(&self, name: &str) -> bool {
        glob_matches(&self.glob, name)
    }
}

/// Matches with `*` (any run) and `?` (any one character), without recursion: the pattern may
/// come from anywhere, and one of many `*` must not take exponential time.
pub(crate) fn glob_matches(glob: &str, name: &str) -> bool {
    let (mut glob, mut text) = (glob.chars(), name.chars());
    let mut retry: Option<(core::str::Chars<'_>, core::str::Chars<'_>)> = None;
    loop {
        let before = (glob.clone(), text.clone());
        match (glob.next(), text.next()) {
            (Some('*'), _) => {
                retry = Some((glob.clone(), before.1.clone()));
                text = before.1;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            (None, None) => return true,
            _ => {
                // Let the last `*` take one character more.
                let Some((after_star, mut rest)) = retry.take() else {
                    return false;
                };
                if rest.next().is_none() {
                    return false;
                }
                retry = Some((after_star.clone(), rest.clone()));
                (glob, text) = (after_star, rest);
            }
        }
    }
}
