//! TLS without a proxy: certificate and key from files, read again when they change.

use core::time::Duration;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::config::TlsConfig;
use crate::session::{Stop, draining};

/// Time between two looks at the files. Certificates are replaced days before they end.
const LOOK_INTERVAL: Duration = Duration::from_secs(10);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The file holds no certificate, or cannot be read.
    #[error("{path} holds no certificate as PEM: {reason}")]
    UserCertificate {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file holds no key, or cannot be read.
    #[error("{path} holds no private key as PEM: {reason}")]
    UserKey {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// They do not belong together, or are of a kind that is too weak.
    #[error("certificate and key cannot be used together: {reason}")]
    UserPair {
        /// Why.
        reason: String,
    },
}

/// The server's side of TLS.
pub(crate) struct Tls {
    config: TlsConfig,
    acceptor: RwLock<TlsAcceptor>,
}

impl Tls {
    pub(crate) fn new(config: TlsConfig) -> Result<Self, TlsError> {
        let acceptor = RwLock::new(read(&config)?);
        Ok(Self { config, acceptor })
    }

    /// Greets a client.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = {
            let acceptor = self.acceptor.read();
            acceptor.unwrap_or_else(PoisonError::into_inner).clone()
        };
        acceptor.accept(stream).await
    }

    /// Reads the files again at SIGHUP and when they change, until the relay stops. What cannot
    /// be used is told and changes nothing.
    pub(crate) async fn keep_fresh(self: Arc<Self>, stopping: watch::Receiver<Stop>) {
        let Ok(mut hangup) = signal(SignalKind::hangup()) else {
            return;
        };
        let mut stamp = self.stamp();
        loop {
            let asked = tokio::select! {
                _ = hangup.recv() => true,
                () = sleep(LOOK_INTERVAL) => false,
                () = draining(stopping.clone()) => return,
            };
            let now = self.stamp();
            if asked || now != stamp {
                stamp = now;
                self.reload();
            }
        }
    }

    fn reload(&self) {
        match read(&self.config) {
            Ok(acceptor) => {
                *self
                    .acceptor
                    .write()
                    .unwrap_or_else(PoisonError::into_inner) = acceptor;
                tracing::info!("certificate and key were read again");
            }
            Err(error) => tracing::error!(%error, "the old certificate stays in use"),
        }
    }

    fn stamp(&self) -> [Option<SystemTime>; 2] {
        let changed = |path: &Path| path.metadata().and_then(|file| file.modified()).ok();
        [changed(&self.config.certificate), changed(&self.config.key)]
    }
}

fn read(config: &TlsConfig) -> Result<TlsAcceptor, TlsError> {
    let no_certificate = |reason: String| TlsError::UserCertificate {
        path: config.certificate.clone(),
        reason,
    };
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&config.certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| no_certificate(error.to_string()))?;
    if chain.is_empty() {
        return Err(no_certificate("there is none in it".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&config.key).map_err(|error| TlsError::UserKey {
        path: config.key.clone(),
        reason: error.to_string(),
    })?;
    let mut tls = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| TlsError::UserPair {
            reason: error.to_string(),
        })?;
    // WebSockets over HTTP/2 are not spoken here.
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(tls)))
}
