//! Clients that cost next to nothing: blocking, one buffer, no library between them and the
//! socket. They measure what is in the middle, so they trust it.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use transom_wire::{
    Close, CloseReason, DATA_HEADER, DEFAULT_WINDOW_BYTES, Frame, Host, MAX_FRAME_BYTES, Open,
    PLAIN_SUBPROTOCOL, ReceiveWindow, SUBPROTOCOL, SendWindow,
};

use crate::peer;

/// Bytes of one write, and of one message.
pub(crate) const PIECE_BYTES: usize = 64 * 1024;

/// Longest wait for the other side.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Masks everything ([RFC 6455 §5.3]). A fixed mask is no mask; here nobody is to be fooled.
///
/// [RFC 6455 §5.3]: https://www.rfc-editor.org/rfc/rfc6455#section-5.3
const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// The bit of the second byte that says that a message is masked ([RFC 6455 §5.2]).
///
/// [RFC 6455 §5.2]: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
const MASKED: u8 = 0x80;

/// In the place of a length: 16 bits of length follow.
const LENGTH_16: u8 = 0x7E;

/// In the place of a length: 64 bits of length follow.
const LENGTH_64: u8 = 0x7F;

/// How a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    /// The relay protocol, to this target.
    Framed(SocketAddr),
    /// Plain bytes in messages, as websockify takes them.
    Websockify,
    /// The same to the relay, which is told the target.
    Plain(SocketAddr),
    /// No WebSocket at all.
    Raw,
}

/// A connection through what is measured.
#[derive(Debug)]
pub(crate) struct Client {
    /// One file for both ways: a figure needs thousands.
    stream: BufReader<TcpStream>,
    /// `None` where nothing is framed.
    windows: Option<(SendWindow, ReceiveWindow)>,
    raw: bool,
    /// What the relay lets it send before the target took it.
    granted_bytes: u32,
    /// The message that came last.
    message: Vec<u8>,
}

impl Client {
    /// Connects to `middle`.
    pub(crate) fn open(middle: SocketAddr, speech: Speech) -> Result<Self> {
        let output = TcpStream::connect(middle)?;
        output.set_nodelay(true)?;
        output.set_read_timeout(Some(PATIENCE))?;
        output.set_write_timeout(Some(PATIENCE))?;
        let mut client = Self {
            stream: BufReader::with_capacity(2 * MAX_FRAME_BYTES, output),
            windows: None,
            granted_bytes: 0,
            raw: speech == Speech::Raw,
            message: Vec::new(),
        };
        match speech {
            Speech::Raw => {}
            Speech::Websockify => client.greet(middle, "/", PLAIN_SUBPROTOCOL)?,
            Speech::Plain(target) => {
                client.greet(
                    middle,
                    &format!("/plain?target={target}"),
                    PLAIN_SUBPROTOCOL,
                )?;
            }
            Speech::Framed(target) => {
                client.greet(middle, "/relay", SUBPROTOCOL)?;
                client.begin(target)?;
            }
        }
        Ok(client)
    }

    /// What the relay lets it send before the target took it, in bytes; 0 where it does not say.
    pub(crate) fn granted_bytes(&self) -> u32 {
        self.granted_bytes
    }

    fn greet(&mut self, host: SocketAddr, path: &str, subprotocol: &str) -> Result<()> {
        write!(
            self.stream.get_mut(),
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Sec-WebSocket-Protocol: {subprotocol}\r\n\r\n"
        )?;
        skip_headers(&mut self.stream)
    }

    /// Has the relay connect to `target`.
    fn begin(&mut self, target: SocketAddr) -> Result<()> {
        let open = Frame::Open(Open {
            host: Host::new(target.ip().to_string())?,
            port: target.port(),
            ticket: None,
            window_bytes: DEFAULT_WINDOW_BYTES,
        });
        self.stream.get_mut().write_all(&message(&open.encode()))?;
        self.next()?;
        match Frame::decode(Bytes::copy_from_slice(&self.message))? {
            Frame::Opened(opened) => {
                self.granted_bytes = opened.window_bytes;
                let receive = ReceiveWindow::new(DEFAULT_WINDOW_BYTES);
                self.windows = Some((SendWindow::new(opened.window_bytes), receive));
                Ok(())
            }
            other => bail!("{other:?} where the session should open"),
        }
    }

    /// Does what every client does after some silence: acknowledges what it has, and asks whether
    /// the relay lives.
    pub(crate) fn settle(&mut self) -> Result<()> {
        if let Some((_, receive)) = &mut self.windows {
            if let Some(received) = receive.ack() {
                let ack = Frame::Ack { received };
                self.stream.get_mut().write_all(&message(&ack.encode()))?;
            }
            let ping = message(&Frame::Ping(1).encode());
            self.stream.get_mut().write_all(&ping)?;
            while !matches!(self.message.as_slice(), [10, ..]) {
                self.next()?;
            }
        }
        Ok(())
    }

