//! Files of the server: one SFTP channel for each connection, asks of pages, transfers.

mod ask;
mod begin;
mod channel;
mod checksum;
mod lanes;
mod local;
mod queue;
mod run;
mod stream;
mod words;

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::lock::Mutex;
use transom_browser::{LocalFile, LocalTarget, TaskGuard, monotonic, sleep};
use transom_protocol::{
    AskId, DOWNLOADS_FOLDER, Event, FilesAnswer, FilesAsk, FilesCommand, FilesErrorCode,
    FilesEvent, RemotePath, TransferId, TransferState,
};
use transom_sftp::{FolderProgress, Mark, Progress, Sftp, safe_name};
use wasm_bindgen::JsValue;

use crate::engine::Engine;
use crate::page::PageId;
use crate::session::BrowserClock;
use lanes::Extra;
use local::{Commands, Target};
use queue::Queue;
use run::{Ended, UploadHow, Work, failed_with};
use stream::Offered;

/// Transfers that changed are told this often, at most.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What is said where nothing can be asked.
const NO_CONNECTION: &str = "there is no connection";

/// Letters and digits of a token of our own.
const TOKEN_CHARACTERS: usize = 16;

impl transom_sftp::Clock for BrowserClock {
    fn now(&self) -> Duration {
        monotonic()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(sleep(duration))
    }
}

/// What the engine knows about files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// The channel, opened by the first who needs it; and the task that moves its bytes.
    sftp: Mutex<Option<(Sftp, TaskGuard)>>,
    /// Channels beside it that downloads have open.
    lanes: Cell<usize>,
    /// Shortest wait for an answer so far.
    round_trip: Cell<Duration>,
    asks: RefCell<BTreeMap<(PageId, AskId), TaskGuard>>,
    queue: RefCell<Queue<Work>>,
    runs: RefCell<BTreeMap<TransferId, TaskGuard>>,
    /// Folders that uploads found or made, so that each is looked for once.
    folders: RefCell<HashSet<Bytes>>,
    /// A task is on its way to tell what changed.
    telling: RefCell<Option<TaskGuard>>,
}

impl Files {
    /// Does as a page commands.
    pub(crate) fn command(
        engine: &Rc<Engine>,
        page: PageId,
        command: FilesCommand,
        (bytes, object): (Option<Bytes>, Option<JsValue>),
    ) {
        let files = engine.files();
        match command {
            FilesCommand::Ask { id, ask } => Self::ask(engine, page, (id, ask), bytes),
            FilesCommand::Drop { id } => {
                files.asks.borrow_mut().remove(&(page, id));
            }
            FilesCommand::Upload {
                transfer,
                target,
                conflict,
                verify,
                new_time,
            } => {
                let file = object.as_ref().and_then(LocalFile::from_object);
                let how = UploadHow {
                    conflict,
                    verify,
                    new_time,
                };
                Self::upload(engine, transfer, target, (file, how));
            }
            FilesCommand::Download {
                transfer,
                path,
                verify,
            } => {
                Self::download(engine, transfer, path, (object.as_ref(), verify));
            }
            FilesCommand::DownloadFolder {
                transfer,
                path,
                verify,
            } => {
                Self::download_folder(engine, transfer, path, (object.as_ref(), verify));
            }
            FilesCommand::Pause { transfer } => Self::pause(engine, &transfer),
            FilesCommand::Continue { transfer, conflict } => {
                Self::again(engine, &transfer, conflict);
            }
            FilesCommand::Cancel { transfer } => Self::cancel(engine, transfer),
        }
    }

    /// Forgets a page: nobody waits for its asks.
    pub(crate) fn detach(&self, page: PageId) {
        self.asks
            .borrow_mut()
            .retain(|(asking, _), _| *asking != page);
    }

    /// All transfers, for a page that attaches; `None` where there are none.
    pub(crate) fn retell(&self) -> Option<Event> {
        let transfers = self.queue.borrow().all();
        let some = !transfers.is_empty();
        let event = FilesEvent::Transfers { transfers };
        some.then_some(Event::Files { event })
    }

    /// Goes on with what the end of the last session stopped.
    pub(crate) fn opened(engine: &Rc<Engine>) {
        engine.files().queue.borrow_mut().again_if_lost();
        Self::pump(engine);
    }

