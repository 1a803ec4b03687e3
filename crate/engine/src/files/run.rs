//! Runs one transfer.

use core::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use bytes::Bytes;
use futures::lock::Mutex;
use transom_browser::monotonic;
use transom_protocol::{Conflict, FilesErrorCode, RemotePath, TransferId, TransferState};
use transom_sftp::{
    Download, Downloaded, FolderDownload, FolderProgress, FolderReport, InPlace, LocalError, Mark,
    Over, Progress, Resumed, Sftp, Status, ToDisk, TransferError, Upload, Uploaded, ZipDownload,
    parent,
};

use super::ask::numbered;
use super::lanes::Extra;
use super::local::{Chosen, Commands, FolderTarget, Target};
use super::stream::Offered;
use super::words;

/// Names that are tried for a file that is kept beside another one.
const MOST_NUMBERS: u32 = 1000;

/// What is to be done.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// A chosen file goes to the server.
    Upload {
        /// The file; `None` until the page gives it again.
        file: Option<Chosen>,
        /// How.
        how: UploadHow,
    },
    /// A folder of the server is fetched.
    Folder {
        /// Into this; `None` until it was opened.
        target: Rc<Mutex<FolderTarget>>,
        /// Or, as a zip, into this.
        stream: Offered,
        /// Whether checksums are compared.
        verify: bool,
    },
    /// A file of the server is fetched.
    Download {
        /// Into this; `None` until private storage was opened.
        target: Rc<Mutex<Option<Target>>>,
        /// Or into this.
        stream: Offered,
        /// What the file was when the download began.
        mark: Rc<RefCell<Option<Mark>>>,
        /// Whether checksums are compared.
        verify: bool,
    },
}

/// What a person chose for an upload.
#[derive(Clone, Copy, Debug)]
pub(super) struct UploadHow {
    /// What to do about a name that is taken.
    pub(super) conflict: Conflict,
    /// Whether checksums are compared.
    pub(super) verify: bool,
    /// Whether the file gets the time of the upload.
    pub(super) new_time: bool,
}

/// How a run of a transfer ended.
pub(super) struct Ended {
    pub(super) state: TransferState,
    /// The final path, where it is another one.
    pub(super) path: Option<RemotePath>,
}

impl From<TransferState> for Ended {
    fn from(state: TransferState) -> Self {
        Self { state, path: None }
    }
}

/// Uploads a file.
///
/// - `folders`: those that are known to be there.
pub(super) async fn upload(
    (sftp, folders): (&Sftp, &RefCell<HashSet<Bytes>>),
    commands: &Commands,
    id: &TransferId,
    path: &RemotePath,
    (mut file, how): (Chosen, UploadHow),
    progress: impl FnMut(Progress),
) -> Ended {
    let modified = u32::try_from(file.0.modified_millis() / 1000).unwrap_or(0);
    let UploadHow {
        conflict,
        verify,
        new_time,
    } = how;
    let placed = place(sftp, folders, path, conflict, modified).await;
    let (target, replace) = match placed {
        Ok(Some(placed)) => placed,
        Ok(None) => return TransferState::Skipped.into(),
        Err(error) => return failed(&error),
    };
    let upload = Upload {
        target: target.clone(),
        token: id.0.clone(),
        replace,
        over: Over::default(),
        continues: conflict == Conflict::Resume,
        mode: None,
        times: (!new_time).then_some((modified, modified)),
        to_disk: ToDisk::default(),
        verify,
    };
    match upload.run(sftp, &mut file, commands, progress).await {
        Ok(report) => Ended {
            state: TransferState::Done {
                notes: upload_notes(&report),
            },
            path: Some(RemotePath::new(target)),
        },
        Err(error) => {
            // Perhaps a folder is no longer there.
            folders.borrow_mut().clear();
            failed(&error)
        }
    }
}

/// Where an upload goes and whether it may replace what is there; `None` to leave it.
async fn place(
    sftp: &Sftp,
    folders: &RefCell<HashSet<Bytes>>,
    path: &RemotePath,
    conflict: Conflict,
    modified: u32,
) -> Result<Option<(Bytes, bool)>, TransferError> {
    let target = Bytes::copy_from_slice(path.bytes());
    let folder = Bytes::copy_from_slice(parent(&target));
    if !folders.borrow().contains(&folder) {
        sftp.mkdir_all(&folder).await?;
        folders.borrow_mut().insert(folder);
    }
    if matches!(conflict, Conflict::Ask | Conflict::Resume) {
        // The upload looks by itself, and says that it exists, or continues it.
        return Ok(Some((target, false)));
    }
    let there = match sftp.lstat(&target).await {
        Ok(there) => there,
        Err(error) if error.status() == Some(Status::NoSuchFile) => {
            return Ok(Some((target, false)));
        }
        Err(error) => return Err(error.into()),
    };
    match conflict {
        Conflict::Ask | Conflict::Resume | Conflict::Replace => {
            Ok(Some((target, conflict == Conflict::Replace)))
        }
        Conflict::Skip => Ok(None),
        Conflict::ReplaceOlder => {
            let older = there.modified().is_none_or(|there| there < modified);
            Ok(older.then_some((target, true)))
        }
        Conflict::KeepBoth => {
            for number in 2..MOST_NUMBERS {
                let other = numbered(&target, number);
                if !sftp.exists(&other).await? {
                    return Ok(Some((other, false)));
                }
            }
            Err(TransferError::UserTargetExists { path: target })
        }
    }
}

