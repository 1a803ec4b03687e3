//! Certificates of users ([PROTOCOL.certkeys]): what `ssh-keygen -s CA -n USER key.pub` writes.
//!
//! The server judges them; here they are read so that the person sees what they say, and so that one
//! that cannot help is not sent.
//!
//! [PROTOCOL.certkeys]: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.certkeys

use core::fmt;

use ssh_key::HashAlg;
use ssh_key::certificate::CertType;

use crate::PublicKey;

/// Largest certificate file that is read, in bytes: hundreds of principals and options.
const MAX_BYTES: usize = 64 * 1024;

/// A certificate that says who may use a key as which user.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCertificate(ssh_key::Certificate);

/// Why a text is no certificate that can be used. Each variant is something else to do for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// It is something else. Choose the file that ends in `-cert.pub`.
    #[error("text is no certificate")]
    NotACertificate,
    /// It is for hosts.
    #[error("certificate is for hosts")]
    ForHosts,
    /// What it says is not what was signed. Get it anew.
    #[error("signature of the certificate is wrong")]
    Forged,
}

impl UserCertificate {
    /// Writes the wire encoding.
    pub fn to_blob(&self) -> Vec<u8> {
        // An encoding can only fail on lengths beyond u32, and this was parsed from less.
        self.0.to_bytes().unwrap_or_default()
    }

    /// Reads one line, as in a file that ends in `-cert.pub`, and checks its signature. Whether the
    /// authority is one that a server trusts, only the server knows.
    ///
    /// # Errors
    ///
    /// Every [`CertificateError`].
    pub fn parse(text: &str) -> Result<Self, CertificateError> {
        if text.len() > MAX_BYTES {
            return Err(CertificateError::NotACertificate);
        }
        let mut certificate = ssh_key::Certificate::from_openssh(text.trim())
            .map_err(|_| CertificateError::NotACertificate)?;
        certificate.set_comment("");
        if certificate.cert_type() == CertType::Host {
            return Err(CertificateError::ForHosts);
        }
        // Those of security keys are left to the server.
        let by_hand = certificate
            .signature_key()
            .algorithm()
            .as_str()
            .starts_with("sk-");
        if !by_hand && certificate.verify_signature().is_err() {
            return Err(CertificateError::Forged);
        }
        Ok(Self(certificate))
    }

    /// The line, without a comment.
    pub fn to_openssh(&self) -> String {
        // An encoding can only fail on lengths beyond u32, and this was parsed from less.
        let line = self.0.to_openssh().unwrap_or_default();
        line.trim_end().to_owned()
    }

    /// The key that it is about.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::from_ssh_key(&ssh_key::PublicKey::from(self.0.public_key().clone()))
    }

    /// Fingerprint of the authority that signed it, `SHA256:…`.
    pub fn authority(&self) -> String {
        let key = self.0.signature_key();
        key.fingerprint(HashAlg::Sha256).to_string()
    }

    /// What the authority calls it; untrusted text.
    pub fn key_id(&self) -> &str {
        self.0.key_id()
    }

    /// Its number.
    pub fn serial(&self) -> u64 {
        self.0.serial()
    }

    /// The users that it is for; untrusted text. None is every user.
    pub fn principals(&self) -> &[String] {
        self.0.valid_principals()
    }

    /// From when it counts, in seconds since 1970.
    pub fn valid_after(&self) -> u64 {
        self.0.valid_after()
    }

    /// From when on it no longer counts, in seconds since 1970; `None` is never.
    pub fn valid_before(&self) -> Option<u64> {
        Some(self.0.valid_before()).filter(|before| *before != u64::MAX)
    }

    /// Whether it counts at `now`, in seconds since 1970.
    pub fn is_valid_at(&self, now: u64) -> bool {
        self.valid_after() <= now && self.valid_before().is_none_or(|before| now < before)
    }

    /// Critical options, then extensions, as `name` or `name=value`; untrusted text.
    pub fn options(&self) -> Vec<String> {
        let all = self.0.critical_options().iter();
        let all = all.chain(self.0.extensions().iter());
        let words = all.map(|(name, value)| match value.as_str() {
            "" => name.clone(),
            value => format!("{name}={value}"),
        });
        words.collect()
    }

    /// The certificate as the log-in takes it.
    pub fn as_ssh_key(&self) -> &ssh_key::Certificate {
        &self.0
    }
}

impl fmt::Debug for UserCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "UserCertificate({:?})", self.key_id())
    }
}
