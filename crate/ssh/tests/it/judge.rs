//! A [`Trust`] that goes by lines of a known_hosts file, and notes what it found.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use transom_keys::{
    CertificateFault, CertificateStatus, HostCertificate, HostKeyStatus, KnownHosts, PublicKey,
};
use transom_ssh::{Options, Trust, Verdict};

/// What the lines say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    Known,
    Unknown,
    Changed,
    Revoked,
    Certified,
    Faulty(CertificateFault),
}

/// Accepts what is known or certified, and nothing else. Clones write to the same notes.
#[derive(Clone)]
pub(crate) struct Judge {
    known: KnownHosts,
    port: u16,
    judged: Arc<Mutex<Vec<Judgement>>>,
}

impl Judge {
    /// - `port`: of the server, at 127.0.0.1.
    pub(crate) fn new(lines: &str, port: u16) -> Self {
        Self {
            known: KnownHosts::parse(lines),
            port,
            judged: Arc::default(),
        }
    }

    /// What is asked of the server by these lines.
    pub(crate) fn options(&self) -> Options {
        Options {
            known_key_types: self.known.algorithms_for("127.0.0.1", self.port),
            host_certificates: self.known.has_authority("127.0.0.1", self.port),
            ..Options::default()
        }
    }

    pub(crate) fn judged(&self) -> Vec<Judgement> {
        self.judged.lock().unwrap().clone()
    }

    fn plain(&self, key: &PublicKey) -> Judgement {
        match self.known.check("127.0.0.1", self.port, key) {
            HostKeyStatus::Known => Judgement::Known,
            HostKeyStatus::Unknown => Judgement::Unknown,
            HostKeyStatus::Changed { .. } => Judgement::Changed,
            HostKeyStatus::Revoked => Judgement::Revoked,
        }
    }

    fn certificate(&self, shown: &HostCertificate) -> Judgement {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let known = &self.known;
        match known.check_certificate("127.0.0.1", self.port, shown, now.as_secs()) {
            CertificateStatus::Certified => Judgement::Certified,
            CertificateStatus::UnknownAuthority => self.plain(&shown.key()),
            CertificateStatus::Refused(fault) => Judgement::Faulty(fault),
            CertificateStatus::Revoked => Judgement::Revoked,
        }
    }

    fn note(&self, judgement: Judgement) -> Verdict {
        let accepts = matches!(judgement, Judgement::Known | Judgement::Certified);
        self.judged.lock().unwrap().push(judgement);
        if accepts {
            Verdict::Accept
        } else {
            Verdict::Refuse
        }
    }
}

impl Trust for Judge {
    async fn decide(&mut self, offered: PublicKey) -> Verdict {
        self.note(self.plain(&offered))
    }

    async fn decide_certificate(&mut self, offered: HostCertificate) -> Verdict {
        self.note(self.certificate(&offered))
    }
}
