//! Connections that come to a server and are led here: [RFC 4254 §7.1] and OpenSSH PROTOCOL §2.4.
//!
//! [RFC 4254 §7.1]: https://www.rfc-editor.org/rfc/rfc4254#section-7.1

use core::fmt;

use tokio::sync::mpsc;

use crate::channel::Channel;
use crate::clock::within;
use crate::incoming::{Arrived, Door};
use crate::{ChannelError, Connection, Tunnel};

/// What a refusal is about.
const WHAT: &str = "to listen";

/// Connections to one place on the server, in the order in which they come.
///
/// Dropping it closes what nobody has taken, and asks the server to listen no more.
pub struct Listener {
    connection: Connection,
    door: Door,
    arrivals: mpsc::Receiver<Arrived>,
}

impl Connection {
    /// Has the server listen on a port and lead its connections here (`tcpip-forward`).
    ///
    /// - `address`: where it listens: `localhost`, an address of its own, or empty for all of them;
    ///   servers listen on loopback only unless their `GatewayPorts` says otherwise.
    /// - `port`: 0 for any; [`Listener::port`] says which.
    ///
    /// # Errors
    ///
    /// [`ChannelError::PeerRefused`] where it does not (port taken, `AllowTcpForwarding`), and also where
    /// this connection listens there already. [`ChannelError::PeerTimeout`], [`ChannelError::Closed`].
    ///
    /// # Cancel safety
    ///
    /// After a dropped call the server may listen until the connection ends; what comes is refused.
    pub async fn listen(&self, address: &str, port: u16) -> Result<Listener, ChannelError> {
        let asked = Door::Tcp {
            address: address.to_owned(),
            port: port.into(),
        };
        let mut listener = self.open_door(asked.clone())?;
        let answer = self.handle().tcpip_forward(address, port.into());
        let chosen = self.agreed(answer).await?;
        if port == 0 {
            let named = Door::Tcp {
                address: address.to_owned(),
                port: chosen,
            };
            self.shared().doors.rename(&asked, named.clone());
            listener.door = named;
        }
        Ok(listener)
    }

    /// Has the server listen on a socket in its file system (`streamlocal-forward@openssh.com`).
    ///
    /// # Errors
    ///
    /// As for [`Self::listen`] (`AllowStreamLocalForwarding`, a path that is taken or cannot be made).
    ///
    /// # Cancel safety
    ///
    /// As for [`Self::listen`].
    pub async fn listen_unix(&self, path: &str) -> Result<Listener, ChannelError> {
        let listener = self.open_door(Door::Unix(path.to_owned()))?;
        let answer = self.handle().streamlocal_forward(path);
        self.agreed(answer).await?;
        Ok(listener)
    }

    /// Takes the connections of programs on the server that want an agent. They come only from shells
    /// that were asked for with [`crate::ShellRequest::forward_agent`].
    ///
    /// # Errors
    ///
    /// [`ChannelError::PeerRefused`] where this connection takes them already.
    pub fn listen_agent(&self) -> Result<Listener, ChannelError> {
        self.open_door(Door::Agent)
    }

    fn open_door(&self, door: Door) -> Result<Listener, ChannelError> {
        let arrivals = self.shared().doors.open(door.clone());
        Ok(Listener {
            connection: self.clone(),
            door,
            arrivals: arrivals.ok_or(ChannelError::PeerRefused { what: WHAT })?,
        })
    }

    /// Waits for the server's yes or no.
    async fn agreed<T>(
        &self,
        answer: impl Future<Output = Result<T, russh::Error>>,
    ) -> Result<T, ChannelError> {
        let limit = self.shared().deadlines.channel;
        match within(self.clock(), limit, answer).await {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(russh::Error::RequestDenied)) => Err(ChannelError::PeerRefused { what: WHAT }),
            Some(Err(_)) => Err(ChannelError::Closed),
            None => Err(ChannelError::PeerTimeout { what: WHAT }),
        }
    }
}

impl Listener {
    /// The port on which the server listens; 0 where it is no port.
    pub fn port(&self) -> u16 {
        match &self.door {
            // The server chose it among 16 bits, or it is the one that was asked for.
            Door::Tcp { port, .. } => u16::try_from(*port).unwrap_or(0),
            Door::Unix(_) | Door::Agent => 0,
        }
    }

    /// Waits for the next connection; `None` when the connection to the server has ended.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost by a wait that is dropped.
    pub async fn next(&mut self) -> Option<Tunnel> {
        let closed = self.connection.shared().clone();
        let writer = tokio::select! {
            writer = self.arrivals.recv() => writer?,
            _ = closed.closed() => return None,
        };
        // Gone again before anybody looked.
        Channel::adopt(&self.connection, writer).map(Tunnel::new)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.connection.shared().doors.close(&self.door);
        self.arrivals.close();
        while let Ok(writer) = self.arrivals.try_recv() {
            // Dropping it closes it.
            drop(Channel::adopt(&self.connection, writer));
        }
        let (connection, door) = (self.connection.clone(), self.door.clone());
        russh_util::runtime::spawn(async move {
            let handle = connection.handle();
            // The server's word changes nothing: from now on every connection is refused.
            let _ = match door {
                Door::Tcp { address, port } => handle.cancel_tcpip_forward(address, port).await,
                Door::Unix(path) => handle.cancel_streamlocal_forward(path).await,
                Door::Agent => Ok(()),
            };
        });
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Listener")
            .field("door", &self.door)
            .finish_non_exhaustive()
    }
}
