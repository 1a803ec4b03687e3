//! A folder with all in it from the server, into a local folder.

use core::cell::RefCell;
use std::collections::HashMap;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::check::{Arrived, Checks, Compared, checks, compare};
use super::once_more::{LazySink, again};
use super::{Download, LocalError, LocalProblem, Mark, Progress, Sink, TransferError};
use crate::client::Sftp;
use crate::codec::{Attributes, FileKind};
use crate::display::display_bytes;
use crate::error::{MAX_MESSAGE_BYTES, SftpError};
use crate::path::{file_name, parent};
use crate::safe_name::SafeNames;
use crate::shell::{NoShell, Shell};
use crate::tree::{Skip, Step, TreeCount};

/// Files that are under way at once. Small ones are bound by round trips, large ones by the window.
pub(super) const AT_ONCE: usize = 16;

/// Notes that are kept; more are only counted.
const MAX_NOTES: usize = 100;

/// A local folder that a folder of the server is downloaded into. Paths are lists of names that
/// are safe on every system.
///
/// # Errors
///
/// Its functions return a [`LocalError`].
pub trait Place {
    /// What a file is written through.
    type Sink: Sink;

    /// Makes a folder, whose parent was made before. That it is there is fine.
    fn folder(&self, path: &[String]) -> impl Future<Output = Result<(), LocalError>>;

    /// Bytes of a file that is there.
    fn size(&self, path: &[String]) -> impl Future<Output = Result<Option<u64>, LocalError>>;

    /// Opens a file, empty.
    fn file(&self, path: &[String]) -> impl Future<Output = Result<Self::Sink, LocalError>>;
}

/// A folder to download.
#[derive(Clone, Debug, Default)]
pub struct FolderDownload {
    /// Which.
    pub path: Bytes,
    /// Leaves out a file that is there with the same size: what an earlier attempt fetched.
    pub resume: bool,
    /// Has the server's shell compute checksums, and compares: each file once more where one differs, and then
    /// it is left out. What [`Self::resume`] leaves out is not compared.
    pub verify: bool,
}

/// How far a folder is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FolderProgress {
    /// Files that are whole, or were left out.
    pub files_done: u64,
    /// Files there are, as far as is known.
    pub files_total: u64,
    /// Bytes that have arrived.
    pub done: u64,
    /// Bytes of all files, as far as is known.
    pub total: u64,
}

/// How the download of a folder went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderReport {
    /// Files that are whole.
    pub files: u64,
    /// Folders.
    pub folders: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// Names that are others here, and what was left out: sentences without full stops, safe to
    /// show, the first hundred.
    pub notes: Vec<String>,
    /// Names that are others here.
    pub renamed: u64,
    /// Files and folders that were left out.
    pub left_out: u64,
    /// Files whose checksum was compared and is the same.
    pub equal: u64,
    /// Files whose checksum was to be compared and could not be.
    pub untold: u64,
}

impl FolderReport {
    pub(super) fn note(&mut self, words: impl FnOnce() -> String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(words());
        }
    }

    pub(super) fn leave_out(&mut self, path: &[u8], why: &str) {
        self.left_out += 1;
        self.note(|| format!("{} was left out: {why}", shown(path)));
    }

    /// Counts what is the same, and what the server did not tell.
    pub(super) fn compared(&mut self, compared: &Compared) {
        self.equal += compared.equal;
        self.untold += compared.untold;
    }

    /// What arrived is not what is on the server: that is told before all else.
    pub(super) fn differs(&mut self, path: &[u8], why: &TransferError) {
        self.files = self.files.saturating_sub(1);
        self.left_out += 1;
        let words = format!("{} was left out: {why}", shown(path));
        self.notes.insert(0, words);
        self.notes.truncate(MAX_NOTES);
    }

    /// A file is another one on the server since it was read.
    pub(super) fn changed(&mut self, path: &[u8]) {
        self.note(|| format!("{} changed on the server during the download", shown(path)));
    }

    /// Counts one file.
    pub(super) fn ended(&mut self, path: &[u8], ended: Result<u64, TransferError>) {
        match ended {
            Ok(size) => {
                self.files += 1;
                self.bytes = self.bytes.saturating_add(size);
            }
            Err(error) => self.leave_out(path, &error.to_string()),
        }
    }

    pub(super) fn skipped(&mut self, path: &[u8], why: &Skip) {
        match why {
            Skip::Refused(error) => self.leave_out(path, &error.to_string()),
            Skip::NoName => self.leave_out(path, "a name in it leads out of it"),
            Skip::TooDeep => self.leave_out(path, "too many folders within folders"),
            Skip::TooMany => self.leave_out(path, "it has too many entries"),
            Skip::Special => self.leave_out(path, "it is a device, a pipe or a socket"),
        }
    }
}

