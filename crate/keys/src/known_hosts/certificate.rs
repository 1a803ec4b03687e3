//! Host certificates: OpenSSH PROTOCOL.certkeys, and what `@cert-authority` lines say about them.

use core::fmt;

use ssh_key::certificate::CertType;
use ssh_key::{Algorithm, Certificate, HashAlg};

use super::{KnownHosts, Marker, entry_name};
use crate::PublicKey;
use crate::pattern::glob_matches;

/// Names of a certificate that a sentence about it holds, at most.
const MAX_SHOWN: usize = 3;

/// A certificate that a server showed instead of a plain key. Nothing in it is checked yet.
#[derive(Clone, PartialEq, Eq)]
pub struct HostCertificate(Box<Certificate>);

/// What is known about a certificate that a server showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateStatus {
    /// An authority that is trusted for this host vouches for the key, now.
    Certified,
    /// No authority that is trusted for this host made it. It proves nothing then, and the key in
    /// it is to be judged as a plain one ([`KnownHosts::check`]), as OpenSSH does.
    UnknownAuthority,
    /// It does not hold. Where its authority is trusted, OpenSSH would go on with the plain key;
    /// we do not: somebody who holds an old or foreign certificate of the authority would get a
    /// question where a full stop is due.
    Refused(CertificateFault),
    /// The key in it, or the authority, is marked `@revoked`.
    Revoked,
}

/// Why a certificate does not hold. Its words go on from "its certificate …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// The signature is not the authority's, or is made with SHA-1.
    Signature,
    /// It is for people, not for hosts.
    NotForHosts,
    /// It names other hosts.
    OtherHost {
        /// Whom it names; untrusted text.
        names: Vec<String>,
    },
    /// Its time has not come.
    NotYetValid {
        /// First second of its time, since 1970.
        from_s: u64,
    },
    /// Its time is over.
    Expired {
        /// First second after its time, since 1970.
        until_s: u64,
    },
    /// It may only be used under conditions, and none is defined for hosts.
    CriticalOption {
        /// The first of them; untrusted text.
        name: String,
    },
}

impl HostCertificate {
    /// Takes over a certificate that ssh-key has parsed.
    pub fn from_ssh_key(certificate: &Certificate) -> Self {
        Self(Box::new(certificate.clone()))
    }

    /// Reads the line that `ssh-keygen -s` writes.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`](crate::PublicKeyError) if it is no such line.
    pub fn from_openssh(line: &str) -> Result<Self, crate::PublicKeyError> {
        let certificate = Certificate::from_openssh(line).map_err(|_| crate::PublicKeyError)?;
        Ok(Self(Box::new(certificate)))
    }

    /// The host's key, which signs the key exchange.
    pub fn key(&self) -> PublicKey {
        PublicKey::from_ssh_key(&ssh_key::PublicKey::from(self.0.public_key().clone()))
    }

    /// The key that signed the certificate, or so it says.
    pub fn authority(&self) -> PublicKey {
        PublicKey::from_ssh_key(&ssh_key::PublicKey::from(self.0.signature_key().clone()))
    }

    /// Whether the authority in it signed it, with a hash that is not broken.
    fn is_signed(&self) -> bool {
        let with_sha1 = matches!(
            self.0.signature().algorithm(),
            Algorithm::Rsa { hash: None } | Algorithm::Dsa
        );
        let authority = self.0.signature_key().fingerprint(HashAlg::Sha256);
        // Asked about its own first second and its own authority, only the signature is left.
        let checked = self.0.validate_at(self.0.valid_after(), [&authority]);
        !with_sha1 && checked.is_ok()
    }

    /// What is wrong with it for `host` (lower case, without a port); its signature apart.
    fn fault(&self, host: &str, now_s: u64) -> Option<CertificateFault> {
        let certificate = &self.0;
        if certificate.cert_type() != CertType::Host {
            return Some(CertificateFault::NotForHosts);
        }
        if let Some((name, _)) = certificate.critical_options().iter().next() {
            let name = name.clone();
            return Some(CertificateFault::CriticalOption { name });
        }
        if now_s < certificate.valid_after() {
            let from_s = certificate.valid_after();
            return Some(CertificateFault::NotYetValid { from_s });
        }
        if now_s >= certificate.valid_before() {
            let until_s = certificate.valid_before();
            return Some(CertificateFault::Expired { until_s });
        }
        let names = certificate.valid_principals();
        // Without names it is for every host (PROTOCOL.certkeys, "valid principals").
        let fits = names.is_empty()
            || names
                .iter()
                .any(|name| glob_matches(&name.to_lowercase(), host));
        (!fits).then(|| CertificateFault::OtherHost {
            names: names.to_vec(),
        })
    }
}

