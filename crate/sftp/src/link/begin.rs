//! The first packets: versions, extensions, limits.

use core::pin::pin;
use core::time::Duration;

use bytes::Bytes;
use futures::future::{Either, select};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::clock::Clock;
use crate::codec::{Frames, Init, Request, RequestId, Response, Version};
use crate::error::{Operation, SftpError, Subject};
use crate::extension::{Feature, Limits, Offer};

/// The version that we speak.
const VERSION: u32 = 3;

/// Agrees on a version and learns what the server offers.
pub(crate) async fn begin<R, W>(
    reader: &mut R,
    writer: &mut W,
    clock: &dyn Clock,
    patience: Duration,
) -> Result<(Offer, Frames), SftpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let expired = clock.sleep(patience);
    match select(pin!(greet(reader, writer)), expired).await {
        Either::Left((greeted, _)) => greeted,
        Either::Right(_) => Err(SftpError::PeerTimeout { subject: subject() }),
    }
}

async fn greet<R, W>(reader: &mut R, writer: &mut W) -> Result<(Offer, Frames), SftpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut frames = Frames::default();
    send(writer, &Init::default().encode()).await?;
    let first = receive(reader, &mut frames).await?;
    let version =
        Version::decode(first).map_err(|_| misbehaved("its first packet is not a version"))?;
    if version.version != VERSION {
        // The draft lets a server answer with a lower version only where it speaks no other.
        return Err(misbehaved("it does not speak version 3"));
    }
    let mut offer = Offer::new(version);
    if offer.has(Feature::Limits) {
        offer.limits = limits(reader, writer, &mut frames).await?;
    }
    Ok((offer, frames))
}

async fn limits<R, W>(
    reader: &mut R,
    writer: &mut W,
    frames: &mut Frames,
) -> Result<Limits, SftpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let request = Request::Extended {
        name: Bytes::from_static(Feature::Limits.name().as_bytes()),
        body: Bytes::new(),
    };
    send(writer, &request.encode(RequestId(0))).await?;
    let answer = receive(reader, frames).await?;
    match Response::decode(answer) {
        Ok((RequestId(0), Response::Extended(body))) => {
            Limits::decode(body).map_err(|_| misbehaved("its limits cannot be read"))
        }
        // It announced the extension and refuses it: what every server takes will do.
        Ok((RequestId(0), Response::Status { .. })) => Ok(Limits::default()),
        _ => Err(misbehaved("it answers something else than was asked")),
    }
}

async fn send<W: AsyncWrite + Unpin>(writer: &mut W, packet: &[u8]) -> Result<(), SftpError> {
    let sent = async {
        writer.write_all(packet).await?;
        writer.flush().await
    };
    sent.await
        .map_err(|_| SftpError::Closed { subject: subject() })
}

async fn receive<R: AsyncRead + Unpin>(
    reader: &mut R,
    frames: &mut Frames,
) -> Result<Bytes, SftpError> {
    loop {
        match frames.take() {
            Ok(Some(packet)) => return Ok(packet),
            Ok(None) => (),
            // A start-up file that prints is the usual cause: its text is read as a length.
            Err(_) => return Err(misbehaved("it sends something else than SFTP")),
        }
        match reader.read_buf(frames.space()).await {
            Ok(0) | Err(_) => return Err(SftpError::Closed { subject: subject() }),
            Ok(_) => (),
        }
    }
}

fn subject() -> Subject {
    Subject::new(Operation::Begin, b"")
}

fn misbehaved(what: &'static str) -> SftpError {
    SftpError::PeerMisbehaved {
        subject: subject(),
        what,
    }
}
