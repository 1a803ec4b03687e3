//! A file descriptor in reserve. Without one, a relay that has too many files open could not even
//! accept a connection to refuse it, and clients would wait in the kernel for no answer.

use core::net::SocketAddr;
use core::time::Duration;
use std::fs::File;
use std::io;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// What a client hears when there is no descriptor for it.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// Time for the one connection that is refused; all others wait for it.
const REFUSAL_DEADLINE: Duration = Duration::from_millis(50);

/// Bytes of its request that are read: bytes that stay unread would make the system reset the
/// connection, answer and all.
const REQUEST_BYTES: usize = 4096;

/// The reserve. What opens descriptors for targets goes through it too, so that none of them
/// takes the one that was given up for a refusal.
#[derive(Debug)]
pub(crate) struct Spare(Mutex<Option<File>>);

impl Spare {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(reserved()))
    }

    /// A socket for a connection to `address`.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(crate) async fn socket(&self, address: SocketAddr) -> io::Result<TcpSocket> {
        let _alone = self.0.lock().await;
        match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }
    }

    /// Gives the reserve up for a moment, to accept a connection and say that the relay is full.
    ///
    /// # Errors
    ///
    /// What accepting says.
    pub(crate) async fn refuse(&self, listener: &TcpListener) -> io::Result<()> {
        let mut file = self.0.lock().await;
        *file = None;
        let refused = match timeout(REFUSAL_DEADLINE, listener.accept()).await {
            Ok(Ok((stream, _))) => {
                // Whoever does not ask has waited for no answer; it gets one all the same.
                let _ = timeout(REFUSAL_DEADLINE, hear(&stream)).await;
                let _ = stream.try_write(FULL);
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        };
        *file = reserved();
        refused
    }

    /// Takes a lost reserve again, after something else of the process was quicker.
    pub(crate) async fn restore(&self) {
        let mut file = self.0.lock().await;
        if file.is_none() {
            *file = reserved();
        }
    }
}

fn reserved() -> Option<File> {
    File::open("/dev/null").ok()
}

/// Reads what a client asks, which does not matter.
async fn hear(stream: &TcpStream) -> io::Result<()> {
    stream.readable().await?;
    let mut request = [0; REQUEST_BYTES];
    stream.try_read(&mut request).map(drop)
}
