//! A local folder with all in it, onto the server.

use core::cell::RefCell;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::folder::{AT_ONCE, FolderProgress, FolderReport, Tally, stops};
use super::{LocalError, Over, Progress, Source, ToDisk, TransferError, Upload};
use crate::client::Sftp;
use crate::path::{is_name, join};
use crate::shell::Shell;

/// What comes next in a local folder. Paths are lists of names below it.
#[derive(Debug)]
pub enum LocalStep<S> {
    /// A folder, told before what is in it.
    Folder {
        /// Its path.
        path: Vec<Bytes>,
    },
    /// A file.
    File {
        /// Its path.
        path: Vec<Bytes>,
        /// What is in it.
        source: S,
        /// Permission bits that it gets.
        mode: Option<u32>,
        /// Times of last access and last change that it gets, in seconds since 1970.
        times: Option<(u32, u32)>,
    },
    /// Something that cannot be read.
    Skipped {
        /// Its path.
        path: Vec<Bytes>,
        /// Why.
        why: LocalError,
    },
}

/// A local folder that is uploaded, entry by entry.
pub trait LocalTree {
    /// What a file is read through.
    type Source: Source;

    /// The next entry; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`LocalError`] that concerns all of it.
    fn next(&mut self)
    -> impl Future<Output = Result<Option<LocalStep<Self::Source>>, LocalError>>;
}

/// A folder to upload.
#[derive(Clone, Debug, Default)]
pub struct FolderUpload {
    /// The folder on the server. It is made where it is missing; what it holds stays.
    pub target: Bytes,
    /// As [`Upload::token`], for each file.
    pub token: String,
    /// Whether files that are there are replaced; otherwise they are left out and told.
    pub replace: bool,
    /// As [`Upload::to_disk`].
    pub to_disk: ToDisk,
    /// As [`Upload::verify`](field@Upload::verify).
    pub verify: bool,
}

/// How one file went, and its path.
type Sent = Result<(Bytes, Result<u64, TransferError>), TransferError>;

impl FolderUpload {
    /// Uploads `tree`, many files at once. What the server refuses, what cannot be read here, and
    /// names that are none are left out and told.
    ///
    /// # Errors
    ///
    /// [`TransferError`] that concerns more than one file. What is whole stays.
    ///
    /// # Cancel safety
    ///
    /// As after an error; files that were under way have hidden parts, which the same token
    /// continues.
    pub async fn run(
        &self,
        sftp: &Sftp,
        tree: &mut impl LocalTree,
        shell: &impl Shell,
        progress: impl FnMut(FolderProgress),
    ) -> Result<FolderReport, TransferError> {
        let tally = RefCell::new(Tally {
            now: FolderProgress::default(),
            told: progress,
        });
        let mut report = FolderReport::default();
        sftp.mkdir_all(&self.target).await?;
        report.folders += 1;
        let mut running = FuturesUnordered::new();
        while let Some(step) = tree.next().await? {
            match step {
                LocalStep::Folder { path } => self.folder(sftp, &path, &mut report).await?,
                LocalStep::Skipped { path, why } => {
                    report.leave_out(&shown(&path), &why.to_string());
                }
                LocalStep::File {
                    path,
                    source,
                    mode,
                    times,
                } => match self.place(&path) {
                    Some(target) => {
                        let upload = self.upload(target, mode, times);
                        tally.borrow_mut().found(source.size());
                        running.push(send(sftp, upload, source, shell, &tally));
                    }
                    None => report.leave_out(&shown(&path), "its name leads out of the folder"),
                },
            }
            while running.len() >= AT_ONCE {
                take(&mut running, &mut report).await?;
            }
        }
        while !running.is_empty() {
            take(&mut running, &mut report).await?;
        }
        Ok(report)
    }

    async fn folder(
        &self,
        sftp: &Sftp,
        path: &[Bytes],
        report: &mut FolderReport,
    ) -> Result<(), TransferError> {
        let Some(target) = self.place(path) else {
            report.leave_out(&shown(path), "its name leads out of the folder");
            return Ok(());
        };
        match sftp.mkdir_all(&target).await {
            Ok(()) => report.folders += 1,
            Err(error) if error.ends_connection() => return Err(error.into()),
            Err(error) => report.leave_out(&target, &error.to_string()),
        }
        Ok(())
    }

    /// Where something goes; `None` where a name of it is none.
    fn place(&self, path: &[Bytes]) -> Option<Bytes> {
        let named = !path.is_empty() && path.iter().all(|name| is_name(name));
        let below = |folder: Bytes, name: &Bytes| join(&folder, name);
        named.then(|| path.iter().fold(self.target.clone(), below))
    }

    fn upload(&self, target: Bytes, mode: Option<u32>, times: Option<(u32, u32)>) -> Upload {
        Upload {
            target,
            token: self.token.clone(),
            replace: self.replace,
            over: Over::default(),
            continues: false,
            mode,
            times,
            to_disk: self.to_disk,
            verify: self.verify,
        }
    }
}

fn shown(path: &[Bytes]) -> Vec<u8> {
    path.join(&b'/')
}

/// Sends one file.
async fn send(
    sftp: &Sftp,
    upload: Upload,
    mut source: impl Source,
    shell: &impl Shell,
    tally: &RefCell<Tally<impl FnMut(FolderProgress)>>,
) -> Sent {
    let mut before = 0;
    let moved = |progress| {
        if let Progress::Moving { done, .. } = progress {
            tally.borrow_mut().moved(done.saturating_sub(before));
            before = done;
        }
    };
    let sent = upload.run(sftp, &mut source, shell, moved).await;
    let size = match sent {
        Err(error) if stops(&error) => return Err(error),
        Err(error) => Err(error),
        Ok(_) => Ok(source.size()),
    };
    tally.borrow_mut().whole(0);
    Ok((upload.target, size))
}

/// Takes the end of one file.
async fn take<F: Future<Output = Sent>>(
    running: &mut FuturesUnordered<F>,
    report: &mut FolderReport,
) -> Result<(), TransferError> {
    if let Some(ended) = running.next().await {
        let (path, sent) = ended?;
        report.ended(&path, sent);
    }
    Ok(())
}
