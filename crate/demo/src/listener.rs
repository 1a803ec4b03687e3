//! The only address this program listens on.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};

/// A listener on 127.0.0.1.
///
/// INVARIANT: the socket is bound to 127.0.0.1. The only constructor takes a port and nothing else.
#[derive(Debug)]
pub struct Loopback(TcpListener);

impl Loopback {
    /// Listens on 127.0.0.1.
    ///
    /// - `port`: 0 lets the system choose a free one.
    ///
    /// # Errors
    ///
    /// Whatever the system says, most often that the port is taken.
    pub async fn bind(port: u16) -> io::Result<Self> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map(Self)
    }

    /// The address with the port that was chosen.
    ///
    /// # Errors
    ///
    /// Whatever the system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    pub(crate) async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.0.accept().await
    }
}
