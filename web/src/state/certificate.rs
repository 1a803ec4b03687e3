//! Sentences about certificates of keys.

use transom_browser::vault::{AttachError, CertificateError, CertificateFacts};

use crate::state::message::keys as words;

/// How long before its end a certificate is warned about, in milliseconds: a week.
const WARNED_MS: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It counts.
    Valid,
    /// Not yet.
    Early,
    /// It ends within a week.
    Ending,
    /// It has ended.
    Ended,
}

/// How it stands at `now_ms`, in milliseconds since 1970.
pub(crate) fn standing(facts: &CertificateFacts, now_ms: f64) -> Standing {
    match facts.before_ms {
        Some(before) if before <= now_ms => Standing::Ended,
        _ if facts.after_ms > now_ms => Standing::Early,
        Some(before) if before - now_ms <= WARNED_MS => Standing::Ending,
        _ => Standing::Valid,
    }
}

/// What to do about it; nothing where it is simply valid.
pub(crate) fn warning(standing: Standing) -> Option<&'static str> {
    Some(match standing {
        Standing::Valid => return None,
        Standing::Early => words::EARLY.say(),
        Standing::Ending => words::ENDING.say(),
        Standing::Ended => words::ENDED.say(),
    })
}

/// For whom it is.
pub(crate) fn principals(facts: &CertificateFacts) -> String {
    if facts.principals.is_empty() {
        words::EVERY_USER.say().to_owned()
    } else {
        facts.principals.join(", ")
    }
}

/// Why it is not attached.
pub(crate) fn trouble(error: AttachError) -> &'static str {
    match error {
        AttachError::OtherKey => words::OTHER_KEY.say(),
        AttachError::Unusable(CertificateError::ForHosts) => words::FOR_HOSTS.say(),
        AttachError::Unusable(CertificateError::Forged) => words::FORGED.say(),
        AttachError::Unusable(_) => words::NO_CERTIFICATE.say(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_warned_about_in_its_last_week() {
        let facts = CertificateFacts {
            key_id: String::new(),
            serial: 0,
            principals: Vec::new(),
            after_ms: 1e12,
            before_ms: Some(2e12),
            options: Vec::new(),
            authority: String::new(),
        };
        for (now_ms, expected) in [
            (0.9e12, Standing::Early),
            (1e12, Standing::Valid),
            (2e12 - WARNED_MS, Standing::Ending),
            (2e12, Standing::Ended),
        ] {
            assert_eq!(standing(&facts, now_ms), expected, "{now_ms}");
        }
        let endless = CertificateFacts {
            before_ms: None,
            ..facts
        };
        assert_eq!(standing(&endless, 9e15), Standing::Valid);
        assert_eq!(principals(&endless), "every user");
    }
}
