//! The certificate of a key, as a person reads it.

pub use transom_keys::CertificateError;
use transom_keys::{PublicKey, UserCertificate};

use super::KeyRecord;

/// What a certificate says. All texts are untrusted.
#[derive(Clone, Debug, PartialEq)]
pub struct CertificateFacts {
    /// What the authority calls it.
    pub key_id: String,
    /// Its number.
    pub serial: u64,
    /// The users that it is for; none is every user.
    pub principals: Vec<String>,
    /// From when it counts, in milliseconds since 1970.
    pub after_ms: f64,
    /// From when on it no longer counts; `None` is never.
    pub before_ms: Option<f64>,
    /// Its options, as `name` or `name=value`.
    pub options: Vec<String>,
    /// Fingerprint of the authority.
    pub authority: String,
}

/// Why a certificate is not attached to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachError {
    /// The text is none that can be used.
    #[error(transparent)]
    Unusable(#[from] CertificateError),
    /// It is about another key.
    #[error("certificate belongs to another key")]
    OtherKey,
}

impl KeyRecord {
    /// What its certificate says; `None` where it has none that can be read.
    pub fn certificate_facts(&self) -> Option<CertificateFacts> {
        let certificate = UserCertificate::parse(self.certificate.as_deref()?).ok()?;
        Some(CertificateFacts {
            key_id: certificate.key_id().to_owned(),
            serial: certificate.serial(),
            principals: certificate.principals().to_vec(),
            after_ms: millis(certificate.valid_after()),
            before_ms: certificate.valid_before().map(millis),
            options: certificate.options(),
            authority: certificate.authority(),
        })
    }

    /// Takes the certificate away.
    pub fn remove_certificate(&mut self) {
        self.certificate = None;
        self.issued = None;
    }

    /// Attaches the certificate in `text`, in place of the one before. Servers that refused the key are
    /// asked again.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; then nothing changed.
    pub fn attach_certificate(&mut self, text: &str) -> Result<(), AttachError> {
        let certificate = UserCertificate::parse(text)?;
        if PublicKey::from_openssh(&self.public) != Ok(certificate.public_key()) {
            return Err(AttachError::OtherKey);
        }
        self.certificate = Some(certificate.to_openssh());
        self.refusals.clear();
        self.issued = None;
        Ok(())
    }
}

/// Seconds as milliseconds, without the precision of thousands of years.
fn millis(seconds: u64) -> f64 {
    u32::try_from(seconds).map_or(f64::MAX, |seconds| f64::from(seconds) * 1000.0)
}
