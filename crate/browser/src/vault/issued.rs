//! Certificates that an issuer gives for a key of the person, and when they are asked for again.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use transom_keys::CertificateError;

use super::{AttachError, KeyRecord, StoredKey, Vault};
use crate::issuer::{self, IssuerProblem};
use crate::{JsFailure, unix_millis};

/// How long a person who asks for a certificate waits: as long as the relay waits for the issuer, and for
/// the way to the relay.
pub const ISSUER_PATIENCE: Duration = Duration::from_secs(15);

/// A certificate is asked for again in this last part of its time: a fifth, so that an issuer that is down
/// for a while does not matter.
const RENEWED_PART: f64 = 0.2;

/// What came of asking an issuer for a certificate of a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    /// When the certificate that the key has came, in milliseconds since 1970; `None` where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_ms: Option<f64>,
    /// When the issuer was asked last, in milliseconds since 1970.
    pub asked_ms: f64,
    /// Why nothing came then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<IssuerProblem>,
}

impl KeyRecord {
    /// Whether its certificate came from an issuer, and ends soon or has ended.
    ///
    /// - `now_ms`: in milliseconds since 1970.
    pub fn renewal_is_due(&self, now_ms: f64) -> bool {
        let fetched = self.issued.as_ref().and_then(|issued| issued.fetched_ms);
        let facts = self.certificate_facts();
        let (Some(fetched), Some(facts)) = (fetched, facts) else {
            return false;
        };
        let Some(before) = facts.before_ms else {
            return false;
        };
        // Many count from long before they were made.
        let whole = before - facts.after_ms.max(fetched);
        before - now_ms <= whole.max(0.0) * RENEWED_PART
    }

    /// Whether its certificate came from an issuer, has ended, and no other came when one was asked for.
    ///
    /// - `now_ms`: in milliseconds since 1970.
    pub fn is_lapsed(&self, now_ms: f64) -> bool {
        let failed = self.issued.as_ref().is_some_and(|issued| {
            let was_fetched = issued.fetched_ms.is_some();
            was_fetched && issued.problem.is_some()
        });
        let end = self.certificate_facts().and_then(|facts| facts.before_ms);
        failed && end.is_some_and(|end| end <= now_ms)
    }

    /// Takes in what an issuer sent, or why it sent nothing. A certificate that cannot be used changes
    /// nothing but the problem.
    fn take_in(&mut self, answer: Result<String, IssuerProblem>, now_ms: f64) {
        let before = self.issued.as_ref().and_then(|issued| issued.fetched_ms);
        let taken = answer.and_then(|text| {
            let mut other = self.clone();
            other.attach_certificate(&text).map_err(of_attaching)?;
            let end = other.certificate_facts().and_then(|facts| facts.before_ms);
            if end.is_some_and(|end| end <= now_ms) {
                return Err(IssuerProblem::Ended);
            }
            Ok(other)
        });
        let (fetched_ms, problem) = match taken {
            Ok(other) => {
                *self = other;
                (Some(now_ms), None)
            }
            Err(problem) => (before, Some(problem)),
        };
        self.issued = Some(Issued {
            fetched_ms,
            asked_ms: now_ms,
            problem,
        });
    }
}

impl Vault {
    /// Asks the relay's issuer for a certificate of a key, and stores what came of it in the key's record.
    ///
    /// - `patience`: how long at most.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the database cannot be read or written. That no certificate came is no error,
    /// but [`Issued::problem`].
    ///
    /// # Cancel safety
    ///
    /// A dropped call changed all or nothing.
    pub async fn ask_issuer(&self, key: &StoredKey, patience: Duration) -> Result<(), JsFailure> {
        let answer = issuer::request(&key.record.public, patience).await;
        // Others may have changed the record meanwhile; a key that is gone stays away.
        let mut keys = self.keys().await?.into_iter();
        let same = |kept: &StoredKey| kept.record.fingerprint == key.record.fingerprint;
        let Some(mut kept) = keys.find(same) else {
            return Ok(());
        };
        kept.record.take_in(answer, unix_millis());
        self.put_key(&kept).await
    }

    /// Asks for a new certificate of each key whose certificate came from the issuer and ends soon. Says
    /// whether there was one.
    ///
    /// - `patience`: how long at most, for all of them.
    ///
    /// # Errors
    ///
    /// As [`Vault::ask_issuer`].
    pub async fn renew_certificates(&self, patience: Duration) -> Result<bool, JsFailure> {
        let (keys, now_ms) = (self.keys().await?, unix_millis());
        let due = keys.iter().filter(|key| key.record.renewal_is_due(now_ms));
        let asked: Vec<_> = due.map(|key| self.ask_issuer(key, patience)).collect();
        let was_due = !asked.is_empty();
        for done in futures::future::join_all(asked).await {
            done?;
        }
        Ok(was_due)
    }
}

