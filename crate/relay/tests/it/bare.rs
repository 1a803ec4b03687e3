//! A WebSocket of which a test sees every byte.

use core::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};
use transom_wire::{Frame, SUBPROTOCOL};

use crate::client::open_frame;
use crate::world::{World, echo, soon};

/// A client that breaks any rule must be told so fast.
const SOON: Duration = Duration::from_secs(1);

pub(crate) const BINARY: u8 = 0x82;
pub(crate) const TEXT: u8 = 0x81;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8A;
/// The bit that says that a frame is the last of its message.
pub(crate) const LAST: u8 = 0x80;

pub(crate) const MASK: [u8; 4] = [0x11, 0xA5, 0x00, 0xFF];

/// Only the head of a client's frame.
pub(crate) fn head(first: u8, length: usize) -> Vec<u8> {
    let mut head = vec![first];
    if length < 126 {
        head.push(0x80 | u8::try_from(length).unwrap());
    } else if let Ok(length) = u16::try_from(length) {
        head.push(0x80 | 0x7E);
        head.extend(length.to_be_bytes());
    } else {
        head.push(0x80 | 0x7F);
        head.extend(u64::try_from(length).unwrap().to_be_bytes());
    }
    head.extend(MASK);
    head
}

pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let masked = payload.iter().zip(MASK.iter().cycle());
    let mut frame = head(first, payload.len());
    frame.extend(masked.map(|(byte, mask)| byte ^ mask));
    frame
}

pub(crate) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// A WebSocket of which this test sees every byte.
pub(crate) struct Bare(pub(crate) TcpStream);

impl Bare {
    pub(crate) async fn request(world: &World, path: &str, headers: &str) -> (Self, String) {
        let socket = TcpSocket::new_v4().unwrap();
        // The system should not take for us what we do not read.
        socket.set_recv_buffer_size(64 * 1024).unwrap();
        let mut stream = socket.connect(world.address).await.unwrap();
        let host = world.address;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(soon(stream.read_u8()).await.unwrap());
        }
        (Self(stream), String::from_utf8(answer).unwrap())
    }

    pub(crate) async fn open(world: &World, path: &str, subprotocol: &str) -> Self {
        let headers = format!(
            "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Extensions: permessage-deflate\r\n\
             Sec-WebSocket-Protocol: chat, {subprotocol}\r\n"
        );
        let (bare, answer) = Self::request(world, path, &headers).await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
        let lower = answer.to_ascii_lowercase();
        // RFC 6455, section 1.3, has this key and this answer.
        assert!(answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{answer}");
        assert!(!lower.contains("extensions"), "{answer}");
        bare
    }

    /// Plain mode in front of an echo.
    pub(crate) async fn echo(world: &World) -> Self {
        let path = format!("/plain?target={}", echo().await);
        Self::open(world, &path, "binary").await
    }

    /// A session of the relay protocol.
    pub(crate) async fn session(world: &World) -> Self {
        let mut bare = Self::open(world, "/relay", SUBPROTOCOL).await;
        let open = open_frame("127.0.0.1", echo().await.port(), 65_536);
        bare.send(&frame(BINARY, &open.encode())).await;
        let (kind, payload) = bare.next().await;
        let opened = Frame::decode(payload.into()).unwrap();
        assert!(kind == BINARY && matches!(opened, Frame::Opened(_)));
        bare
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        // The relay may have closed already.
        let _ = self.0.write_all(bytes).await;
    }

    /// The next frame: its first byte and its payload.
    pub(crate) async fn next(&mut self) -> (u8, Vec<u8>) {
        soon(async {
            let (first, short) = (self.0.read_u8().await?, self.0.read_u8().await?);
            let length = match short {
                126 => u64::from(self.0.read_u16().await?),
                127 => self.0.read_u64().await?,
                short => u64::from(short),
            };
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.0.read_exact(&mut payload).await?;
            std::io::Result::Ok((first, payload))
        })
        .await
        .unwrap()
    }

    /// Collects what the echo sends back.
    pub(crate) async fn read(&mut self, bytes: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while all.len() < bytes {
            let (kind, payload) = self.next().await;
            assert_eq!(kind, BINARY);
            all.extend(payload);
        }
        all
    }

    /// Waits for a close, which must come soon, and for the end behind it.
    pub(crate) async fn closed(mut self) -> Option<u16> {
        let begun = Instant::now();
        let code = loop {
            let (kind, payload) = self.next().await;
            if kind == CLOSE {
                break payload.split_first_chunk().map(|(code, _)| *code);
            }
        };
        // As a browser does.
        self.send(&frame(CLOSE, &code.unwrap_or_default())).await;
        let mut rest = Vec::new();
        let end = timeout(SOON, self.0.read_to_end(&mut rest)).await;
        assert!(
            begun.elapsed() < SOON && end.is_ok(),
            "{:?}",
            begun.elapsed()
        );
        assert!(rest.is_empty(), "{rest:?} behind the close");
        code.map(u16::from_be_bytes)
    }
}
