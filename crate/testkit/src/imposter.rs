//! A server that shows whatever it is told to as its host key.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use russh::keys::PrivateKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::keygen::KeyFile;
use crate::raw::{Identity, Raw};

/// The first message that belongs to logging in: `SSH_MSG_USERAUTH_REQUEST` ([RFC 4250 §4.1.2]).
///
/// [RFC 4250 §4.1.2]: https://www.rfc-editor.org/rfc/rfc4250#section-4.1.2
const FIRST_OF_LOG_IN: u8 = 50;

/// A server that pretends. It exchanges keys and then counts what it is sent. Dropping it ends it.
#[derive(Debug)]
pub struct Imposter {
    port: u16,
    credentials: Arc<AtomicUsize>,
    over: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Imposter {
    /// Starts it on a free port.
    ///
    /// - `algorithm`: the only host key algorithm that it offers.
    /// - `blob`: what it shows as its host key.
    /// - `signer`: an Ed25519 key, which signs the exchange.
    ///
    /// # Errors
    ///
    /// No port can be listened on, or the key cannot be read.
    pub async fn start(algorithm: &str, blob: Vec<u8>, signer: &KeyFile) -> Result<Self> {
        let identity = Arc::new(Identity {
            algorithm: algorithm.to_owned(),
            blob,
            signer: PrivateKey::from_openssh(signer.private()?)?,
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let credentials = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&credentials);
        let (ended, over) = watch::channel(0);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // The client is expected to go away.
                let _ = pretend(client, &identity, &counter).await;
                ended.send_modify(|count| *count += 1);
            }
        });
        Ok(Self {
            port,
            credentials,
            over,
            task,
        })
    }

    /// Port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Bytes of messages that belong to logging in, after the first client has gone.
    ///
    /// # Errors
    ///
    /// The server ended before.
    pub async fn credential_bytes(&self) -> Result<usize> {
        self.over.clone().wait_for(|count| *count > 0).await?;
        Ok(self.credentials.load(Ordering::Relaxed))
    }
}

impl Drop for Imposter {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pretend(client: TcpStream, identity: &Identity, counter: &AtomicUsize) -> Result<()> {
    let mut raw = Raw::accept(client, identity).await?;
    loop {
        let message = raw.reader.receive().await?;
        if message
            .first()
            .is_some_and(|first| *first >= FIRST_OF_LOG_IN)
        {
            counter.fetch_add(message.len(), Ordering::Relaxed);
        }
    }
}
