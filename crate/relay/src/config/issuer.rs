//! Who issues certificates for the keys of persons.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where certificates come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateConfig {
    /// Address that public keys are sent to: https, or http on this machine.
    pub url: String,
    /// File with one line that shows the issuer that this relay asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
}

impl CertificateConfig {
    /// What does not fit together, as a sentence; `None` where all is well.
    ///
    /// - `strangers`: people prove by tickets alone what they may, and not who they are.
    pub(super) fn complaint(&self, strangers: bool) -> Option<&'static str> {
        if !super::access::is_private(&self.url) {
            return Some("certificates.url is neither https:// nor http:// on a loopback address");
        }
        strangers.then_some(
            "[certificates] stands beside [tickets] without [identity]; a ticket is for one \
             session, so name the proxy that knows who asks",
        )
    }
}
