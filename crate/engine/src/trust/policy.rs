//! What is found out about a host key, and what follows from it. Pure: no storage, no person.

use transom_keys::{
    CertificateFault, CertificateStatus, HostCertificate, HostKeyStatus, KnownHosts, PublicKey,
};
use transom_protocol::{ErrorCode, Target, TrustPolicy};

/// What a server shows.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    Key(PublicKey),
    Certificate(HostCertificate),
}

impl Shown {
    /// The key, with a certificate or without.
    pub(super) fn key(&self) -> PublicKey {
        match self {
            Self::Key(key) => key.clone(),
            Self::Certificate(certificate) => certificate.key(),
        }
    }
}

/// What the lines of known_hosts say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Its key is trusted.
    Known,
    /// An authority that is trusted vouches for it.
    Certified {
        /// The authority.
        authority: PublicKey,
    },
    /// Nothing is known about the host.
    Unknown,
    /// Other keys are trusted.
    Changed {
        /// Which.
        known: Vec<PublicKey>,
    },
    /// Its key, or who certified it, is revoked.
    Revoked,
    /// Its certificate is of an authority that is trusted, and does not hold.
    Faulty(CertificateFault),
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Go on. What is not known stays unknown.
    Accept,
    /// Go on, and remember the key.
    Remember,
    /// Ask whether to trust it.
    Ask,
    /// A full stop, which only the name of the host, typed, leads past.
    Stop {
        /// What was trusted until now.
        known: Vec<PublicKey>,
    },
    /// Do not go on.
    Refuse(ErrorCode),
}

/// Looks up what is known, at `now_s` seconds since 1970.
pub(super) fn find(rules: &KnownHosts, target: &Target, shown: &Shown, now_s: u64) -> Finding {
    let (host, port) = (&target.host, target.port);
    if let Shown::Certificate(certificate) = shown {
        match rules.check_certificate(host, port, certificate, now_s) {
            CertificateStatus::Certified => {
                let authority = certificate.authority();
                return Finding::Certified { authority };
            }
            CertificateStatus::Refused(fault) => return Finding::Faulty(fault),
            CertificateStatus::Revoked => return Finding::Revoked,
            // The certificate proves nothing here; the key in it may be known.
            CertificateStatus::UnknownAuthority => {}
        }
    }
    match rules.check(host, port, &shown.key()) {
        HostKeyStatus::Known => Finding::Known,
        HostKeyStatus::Unknown => Finding::Unknown,
        HostKeyStatus::Changed { known } => Finding::Changed {
            known: known.into_iter().map(|known| known.key).collect(),
        },
        HostKeyStatus::Revoked => Finding::Revoked,
    }
}

/// Says what follows from a finding.
///
/// - `pinned`: whether the key is the one that a link names; `None` where it names none.
pub(super) fn step(policy: TrustPolicy, finding: Finding, pinned: Option<bool>) -> Step {
    use TrustPolicy::{AcceptNew, Ask, CaOnly, Strict};
    match (finding, policy) {
        (Finding::Revoked, _) => Step::Refuse(ErrorCode::HostKeyRevoked),
        (Finding::Faulty(_), _) => Step::Refuse(ErrorCode::HostCertificate),
        (_, _) if pinned == Some(false) => Step::Refuse(ErrorCode::HostKeyPinned),
        (Finding::Certified { .. }, _) => Step::Accept,
        (_, CaOnly) => Step::Refuse(ErrorCode::HostKeyUncertified),
        (Finding::Known, _) => Step::Accept,
        // Also when the link names this key: whoever wrote the link may have made the key, and
        // following a link must not undo what was trusted, nor what was set.
        (Finding::Changed { .. }, Strict) => Step::Refuse(ErrorCode::HostKeyChanged),
        (Finding::Changed { known }, _) => Step::Stop { known },
        (Finding::Unknown, Strict) => Step::Refuse(ErrorCode::HostKeyUnknown),
        (Finding::Unknown, Ask | AcceptNew) if pinned == Some(true) => Step::Accept,
        (Finding::Unknown, AcceptNew) => Step::Remember,
        (Finding::Unknown, Ask) => Step::Ask,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICIES: [TrustPolicy; 4] = [
        TrustPolicy::Ask,
        TrustPolicy::Strict,
        TrustPolicy::AcceptNew,
        TrustPolicy::CaOnly,
    ];
    const PINS: [Option<bool>; 3] = [None, Some(true), Some(false)];

    fn all() -> impl Iterator<Item = (TrustPolicy, Option<bool>)> {
        POLICIES
            .into_iter()
            .flat_map(|policy| PINS.map(|pin| (policy, pin)))
    }

    fn goes_on(step: &Step) -> bool {
        matches!(step, Step::Accept | Step::Remember)
    }

    #[test]
    fn no_policy_and_no_link_lets_a_bad_key_pass() {
        for (policy, pin) in all() {
            for finding in [
                Finding::Revoked,
                Finding::Faulty(CertificateFault::Signature),
                Finding::Changed { known: Vec::new() },
            ] {
                let step = step(policy, finding.clone(), pin);
                assert!(!goes_on(&step), "{policy:?} {finding:?} {pin:?}: {step:?}");
                assert_ne!(step, Step::Ask, "one click is no full stop");
            }
        }
    }

    #[test]
    fn a_link_that_names_another_key_always_refuses() {
        for policy in POLICIES {
            for finding in [Finding::Known, Finding::Unknown] {
                let step = step(policy, finding, Some(false));
                assert_eq!(step, Step::Refuse(ErrorCode::HostKeyPinned));
            }
        }
    }

    #[test]
    fn an_unknown_host_is_dealt_with_as_the_policy_says() {
        let unknown = |policy, pin| step(policy, Finding::Unknown, pin);
        assert_eq!(unknown(TrustPolicy::Ask, None), Step::Ask);
        assert_eq!(unknown(TrustPolicy::AcceptNew, None), Step::Remember);
        assert_eq!(unknown(TrustPolicy::Ask, Some(true)), Step::Accept);
        for pin in [None, Some(true)] {
            let strict = unknown(TrustPolicy::Strict, pin);
            assert_eq!(strict, Step::Refuse(ErrorCode::HostKeyUnknown));
            let only = unknown(TrustPolicy::CaOnly, pin);
            assert_eq!(only, Step::Refuse(ErrorCode::HostKeyUncertified));
        }
    }

    #[test]
    fn only_a_certificate_satisfies_who_wants_certificates_only() {
        let known = step(TrustPolicy::CaOnly, Finding::Known, None);
        assert_eq!(known, Step::Refuse(ErrorCode::HostKeyUncertified));
        let line =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIILSPd2mOYqHVvzKS6Mb0vzf1RNbDmKF6vNFMy0Ny1Vv";
        let authority = PublicKey::from_openssh(line).unwrap();
        for (policy, pin) in all().filter(|(_, pin)| *pin != Some(false)) {
            let authority = authority.clone();
            let step = step(policy, Finding::Certified { authority }, pin);
            assert_eq!(step, Step::Accept, "{policy:?} {pin:?}");
        }
    }
}
