//! Servers that follow a script, over a pipe in memory.

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use transom_sftp::codec::{Extension, Frames, Name, Request, RequestId, Response, Version};
use transom_sftp::{Attributes, Options, Sftp, Status};

use crate::support::clock;

/// What a scripted server sends for a request: packets as they are, or nothing.
pub(crate) type Script = Box<dyn FnMut(RequestId, Request) -> Vec<Vec<u8>> + Send>;

/// A server that agrees on a version and then follows a script.
pub(crate) async fn serve(mut stream: DuplexStream, version: Vec<u8>, mut script: Script) {
    let mut frames = Frames::default();
    if stream.write_all(&version).await.is_err() {
        return;
    }
    let mut greeted = false;
    loop {
        match frames.take() {
            Ok(Some(_)) if !greeted => greeted = true,
            Ok(Some(packet)) => {
                let (id, request) = Request::decode(packet).unwrap();
                for packet in script(id, request) {
                    if stream.write_all(&packet).await.is_err() {
                        return;
                    }
                }
            }
            Ok(None) => match stream.read_buf(frames.space()).await {
                Ok(0) | Err(_) => return,
                Ok(_) => (),
            },
            // The client sends no such thing.
            Err(_) => return,
        }
    }
}

pub(crate) fn version(extensions: &[(&str, &str)]) -> Vec<u8> {
    let extension = |(name, value): &(&str, &str)| Extension {
        name: Bytes::copy_from_slice(name.as_bytes()),
        value: Bytes::copy_from_slice(value.as_bytes()),
    };
    Version {
        version: 3,
        extensions: extensions.iter().map(extension).collect(),
    }
    .encode()
}

pub(crate) async fn against(
    script: impl FnMut(RequestId, Request) -> Vec<Vec<u8>> + Send + 'static,
) -> Sftp {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(serve(far, version(&[]), Box::new(script)));
    let (reader, writer) = tokio::io::split(near);
    let (sftp, driver) = Sftp::begin(reader, writer, clock(), Options::default())
        .await
        .unwrap();
    tokio::spawn(driver.run());
    sftp
}

pub(crate) fn status(id: RequestId, status: Status) -> Vec<Vec<u8>> {
    vec![
        Response::Status {
            status,
            message: Bytes::new(),
        }
        .encode(id),
    ]
}

pub(crate) fn handle(id: RequestId) -> Vec<Vec<u8>> {
    vec![Response::Handle(Bytes::from_static(b"\0\xff\x80h")).encode(id)]
}

pub(crate) fn name(name: &[u8], folder: bool) -> Name {
    let permissions = Some(if folder { 0o040_755 } else { 0o100_644 });
    Name {
        name: Bytes::copy_from_slice(name),
        long: Bytes::new(),
        attributes: Attributes {
            permissions,
            size: Some(5),
            ..Attributes::default()
        },
    }
}