impl fmt::Debug for HostCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, authority) = (self.key().fingerprint(), self.authority().fingerprint());
        write!(formatter, "HostCertificate({key} by {authority})")
    }
}

impl KnownHosts {
    /// Says what is known about `certificate` for `host` (a name or address without brackets) and
    /// `port`, at `now_s` seconds since 1970.
    ///
    /// Lines without a port speak of the host on every port, as with OpenSSH: what a certificate
    /// names are hosts, too.
    pub fn check_certificate(
        &self,
        host: &str,
        port: u16,
        certificate: &HostCertificate,
        now_s: u64,
    ) -> CertificateStatus {
        let (key, authority) = (certificate.key(), certificate.authority());
        if self.marks(Marker::Revoked, host, port, &key)
            || self.marks(Marker::Revoked, host, port, &authority)
        {
            return CertificateStatus::Revoked;
        }
        // OpenSSH reads no certificate whose signature is wrong, whoever made it.
        if !certificate.is_signed() {
            return CertificateStatus::Refused(CertificateFault::Signature);
        }
        if !self.marks(Marker::CertAuthority, host, port, &authority) {
            return CertificateStatus::UnknownAuthority;
        }
        match certificate.fault(&host.to_lowercase(), now_s) {
            None => CertificateStatus::Certified,
            Some(fault) => CertificateStatus::Refused(fault),
        }
    }

    /// Whether some authority is trusted for a host, so that the server is asked for a certificate.
    pub fn has_authority(&self, host: &str, port: u16) -> bool {
        names(host, port).iter().any(|name| {
            self.matching(name)
                .any(|(_, entry)| entry.marker == Marker::CertAuthority)
        })
    }

    fn marks(&self, marker: Marker, host: &str, port: u16, key: &PublicKey) -> bool {
        names(host, port).iter().any(|name| {
            self.matching(name)
                .any(|(_, entry)| entry.marker == marker && entry.key == *key)
        })
    }
}

/// The names under which lines about authorities are looked for.
fn names(host: &str, port: u16) -> [String; 2] {
    [entry_name(host, port), host.to_lowercase()]
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature => {
                formatter.write_str("is not signed by the authority that it names, or with SHA-1")
            }
            Self::NotForHosts => formatter.write_str("is one for people, not for hosts"),
            Self::OtherHost { names } => {
                let shown: Vec<&str> = names.iter().take(MAX_SHOWN).map(String::as_str).collect();
                let more = if names.len() > MAX_SHOWN {
                    " and others"
                } else {
                    ""
                };
                write!(formatter, "is for {}{more}", shown.join(", "))
            }
            Self::NotYetValid { from_s } => {
                write!(formatter, "is not valid before {}", date(*from_s))
            }
            Self::Expired { until_s } => write!(formatter, "expired on {}", date(*until_s)),
            Self::CriticalOption { name } => write!(
                formatter,
                "asks for {name:?}, which means nothing for a host"
            ),
        }
    }
}

/// The day of a second since 1970, in UTC: `2026-11-28`.
fn date(seconds: u64) -> String {
    /// Days from 0000-03-01 to 1970-01-01.
    const SHIFT: u64 = 719_468;
    const DAYS_OF_400_YEARS: u64 = 146_097;
    /// In the year 9999; what is later is as good as never.
    const LAST: u64 = 253_402_300_799;
    let days = seconds.min(LAST) / 86_400 + SHIFT;
    let (era, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Years that begin in March have their leap day at the end, and months of a regular length.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_399), "2000-02-28");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(4_107_542_400), "2100-03-01");
        assert_eq!(date(1_795_824_000), "2026-11-28");
        assert_eq!(date(u64::MAX), "9999-12-31");
    }
}
