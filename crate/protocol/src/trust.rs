//! How far a person trusts servers that are not known yet.

use serde::{Deserialize, Serialize};

/// What the engine does about host keys, beside what is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrustRules {
    /// For hosts that no line speaks of.
    pub policy: TrustPolicy,
    /// Hosts that may agree on weak algorithms, as known_hosts writes them.
    pub legacy: Vec<String>,
}

/// What to do with the key of a host that is not known. None of them lets a changed or revoked key pass,
/// or a certificate that does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustPolicy {
    /// Ask the person.
    #[default]
    Ask,
    /// Connect to known hosts only (`StrictHostKeyChecking yes`). A changed key cannot be replaced
    /// on the way either.
    Strict,
    /// Trust the first key that is seen (`StrictHostKeyChecking accept-new`).
    AcceptNew,
    /// Connect only where an authority that is trusted for the host certified its key.
    CaOnly,
}
