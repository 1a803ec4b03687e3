//! What is local to a transfer: a file in memory, and a shell beside the server.

use bytes::Bytes;
use transom_sftp::{LocalError, LocalProblem, Shell, Sink, Source};

use crate::support::Place;

/// A file in memory.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    pub(crate) content: Vec<u8>,
    /// Reads after this many bytes never end, as where the source is cut off.
    pub(crate) stops_at: Option<u64>,
    pub(crate) changed: bool,
    /// It was made to last.
    pub(crate) synced: bool,
}

impl Memory {
    pub(crate) fn of(content: Vec<u8>) -> Self {
        Self {
            content,
            ..Self::default()
        }
    }

    fn slice(&self, offset: u64, length: usize) -> Bytes {
        let offset = usize::try_from(offset).unwrap();
        Bytes::copy_from_slice(self.content.get(offset..offset + length).unwrap())
    }
}

impl Source for Memory {
    fn size(&self) -> u64 {
        u64::try_from(self.content.len()).unwrap()
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        if self.stops_at.is_some_and(|stop| offset >= stop) {
            std::future::pending::<()>().await;
        }
        Ok(self.slice(offset, length))
    }

    async fn check(&mut self) -> Result<(), LocalError> {
        let problem = LocalProblem::Changed;
        let error = LocalError {
            problem,
            detail: String::new(),
        };
        if self.changed { Err(error) } else { Ok(()) }
    }
}

impl Sink for Memory {
    async fn size(&mut self) -> Result<u64, LocalError> {
        Ok(Source::size(self))
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        Ok(self.slice(offset, length))
    }

    async fn write(&mut self, offset: u64, data: Bytes) -> Result<(), LocalError> {
        if self.stops_at.is_some_and(|stop| offset >= stop) {
            std::future::pending::<()>().await;
        }
        assert_eq!(offset, Source::size(self));
        self.content.extend_from_slice(&data);
        Ok(())
    }

    async fn truncate(&mut self, size: u64) -> Result<(), LocalError> {
        self.content.truncate(usize::try_from(size).unwrap());
        Ok(())
    }

    async fn sync(&mut self) -> Result<(), LocalError> {
        self.synced = true;
        Ok(())
    }
}

/// The machine's shell, in the server's folder.
pub(crate) struct LocalShell<'place>(pub(crate) &'place Place);

impl Shell for LocalShell<'_> {
    async fn run(&self, command: Vec<u8>) -> Option<Bytes> {
        use std::os::unix::ffi::OsStrExt as _;
        let mut shell = tokio::process::Command::new("sh");
        let command = std::ffi::OsStr::from_bytes(&command);
        let run = shell
            .arg("-c")
            .arg(command)
            .current_dir(self.0.path())
            .output();
        Some(run.await.unwrap().stdout.into())
    }
}
