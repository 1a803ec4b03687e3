//! The ways to authenticate that servers name ([RFC 4252 §5]).
//!
//! [RFC 4252 §5]: https://www.rfc-editor.org/rfc/rfc4252#section-5

use russh::MethodKind;

/// A way to authenticate, as servers name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `password`.
    Password,
    /// `publickey`.
    PublicKey,
    /// `keyboard-interactive`.
    KeyboardInteractive,
    /// `hostbased`, which a browser cannot do.
    HostBased,
}

/// The ways that a server says may go on, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Methods(Vec<Method>);

impl Methods {
    /// Whether `method` is among them.
    pub fn contains(&self, method: Method) -> bool {
        self.0.contains(&method)
    }

    /// Whether no way is left that we know: the server is about to close the connection.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Method> + '_ {
        self.0.iter().copied()
    }

    pub(super) fn from_russh(methods: &[MethodKind]) -> Self {
        Self(
            methods
                .iter()
                .filter_map(|method| match method {
                    MethodKind::Password => Some(Method::Password),
                    MethodKind::PublicKey => Some(Method::PublicKey),
                    MethodKind::KeyboardInteractive => Some(Method::KeyboardInteractive),
                    MethodKind::HostBased => Some(Method::HostBased),
                    MethodKind::None | MethodKind::GssapiWithMic => None,
                })
                .collect(),
        )
    }
}
