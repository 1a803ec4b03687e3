//! Downloads, each to the best place that this browser has for it.

use transom_protocol::{FilesCommand, RemotePath, TransferId};
use wasm_bindgen::JsValue;

use super::{Files, Own, new_id};
use crate::service::local;

impl Files {
    /// Downloads a file into `handle`; without one, to where the browser puts downloads.
    pub(crate) fn download(&self, path: RemotePath, handle: Option<&JsValue>) {
        let transfer = self.begin_download(handle.is_none());
        let verify = self.choices().verify;
        let command = FilesCommand::Download {
            transfer,
            path,
            verify,
        };
        self.bring(command, handle);
    }

    /// Downloads a folder with all in it: into a folder inside `folder`; without one, as a zip to
    /// where the browser puts downloads.
    pub(crate) fn download_folder(&self, path: RemotePath, folder: Option<&JsValue>) {
        let transfer = self.begin_download(folder.is_none());
        let verify = self.choices().verify;
        let command = FilesCommand::DownloadFolder {
            transfer,
            path,
            verify,
        };
        self.bring(command, folder);
    }

    /// Commands a download, into `handle` or by the best other way that the browser has.
    fn bring(&self, command: FilesCommand, handle: Option<&JsValue>) {
        if handle.is_some() {
            return self.command(command, handle);
        }
        let this = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let stream = local::stream().await;
            this.command(command, stream.as_ref().map(AsRef::as_ref));
        });
    }

    fn begin_download(&self, private: bool) -> TransferId {
        let transfer = new_id();
        let own = Own {
            file: None,
            private,
            kept: None,
        };
        self.heard.own.borrow_mut().insert(transfer.clone(), own);
        transfer
    }
}
