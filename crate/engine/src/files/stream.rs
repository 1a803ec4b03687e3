//! Downloads that the browser takes while they arrive.

use core::cell::RefCell;
use std::rc::Rc;

use transom_browser::LocalStream;
use transom_protocol::{RemotePath, TransferId};
use transom_sftp::{FileKind, Open, Sftp};
use wasm_bindgen::JsValue;

use super::Files;
use super::local::Target;
use crate::engine::Engine;

/// A stream that a page offered, until a run takes it. It serves one run: when that ends without
/// the whole, or is dropped, the browser shows a download that failed, and the next run goes
/// through private storage, where it can be continued.
pub(super) type Offered = Rc<RefCell<Option<LocalStream>>>;

/// What came with a command, where that is such a stream.
pub(super) fn offered(object: Option<&JsValue>) -> Offered {
    Rc::new(RefCell::new(object.and_then(LocalStream::from_object)))
}

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
            // What cannot be read is told by the download itself; the browser is not to hear of it.
            Some((sftp, path)) => readable(sftp, path).await?,
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

/// The size of a file that can be read, where the server says it; `None` for what cannot be.
async fn readable(sftp: &Sftp, path: &RemotePath) -> Option<Option<u64>> {
    let there = sftp.stat(path.bytes()).await.ok()?;
    // A pipe would wait for somebody who writes.
    if !matches!(there.kind(), FileKind::File | FileKind::Unknown) {
        return None;
    }
    let file = sftp.open(path.bytes(), Open::read()).await.ok()?;
    file.close().await.ok()?;
    Some(there.size)
}