fn shown(path: &[u8]) -> String {
    display_bytes(path, MAX_MESSAGE_BYTES)
}

/// Local names for what is in a tree.
#[derive(Debug)]
pub(super) struct Names {
    /// By the folder's path on the server.
    folders: HashMap<Bytes, (Vec<String>, SafeNames)>,
}

impl Names {
    pub(super) fn new(root: &Bytes) -> Self {
        let folders = HashMap::from([(root.clone(), (Vec::new(), SafeNames::default()))]);
        Self { folders }
    }

    /// The local path of something in a folder that was entered.
    pub(super) fn local(&mut self, path: &[u8], report: &mut FolderReport) -> Vec<String> {
        let Some((folder, names)) = self.folders.get_mut(parent(path)) else {
            return Vec::new();
        };
        let (name, changed) = names.safe(file_name(path));
        let mut local = folder.clone();
        local.push(name);
        if changed {
            report.renamed += 1;
            report.note(|| format!("{} is called {} here", shown(path), local.join("/")));
        }
        local
    }

    pub(super) fn enter(&mut self, path: &Bytes, report: &mut FolderReport) -> Vec<String> {
        if let Some((root, _)) = self.folders.get(path) {
            return root.clone();
        }
        let local = self.local(path, report);
        let folder = (local.clone(), SafeNames::default());
        self.folders.insert(path.clone(), folder);
        local
    }

    pub(super) fn leave(&mut self, path: &Bytes) {
        self.folders.remove(path);
    }
}

/// The path as a walk names what is in it.
pub(super) fn root(path: &Bytes) -> Bytes {
    let end = path
        .iter()
        .rposition(|byte| *byte != b'/')
        .map_or(path.len().min(1), |last| last + 1);
    path.slice(..end)
}

/// Whether everything stops, or just this file is left out.
pub(super) fn stops(error: &TransferError) -> bool {
    match error {
        TransferError::Remote(error) => error.ends_connection(),
        TransferError::Local(LocalError { problem, .. }) => *problem != LocalProblem::Changed,
        _ => false,
    }
}

impl FolderDownload {
    /// Downloads into `place`. What the server refuses, and what is no file, is left out and told.
    ///
    /// # Errors
    ///
    /// [`TransferError`] that concerns more than one file. What is whole stays; [`Self::resume`]
    /// goes on behind it.
    ///
    /// # Cancel safety
    ///
    /// As after an error; files that were under way are not there, or empty.
    pub async fn run(
        &self,
        (sftp, shell): (&Sftp, &impl Shell),
        place: &impl Place,
        progress: impl FnMut(FolderProgress),
    ) -> Result<FolderReport, TransferError> {
        let root = root(&self.path);
        let (checks, waiting) = checks(self.verify);
        let tally = RefCell::new(Tally {
            now: FolderProgress::default(),
            told: progress,
        });
        let counted = count(sftp, &root, &tally);
        let fetched = self.fetch(sftp, &root, place, (checks, &tally));
        let compared = compare(shell, waiting);
        let (counted, fetched, compared) = futures::join!(counted, fetched, compared);
        let mut report = fetched?;
        counted?;
        again((sftp, shell), place, compared, &mut report).await?;
        Ok(report)
    }

