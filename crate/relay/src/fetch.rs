//! One HTTP request to an address that the operator named: for a set of keys, for a certificate.

use core::time::Duration;
use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderValue, Method, Request, Response, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Why nothing can be fetched from an address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The address is none.
    #[error("{url} is no address; write it as https://example.org/path")]
    UserUrl {
        /// The address.
        url: String,
    },
    /// The system trusts no certificate authority.
    #[error("the system has no certificate authorities to check {url} with")]
    LocalNoRoots {
        /// The address.
        url: String,
    },
}

/// Why there is no answer. For the log; what is in it is ours, never the other end's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FetchError {
    /// There is no connection, or nobody who can be trusted at its other end.
    #[error("{0}")]
    Unreachable(&'static str),
    /// The time is over.
    #[error("no answer in time")]
    Slow,
    /// What came is no answer.
    #[error("{0}")]
    Broken(&'static str),
}

/// What an answer may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// From the look-up of the name to the last byte.
    pub(crate) deadline: Duration,
    /// Of the body.
    pub(crate) max_bytes: usize,
}

/// Fetches from one address. Redirections are not followed: the operator named this address.
pub(crate) struct Fetcher {
    url: String,
    authority: HeaderValue,
    uri: Uri,
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
}

impl core::fmt::Debug for Fetcher {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Fetcher({})", self.url)
    }
}

impl Fetcher {
    pub(crate) fn new(url: String) -> Result<Self, AddressError> {
        let wrong = || AddressError::UserUrl { url: url.clone() };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let secure = uri.scheme_str() == Some("https");
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        // What stands before the @ is nobody's host.
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let authority = HeaderValue::from_str(authority).map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let tls = if secure { Some(connector(&url)?) } else { None };
        Ok(Self {
            url,
            authority,
            uri,
            host,
            port,
            tls,
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Begins a request to the address.
    pub(crate) fn request(&self, method: Method) -> Builder {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.authority.clone())
    }

    /// Asks once.
    ///
    /// # Errors
    ///
    /// [`FetchError`]. Any status is an answer.
    pub(crate) async fn send(
        &self,
        request: Request<Body>,
        bounds: Bounds,
    ) -> Result<Response<Bytes>, FetchError> {
        let work = async {
            let stream = TcpStream::connect((self.host.as_str(), self.port));
            let stream = stream
                .await
                .map_err(|_| FetchError::Unreachable("no connection"))?;
            match &self.tls {
                None => ask(stream, request, bounds.max_bytes).await,
                Some(tls) => {
                    let name = ServerName::try_from(self.host.clone());
                    let name =
                        name.map_err(|_| FetchError::Unreachable("no name for a certificate"))?;
                    let stream = tls.connect(name, stream).await;
                    let stream =
                        stream.map_err(|_| FetchError::Unreachable("no trusted connection"))?;
                    ask(stream, request, bounds.max_bytes).await
                }
            }
        };
        timeout(bounds.deadline, work)
            .await
            .map_err(|_| FetchError::Slow)?
    }
}

async fn ask<S>(
    stream: S,
    request: Request<Body>,
    max_bytes: usize,
) -> Result<Response<Bytes>, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| FetchError::Broken("no HTTP"))?;
    let answer = async {
        let answer = sender.send_request(request).await;
        let (head, body) = answer
            .map_err(|_| FetchError::Broken("no answer"))?
            .into_parts();
        let body = Limited::new(body, max_bytes).collect().await;
        let body = body.map_err(|_| FetchError::Broken("a broken or too long answer"))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    // It only drives; the answer may still be on its way when it has ended.
    let driven = async {
        let _ = connection.await;
        core::future::pending::<()>().await;
    };
    tokio::select! {
        answer = answer => answer,
        () = driven => Err(FetchError::Broken("no answer")),
    }
}

fn connector(url: &str) -> Result<TlsConnector, AddressError> {
    let mut roots = RootCertStore::empty();
    // What cannot be read is passed over; none at all is told.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(AddressError::LocalNoRoots {
            url: url.to_owned(),
        });
    }
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
