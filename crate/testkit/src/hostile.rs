//! Servers that break the protocol before the key exchange, each in one way.

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::packet::{kexinit, pad, put};

/// How a [`Hostile`] server misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Lines before the identification, without end.
    EndlessGreeting,
    /// One line without end.
    EndlessLine,
    /// Answers as a web server, with markup and control characters.
    Http,
    /// Accepts and says nothing.
    Silent,
    /// Closes at once.
    Closing,
    /// A packet that claims to be 4 GiB long.
    HugePacket,
    /// Offers algorithms that nobody has.
    NoCommonAlgorithm,
    /// Identifies itself and then says nothing.
    SilentAfterIdentification,
    /// A disconnect message in place of the key exchange.
    Disconnect,
}

/// A server that misbehaves in one way. Dropping it ends it.
#[derive(Debug)]
pub struct Hostile {
    port: u16,
    task: JoinHandle<()>,
}

impl Hostile {
    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// No port can be listened on.
    pub async fn start(mode: Mode) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    // The client is expected to go away.
                    let _ = misbehave(client, mode).await;
                });
            }
        });
        Ok(Self { port, task })
    }

    /// Port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const IDENTIFICATION: &[u8] = b"SSH-2.0-Hostile_1.0\r\n";

async fn misbehave(mut client: TcpStream, mode: Mode) -> std::io::Result<()> {
    match mode {
        Mode::EndlessGreeting => loop {
            client.write_all(&b"welcome ".repeat(20)).await?;
            client.write_all(b"\r\n").await?;
        },
        Mode::EndlessLine => loop {
            client.write_all(&b"welcome ".repeat(20)).await?;
        },
        Mode::Http => {
            let page = b"HTTP/1.1 400 Bad Request\r\n\r\n<b>\x1b[31m</b>\xe2\x80\xae";
            client.write_all(page).await?;
        }
        Mode::Closing => return Ok(()),
        Mode::Silent => {}
        Mode::HugePacket => {
            client.write_all(IDENTIFICATION).await?;
            client.write_all(b"\xff\xff\xff\xff\x04\x14").await?;
        }
        Mode::NoCommonAlgorithm => {
            client.write_all(IDENTIFICATION).await?;
            client.write_all(&pad(&foreign_kexinit(), 8, false)).await?;
        }
        Mode::SilentAfterIdentification => client.write_all(IDENTIFICATION).await?,
        Mode::Disconnect => {
            client.write_all(IDENTIFICATION).await?;
            let mut payload = vec![1, 0, 0, 0, 12];
            put(&mut payload, "Too many \u{202e}friends\u{1b}[2J".as_bytes());
            put(&mut payload, b"");
            client.write_all(&pad(&payload, 8, false)).await?;
        }
    }
    // Reads until the client goes away.
    let mut buffer = vec![0; 4096];
    while client.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// A key exchange message of algorithms that do not exist.
fn foreign_kexinit() -> Vec<u8> {
    let lists = [
        "curve00000-sha0,diffie-hellman-group1-sha1",
        "ssh-nothing",
        "rot13",
        "rot13",
        "crc32",
        "crc32",
        "none",
        "none",
        "",
        "",
    ];
    kexinit([7; 16], lists)
}
