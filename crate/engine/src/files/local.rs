//! Files of the browser, as the two ends of a transfer; and the server's shell.

use bytes::{Bytes, BytesMut};
use transom_browser::{JsFailure, LocalFile, LocalFolder, LocalStream, LocalTarget, StreamProblem};
use transom_sftp::{LocalError, LocalProblem, Place, Shell, Sink, Source};
use transom_ssh::{Connection, ExitStatus};

/// Bytes that are handed to the browser's file system at once. Each call costs the browser a
/// message between processes, whatever its size.
const WRITE_BYTES: usize = 1024 * 1024;

/// Longest output of a command that is read, in bytes: a checksum and a name.
const OUTPUT_BYTES: usize = 8 * 1024;

/// A chosen file, to be uploaded.
#[derive(Clone, Debug)]
pub(super) struct Chosen(pub(super) LocalFile);

impl Source for Chosen {
    fn size(&self) -> u64 {
        self.0.size()
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        self.0
            .read(offset, length)
            .await
            .map_err(|failure| local_error(&failure))
    }

    async fn check(&mut self) -> Result<(), LocalError> {
        // A browser refuses to read a file that is not what was chosen.
        let last = self.0.size().saturating_sub(1);
        let length = usize::from(self.0.size() > 0);
        self.0
            .read(last, length)
            .await
            .map_err(|failure| local_error(&failure))
            .map(drop)
    }
}

/// What is downloaded into.
#[derive(Debug)]
pub(super) struct Target {
    end: End,
    /// Taken and not handed to the browser yet. It follows what the end holds.
    held: BytesMut,
}

/// Where it goes.
#[derive(Debug)]
enum End {
    File(LocalTarget),
    /// What went there can be neither read nor cut.
    Stream(LocalStream),
}

impl Target {
    pub(super) fn new(file: LocalTarget) -> Self {
        Self::of(End::File(file))
    }

    /// A stream that was opened.
    pub(super) fn stream(stream: LocalStream) -> Self {
        Self::of(End::Stream(stream))
    }

    fn of(end: End) -> Self {
        Self {
            end,
            held: BytesMut::new(),
        }
    }

    /// Most bytes that it takes, where that is settled.
    pub(super) fn at_most(&self) -> Option<u64> {
        match &self.end {
            End::File(_) => None,
            End::Stream(stream) => stream.announced(),
        }
    }

    async fn flush(&mut self) -> Result<(), LocalError> {
        if self.held.is_empty() {
            return Ok(());
        }
        let held = self.held.split().freeze();
        match &mut self.end {
            End::File(file) => {
                (file.write(file.size(), &held).await).map_err(|failure| local_error(&failure))
            }
            End::Stream(stream) => stream.write(&held).await.map_err(stream_error),
        }
    }
}

impl Sink for Target {
    async fn size(&mut self) -> Result<u64, LocalError> {
        self.flush().await?;
        Ok(match &self.end {
            End::File(file) => file.size(),
            End::Stream(stream) => stream.sent(),
        })
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        self.flush().await?;
        match &mut self.end {
            End::File(file) => {
                (file.read(offset, length).await).map_err(|failure| local_error(&failure))
            }
            // Each run has a stream of its own, so that there is nothing from before.
            End::Stream(_) => Err(stream_error(StreamProblem::Gone)),
        }
    }

    async fn write(&mut self, _offset: u64, data: Bytes) -> Result<(), LocalError> {
        // A download writes from front to end.
        self.held.extend_from_slice(&data);
        if self.held.len() >= WRITE_BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    async fn truncate(&mut self, size: u64) -> Result<(), LocalError> {
        self.flush().await?;
        match &mut self.end {
            End::File(file) => (file.truncate(size).await).map_err(|failure| local_error(&failure)),
            End::Stream(stream) if stream.sent() == size => Ok(()),
            End::Stream(_) => Err(stream_error(StreamProblem::Changed)),
        }
    }

    async fn sync(&mut self) -> Result<(), LocalError> {
        self.flush().await?;
        let file = match &mut self.end {
            End::File(file) => file,
            End::Stream(stream) => return stream.finish().await.map_err(stream_error),
        };
        if file.size() == 0 {
            // An empty file is written too, over what there was.
            file.truncate(0)
                .await
                .map_err(|failure| local_error(&failure))?;
        }
        file.close().await.map_err(|failure| local_error(&failure))
    }
}

/// Where a folder of the server goes.
#[derive(Debug)]
pub(super) enum FolderTarget {
    /// Into a folder that a person picked.
    Picked(Picked),
    /// Into a zip; `None` until private storage was opened.
    Zip(Option<Target>),
}

/// A folder that a person picked, and the one that was made in it.
#[derive(Debug)]
pub(super) struct Picked {
    folder: LocalFolder,
    begun: bool,
}

impl Picked {
    pub(super) fn new(folder: LocalFolder) -> Self {
        Self {
            folder,
            begun: false,
        }
    }

    /// Makes a folder called `name`, or like it, and goes on in there; says whether that was done
    /// before.
    pub(super) async fn begin(&mut self, name: &str) -> Result<bool, LocalError> {
        if self.begun {
            return Ok(true);
        }
        let made = self.folder.make_new(name).await;
        self.folder = made.map_err(|failure| local_error(&failure))?;
        self.begun = true;
        Ok(false)
    }
}

impl Place for Picked {
    type Sink = Target;

    async fn folder(&self, path: &[String]) -> Result<(), LocalError> {
        let made = self.folder.make(path).await;
        made.map_err(|failure| local_error(&failure))
    }

    async fn size(&self, path: &[String]) -> Result<Option<u64>, LocalError> {
        let size = self.folder.size(path).await;
        size.map_err(|failure| local_error(&failure))
    }

    async fn file(&self, path: &[String]) -> Result<Target, LocalError> {
        let file = self.folder.file(path).await;
        file.map(Target::new)
            .map_err(|failure| local_error(&failure))
    }
}

/// What the browser threw, by what a person can do.
pub(super) fn local_error(failure: &JsFailure) -> LocalError {
    let problem = match failure.name.as_str() {
        "NotReadableError" | "NotFoundError" => LocalProblem::Changed,
        "QuotaExceededError" => LocalProblem::Full,
        "NotAllowedError" | "SecurityError" | "NoModificationAllowedError" => LocalProblem::Denied,
        _ => LocalProblem::Broken,
    };
    LocalError {
        problem,
        detail: failure.to_string(),
    }
}

/// Why a stream ended.
fn stream_error(problem: StreamProblem) -> LocalError {
    LocalError {
        problem: match problem {
            StreamProblem::Stopped => LocalProblem::Stopped,
            StreamProblem::Gone => LocalProblem::Gone,
            _ => LocalProblem::Broken,
        },
        detail: problem.to_string(),
    }
}

/// Commands on the server, beside the transfers.
pub(super) struct Commands(pub(super) Connection);

impl Shell for Commands {
    async fn run(&self, command: Vec<u8>) -> Option<Bytes> {
        let mut running = self.0.exec(&command, &[]).await.ok()?;
        let mut output = BytesMut::new();
        while let Some(bytes) = running.stdout.next().await.ok()? {
            output.extend_from_slice(&bytes);
            if output.len() > OUTPUT_BYTES {
                return None;
            }
        }
        let succeeded = running.exit().await == ExitStatus::Code(0);
        succeeded.then(|| output.freeze())
    }
}
