//! A client of the relay: a WebSocket that speaks frames.

use core::fmt;
use core::net::SocketAddr;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use transom_wire::{
    Close, CloseReason, DEFAULT_WINDOW_BYTES, Frame, Host, Open, Opened, Resume, Resumed,
    SUBPROTOCOL, Ticket,
};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::{Request, StatusCode};
use tungstenite::{Error, Message};

use crate::world::{World, soon};

/// An open WebSocket.
pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// A request as a page of the relay itself sends it.
pub(crate) fn request(relay: impl fmt::Display, path: &str, subprotocol: &str) -> Request<()> {
    let mut request = format!("ws://{relay}{path}").into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("origin", format!("http://{relay}").parse().unwrap());
    if !subprotocol.is_empty() {
        headers.insert("sec-websocket-protocol", subprotocol.parse().unwrap());
    }
    request
}

/// The status of a request that is no WebSocket in the end.
pub(crate) async fn refused(request: Request<()>) -> StatusCode {
    match soon(connect_async(request)).await {
        Err(Error::Http(answer)) => answer.status(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn open_frame(host: &str, port: u16, window_bytes: u32) -> Frame {
    Frame::Open(Open {
        host: Host::new(host).unwrap(),
        port,
        ticket: None,
        window_bytes,
    })
}

/// Asks for `target` with a ticket.
pub(crate) fn open_with_ticket(target: SocketAddr, ticket: &str) -> Frame {
    Frame::Open(Open {
        host: Host::new(target.ip().to_string()).unwrap(),
        port: target.port(),
        ticket: Some(Ticket::new(ticket).unwrap()),
        window_bytes: DEFAULT_WINDOW_BYTES,
    })
}

impl Client {
    pub(crate) async fn send_request(request: Request<()>) -> Self {
        let (socket, _) = soon(connect_async(request)).await.unwrap();
        Self { socket }
    }

    /// A WebSocket that has said nothing yet.
    pub(crate) async fn connect(world: &World) -> Self {
        Self::send_request(request(world.address, "/relay", SUBPROTOCOL)).await
    }

    /// A session with `target`.
    pub(crate) async fn open(world: &World, target: SocketAddr) -> (Self, Opened) {
        Self::open_with(world, target, DEFAULT_WINDOW_BYTES).await
    }

    pub(crate) async fn open_with(
        world: &World,
        target: SocketAddr,
        window_bytes: u32,
    ) -> (Self, Opened) {
        let mut client = Self::connect(world).await;
        let host = target.ip().to_string();
        client
            .send(&open_frame(&host, target.port(), window_bytes))
            .await;
        match client.next().await {
            Frame::Opened(opened) => (client, opened),
            other => panic!("{other:?}"),
        }
    }

    /// A new WebSocket that asks to go on with a session, whatever the answer.
    pub(crate) async fn ask_resume(world: &World, resume: &Resume) -> Self {
        let mut client = Self::connect(world).await;
        client.send(&Frame::Resume(resume.clone())).await;
        client
    }

    /// A new WebSocket that goes on with a session.
    pub(crate) async fn resume(world: &World, resume: &Resume) -> (Self, Resumed) {
        let mut client = Self::ask_resume(world, resume).await;
        match client.next().await {
            Frame::Resumed(resumed) => (client, resumed),
            other => panic!("{other:?}"),
        }
    }

    /// The reason for which a session with `host:port` does not come about.
    pub(crate) async fn refused(world: &World, host: &str, port: u16) -> Close {
        let mut client = Self::connect(world).await;
        client
            .send(&open_frame(host, port, DEFAULT_WINDOW_BYTES))
            .await;
        client.closed().await
    }

    pub(crate) async fn send(&mut self, frame: &Frame) {
        self.send_bytes(frame.encode()).await;
    }

    pub(crate) async fn send_bytes(&mut self, bytes: impl Into<Bytes>) {
        soon(self.socket.send(Message::Binary(bytes.into())))
            .await
            .unwrap();
    }

    pub(crate) async fn data(&mut self, payload: &[u8]) {
        self.send(&Frame::Data(Bytes::copy_from_slice(payload)))
            .await;
    }

    /// The next binary message, whatever is in it.
    pub(crate) async fn message(&mut self) -> Message {
        loop {
            match soon(self.socket.next())
                .await
                .expect("the socket ended")
                .unwrap()
            {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    pub(crate) async fn next(&mut self) -> Frame {
        match self.message().await {
            Message::Binary(bytes) => Frame::decode(bytes).unwrap(),
            other => panic!("no frame: {other:?}"),
        }
    }

    /// The next frame that is no acknowledgement.
    pub(crate) async fn next_but_ack(&mut self) -> Frame {
        loop {
            match self.next().await {
                Frame::Ack { .. } | Frame::Notice(_) => {}
                frame => return frame,
            }
        }
    }

    /// Collects `bytes` bytes of the stream without acknowledging one.
    pub(crate) async fn read(&mut self, bytes: usize) -> Vec<u8> {
        let mut stream = Vec::new();
        while stream.len() < bytes {
            match self.next_but_ack().await {
                Frame::Data(payload) => stream.extend(payload),
                other => panic!("{other:?} after {} bytes", stream.len()),
            }
        }
        stream
    }

    /// Waits for the `Close` frame, and checks that the WebSocket says the same after it.
    pub(crate) async fn closed(&mut self) -> Close {
        let close = loop {
            match self.next().await {
                Frame::Close(close) => break close,
                Frame::Ack { .. } | Frame::Data(_) | Frame::Eof | Frame::Notice(_) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(self.close_code().await, close.reason.websocket_code());
        close
    }

    /// Waits for the WebSocket's own close.
    pub(crate) async fn close_code(&mut self) -> u16 {
        let code = match self.message().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("{other:?}"),
        };
        // Our own close leaves with the next look at the socket.
        while let Some(Ok(_)) = soon(self.socket.next()).await {}
        code
    }

    /// Waits for a close with `reason`.
    pub(crate) async fn expect_close(&mut self, reason: CloseReason) {
        let close = self.closed().await;
        assert_eq!(close.reason, reason, "{}", close.detail);
    }
}
