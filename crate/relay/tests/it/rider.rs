//! A client that comes back after every cut: the protocol's other half, natively.

use core::future::poll_fn;
use core::net::SocketAddr;
use core::task::Poll;
use core::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async};
use transom_wire::{
    CloseReason, DEFAULT_WINDOW_BYTES, Frame, Opened, Resume, Resumed, SUBPROTOCOL, Stream,
};
use tungstenite::Message;

use crate::client::{Client, open_frame, request};

/// Silence after which the other end is asked whether it lives, and again after which it does
/// not. Short, because a test has many cuts.
const SILENCE: Duration = Duration::from_millis(250);

/// Time for one attempt to come back.
const ATTEMPT: Duration = Duration::from_millis(1500);

/// Time between attempts.
const PAUSE: Duration = Duration::from_millis(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What happened on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trip {
    pub(crate) resumes: u64,
    /// Payload that this end sent once more.
    pub(crate) sent_again: u64,
}

/// Where the bytes of a session come from and go to.
pub(crate) trait Ends {
    /// The next bytes to send, at most `limit`; nothing at the end.
    fn source(&mut self, limit: usize) -> Bytes;
    /// Takes what came.
    fn sink(&mut self, bytes: &[u8]);
}

/// A session that survives.
pub(crate) struct Rider {
    /// What it dials: the relay, or a proxy before it.
    address: SocketAddr,
    /// The relay's own address, which the page would come from.
    relay: SocketAddr,
    socket: Option<Socket>,
    opened: Opened,
    attempt: u32,
    stream: Stream,
    /// To be sent before anything else.
    urgent: Vec<Frame>,
    pub(crate) trip: Trip,
}

/// A request of the relay's own page that goes another way.
async fn dial(address: SocketAddr, relay: SocketAddr) -> Result<Socket, tungstenite::Error> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = request(relay, "/relay", SUBPROTOCOL);
    let stream = MaybeTlsStream::Plain(stream);
    Ok(client_async(request, stream).await?.0)
}

impl Rider {
    /// Opens a session with `target` through the relay, which is dialled at `address`.
    pub(crate) async fn open(address: SocketAddr, relay: SocketAddr, target: SocketAddr) -> Self {
        let socket = dial(address, relay).await.unwrap();
        let mut client = Client { socket };
        let open = open_frame(
            &target.ip().to_string(),
            target.port(),
            DEFAULT_WINDOW_BYTES,
        );
        client.send(&open).await;
        let Frame::Opened(opened) = client.next().await else {
            panic!("no session")
        };
        Self {
            address,
            relay,
            socket: Some(client.socket),
            attempt: 0,
            stream: Stream::new(opened.window_bytes, DEFAULT_WINDOW_BYTES),
            opened,
            urgent: Vec::new(),
            trip: Trip::default(),
        }
    }

    /// What the relay let this client send before the target took it, in bytes.
    pub(crate) fn granted_bytes(&self) -> u32 {
        self.opened.window_bytes
    }

    /// Carries bytes between `ends` and the target until the session is over, and says why.
    pub(crate) async fn run(&mut self, ends: &mut impl Ends) -> CloseReason {
        loop {
            let socket = match self.socket.take() {
                Some(socket) => socket,
                None => self.come_back().await,
            };
            if let Some(reason) = self.carry(socket, ends).await {
                return reason;
            }
        }
    }

    /// Carries bytes until the connection breaks (`None`) or the session is over.
    async fn carry(&mut self, socket: Socket, ends: &mut impl Ends) -> Option<CloseReason> {
        let (mut output, mut input) = socket.split();
        let (mut heard, mut asked, mut unflushed) = (Instant::now(), false, false);
        loop {
            let full = self.wants_to_send();
            let writing = poll_fn(|context| {
                if full {
                    output.poll_ready_unpin(context)
                } else if unflushed {
                    output.poll_flush_unpin(context)
                } else {
                    Poll::Pending
                }
            });
            tokio::select! {
                message = input.next() => {
                    (heard, asked) = (Instant::now(), false);
                    match message {
                        Some(Ok(Message::Binary(message))) => {
                            if let Some(reason) = self.arrived(message, ends) {
                                return Some(reason);
                            }
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        _ => return None,
                    }
                }
                ready = writing => {
                    ready.ok()?;
                    unflushed = false;
                    if full && let Some(frame) = self.next_frame(ends) {
                        unflushed = true;
                        output.start_send_unpin(Message::Binary(frame.encode())).ok()?;
                    }
                }
                () = sleep_until(heard + SILENCE) => {
                    if asked {
                        return None;
                    }
                    (heard, asked) = (Instant::now(), true);
                    self.urgent.push(Frame::Ping(1));
                }
            }
        }
    }

    fn wants_to_send(&self) -> bool {
        !self.urgent.is_empty() || self.stream.is_replaying() || self.stream.may_send() > 0
    }

    fn next_frame(&mut self, ends: &mut impl Ends) -> Option<Frame> {
        if !self.urgent.is_empty() {
            return Some(self.urgent.remove(0));
        }
        if let Some(frame) = self.stream.replay() {
            if let Frame::Data(payload) = &frame {
                self.trip.sent_again += u64::try_from(payload.len()).unwrap();
            }
            return Some(frame);
        }
        let payload = ends.source(self.stream.may_send());
        if payload.is_empty() {
            self.stream.finish();
            return self.stream.replay();
        }
        self.stream.send(payload.clone()).unwrap();
        Some(Frame::Data(payload))
    }

    /// Takes a message; says the reason if it is the last one.
    fn arrived(&mut self, message: Bytes, ends: &mut impl Ends) -> Option<CloseReason> {
        match Frame::decode(message).unwrap() {
            Frame::Data(payload) => {
                self.stream.on_data(payload.len()).unwrap();
                ends.sink(&payload);
                let ack = self.stream.consume(payload.len()).unwrap();
                self.urgent
                    .extend(ack.map(|received| Frame::Ack { received }));
            }
            Frame::Ack { received } => self.stream.on_ack(received).unwrap(),
            Frame::Eof => self.stream.on_eof(),
            Frame::Ping(number) => self.urgent.push(Frame::Pong(number)),
            Frame::Pong(_) | Frame::Notice(_) => {}
            Frame::Close(close) => return Some(close.reason),
            other => panic!("{other:?}"),
        }
        None
    }

    /// Dials until the session goes on.
    async fn come_back(&mut self) -> Socket {
        self.urgent.clear();
        loop {
            self.attempt += 1;
            if let Ok(Some(socket)) = timeout(ATTEMPT, self.resume()).await {
                self.trip.resumes += 1;
                return socket;
            }
            sleep(PAUSE).await;
        }
    }

    async fn resume(&mut self) -> Option<Socket> {
        let mut socket = dial(self.address, self.relay).await.ok()?;
        let resume = Resume {
            session: self.opened.session,
            secret: self.opened.secret.clone(),
            received: self.stream.received(),
            window_bytes: DEFAULT_WINDOW_BYTES,
            attempt: self.attempt,
        };
        let message = Message::Binary(Frame::Resume(resume).encode());
        socket.send(message).await.ok()?;
        loop {
            let Message::Binary(message) = socket.next().await?.ok()? else {
                continue;
            };
            match Frame::decode(message).unwrap() {
                Frame::Resumed(Resumed {
                    received,
                    window_bytes,
                }) => {
                    self.stream.resume(received, window_bytes).unwrap();
                    return Some(socket);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
