//! A folder with all in it from the server, as one zip that is written from front to end.
//!
//! Stored, not compressed: the link is the bound, and what is large is compressed already. Names
//! are UTF-8; sizes beyond 4 GiB use Zip64 (APPNOTE.TXT 6.3.10 §4.3, §4.5.3).

use core::cell::RefCell;

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use futures::future::{Either, ready};
use futures::stream::FuturesOrdered;

use super::check::{Arrived, Checks, Compared, checks, compare};
use super::folder::{FolderProgress, FolderReport, Names, Tally, count, root, root_error, stops};
use super::part::Sum;
use super::zip_format::{Crc, Entry, ZipEnd};
use super::{Mark, Sink, TransferError};
use crate::client::{File, Open, Sftp};
use crate::codec::{Attributes, FileKind};
use crate::shell::Shell;
use crate::tree::Step;

/// Entries that are asked for ahead.
const AHEAD: usize = 24;

/// Files up to this size are read ahead, in bytes: [`AHEAD`] of them are held at most.
const SMALL_BYTES: u64 = 128 * 1024;

/// Paths that an error names at most.
const MOST_NAMED: usize = 10;

/// A folder to download as a zip.
#[derive(Clone, Debug, Default)]
pub struct ZipDownload {
    /// Which.
    pub path: Bytes,
    /// Has the server's shell compute checksums, and compares them before the end of the zip.
    pub verify: bool,
}

/// What goes into the zip next.
struct Fetched {
    path: Bytes,
    /// What it was when it was opened.
    mark: Option<Mark>,
    entry: Entry,
    content: Result<Content, TransferError>,
}

enum Content {
    Folder,
    Small(Bytes),
    Large(File, u64),
}

impl ZipDownload {
    /// Downloads into `sink`, from its beginning. What the server refuses, and what is no file, is
    /// left out and told.
    ///
    /// # Errors
    ///
    /// [`TransferError`] that concerns more than one file, or [`TransferError::ManyDiffer`]. The sink holds no zip then, and the
    /// next attempt begins anew.
    ///
    /// # Cancel safety
    ///
    /// As after an error.
    pub async fn run(
        &self,
        (sftp, shell): (&Sftp, &impl Shell),
        sink: &mut impl Sink,
        progress: impl FnMut(FolderProgress),
    ) -> Result<FolderReport, TransferError> {
        let root = root(&self.path);
        if sink.size().await? > 0 {
            sink.truncate(0).await?;
        }
        let tally = RefCell::new(Tally {
            now: FolderProgress::default(),
            told: progress,
        });
        let counted = count(sftp, &root, &tally);
        let (checks, waiting) = checks(self.verify);
        let fetched = pack(sftp, &root, sink, (checks, &tally));
        let compared = compare(shell, waiting);
        let (counted, fetched, compared) = futures::join!(counted, fetched, compared);
        let mut report = fetched?;
        counted?;
        settle(sftp, compared, &mut report).await?;
        // Only what is right is made to last: a stream to the disk could not be taken back.
        sink.sync().await?;
        Ok(report)
    }
}

/// What differs is an error, unless it is another file on the server by now.
async fn settle(
    sftp: &Sftp,
    compared: Compared,
    report: &mut FolderReport,
) -> Result<(), TransferError> {
    report.compared(&compared);
    let (mut paths, mut count) = (Vec::new(), 0_u64);
    for Arrived { path, mark, .. } in compared.different {
        let now = sftp.stat(&path).await?;
        if Mark::of(&now) != mark {
            report.untold += 1;
            report.changed(&path);
            continue;
        }
        count += 1;
        if paths.len() < MOST_NAMED {
            paths.push(path);
        }
    }
    if count > 0 {
        return Err(TransferError::ManyDiffer { paths, count });
    }
    Ok(())
}

async fn pack(
    sftp: &Sftp,
    root: &Bytes,
    sink: &mut impl Sink,
    (checks, tally): (Checks, &RefCell<Tally<impl FnMut(FolderProgress)>>),
) -> Result<FolderReport, TransferError> {
    let mut report = FolderReport::default();
    let mut names = Names::new(root);
    let mut walk = sftp.walk(root);
    let mut ahead = FuturesOrdered::new();
    let mut zip = Zip::new(sink);
    let mut walking = true;
    while walking || !ahead.is_empty() {
        while walking && ahead.len() < AHEAD {
            match walk.next().await? {
                None => walking = false,
                Some(Step::Enter { path, attributes }) => {
                    let local = names.enter(&path, &mut report);
                    if !local.is_empty() {
                        let name = format!("{}/", local.join("/"));
                        let entry = Entry::new(name, &attributes);
                        let content = Ok(Content::Folder);
                        ahead.push_back(Either::Left(ready(Fetched {
                            path,
                            mark: None,
                            entry,
                            content,
                        })));
                    }
                    report.folders += 1;
                }
                Some(Step::Leave { path }) => names.leave(&path),
                Some(Step::Skipped { path, why }) if path == *root && report.folders == 0 => {
                    return Err(root_error(path, why));
                }
                Some(Step::Skipped { path, why }) => report.skipped(&path, &why),
                Some(Step::File { path, attributes }) => {
                    let name = names.local(&path, &mut report).join("/");
                    ahead.push_back(Either::Right(fetch(sftp, path, attributes, name)));
                }
            }
        }
        let Some(Fetched {
            path,
            mark,
            entry,
            content,
        }) = ahead.next().await
        else {
            continue;
        };
        match content {
            Ok(content) => {
                let sum = Sum::new(checks.are_wanted() && !matches!(content, Content::Folder));
                let sum = zip.add(entry, (content, sum), tally, &mut report).await?;
                if let Some(sum) = sum.digest() {
                    let local = Vec::new();
                    let arrived = Arrived {
                        path,
                        local,
                        mark,
                        sum,
                    };
                    checks.take(arrived).await;
                }
            }
            Err(error) if stops(&error) => return Err(error),
            Err(error) => {
                tally.borrow_mut().whole(0);
                report.leave_out(&path, &error.to_string());
            }
        }
    }
    zip.finish().await?;
    Ok(report)
}