    /// Ends everything that needs a session, and gives what is to be told about it. What was
    /// transferred stays, to be continued.
    pub(crate) fn closed(&self) -> Option<Event> {
        self.runs.borrow_mut().clear();
        let failure = words::failure(FilesErrorCode::Lost, "the connection was lost");
        self.queue
            .borrow_mut()
            .stop_all(&TransferState::Failed { failure });
        self.retell()
    }

    fn ask(engine: &Rc<Engine>, page: PageId, (id, ask): (AskId, FilesAsk), bytes: Option<Bytes>) {
        let asking = Rc::clone(engine);
        let task = transom_browser::spawn(async move {
            let entries = |entries| {
                let event = FilesEvent::Entries { id, entries };
                asking.tell(page, &Event::Files { event }, None);
            };
            let (answer, bytes) = match (ask, asking.connection()) {
                (_, None) => {
                    let failure = words::failure(FilesErrorCode::Lost, NO_CONNECTION);
                    (FilesAnswer::Failed { failure }, None)
                }
                (FilesAsk::Checksum { path }, Some(connection)) => {
                    (checksum::answer(&Commands(connection), &path).await, None)
                }
                (ask, Some(connection)) => match Self::sftp(&asking).await {
                    Ok(sftp) => {
                        let server = (&sftp, &Commands(connection));
                        ask::answer(server, ask, bytes, entries).await
                    }
                    Err(failure) => (FilesAnswer::Failed { failure }, None),
                },
            };
            let event = FilesEvent::Answer { id, answer };
            asking.tell(page, &Event::Files { event }, bytes.as_deref());
            // Its own guard: what is dropped here is only a flag.
            let done = asking.files().asks.borrow_mut().remove(&(page, id));
            drop(done);
        });
        engine.files().asks.borrow_mut().insert((page, id), task);
    }

    /// Starts what may run.
    fn pump(engine: &Rc<Engine>) {
        let files = engine.files();
        if engine.connection().is_some() {
            loop {
                let next = files.queue.borrow_mut().start_next();
                let Some(id) = next else { break };
                let task = transom_browser::spawn(Self::run(Rc::clone(engine), id.clone()));
                files.runs.borrow_mut().insert(id, task);
            }
        }
        Self::tell_soon(engine);
    }

    /// Runs a transfer to its end, whatever that is.
    async fn run(engine: Rc<Engine>, id: TransferId) {
        let Ended { state, path } = Self::transfer(&engine, &id).await;
        let files = engine.files();
        let mut queue = files.queue.borrow_mut();
        if let Some(path) = path {
            queue.change(&id, |transfer| transfer.path = path);
        }
        queue.stop(&id, state);
        let idle = queue.is_idle();
        drop(queue);
        // The guard of the task that runs here: what is dropped is only a flag.
        let done = files.runs.borrow_mut().remove(&id);
        drop(done);
        if idle {
            // Nothing more will come that it could be told together with.
            Self::tell_changed(&engine);
        } else {
            Self::pump(&engine);
        }
    }

    async fn transfer(engine: &Rc<Engine>, id: &TransferId) -> Ended {
        let sftp = match Self::sftp(engine).await {
            Ok(sftp) => sftp,
            Err(failure) => return TransferState::Failed { failure }.into(),
        };
        let Some(connection) = engine.connection() else {
            return failed_with(FilesErrorCode::Lost, NO_CONNECTION);
        };
        let commands = Commands(connection);
        let job = {
            let mut queue = engine.files().queue.borrow_mut();
            queue
                .job(id)
                .map(|job| (job.work.clone(), job.transfer.path.clone()))
        };
        let Some((work, path)) = job else {
            return TransferState::Skipped.into();
        };
        let progress = |progress| Self::progress(engine, id, progress);
        match work {
            Work::Upload { file, how } => {
                let Some(file) = file else {
                    return TransferState::NeedsFile.into();
                };
                let place = (&sftp, &engine.files().folders);
                run::upload(place, &commands, id, &path, (file, how), progress).await
            }
            Work::Folder {
                target,
                stream,
                verify,
            } => {
                let from = (&sftp, &commands, &path);
                if let Some(zip) = Self::stream(engine, id, &stream, None).await {
                    let told = |progress| Self::folder_progress(engine, id, progress);
                    return run::streamed_folder(from, zip, verify, told).await;
                }
                let private = async {
                    let file = LocalTarget::private(DOWNLOADS_FOLDER, &id.0).await;
                    file.map(Target::new)
                        .map_err(|failure| local::local_error(&failure))
                };
                let name = safe_name(path.name());
                let mut target = target.lock().await;
                let into = (&mut *target, name.as_str(), private);
                let told = |progress| Self::folder_progress(engine, id, progress);
                run::folder(from, into, verify, told).await
            }
            Work::Download {
                target,
                stream,
                mark,
                verify,
            } => {
                let from = (&sftp, &commands, &path);
                let how = (&*mark, verify);
                Self::fetch(engine, id, from, (&target, &stream), how).await
            }
        }
    }