    async fn fetch(
        &self,
        sftp: &Sftp,
        root: &Bytes,
        place: &impl Place,
        (checks, tally): (Checks, &RefCell<Tally<impl FnMut(FolderProgress)>>),
    ) -> Result<FolderReport, TransferError> {
        let checks = &checks;
        let mut report = FolderReport::default();
        let mut names = Names::new(root);
        let mut walk = sftp.walk(root);
        let mut running = FuturesUnordered::new();
        while let Some(step) = walk.next().await? {
            match step {
                Step::Enter { path, .. } => {
                    let local = names.enter(&path, &mut report);
                    place.folder(&local).await?;
                    report.folders += 1;
                }
                Step::Leave { path } => names.leave(&path),
                Step::Skipped { path, why } if path == *root && report.folders == 0 => {
                    return Err(root_error(path, why));
                }
                Step::Skipped { path, why } => report.skipped(&path, &why),
                Step::File { path, attributes } => {
                    let local = names.local(&path, &mut report);
                    let from = (path, attributes);
                    running.push(self.file(sftp, from, (place, local), (checks, tally)));
                }
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

    /// Fetches one file; gives its size, or why it was left out.
    async fn file<P: Place>(
        &self,
        sftp: &Sftp,
        (path, attributes): (Bytes, Attributes),
        (place, local): (&P, Vec<String>),
        (checks, tally): (&Checks, &RefCell<Tally<impl FnMut(FolderProgress)>>),
    ) -> Result<(Bytes, Result<u64, TransferError>), TransferError> {
        if self.resume && attributes.kind() == FileKind::File {
            let there = place.size(&local).await?;
            if there.is_some() && there == attributes.size {
                let size = there.unwrap_or(0);
                tally.borrow_mut().whole(size);
                return Ok((path, Ok(size)));
            }
        }
        let download = Download {
            path: path.clone(),
            verify: self.verify,
            ..Download::default()
        };
        let arrived = RefCell::new(0);
        let moved = |progress| {
            if let Progress::Moving { done, .. } = progress {
                let before = arrived.replace(done);
                tally.borrow_mut().moved(done.saturating_sub(before));
            }
        };
        let mut sink = LazySink::new(place, local);
        // Checksums are compared later, those of many files at once.
        let result = match download.run(sftp, &mut sink, &NoShell, moved).await {
            Ok(downloaded) => {
                if let (Some(sum), false) = (downloaded.sum, downloaded.changed) {
                    let arrived = Arrived {
                        path: path.clone(),
                        local: sink.path,
                        mark: Mark::of(&downloaded.attributes),
                        sum,
                    };
                    checks.take(arrived).await;
                }
                Ok(downloaded.size)
            }
            Err(error) if stops(&error) => return Err(error),
            Err(error) => Err(error),
        };
        tally.borrow_mut().whole(0);
        Ok((path, result))
    }
}

/// The folder itself cannot be read.
pub(super) fn root_error(path: Bytes, why: Skip) -> TransferError {
    match why {
        Skip::Refused(error) => error.into(),
        _ => TransferError::UserNotAFile { path },
    }
}

type Fetched = Result<(Bytes, Result<u64, TransferError>), TransferError>;

/// Takes the end of one file.
async fn take<F: Future<Output = Fetched>>(
    running: &mut FuturesUnordered<F>,
    report: &mut FolderReport,
) -> Result<(), TransferError> {
    if let Some(ended) = running.next().await {
        let (path, fetched) = ended?;
        report.ended(&path, fetched);
    }
    Ok(())
}

/// What is told, and to whom.
pub(super) struct Tally<T> {
    pub(super) now: FolderProgress,
    pub(super) told: T,
}

impl<T: FnMut(FolderProgress)> Tally<T> {
    pub(super) fn found(&mut self, bytes: u64) {
        self.now.files_total += 1;
        self.now.total = self.now.total.saturating_add(bytes);
    }

    pub(super) fn moved(&mut self, bytes: u64) {
        self.now.done = self.now.done.saturating_add(bytes);
        (self.told)(self.now);
    }

    pub(super) fn whole(&mut self, bytes: u64) {
        self.now.files_done += 1;
        self.moved(bytes);
    }
}

/// Counts what there is, beside the download.
pub(super) async fn count(
    sftp: &Sftp,
    root: &Bytes,
    tally: &RefCell<Tally<impl FnMut(FolderProgress)>>,
) -> Result<(), SftpError> {
    let mut counted = TreeCount::default();
    let told = |count: &TreeCount| {
        let mut tally = tally.borrow_mut();
        tally.now.files_total = count.files;
        tally.now.total = count.bytes;
    };
    sftp.count_tree(root, &mut counted, told).await
}
