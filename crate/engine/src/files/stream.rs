//! Downloads that the browser takes while they arrive.

use core::cell::RefCell;
use std::rc::Rc;

use transom_browser::LocalStream;
use transom_protocol::{RemotePath, TransferId};
use transom_sftp::Sftp;

use super::Files;
use super::local::Target;
use crate::engine::Engine;

/// A stream that a page offered, until a run takes it. It serves one run: when that ends without
/// the whole, or is dropped, the browser shows a download that failed, and the next run goes
/// through private storage, where it can be continued.
pub(super) type Offered = Rc<RefCell<Option<LocalStream>>>;

impl Files {
    /// Opens the stream of a transfer. `None` where there is none, or the browser takes none.
    ///
    /// - `file`: which, where its size is to be announced.
    pub(super) async fn stream(
        engine: &Rc<Engine>,
        id: &TransferId,
        offered: &Offered,
        file: Option<(&Sftp, &RemotePath)>,
    ) -> Option<Target> {
        let taken = offered.borrow_mut().take();
        let opened = match taken {
            Some(stream) => Self::open_stream(engine, id, stream, file).await,
            None => None,
        };
        let streamed = opened.is_some();
        let mut queue = engine.files().queue.borrow_mut();
        queue.change(id, |transfer| transfer.streamed = streamed);
        drop(queue);
        opened
    }

    async fn open_stream(
        engine: &Rc<Engine>,
        id: &TransferId,
        mut stream: LocalStream,
        file: Option<(&Sftp, &RemotePath)>,
    ) -> Option<Target> {
        let size = match file {
            // What cannot be read is told by the download itself, before the browser hears of it.
            Some((sftp, path)) => sftp.stat(path.bytes()).await.ok()?.size,
            None => None,
        };
        // Files of /proc say 0 and hold something.
        let size = size.filter(|size| *size > 0);
        let name = {
            let mut queue = engine.files().queue.borrow_mut();
            queue.job(id)?.transfer.local_name.clone()
        };
        match stream.open(&name, size).await {
            Ok(()) => Some(Target::stream(stream)),
            Err(problem) => {
                tracing::debug!(%problem, "a download goes through private storage");
                None
            }
        }
    }
}
