//! A client of the relay that costs next to nothing: blocking, one buffer, no library between
//! it and the socket. It measures the relay, so it trusts it.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use transom_wire::{
    DATA_HEADER, DEFAULT_WINDOW_BYTES, Frame, Host, MAX_FRAME_BYTES, Open, ReceiveWindow,
    SUBPROTOCOL, SendWindow,
};

use crate::PIECE_BYTES;

/// Longest wait for the relay.
const PATIENCE: Duration = Duration::from_secs(30);

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

/// A session with the relay.
#[derive(Debug)]
pub(crate) struct FramedClient {
    input: BufReader<TcpStream>,
    output: TcpStream,
    send: SendWindow,
    receive: ReceiveWindow,
}

impl FramedClient {
    /// Has the relay connect to `target`.
    pub(crate) fn open(relay: SocketAddr, target: SocketAddr) -> Result<Self> {
        let mut output = TcpStream::connect(relay)?;
        output.set_nodelay(true)?;
        output.set_read_timeout(Some(PATIENCE))?;
        output.set_write_timeout(Some(PATIENCE))?;
        write!(
            output,
            "GET /relay HTTP/1.1\r\nHost: {relay}\r\nOrigin: http://{relay}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
        )?;
        let mut input = BufReader::with_capacity(2 * MAX_FRAME_BYTES, output.try_clone()?);
        skip_headers(&mut input)?;
        let mut client = Self {
            input,
            output,
            send: SendWindow::new(0),
            receive: ReceiveWindow::new(DEFAULT_WINDOW_BYTES),
        };
        let open = Frame::Open(Open {
            host: Host::new(target.ip().to_string())?,
            port: target.port(),
            ticket: None,
            window_bytes: DEFAULT_WINDOW_BYTES,
        });
        client.output.write_all(&message(&open.encode()))?;
        match client.next()? {
            Frame::Opened(opened) => client.send = SendWindow::new(opened.window_bytes),
            other => bail!("{other:?} where the session should open"),
        }
        Ok(client)
    }

    /// Sends `bytes` bytes as fast as the window lets it.
    pub(crate) fn send(&mut self, bytes: usize) -> Result<()> {
        let piece = message(&[&DATA_HEADER[..], &vec![0x5A; PIECE_BYTES]].concat());
        for _ in 0..bytes / PIECE_BYTES {
            while self.send.available() < u64::try_from(PIECE_BYTES)? {
                match self.next()? {
                    Frame::Ack { received } => self.send.on_ack(received)?,
                    other => bail!("{other:?} where an acknowledgement should be"),
                };
            }
            self.output.write_all(&piece)?;
            self.send.record_sent(PIECE_BYTES)?;
        }
        Ok(())
    }

    /// Takes `bytes` bytes and acknowledges them.
    pub(crate) fn receive(&mut self, bytes: usize) -> Result<()> {
        let mut taken = 0;
        while taken < bytes {
            let Frame::Data(payload) = self.next()? else {
                bail!("the stream ended after {taken} bytes");
            };
            taken += payload.len();
            self.receive.on_data(payload.len())?;
            if let Some(received) = self.receive.consume(payload.len())? {
                let ack = Frame::Ack { received };
                self.output.write_all(&message(&ack.encode()))?;
            }
        }
        Ok(())
    }

    /// The next frame; the relay sends each in one unmasked binary message.
    fn next(&mut self) -> Result<Frame> {
        let [kind, short] = self.array()?;
        ensure!(kind == 0x82, "a message of kind {kind:#x}");
        let length = match short {
            LENGTH_16 => usize::from(u16::from_be_bytes(self.array()?)),
            LENGTH_64 => usize::try_from(u64::from_be_bytes(self.array()?))?,
            short => usize::from(short),
        };
        ensure!(length <= MAX_FRAME_BYTES, "a message of {length} bytes");
        let mut message = vec![0; length];
        self.input.read_exact(&mut message)?;
        Ok(Frame::decode(Bytes::from(message))?)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        self.input
            .read_exact(&mut array)
            .context("the relay is gone")?;
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
