//! Uploads of pages that are gone: kept until they are done, and begun again.

use transom_protocol::{Conflict, RemotePath, Transfer, TransferId};

use super::{Files, Own, is_done};
use crate::service::kept::{self, Kept, Server};

impl Files {
    /// Keeps an upload in the browser until it is done.
    pub(crate) fn keep(&self, server: &Server, id: &TransferId, target: &RemotePath) {
        let mut own = self.heard.own.borrow_mut();
        let Some(own) = own.get_mut(id) else { return };
        own.kept = Some(false);
        if let Some(file) = &own.file {
            kept::remember(server, id, target, file);
        }
    }

    /// Takes over what is kept of a page that is gone. What the engine knows goes on by itself;
    /// the rest begins again, or waits for its file.
    pub(crate) fn recall(&self, server: Server) {
        let this = self.clone();
        kept::recall(server, move |kept| {
            let Kept {
                id,
                path,
                file,
                handle,
            } = kept;
            if this.heard.own.borrow().contains_key(&id) {
                // This page's own.
                return;
            }
            let known = this.heard.transfers.borrow().get(&id).cloned();
            if known.as_ref().is_some_and(is_done) {
                return kept::forget(&id);
            }
            let own = Own {
                file: file.clone(),
                private: false,
                kept: Some(handle),
            };
            this.heard.own.borrow_mut().insert(id.clone(), own);
            if known.is_none() {
                let file = file.as_ref().map(AsRef::as_ref);
                this.begin_upload((id, path), Conflict::Ask, file);
            }
        });
    }

    /// Whether the browser has a handle of an upload's file, which a person may allow again.
    pub(crate) fn has_handle(&self, id: &TransferId) -> bool {
        let own = self.heard.own.borrow();
        own.get(id).is_some_and(|own| own.kept == Some(true))
    }

    /// Gives an upload its file again.
    pub(crate) fn give(&self, transfer: &Transfer, file: &web_sys::File) {
        let kept = self
            .heard
            .own
            .borrow()
            .get(&transfer.id)
            .and_then(|own| own.kept);
        let own = Own {
            file: Some(file.clone()),
            private: false,
            kept,
        };
        self.heard.own.borrow_mut().insert(transfer.id.clone(), own);
        let what = (transfer.id.clone(), transfer.path.clone());
        self.begin_upload(what, Conflict::Ask, Some(file.as_ref()));
    }
}