/// Opens a file; reads it if it is small.
async fn fetch(sftp: &Sftp, path: Bytes, attributes: Attributes, name: String) -> Fetched {
    let mut entry = Entry::new(name, &attributes);
    let mut mark = None;
    let content = async {
        let attributes = match attributes.kind() {
            FileKind::File => attributes,
            _ => sftp.stat(&path).await?,
        };
        if !matches!(attributes.kind(), FileKind::File | FileKind::Unknown) {
            return Err(TransferError::UserNotAFile { path: path.clone() });
        }
        entry = Entry::new(core::mem::take(&mut entry.name), &attributes);
        mark = Mark::of(&attributes);
        let file = sftp.open(&path, Open::read()).await?;
        let size = attributes.size.unwrap_or(0);
        if size > SMALL_BYTES {
            return Ok(Content::Large(file, size));
        }
        let most = usize::try_from(size).unwrap_or(0);
        let bytes = file.read_at(0, most).await?;
        Ok(Content::Small(bytes))
    }
    .await;
    Fetched {
        path,
        mark,
        entry,
        content,
    }
}

/// A zip that grows.
struct Zip<'s, S> {
    sink: &'s mut S,
    offset: u64,
    entries: Vec<Entry>,
}

impl<'s, S: Sink> Zip<'s, S> {
    fn new(sink: &'s mut S) -> Self {
        Self {
            sink,
            offset: 0,
            entries: Vec::new(),
        }
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), TransferError> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > 0 {
            self.sink.write(self.offset, bytes).await?;
            self.offset = self.offset.saturating_add(length);
        }
        Ok(())
    }

    async fn add(
        &mut self,
        mut entry: Entry,
        (content, mut sum): (Content, Sum),
        tally: &RefCell<Tally<impl FnMut(FolderProgress)>>,
        report: &mut FolderReport,
    ) -> Result<Sum, TransferError> {
        entry.offset = self.offset;
        match content {
            Content::Folder => self.write(entry.local_header()).await?,
            Content::Small(bytes) => {
                entry.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                entry.crc = Crc::default().feed(&bytes).value();
                sum.feed(&bytes);
                self.write(entry.local_header()).await?;
                self.write(bytes).await?;
                tally.borrow_mut().whole(entry.size);
                report.files += 1;
            }
            Content::Large(file, size) => {
                self.stream(&mut entry, (&file, size), &mut sum, tally)
                    .await?;
                tally.borrow_mut().whole(0);
                report.files += 1;
            }
        }
        report.bytes = report.bytes.saturating_add(entry.size);
        self.entries.push(entry);
        Ok(sum)
    }

    /// Writes a file of which neither the checksum nor, for certain, the size is known before.
    async fn stream(
        &mut self,
        entry: &mut Entry,
        (file, size): (&File, u64),
        sum: &mut Sum,
        tally: &RefCell<Tally<impl FnMut(FolderProgress)>>,
    ) -> Result<(), TransferError> {
        entry.described = true;
        entry.size = size;
        self.write(entry.local_header()).await?;
        let mut crc = Crc::default();
        let mut done = 0_u64;
        let mut reader = file.reader(0..size);
        while let Some(bytes) = reader.next().await? {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            crc = crc.feed(&bytes);
            sum.feed(&bytes);
            self.write(bytes).await?;
            done = done.saturating_add(length);
            tally.borrow_mut().moved(length);
        }
        let wide = entry.is_wide();
        (entry.size, entry.crc) = (done, crc.value());
        self.write(entry.descriptor(wide)).await
    }

    async fn finish(mut self) -> Result<(), TransferError> {
        let start = self.offset;
        let mut directory = BytesMut::new();
        let entries = core::mem::take(&mut self.entries);
        for entry in &entries {
            entry.central_header(&mut directory);
            if directory.len() >= 64 * 1024 {
                self.write(directory.split().freeze()).await?;
            }
        }
        self.write(directory.freeze()).await?;
        let end = ZipEnd {
            entries: u64::try_from(entries.len()).unwrap_or(u64::MAX),
            start,
            size: self.offset.saturating_sub(start),
        };
        self.write(end.encode()).await
    }
}