    /// Ends the session; otherwise the relay would hold it.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.windows.is_some() {
            let close = Frame::Close(Close::new(CloseReason::Finished, ""));
            self.stream.get_mut().write_all(&message(&close.encode()))?;
        }
        Ok(())
    }

    /// Sends `bytes` bytes as fast as it may.
    pub(crate) fn send(&mut self, bytes: usize) -> Result<()> {
        let zeros = vec![0x5A; PIECE_BYTES];
        let piece = match (&self.windows, self.raw) {
            (_, true) => zeros,
            (Some(_), _) => message(&[&DATA_HEADER[..], &zeros].concat()),
            (None, _) => message(&zeros),
        };
        for _ in 0..bytes / PIECE_BYTES {
            self.wait_for_window(PIECE_BYTES)?;
            self.stream.get_mut().write_all(&piece)?;
        }
        Ok(())
    }

    /// Takes acknowledgements until `bytes` may be sent, and notes them as sent.
    fn wait_for_window(&mut self, bytes: usize) -> Result<()> {
        while let Some((send, _)) = &self.windows {
            if send.available() >= u64::try_from(bytes)? {
                break;
            }
            self.next()?;
            let frame = Frame::decode(Bytes::copy_from_slice(&self.message))?;
            match (frame, &mut self.windows) {
                (Frame::Ack { received }, Some((send, _))) => {
                    send.on_ack(received)?;
                }
                (other, _) => bail!("{other:?} where an acknowledgement should be"),
            }
        }
        if let Some((send, _)) = &mut self.windows {
            send.record_sent(bytes)?;
        }
        Ok(())
    }

    /// Takes `bytes` bytes, and acknowledges them where that is due.
    pub(crate) fn receive(&mut self, bytes: usize) -> Result<()> {
        if self.raw {
            peer::take(self.stream.get_mut(), bytes)?;
            return Ok(());
        }
        let mut taken = 0;
        while taken < bytes {
            self.next()?;
            let payload = match (&self.windows, self.message.as_slice()) {
                (None, message) => message.len(),
                (Some(_), [5, payload @ ..]) => payload.len(),
                // Of what was sent before.
                (Some(_), [6, ..]) => continue,
                _ => bail!("the stream ended after {taken} bytes"),
            };
            taken += payload;
            let Some((_, receive)) = &mut self.windows else {
                continue;
            };
            receive.on_data(payload)?;
            if let Some(received) = receive.consume(payload)? {
                let ack = Frame::Ack { received };
                self.stream.get_mut().write_all(&message(&ack.encode()))?;
            }
        }
        Ok(())
    }

    /// Sends some bytes in one message.
    pub(crate) fn send_once(&mut self, bytes: &[u8]) -> Result<()> {
        let framed = match (&self.windows, self.raw) {
            (_, true) => bytes.to_vec(),
            (Some(_), _) => message(&[&DATA_HEADER[..], bytes].concat()),
            (None, _) => message(bytes),
        };
        self.wait_for_window(bytes.len())?;
        Ok(self.stream.get_mut().write_all(&framed)?)
    }

    /// Sends some bytes and waits for as many.
    pub(crate) fn exchange(&mut self, bytes: &[u8]) -> Result<()> {
        self.send_once(bytes)?;
        self.receive(bytes.len())
    }

    /// Reads the next message; all of them come unmasked and whole.
    fn next(&mut self) -> Result<()> {
        loop {
            let [kind, short] = self.array()?;
            let length = match short {
                LENGTH_16 => usize::from(u16::from_be_bytes(self.array()?)),
                LENGTH_64 => usize::try_from(u64::from_be_bytes(self.array()?))?,
                short => usize::from(short),
            };
            ensure!(length <= 4 * MAX_FRAME_BYTES, "a message of {length} bytes");
            self.message.resize(length, 0);
            self.stream.read_exact(&mut self.message)?;
            match kind {
                0x82 => return Ok(()),
                // A question whether we live; nobody waits so long here.
                0x89 => {}
                kind => bail!("a message of kind {kind:#x}"),
            }
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        self.stream
            .read_exact(&mut array)
            .context("the other side is gone")?;
        Ok(array)
    }
}

/// Reads the answer to the upgrade up to its end.
fn skip_headers(input: &mut impl Read) -> Result<()> {
    let mut headers = Vec::new();
    while !headers.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        input.read_exact(&mut byte)?;
        headers.extend(byte);
        ensure!(headers.len() < 8192, "endless headers");
    }
    let text = String::from_utf8_lossy(&headers);
    ensure!(text.starts_with("HTTP/1.1 101"), "no WebSocket: {text}");
    Ok(())
}

/// One masked binary message around `frame`.
fn message(frame: &[u8]) -> Vec<u8> {
    let mut message = vec![0x82];
    match u16::try_from(frame.len()) {
        Ok(length) if length < 126 => message.push(MASKED | u8::try_from(length).unwrap_or(0)),
        Ok(length) => {
            message.push(MASKED | LENGTH_16);
            message.extend(length.to_be_bytes());
        }
        Err(_) => {
            message.push(MASKED | LENGTH_64);
            // A frame is far shorter than 4 GiB.
            message.extend([0; 4]);
            message.extend(u32::try_from(frame.len()).unwrap_or(0).to_be_bytes());
        }
    }
    message.extend(MASK);
    message.extend(
        frame
            .iter()
            .zip(MASK.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    message
}
