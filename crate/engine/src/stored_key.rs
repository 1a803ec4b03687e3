//! Keys that this browser keeps: which to offer to a server. How they sign is [`sign`].

mod sign;

use core::time::Duration;
use std::collections::VecDeque;

use transom_browser::unix_millis;
use transom_browser::vault::{DEFAULT_NAME, KeyHolder, KeyRecord, StoredKey, Vault};
use transom_keys::{PublicKey, UserCertificate};

pub(crate) use sign::{Tried, attempt, signature};

/// Most attempts that are made without asking: a key is one, and so is its certificate.
///
/// OpenSSH cuts the connection after six failures (`MaxAuthTries`), and each key that is refused
/// is one. Four leave room for a password and its correction. Where a server allows less, it closes
/// the connection, and [`REFUSED_MS`] lets the next one get further.
const MAX_OFFERED: usize = 4;

/// How long a key is not offered to a server that refused it and then closed the connection, in
/// milliseconds: an hour. Long enough to log in another way; a key that is installed by hand meanwhile is
/// offered again on the same day.
const REFUSED_MS: f64 = 3_600_000.0;

/// How long a log-in waits for certificates that are to be renewed. An issuer signs within a second, or
/// is down.
const RENEWAL_PATIENCE: Duration = Duration::from_secs(5);

/// A key to offer.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The key as it is stored.
    pub(crate) key: StoredKey,
    public: PublicKey,
    /// Goes first, while it is valid.
    certificate: Option<UserCertificate>,
}

impl Offer {
    /// Makes an offer of a key; `None` if its public half cannot be read.
    pub(crate) fn new(key: StoredKey) -> Option<Self> {
        let public = PublicKey::from_openssh(&key.record.public).ok()?;
        let text = key.record.certificate.as_deref().unwrap_or_default();
        let certificate = UserCertificate::parse(text).ok();
        let fits = |certificate: &UserCertificate| {
            let now = Duration::try_from_secs_f64(unix_millis() / 1000.0);
            let valid = now.is_ok_and(|now| certificate.is_valid_at(now.as_secs()));
            valid && certificate.public_key() == public
        };
        Some(Self {
            certificate: certificate.filter(fits),
            key,
            public,
        })
    }

    /// Offers the key alone.
    pub(crate) fn without_certificate(self) -> Self {
        Self {
            certificate: None,
            ..self
        }
    }

    /// Its public half.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Whether its certificate has ended and could not be renewed.
    pub(crate) fn is_lapsed(&self) -> bool {
        self.key.record.is_lapsed(unix_millis())
    }

    /// What it goes by in the wire encoding: its certificate, if it has one, then the key.
    pub(crate) fn blobs(&self) -> impl Iterator<Item = Vec<u8>> {
        let certificate = self.certificate.as_ref().map(UserCertificate::to_blob);
        certificate.into_iter().chain([self.public.to_blob()])
    }

    /// The kind of the key, for people.
    pub(crate) fn kind(&self) -> String {
        self.public.kind()
    }
}

/// The keys to offer to one server, best first.
#[derive(Debug)]
pub(crate) struct StoredKeys {
    host: String,
    vault: Option<Vault>,
    keys: VecDeque<Offer>,
}

impl StoredKeys {
    /// Reads the keys. None where the browser stores nothing: then a person is asked at once.
    ///
    /// - `host`: the server as known_hosts writes it.
    pub(crate) async fn load(host: &str) -> Self {
        let vault = Vault::open(DEFAULT_NAME).await.ok();
        let mut keys = match &vault {
            Some(vault) => fresh(vault).await,
            None => Vec::new(),
        };
        keys.sort_by(|a, b| rank(b, host).total_cmp(&rank(a, host)));
        let now_ms = unix_millis();
        let wanted = keys
            .into_iter()
            .filter(|key| !is_refused(&key.record, host, now_ms));
        // A record without a public key that can be read cannot be offered.
        let offers = wanted.filter_map(Offer::new);
        Self {
            host: host.to_owned(),
            vault,
            keys: affordable(offers),
        }
    }

    /// Takes the best of those that are left.
    pub(crate) fn next(&mut self) -> Option<Offer> {
        self.keys.pop_front()
    }

    /// Remembers that the server accepted `key`, so that it comes first the next time.
    pub(crate) async fn note_use(&self, key: &StoredKey) {
        let mut key = key.clone();
        key.record.used(&self.host, unix_millis());
        if let Some(vault) = &self.vault {
            // Only the order and a date on a screen are at stake.
            let _ = vault.put_key(&key).await;
        }
    }

    /// Remembers that the server refused `keys` and then closed the connection, so that others get their
    /// turn the next time.
    pub(crate) async fn note_refused(&self, keys: Vec<StoredKey>) {
        let Some(vault) = &self.vault else {
            return;
        };
        for mut key in keys {
            key.record.refused(&self.host, unix_millis());
            // As above: at worst the server has to refuse it again.
            let _ = vault.put_key(&key).await;
        }
    }
}