fn of_attaching(error: AttachError) -> IssuerProblem {
    match error {
        AttachError::OtherKey => IssuerProblem::OtherKey,
        AttachError::Unusable(CertificateError::ForHosts) => IssuerProblem::ForHosts,
        AttachError::Unusable(CertificateError::Forged) => IssuerProblem::Forged,
        AttachError::Unusable(_) => IssuerProblem::NotACertificate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day, in milliseconds.
    const DAY: f64 = 86_400_000.0;

    /// 2027-01-01, when the certificate begins to count; it does so for ten days.
    const BEGIN: f64 = 1_798_761_600_000.0;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG+zTgAV1fku0YprU/rjIISdEd98wD5sHKY4vDMr5wqt";
    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    /// Made by `ssh-keygen -s ca -I test -n tara -V 20270101000000Z:20270111000000Z key.pub`.
    const CERTIFICATE: &str = "ssh-ed25519-cert-v01@openssh.com \
        AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIOIooTa41BtGjn1MRmh778BXgxkbLyWY\
        htVPXMCmAFnPAAAAIG+zTgAV1fku0YprU/rjIISdEd98wD5sHKY4vDMr5wqtAAAAAAAAAAAAAAABAAAABHRl\
        c3QAAAAIAAAABHRhcmEAAAAAazbsgAAAAABrRBuAAAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3YXJkaW5n\
        AAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAA\
        AAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1\
        MTkAAAAgFThsxH2zh1tryfGkJBy5AU/2hCWM2zdo7VE/4IUiYaYAAABTAAAAC3NzaC1lZDI1NTE5AAAAQFk5\
        DXART0s8zYeuhP6HKJnDwRItZ4v6rbFgrZQQ92N3gL+4/4tNXCQUzpDWoXBMwOf2GO7ter33myYbrLhHzAg=";

    fn record(public: &str) -> KeyRecord {
        KeyRecord {
            fingerprint: String::new(),
            name: String::new(),
            public: public.to_owned(),
            created_ms: 0.0,
            uses: Vec::new(),
            refusals: Vec::new(),
            certificate: None,
            issued: None,
        }
    }

    fn fetched(now_ms: f64) -> KeyRecord {
        let mut record = record(KEY);
        record.take_in(Ok(CERTIFICATE.to_owned()), now_ms);
        record
    }

    fn problem(record: &KeyRecord) -> Option<&IssuerProblem> {
        record.issued.as_ref()?.problem.as_ref()
    }

    #[test]
    fn a_certificate_is_renewed_in_the_last_fifth_of_its_time() {
        let record = fetched(BEGIN);
        assert_eq!(problem(&record), None);
        assert!(!record.renewal_is_due(BEGIN + 7.9 * DAY));
        assert!(record.renewal_is_due(BEGIN + 8.0 * DAY));
        assert!(record.renewal_is_due(BEGIN + 11.0 * DAY));
        // It counts from when it came, not from long before.
        assert!(!fetched(BEGIN + 9.0 * DAY).renewal_is_due(BEGIN + 9.7 * DAY));
    }

    #[test]
    fn a_certificate_that_was_attached_by_hand_is_not_renewed() {
        let mut record = fetched(BEGIN);
        record.attach_certificate(CERTIFICATE).unwrap();
        assert!(!record.renewal_is_due(BEGIN + 11.0 * DAY));
        assert!(!record.is_lapsed(BEGIN + 11.0 * DAY));
    }

    #[test]
    fn what_cannot_be_used_takes_nothing_away() {
        let mut record = fetched(BEGIN);
        record.take_in(Ok("nonsense".to_owned()), BEGIN + DAY);
        assert_eq!(problem(&record), Some(&IssuerProblem::NotACertificate));
        assert_eq!(record.certificate.as_deref(), Some(CERTIFICATE));
        assert!(!record.is_lapsed(BEGIN + DAY));
        assert!(record.is_lapsed(BEGIN + 10.0 * DAY));
        record.take_in(Ok(CERTIFICATE.to_owned()), BEGIN + 2.0 * DAY);
        assert_eq!(problem(&record), None);
    }

    #[test]
    fn what_belongs_to_another_key_or_has_ended_is_told_apart() {
        let mut other = record(OTHER);
        other.take_in(Ok(CERTIFICATE.to_owned()), BEGIN);
        assert_eq!(problem(&other), Some(&IssuerProblem::OtherKey));
        let late = fetched(BEGIN + 10.0 * DAY);
        assert_eq!(problem(&late), Some(&IssuerProblem::Ended));
        assert_eq!((other.certificate, late.certificate), (None, None));
        assert!(!record(KEY).renewal_is_due(BEGIN));
    }

    #[test]
    fn a_new_certificate_takes_away_the_refusals_of_servers() {
        let mut record = record(KEY);
        record.refused("web-1", BEGIN);
        record.take_in(Ok(CERTIFICATE.to_owned()), BEGIN);
        assert_eq!(record.refusals, []);
    }
}
