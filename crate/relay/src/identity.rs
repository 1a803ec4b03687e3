//! Who a trusted proxy says a client is.

use core::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::config::IdentityConfig;
use crate::ticket::is_name;

/// Reads the headers of trusted proxies.
#[derive(Debug)]
pub(crate) struct Identity {
    proxies: Vec<IpNet>,
    header: HeaderName,
    address_header: Option<HeaderName>,
}

/// What is known of a client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) address: IpAddr,
    pub(crate) subject: Option<Arc<str>>,
}

impl Identity {
    /// `None` where a name of a header is none, which the check of the settings refuses.
    pub(crate) fn new(config: &IdentityConfig) -> Option<Self> {
        let address_header = config.address_header.as_ref();
        Some(Self {
            proxies: config.proxies.clone(),
            header: config.header.parse().ok()?,
            address_header: address_header
                .map(|name| name.parse().ok())
                .unwrap_or_default(),
        })
    }

    /// Whether `peer` is a proxy whose word counts.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.proxies.iter().any(|network| network.contains(&peer))
    }

    /// Reads what `peer` says of its client.
    ///
    /// # Security
    ///
    /// A header that comes twice names nobody: one of them may be the client's own.
    pub(crate) fn read(&self, peer: IpAddr, headers: &HeaderMap) -> Known {
        let unknown = Known {
            address: peer.to_canonical(),
            subject: None,
        };
        if !self.trusts(peer) {
            return unknown;
        }
        Known {
            address: self.address(headers).unwrap_or(unknown.address),
            subject: self.subject(headers),
        }
    }

    fn subject(&self, headers: &HeaderMap) -> Option<Arc<str>> {
        let mut values = headers.get_all(&self.header).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let name = value.to_str().ok()?.trim();
        is_name(name).then(|| name.into())
    }

    /// The last entry: those before it may be the client's own.
    fn address(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values = headers.get_all(self.address_header.as_ref()?);
        let value = values.iter().next_back()?.to_str().ok()?;
        let text = value.rsplit(',').next()?.trim();
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        bare.parse()
            .ok()
            .map(|address: IpAddr| address.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(peer: &str, lines: &[(&str, &str)]) -> (String, Option<String>) {
        let identity = Identity::new(&IdentityConfig {
            proxies: vec!["10.0.0.0/24".parse().unwrap()],
            header: "X-User".to_owned(),
            address_header: Some("X-Forwarded-For".to_owned()),
        });
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        let known = identity.unwrap().read(peer.parse().unwrap(), &headers);
        (
            known.address.to_string(),
            known.subject.map(|name| name.to_string()),
        )
    }

    #[test]
    fn a_trusted_proxy_names_its_client() {
        let lines = [
            ("x-user", "alice"),
            ("x-forwarded-for", "1.1.1.1, 198.41.0.4"),
        ];
        let alice = ("198.41.0.4".to_owned(), Some("alice".to_owned()));
        assert_eq!(read("10.0.0.1", &lines), alice);
        assert_eq!(read("::ffff:10.0.0.1", &lines), alice);
    }

    #[test]
    fn the_word_of_others_counts_for_nothing() {
        let lines = [("x-user", "alice"), ("x-forwarded-for", "198.41.0.4")];
        assert_eq!(read("10.0.1.1", &lines), ("10.0.1.1".to_owned(), None));
    }

    #[test]
    fn a_name_that_comes_twice_or_is_none_names_nobody() {
        for lines in [
            &[("x-user", "alice"), ("x-user", "root")][..],
            &[("x-user", "")],
            &[("x-user", " ")],
            &[],
        ] {
            assert_eq!(read("10.0.0.1", lines).1, None, "{lines:?}");
        }
    }

    #[test]
    fn an_address_that_is_none_leaves_the_proxy_s_own() {
        let lines = [("x-forwarded-for", "198.41.0.4, unknown")];
        assert_eq!(read("10.0.0.1", &lines).0, "10.0.0.1");
    }
}
