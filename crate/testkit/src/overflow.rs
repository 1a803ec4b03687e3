//! A server that sends more than the client's window allows, after an ordinary log-in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Result, bail};
use russh::keys::PrivateKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::keygen::make_key;
use crate::packet::{Fields, put};
use crate::raw::{Identity, Raw, Reader, Writer};

/// Payload of one of its messages.
static PIECE: [u8; 32 << 10] = [b'Q'; 32 << 10];

/// A server that lets everybody in and answers the request for a shell with 64 MiB at once,
/// whatever the window. Dropping it ends it.
#[derive(Debug)]
pub struct Overflow {
    port: u16,
    sent: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Overflow {
    /// How much it sends without a look at the window, in bytes.
    pub const FLOOD: u64 = 64 << 20;

    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// No port can be listened on, or no host key made.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let key = make_key(folder.path(), "host", &["-t", "ed25519"], "")?;
        let key = Arc::new(Identity::of(&PrivateKey::from_openssh(key.private()?)?)?);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let sent = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&sent);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (key, counter) = (Arc::clone(&key), Arc::clone(&counter));
                tokio::spawn(async move {
                    // The client is expected to go away.
                    let _ = overflow(client, &key, &counter).await;
                });
            }
        });
        Ok(Self { port, sent, task })
    }

    /// Port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Bytes of output that it handed to the network so far, of all connections.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Overflow {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn overflow(client: TcpStream, key: &Identity, sent: &AtomicU64) -> Result<()> {
    let Raw {
        mut reader,
        mut writer,
    } = Raw::accept(client, key).await?;
    let channel = until_shell(&mut reader, &mut writer).await?;
    // Who does not read what the client says gets stuck when the client gets stuck.
    let listening = async { while reader.receive().await.is_ok() {} };
    let flooding = async {
        while sent.load(Ordering::Relaxed) < Overflow::FLOOD {
            let mut data = vec![94];
            data.extend(channel.to_be_bytes());
            put(&mut data, &PIECE);
            writer.send(&data).await?;
            sent.fetch_add(u64::try_from(PIECE.len())?, Ordering::Relaxed);
        }
        anyhow::Ok(())
    };
    let ((), flooded) = tokio::join!(listening, flooding);
    flooded
}

/// Says yes to everything until a shell is asked for; returns the client's number of its channel.
async fn until_shell(reader: &mut Reader, writer: &mut Writer) -> Result<u32> {
    let mut channel = None;
    loop {
        let message = reader.receive().await?;
        match (message.first().copied(), channel) {
            // SERVICE_REQUEST: accepted.
            (Some(5), _) => {
                let mut accept = vec![6];
                put(&mut accept, Fields::after(5, &message)?.string()?);
                writer.send(&accept).await?;
            }
            // USERAUTH_REQUEST: success.
            (Some(50), _) => writer.send(&[52]).await?,
            // GLOBAL_REQUEST: failure, which all of them may get.
            (Some(80), _) => {
                let mut fields = Fields::after(80, &message)?;
                fields.string()?;
                if fields.flag()? {
                    writer.send(&[82]).await?;
                }
            }
            // CHANNEL_OPEN: confirmed, with a window that takes what a person types.
            (Some(90), _) => {
                let mut fields = Fields::after(90, &message)?;
                fields.string()?;
                let number = fields.number()?;
                let mut confirm = vec![91];
                for field in [number, 0, 1 << 20, 1 << 15] {
                    confirm.extend(u32::to_be_bytes(field));
                }
                writer.send(&confirm).await?;
                channel = Some(number);
            }
            // CHANNEL_REQUEST: success.
            (Some(98), Some(number)) => {
                let mut fields = Fields::after(98, &message)?;
                fields.number()?;
                let what = fields.string()?;
                if fields.flag()? {
                    let mut success = vec![99];
                    success.extend(number.to_be_bytes());
                    writer.send(&success).await?;
                }
                if what == b"shell" {
                    return Ok(number);
                }
            }
            // IGNORE, UNIMPLEMENTED, DEBUG, EXT_INFO, CHANNEL_WINDOW_ADJUST.
            (Some(2..=4 | 7 | 93), _) => {}
            (number, _) => bail!("message {number:?} before a shell"),
        }
    }
}