    /// Fetches a file: as a stream where that opens, else into its place or private storage.
    async fn fetch(
        engine: &Rc<Engine>,
        id: &TransferId,
        (sftp, commands, path): (&Sftp, &Commands, &RemotePath),
        (target, stream): (&Mutex<Option<Target>>, &Offered),
        how: (&RefCell<Option<Mark>>, bool),
    ) -> Ended {
        let progress = |progress| Self::progress(engine, id, progress);
        let lanes = Extra::new(engine);
        let from = (commands, &lanes);
        if let Some(mut out) = Self::stream(engine, id, stream, Some((sftp, path))).await {
            return run::download(sftp, from, path, &mut out, how, progress).await;
        }
        // It stays where it is when this is dropped, so that a later run goes on with it.
        let mut slot = target.lock().await;
        let file = match &mut *slot {
            Some(file) => file,
            empty => match LocalTarget::private(DOWNLOADS_FOLDER, &id.0).await {
                Ok(file) => empty.insert(Target::new(file)),
                Err(error) => return run::failed(&local::local_error(&error).into()),
            },
        };
        run::download(sftp, from, path, file, how, progress).await
    }

    fn progress(engine: &Rc<Engine>, id: &TransferId, progress: Progress) {
        engine
            .files()
            .queue
            .borrow_mut()
            .change(id, |transfer| match progress {
                Progress::Verifying { done, .. } => {
                    transfer.state = TransferState::Verifying;
                    transfer.done = done;
                }
                Progress::Moving { done, total } => {
                    transfer.state = TransferState::Moving;
                    (transfer.done, transfer.total) = (done, total);
                }
            });
        Self::tell_soon(engine);
    }

    fn folder_progress(engine: &Rc<Engine>, id: &TransferId, progress: FolderProgress) {
        engine.files().queue.borrow_mut().change(id, |transfer| {
            transfer.state = TransferState::Moving;
            (transfer.done, transfer.total) = (progress.done, progress.total);
            transfer.files_done = progress.files_done;
            transfer.files_total = progress.files_total;
        });
        Self::tell_soon(engine);
    }

    /// Tells the pages what changed, a little later and all together.
    fn tell_soon(engine: &Rc<Engine>) {
        let files = engine.files();
        if files.telling.borrow().is_some() {
            return;
        }
        let telling = Rc::clone(engine);
        let task = transom_browser::spawn(async move {
            sleep(TELL_EVERY).await;
            let guard = telling.files().telling.borrow_mut().take();
            Self::tell_changed(&telling);
            drop(guard);
        });
        files.telling.borrow_mut().replace(task);
    }

    /// Tells the pages what changed.
    fn tell_changed(engine: &Rc<Engine>) {
        loop {
            let transfers = engine.files().queue.borrow_mut().take_changed(monotonic());
            if transfers.is_empty() {
                break;
            }
            let event = FilesEvent::Transfers { transfers };
            engine.tell_all(&Event::Files { event });
        }
    }
}

/// A name for a part that nobody else has.
fn token() -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bytes = [0; TOKEN_CHARACTERS];
    // Without randomness the name is the same each time, and the part of another save is then
    // compared before it is used.
    let _random = getrandom::fill(&mut bytes);
    let letter = |byte: &u8| {
        LETTERS
            .get(usize::from(byte % 32))
            .copied()
            .map_or('a', char::from)
    };
    bytes.iter().map(letter).collect()
}
