//! Transfers begun, begun again and given up, as a page commands.

use std::rc::Rc;

use futures::lock::Mutex;
use transom_browser::{LocalFile, LocalFolder, LocalTarget, remove_private};
use transom_protocol::{
    Conflict, DOWNLOADS_FOLDER, Direction, Event, FilesEvent, RemotePath, Transfer, TransferId,
    TransferState,
};
use transom_sftp::{discard_part, safe_name};
use wasm_bindgen::JsValue;

use super::Files;
use super::local::{Chosen, FolderTarget, Picked, Target};
use super::run::{UploadHow, Work};
use super::stream::offered;
use crate::engine::Engine;

impl Files {
    pub(super) fn upload(
        engine: &Rc<Engine>,
        id: TransferId,
        path: RemotePath,
        (file, how): (Option<LocalFile>, UploadHow),
    ) {
        let name = || RemotePath::new(path.name()).shown();
        let transfer = Transfer {
            id,
            direction: Direction::Upload,
            local_name: file.as_ref().map_or_else(name, LocalFile::name),
            path,
            picked: true,
            streamed: false,
            files_done: 0,
            files_total: 0,
            state: TransferState::Queued,
            done: 0,
            total: file.as_ref().map_or(0, LocalFile::size),
            rate: 0.0,
        };
        let known = engine
            .files()
            .queue
            .borrow_mut()
            .job(&transfer.id)
            .is_some();
        if file.is_none() && known {
            return;
        }
        let file = file.map(Chosen);
        Self::add(engine, transfer, Work::Upload { file, how });
    }

    pub(super) fn download(
        engine: &Rc<Engine>,
        id: TransferId,
        path: RemotePath,
        (object, verify): (Option<&JsValue>, bool),
    ) {
        let target = object.and_then(LocalTarget::from_object);
        let transfer = download_of(id, path, target.is_some());
        let target = Rc::new(Mutex::new(target.map(Target::new)));
        Self::add(
            engine,
            transfer,
            Work::Download {
                target,
                stream: offered(object),
                mark: Rc::default(),
                verify,
            },
        );
    }

    pub(super) fn download_folder(
        engine: &Rc<Engine>,
        id: TransferId,
        path: RemotePath,
        (object, verify): (Option<&JsValue>, bool),
    ) {
        let folder = object.and_then(LocalFolder::from_object);
        let file = object.and_then(LocalTarget::from_object);
        let target = folder.map_or_else(
            || FolderTarget::Zip(file.map(Target::new)),
            |folder| FolderTarget::Picked(Picked::new(folder)),
        );
        let picked = !matches!(target, FolderTarget::Zip(None));
        let mut transfer = download_of(id, path, picked);
        if matches!(target, FolderTarget::Zip(_)) {
            transfer.local_name.push_str(".zip");
        }
        let target = Rc::new(Mutex::new(target));
        let work = Work::Folder {
            target,
            stream: offered(object),
            verify,
        };
        Self::add(engine, transfer, work);
    }

    fn add(engine: &Rc<Engine>, transfer: Transfer, work: Work) {
        if !is_token(&transfer.id.0) {
            return;
        }
        engine.files().queue.borrow_mut().add(transfer, work);
        Self::pump(engine);
    }

    pub(super) fn again(engine: &Rc<Engine>, id: &TransferId, conflict: Option<Conflict>) {
        let mut queue = engine.files().queue.borrow_mut();
        if let (Some(chosen), Some(job)) = (conflict, queue.job(id))
            && let Work::Upload { how, .. } = &mut job.work
        {
            how.conflict = chosen;
        }
        queue.again(id);
        drop(queue);
        Self::pump(engine);
    }

    pub(super) fn pause(engine: &Rc<Engine>, id: &TransferId) {
        let files = engine.files();
        let mut queue = files.queue.borrow_mut();
        // A stream cannot be continued; the browser pauses it.
        if queue.job(id).is_none_or(|job| job.transfer.streamed) {
            return;
        }
        queue.stop(id, TransferState::Paused);
        drop(queue);
        let run = files.runs.borrow_mut().remove(id);
        drop(run);
        Self::pump(engine);
    }

    pub(super) fn cancel(engine: &Rc<Engine>, id: TransferId) {
        let files = engine.files();
        files.runs.borrow_mut().remove(&id);
        let removed = files.queue.borrow_mut().remove(&id);
        let gone = FilesEvent::TransferGone {
            transfer: id.clone(),
        };
        engine.tell_all(&Event::Files { event: gone });
        Self::pump(engine);
        let Some(job) = removed else { return };
        if matches!(
            job.transfer.state,
            TransferState::Done { .. } | TransferState::Skipped
        ) {
            return;
        }
        let engine = Rc::clone(engine);
        wasm_bindgen_futures::spawn_local(async move {
            // Without a connection the part stays: hidden, and named after what it was.
            match job.transfer.direction {
                Direction::Upload => {
                    if let Ok(sftp) = Self::sftp(&engine).await {
                        let path = job.transfer.path.bytes();
                        let _left = discard_part(&sftp, path, &id.0).await;
                    }
                }
                Direction::Download => {
                    let _left = remove_private(DOWNLOADS_FOLDER, &id.0).await;
                }
            }
        });
    }
}

/// A download that waits.
fn download_of(id: TransferId, path: RemotePath, picked: bool) -> Transfer {
    Transfer {
        id,
        direction: Direction::Download,
        local_name: safe_name(path.name()),
        path,
        picked,
        streamed: false,
        files_done: 0,
        files_total: 0,
        state: TransferState::Queued,
        done: 0,
        total: 0,
        rate: 0.0,
    }
}

/// Whether a page's name for a transfer is one that may be part of a file name.
fn is_token(id: &str) -> bool {
    (8..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
