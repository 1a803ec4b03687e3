//! What the tests share: a clock, and connections to servers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tempfile::TempDir;
use tokio::time::Instant;
use transom_sftp::{Clock, Open, OpenFlags, Options, Sftp};
use transom_testkit::SftpServer;

/// tokio's clock.
pub(crate) struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(TokioClock(Instant::now()))
}

/// A connection, the server at its other end, and the server's folder.
pub(crate) struct Place {
    pub(crate) sftp: Sftp,
    pub(crate) folder: TempDir,
    pub(crate) server: SftpServer,
}

impl Place {
    /// OpenSSH's server in a fresh folder.
    pub(crate) async fn openssh() -> Self {
        Self::openssh_with(&[]).await
    }

    pub(crate) async fn openssh_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = SftpServer::openssh(folder.path(), arguments).unwrap();
        Self::begin(folder, server).await
    }

    pub(crate) async fn begin(folder: TempDir, mut server: SftpServer) -> Self {
        let (output, input) = server.streams().unwrap();
        let begun = Sftp::begin(output, input, clock(), Options::default()).await;
        let (sftp, driver) = begun.unwrap();
        tokio::spawn(driver.run());
        Self {
            sftp,
            folder,
            server,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file by other means than the client.
    pub(crate) fn put(&self, name: &str, content: &[u8]) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    /// Reads a file by other means than the client.
    pub(crate) fn content(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }
}

/// Bytes that differ everywhere and are the same every time.
pub(crate) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Bytes of the file that random reads and writes go to.
const SIZE: usize = 1_500_000;

/// A thousand reads and writes at random offsets and of random lengths are what they should be.
pub(crate) async fn random_places(place: &Place) {
    let mut expected = noise(SIZE, 1);
    place.put("file", &expected);
    let both = Open::read().with(OpenFlags::WRITE);
    let file = place.sftp.open("file", both).await.unwrap();
    for (round, dice) in noise(16_000, 99).chunks_exact(16).enumerate() {
        let (offset, length) = dice.split_at(8);
        let offset = number(offset) % SIZE;
        let length = number(length) % 200_000;
        let end = (offset + length).min(SIZE);
        let at = u64::try_from(offset).unwrap();
        let there = expected.get_mut(offset..end).unwrap();
        if round % 2 == 0 {
            let data = noise(end - offset, at);
            file.write_at(at, &data).await.unwrap();
            there.copy_from_slice(&data);
        } else {
            let read = file.read_at(at, length).await.unwrap();
            assert!(*read == *there, "{offset} {length}");
        }
    }
    file.close().await.unwrap();
    assert!(place.content("file") == expected);
}

fn number(bytes: &[u8]) -> usize {
    usize::try_from(u64::from_le_bytes(bytes.try_into().unwrap())).unwrap()
}
