//! The issuer of certificates that the operator names: hands it one line of a person, and hands back
//! what it answers. What either says is opaque here.

use core::time::Duration;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use bytes::Bytes;
use tokio::sync::Semaphore;
use transom_wire::{IssuerAnswer, MAX_CERTIFICATE_BYTES, MAX_ISSUER_WORDS_BYTES};

use crate::config::CertificateConfig;
use crate::fetch::{AddressError, Bounds, FetchError, Fetcher};

/// Names the person to the issuer, where a proxy knows who that is.
const USER: HeaderName = HeaderName::from_static("x-transom-user");

/// What one question may take. A person waits, and an issuer may have to ask somebody else.
const BOUNDS: Bounds = Bounds {
    deadline: Duration::from_secs(10),
    max_bytes: MAX_CERTIFICATE_BYTES,
};

/// Questions at the same time. Each is short; more of them are a flood, which the issuer is spared.
const SEATS: usize = 32;

/// Why the issuer cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// Its address.
    #[error("certificates.url: {0}")]
    UserAddress(#[source] AddressError),
    /// The file with the relay's token cannot be read.
    #[error("cannot read the token file {path}")]
    UserFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds no token.
    #[error("{path} holds no token: one line of visible ASCII is wanted")]
    UserToken {
        /// The file.
        path: PathBuf,
    },
}

/// Asks the issuer.
pub(crate) struct Issuer {
    fetcher: Fetcher,
    /// Shows the issuer that it is this relay which asks.
    token: Option<HeaderValue>,
    seats: Semaphore,
}

impl core::fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Issuer({})", self.fetcher.url())
    }
}

impl Issuer {
    /// Reads the relay's token, where there is one.
    pub(crate) fn new(config: &CertificateConfig) -> Result<Self, IssuerError> {
        let fetcher = Fetcher::new(config.url.clone()).map_err(IssuerError::UserAddress)?;
        let token = config.token_file.as_deref().map(token).transpose()?;
        Ok(Self {
            fetcher,
            token,
            seats: Semaphore::new(SEATS),
        })
    }

    /// Asks for a certificate.
    ///
    /// - `user`: who asks, where that is known.
    /// - `line`: what the person sends.
    ///
    /// # Security
    ///
    /// Nothing of the client's goes into the address or decides where the line is sent.
    ///
    /// # Cancel safety
    ///
    /// A dropped call cuts the connection; the issuer may have signed meanwhile.
    pub(crate) async fn certify(&self, user: Option<&Arc<str>>, line: Bytes) -> IssuerAnswer {
        let Ok(_seat) = self.seats.try_acquire() else {
            return IssuerAnswer::Busy;
        };
        let mut request = self
            .fetcher
            .request(Method::POST)
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(header::ACCEPT, "text/plain");
        if let Some(user) = user {
            request = request.header(USER, user.as_ref());
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token.clone());
        }
        let Ok(request) = request.body(Body::from(line)) else {
            return IssuerAnswer::Broken;
        };
        match self.fetcher.send(request, BOUNDS).await {
            Ok(answer) if answer.status() == StatusCode::OK => issued(answer.body()),
            Ok(answer) => IssuerAnswer::Refused {
                status: answer.status().as_u16(),
                words: words(answer.body()),
            },
            Err(error) => {
                tracing::warn!(url = self.fetcher.url(), reason = %error, "no answer of the issuer");
                match error {
                    FetchError::Unreachable(_) => IssuerAnswer::Unreachable,
                    FetchError::Slow => IssuerAnswer::Slow,
                    FetchError::Broken(_) => IssuerAnswer::Broken,
                }
            }
        }
    }
}

fn token(path: &Path) -> Result<HeaderValue, IssuerError> {
    let text = fs::read_to_string(path).map_err(|source| IssuerError::UserFile {
        path: path.to_owned(),
        source,
    })?;
    let text = text.trim();
    let is_token = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let value = HeaderValue::from_str(&format!("Bearer {text}")).ok();
    let mut value = value
        .filter(|_| is_token)
        .ok_or_else(|| IssuerError::UserToken {
            path: path.to_owned(),
        })?;
    value.set_sensitive(true);
    Ok(value)
}

fn issued(body: &Bytes) -> IssuerAnswer {
    match str::from_utf8(body) {
        Ok(text) => IssuerAnswer::Issued {
            certificate: text.to_owned(),
        },
        Err(_) => IssuerAnswer::Broken,
    }
}

/// The beginning of what was said; nothing where it is no text.
fn words(body: &Bytes) -> String {
    let text = str::from_utf8(body).unwrap_or_default();
    let end = text.floor_char_boundary(MAX_ISSUER_WORDS_BYTES);
    text.get(..end).unwrap_or_default().trim().to_owned()
}