/// Downloads a file.
pub(super) async fn download(
    sftp: &Sftp,
    (commands, lanes): (&Commands, &Extra),
    path: &RemotePath,
    target: &mut Target,
    (mark, verify): (&RefCell<Option<Mark>>, bool),
    mut progress: impl FnMut(Progress),
) -> Ended {
    let path = Bytes::copy_from_slice(path.bytes());
    let asked = monotonic();
    let now = match sftp.stat(&path).await {
        Ok(now) => now,
        Err(error) => return failed(&error.into()),
    };
    lanes.answered(monotonic().saturating_sub(asked));
    // What was written before belongs to the file as it was then.
    let before = mark.replace(Mark::of(&now));
    let download = Download {
        path,
        mark: before,
        verify,
        at_most: target.at_most(),
    };
    let moved = |now| {
        lanes.progressed(now);
        progress(now);
    };
    match download
        .run_over(sftp, lanes, target, commands, moved)
        .await
    {
        Ok(report) => TransferState::Done {
            notes: download_notes(&report),
        }
        .into(),
        Err(error) => failed(&error),
    }
}

/// Downloads a folder.
///
/// - `private`: opens a file for a zip that has no place yet.
pub(super) async fn folder(
    (sftp, commands, path): (&Sftp, &Commands, &RemotePath),
    (target, name, private): (
        &mut FolderTarget,
        &str,
        impl Future<Output = Result<Target, LocalError>>,
    ),
    verify: bool,
    progress: impl FnMut(FolderProgress),
) -> Ended {
    let path = Bytes::copy_from_slice(path.bytes());
    let done = match target {
        FolderTarget::Picked(folder) => {
            let resume = match folder.begin(name).await {
                Ok(resume) => resume,
                Err(error) => return failed(&error.into()),
            };
            let download = FolderDownload {
                path,
                resume,
                verify,
            };
            download.run((sftp, commands), folder, progress).await
        }
        FolderTarget::Zip(zip) => {
            let zip = match zip {
                Some(zip) => zip,
                empty => match private.await {
                    Ok(opened) => empty.insert(opened),
                    Err(error) => return failed(&error.into()),
                },
            };
            let download = ZipDownload { path, verify };
            download.run((sftp, commands), zip, progress).await
        }
    };
    match done {
        Ok(report) => TransferState::Done {
            notes: folder_notes(report),
        }
        .into(),
        Err(error) => failed(&error),
    }
}

/// Downloads a folder as a zip into a stream, which ends with the run.
pub(super) async fn streamed_folder(
    from: (&Sftp, &Commands, &RemotePath),
    zip: Target,
    verify: bool,
    progress: impl FnMut(FolderProgress),
) -> Ended {
    let mut target = FolderTarget::Zip(Some(zip));
    let private = core::future::pending();
    folder(from, (&mut target, "", private), verify, progress).await
}

fn folder_notes(report: FolderReport) -> Vec<String> {
    let FolderReport {
        files,
        renamed,
        left_out,
        notes: details,
        equal,
        untold,
        ..
    } = report;
    let mut notes = Vec::new();
    match (equal, untold) {
        (0, 0) => {}
        (equal, 0) => notes.push(format!("The checksums of {equal} files are equal")),
        (equal, untold) => notes.push(format!(
            "The checksums of {equal} files are equal; those of {untold} could not be compared"
        )),
    }
    if renamed + left_out > 0 {
        notes.push(format!(
            "{files} files arrived, {left_out} were left out, {renamed} names are others here"
        ));
    }
    notes.extend(details);
    notes
}

/// The end of a transfer that did not work.
pub(super) fn failed(error: &TransferError) -> Ended {
    TransferState::Failed {
        failure: words::transfer_failure(error),
    }
    .into()
}

/// The end of a transfer that could not begin.
pub(super) fn failed_with(code: FilesErrorCode, detail: &str) -> Ended {
    TransferState::Failed {
        failure: words::failure(code, detail),
    }
    .into()
}

fn upload_notes(report: &Uploaded) -> Vec<String> {
    let mut notes = resumed_notes(report.resumed);
    notes.extend(report.in_place.map(|why| {
        let why = match why {
            InPlace::Continued => "It was continued where it is, as you chose",
            InPlace::Folder => {
                "The folder takes no new files, so the file was overwritten in place"
            }
            InPlace::Owner | InPlace::Links | InPlace::Name => {
                "It could not be replaced by another file, so it was overwritten in place"
            }
        };
        format!("{why}: for a while it was incomplete under its final name")
    }));
    if report.gap {
        notes.push(
            "The server cannot replace a file at once, so for a moment there was none".to_owned(),
        );
    }
    if report.attributes_lost {
        notes.push("Permissions, owner or times could not all be set".to_owned());
    }
    if report.checksum.is_some() {
        notes.push("The checksums are equal".to_owned());
    }
    notes
}

fn download_notes(report: &Downloaded) -> Vec<String> {
    let mut notes = resumed_notes(report.resumed);
    if report.changed {
        notes.push("The file changed on the server during the download".to_owned());
    }
    if report.checksum.is_some() {
        notes.push("The checksums are equal".to_owned());
    }
    notes
}

fn resumed_notes(resumed: Resumed) -> Vec<String> {
    match resumed {
        Resumed::Fresh => Vec::new(),
        Resumed::From(offset) => vec![format!("Continued after {offset} bytes that were compared")],
        Resumed::Discarded => {
            vec!["What was there from before had changed, so it began anew".to_owned()]
        }
    }
}
