//! One HTTP request for a set of keys.

use core::time::Duration;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::key::KeyError;

/// Time for everything. A client that waits for its session waits for this too.
const DEADLINE: Duration = Duration::from_secs(5);

/// Bytes of a set of keys, at most; one key has less than 1 KiB.
const MAX_BYTES: usize = 256 * 1024;

/// Fetches from one address. Redirections are not followed: the operator named this address.
pub(super) struct Fetcher {
    url: String,
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
    pub(super) fn new(url: String) -> Result<Self, KeyError> {
        let wrong = || KeyError::UserUrl { url: url.clone() };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let secure = uri.scheme_str() == Some("https");
        let host = uri.host().ok_or_else(wrong)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let tls = if secure { Some(connector(&url)?) } else { None };
        Ok(Self {
            url,
            uri,
            host,
            port,
            tls,
        })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Asks once. The error is for the log.
    pub(super) async fn fetch(&self) -> Result<String, &'static str> {
        let work = async {
            let stream = TcpStream::connect((self.host.as_str(), self.port));
            let stream = stream.await.map_err(|_| "no connection")?;
            match &self.tls {
                None => self.ask(stream).await,
                Some(tls) => {
                    let name = ServerName::try_from(self.host.clone());
                    let name = name.map_err(|_| "no name for a certificate")?;
                    let stream = tls.connect(name, stream).await;
                    self.ask(stream.map_err(|_| "no trusted connection")?).await
                }
            }
        };
        timeout(DEADLINE, work)
            .await
            .map_err(|_| "no answer in time")?
    }

    async fn ask<S>(&self, stream: S) -> Result<String, &'static str>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_| "no HTTP")?;
        let request = self.request().ok_or("no request")?;
        let answer = async {
            let answer = sender.send_request(request).await;
            let answer = answer.map_err(|_| "no answer")?;
            if answer.status() != StatusCode::OK {
                return Err("another status than 200");
            }
            let body = Limited::new(answer.into_body(), MAX_BYTES).collect().await;
            let body = body.map_err(|_| "a broken or too long answer")?;
            String::from_utf8(body.to_bytes().into()).map_err(|_| "an answer that is no text")
        };
        // It only drives; the answer may still be on its way when it has ended.
        let driven = async {
            let _ = connection.await;
            core::future::pending::<()>().await;
        };
        tokio::select! {
            answer = answer => answer,
            () = driven => Err("no answer"),
        }
    }

    fn request(&self) -> Option<Request<Body>> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        Request::get(path)
            .header(header::HOST, self.uri.authority()?.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Body::empty())
            .ok()
    }
}

fn connector(url: &str) -> Result<TlsConnector, KeyError> {
    let mut roots = RootCertStore::empty();
    // What cannot be read is passed over; none at all is told.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(KeyError::LocalNoRoots {
            url: url.to_owned(),
        });
    }
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
