//! Trust in a server's host key, settled before any credential leaves.

use futures::future::BoxFuture;
use transom_keys::PublicKey;

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
    /// Asks `trust` about `offered`.
    pub(crate) async fn judge(trust: &mut dyn ErasedTrust, offered: PublicKey) -> Option<Self> {
        match trust.decide_boxed(offered).await {
            Verdict::Accept => Some(Self(())),
            Verdict::Refuse => None,
        }
    }
}

/// A [`Trust`] behind a pointer, so that its type does not spread.
pub(crate) trait ErasedTrust: Send + 'static {
    fn decide_boxed(&mut self, offered: PublicKey) -> BoxFuture<'_, Verdict>;
}

impl<T: Trust> ErasedTrust for T {
    fn decide_boxed(&mut self, offered: PublicKey) -> BoxFuture<'_, Verdict> {
        Box::pin(self.decide(offered))
    }
}
