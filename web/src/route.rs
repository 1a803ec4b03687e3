//! Addresses inside the page, after the `#`.

use yew_router::Routable;

/// The pages.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Home,
    /// A link that connects without typing.
    #[at("/connect/:address")]
    Connect {
        /// What the address bar takes.
        address: String,
    },
    #[at("/session/:id")]
    Session {
        /// The connection's id.
        id: String,
    },
    #[at("/hosts")]
    Hosts,
    #[at("/keys")]
    Keys,
    #[at("/known-hosts")]
    KnownHosts,
    #[at("/recordings")]
    Recordings,
    #[at("/settings")]
    Settings,
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

/// Reads the pinned host key from the query of a link, `?hk=SHA256:…`.
///
/// A `+` is a `+`, because fingerprints are base64; only `%2B` and its like are decoded.
pub(crate) fn pinned(query: &str) -> Option<String> {
    let mut pairs = query.trim_start_matches('?').split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix("hk="))?;
    let value = value
        .replace("%3A", ":")
        .replace("%3a", ":")
        .replace("%2B", "+")
        .replace("%2b", "+")
        .replace("%2F", "/")
        .replace("%2f", "/");
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_keeps_its_plus_signs() {
        assert_eq!(
            pinned("?x=1&hk=SHA256:ab+c/d").as_deref(),
            Some("SHA256:ab+c/d")
        );
        assert_eq!(
            pinned("?hk=SHA256%3Aab%2Bc%2Fd").as_deref(),
            Some("SHA256:ab+c/d")
        );
        assert_eq!(pinned("?hk="), None);
        assert_eq!(pinned(""), None);
    }
}