/// All keys, with certificates that an issuer has renewed where they end soon. What goes wrong with that is
/// in the key's record, and keeps nobody from logging in.
async fn fresh(vault: &Vault) -> Vec<StoredKey> {
    let keys = vault.keys().await.unwrap_or_default();
    let now_ms = unix_millis();
    if !keys.iter().any(|key| key.record.renewal_is_due(now_ms)) {
        return keys;
    }
    let _ = vault.renew_certificates(RENEWAL_PATIENCE).await;
    vault.keys().await.unwrap_or(keys)
}

/// Whether the server refused the key within the last hour and closed the connection.
///
/// Never one that worked there before: a server that was just stopped closes as well.
fn is_refused(record: &KeyRecord, host: &str, now_ms: f64) -> bool {
    if record.uses.iter().any(|seen| seen.host == host) {
        return false;
    }
    let mut refusals = record.refusals.iter();
    // A clock that was set back must not keep a key away for longer.
    refusals.any(|seen| seen.host == host && (now_ms - seen.last_ms).abs() < REFUSED_MS)
}

/// The first offers, as long as they are [`MAX_OFFERED`] attempts at most.
fn affordable(offers: impl Iterator<Item = Offer>) -> VecDeque<Offer> {
    let attempts = offers.scan(0_usize, |sum, offer| {
        *sum += 1 + usize::from(offer.certificate.is_some());
        Some((*sum, offer))
    });
    attempts
        .take_while(|(sum, _)| *sum <= MAX_OFFERED)
        .map(|(_, offer)| offer)
        .collect()
}

/// The keys that an agent may have, the one that was used last first.
pub(crate) fn for_agent(mut keys: Vec<StoredKey>) -> Vec<Offer> {
    keys.retain(|key| !matches!(key.private, KeyHolder::Passkey(_)));
    // No server is called so: where a key was used does not count.
    keys.sort_by(|a, b| rank(b, "").total_cmp(&rank(a, "")));
    keys.into_iter().filter_map(Offer::new).collect()
}

/// The key that worked here last comes first, then the one that worked anywhere last, then the
/// newest.
fn rank(key: &StoredKey, host: &str) -> f64 {
    /// More than any date in milliseconds.
    const HERE: f64 = 1e15;
    let uses = &key.record.uses;
    let here = uses.iter().find(|seen| seen.host == host);
    let anywhere = uses.first().map(|seen| seen.last_ms);
    match (here, anywhere) {
        (Some(seen), _) => HERE + HERE + seen.last_ms,
        (None, Some(last_ms)) => HERE + last_ms,
        (None, None) => key.record.created_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use transom_browser::vault::KeyUse;

    const KEY: &str = "ssh-ed25519 \
        AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    fn key(name: &str, created_ms: f64) -> StoredKey {
        StoredKey {
            record: KeyRecord {
                fingerprint: name.to_owned(),
                name: name.to_owned(),
                public: KEY.to_owned(),
                created_ms,
                uses: Vec::new(),
                refusals: Vec::new(),
                certificate: None,
                issued: None,
            },
            private: KeyHolder::Vault,
        }
    }

    #[test]
    fn the_key_that_worked_here_last_comes_first() {
        let mut keys = [key("here", 1.0), key("elsewhere", 2.0), key("newest", 3.0)];
        keys[1].record.used("db-1", 9.0);
        keys[0].record.used("web-1", 5.0);
        keys.sort_by(|a, b| rank(b, "web-1").total_cmp(&rank(a, "web-1")));
        let names = keys.each_ref().map(|key| key.record.name.as_str());
        assert_eq!(names, ["here", "elsewhere", "newest"]);
    }

    #[test]
    fn a_refused_key_waits_for_an_hour_or_until_it_works() {
        let mut record = key("laptop", 0.0).record;
        record.refused("web-1", 5.0);
        assert!(is_refused(&record, "web-1", 6.0));
        assert!(!is_refused(&record, "web-2", 6.0));
        assert!(!is_refused(&record, "web-1", 5.0 + REFUSED_MS));
        record.used("web-1", 7.0);
        assert_eq!(record.refusals, Vec::<KeyUse>::new());
    }

    #[test]
    fn a_key_that_worked_before_does_not_wait_for_a_server_that_was_stopped() {
        let mut record = key("laptop", 0.0).record;
        record.used("web-1", 5.0);
        record.refused("web-1", 6.0);
        assert!(!is_refused(&record, "web-1", 7.0));
        assert!(!is_refused(&record, "web-2", 7.0));
    }

    #[test]
    fn no_more_is_offered_than_servers_put_up_with() {
        let offer = |name: usize| Offer {
            public: PublicKey::from_openssh(KEY).unwrap(),
            key: key(&name.to_string(), 0.0),
            certificate: None,
        };
        assert_eq!(affordable((0..9).map(offer)).len(), MAX_OFFERED);
        assert_eq!(affordable((0..2).map(offer)).len(), 2);
    }
}
