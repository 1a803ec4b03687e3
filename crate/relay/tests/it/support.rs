//! A relay in this process, TCP servers, and a client that speaks frames.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::Error as SocketError;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use transom_relay::{Config, Policy, ServeError, serve};
use transom_wire::{Close, Frame, Host, Open, Opened, SUBPROTOCOL};

/// How long anything here may take before it counts as hung.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for `future`, and fails instead of hanging.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(value) = timeout(PATIENCE, future).await else {
        panic!("{what}: did not happen");
    };
    value
}

/// A running relay.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Relay {
    /// Starts one that allows `rules`.
    pub(crate) async fn allowing(rules: &[&str]) -> Self {
        Self::start(config(rules)).await
    }

    pub(crate) async fn start(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, config, async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            task,
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to stop; the task ends when it has.
    pub(crate) fn stop(self) -> JoinHandle<Result<(), ServeError>> {
        self.stop.send(()).unwrap();
        self.task
    }

    /// Opens a WebSocket of the relay protocol.
    pub(crate) async fn client(&self) -> Client {
        let origin = self.origin();
        let headers = [("origin", origin.as_str()), ("sec-websocket-protocol", SUBPROTOCOL)];
        self.upgrade("/relay", &headers).await.unwrap()
    }

    /// Asks for a WebSocket with `headers`.
    pub(crate) async fn upgrade(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, Response<Option<Vec<u8>>>> {
        let mut request = format!("ws://{}{path}", self.address)
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(*name, value);
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let upgrade = tokio_tungstenite::client_async(request, stream);
        match soon("the upgrade", upgrade).await {
            Ok((socket, _)) => Ok(Client { socket }),
            Err(SocketError::Http(response)) => Err(*response),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a session to `target`.
    pub(crate) async fn open(&self, target: SocketAddr, window_bytes: u32) -> (Client, Opened) {
        let mut client = self.client().await;
        let host = target.ip().to_string();
        client.send(open(&host, target.port(), window_bytes)).await;
        match client.frame().await {
            Frame::Opened(opened) => (client, opened),
            frame => panic!("{frame:?}"),
        }
    }

    /// Asks for a target that is not served.
    pub(crate) async fn refusal(&self, host: &str, port: u16) -> Close {
        let mut client = self.client().await;
        client.send(open(host, port, 65536)).await;
        client.closed().await
    }
}

pub(crate) fn config(rules: &[&str]) -> Config {
    let rules = rules.iter().map(|rule| rule.parse().unwrap());
    Config {
        policy: Policy::new(rules),
        ..Config::default()
    }
}

pub(crate) fn open(host: &str, port: u16, window_bytes: u32) -> Frame {
    Frame::Open(Open {
        host: Host::new(host).unwrap(),
        port,
        ticket: None,
        window_bytes,
    })
}

/// The other end of the relay's WebSocket.
pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<TcpStream>,
}

impl Client {
    pub(crate) async fn send(&mut self, frame: Frame) {
        self.message(Message::Binary(frame.encode())).await;
    }

    pub(crate) async fn data(&mut self, payload: &[u8]) {
        self.send(Frame::Data(Bytes::copy_from_slice(payload))).await;
    }

    pub(crate) async fn message(&mut self, message: Message) {
        soon("sending", self.socket.send(message)).await.unwrap();
    }

    /// The next message that is not WebSocket's own ping or pong.
    pub(crate) async fn next(&mut self) -> Message {
        loop {
            let message = soon("a message", self.socket.next()).await;
            match message.unwrap().unwrap() {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Frame {
        match self.next().await {
            Message::Binary(message) => Frame::decode(message).unwrap(),
            message => panic!("{message:?}"),
        }
    }

    /// Collects the data of the next frames until there are `count` bytes, or the end of it;
    /// acknowledges as it goes.
    pub(crate) async fn read(&mut self, count: usize) -> Vec<u8> {
        let mut received = Vec::new();
        while received.len() < count {
            match self.frame().await {
                Frame::Data(payload) => received.extend_from_slice(&payload),
                Frame::Ack { .. } => {}
                frame => panic!("{frame:?}"),
            }
        }
        received
    }

    /// Waits for the end, and checks that frame and WebSocket agree on it.
    pub(crate) async fn closed(&mut self) -> Close {
        let close = loop {
            match self.frame().await {
                Frame::Close(close) => break close,
                Frame::Data(_) | Frame::Ack { .. } | Frame::Eof => {}
                frame => panic!("{frame:?}"),
            }
        };
        let frame = self.websocket_closed().await;
        assert_eq!(u16::from(frame.code), close.reason.websocket_code());
        close
    }

    pub(crate) async fn websocket_closed(&mut self) -> CloseFrame {
        loop {
            match self.next().await {
                Message::Close(frame) => return frame.unwrap(),
                Message::Binary(_) => {}
                message => panic!("{message:?}"),
            }
        }
    }
}

/// A TCP server that gives each connection to `serve`.
pub(crate) async fn server<F, Fut>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// A server that sends back what it gets.
pub(crate) async fn echo() -> SocketAddr {
    server(|mut stream| async move {
        let (mut read, mut write) = stream.split();
        let _ = tokio::io::copy(&mut read, &mut write).await;
        let _ = write.shutdown().await;
    })
    .await
}

/// A server for one connection, which the test holds.
pub(crate) async fn held() -> (SocketAddr, oneshot::Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (give, take) = oneshot::channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        give.send(stream).unwrap();
    });
    (address, take)
}

/// A port where nothing listens.
pub(crate) async fn dead_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Sends one HTTP request; the status line with the headers in lower case, and the body.
pub(crate) async fn http(address: SocketAddr, path: &str, headers: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    soon("the answer", stream.read_to_end(&mut answer))
        .await
        .unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    (head, answer[end + 4..].to_vec())
}
