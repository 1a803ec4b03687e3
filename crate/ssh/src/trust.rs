//! Trust in a server's host key, settled before any credential leaves.

use futures::future::BoxFuture;
use transom_keys::{HostCertificate, PublicKey};

/// Decides whether a host key is the right one.
pub trait Trust: Send + 'static {
    /// Asks whoever can know: stored keys, a pinned fingerprint, a person.
    ///
    /// The server has proved that it holds the key ([RFC 4253 §8]). It may take as long as a
    /// person needs; servers give up after a while (OpenSSH's `LoginGraceTime`, 120 s). When the
    /// handshake is dropped, this is dropped as well.
    ///
    /// [RFC 4253 §8]: https://www.rfc-editor.org/rfc/rfc4253#section-8
    fn decide(&mut self, offered: PublicKey) -> impl Future<Output = Verdict> + Send;

    /// As [`Self::decide`], about a key that comes with a certificate. It is asked only where
    /// [`crate::Options::host_certificates`] says so, and refuses unless it is written otherwise.
    ///
    /// The server has proved that it holds the key in the certificate. Nobody has looked at the
    /// certificate itself: see [`transom_keys::KnownHosts::check_certificate`].
    fn decide_certificate(
        &mut self,
        _offered: HostCertificate,
    ) -> impl Future<Output = Verdict> + Send {
        core::future::ready(Verdict::Refuse)
    }
}

/// What a server showed to prove who it is.
#[derive(Clone, Debug)]
pub(crate) enum Shown {
    Key(PublicKey),
    Certificate(HostCertificate),
}

impl Shown {
    /// The key, with a certificate or without.
    pub(crate) fn key(&self) -> PublicKey {
        match self {
            Self::Key(key) => key.clone(),
            Self::Certificate(certificate) => certificate.key(),
        }
    }
}

/// What a [`Trust`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This is the right server: go on and log in.
    Accept,
    /// Do not connect.
    Refuse,
}

/// Proof that a [`Trust`] accepted this server's key.
///
/// Only [`HostKeyVerified::judge`] makes one, and [`crate::Login`] cannot be built without it, so
/// no credential can be sent before the check. It is neither `Clone` nor `Copy`: one proof, one
/// log-in.
#[derive(Debug)]
#[must_use = "a verified host key is worthless until a login consumes it"]
pub(crate) struct HostKeyVerified(());

impl HostKeyVerified {
    /// Asks `trust` about what was shown.
    pub(crate) async fn judge(trust: &mut dyn ErasedTrust, shown: Shown) -> Option<Self> {
        match trust.decide_boxed(shown).await {
            Verdict::Accept => Some(Self(())),
            Verdict::Refuse => None,
        }
    }
}

/// A [`Trust`] behind a pointer, so that its type does not spread.
pub(crate) trait ErasedTrust: Send + 'static {
    fn decide_boxed(&mut self, shown: Shown) -> BoxFuture<'_, Verdict>;
}

impl<T: Trust> ErasedTrust for T {
    fn decide_boxed(&mut self, shown: Shown) -> BoxFuture<'_, Verdict> {
        match shown {
            Shown::Key(key) => Box::pin(self.decide(key)),
            Shown::Certificate(certificate) => Box::pin(self.decide_certificate(certificate)),
        }
    }
}
