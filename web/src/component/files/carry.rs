//! Files between the folder and the person's machine.

use transom_protocol::Conflict;
use web_sys::{DataTransfer, FileList};

use super::desk::Desk;
use crate::state::files::is_folder;

impl Desk {
    /// Downloads what is chosen to where the browser puts downloads; a folder as a zip.
    pub(crate) fn download(&self) {
        for entry in self.folder.selected() {
            let path = self.folder.path_of(entry);
            if is_folder(entry) {
                self.files.download_folder(path, None);
            } else {
                self.files.download(path, None);
            }
        }
    }

    /// Downloads what is chosen into a folder that the person picks.
    pub(crate) fn download_into(&self) {
        let (desk, folder) = (self.clone(), self.folder.clone());
        self.local.pick(move |picked| {
            for entry in folder.selected() {
                let (files, path) = (desk.files.clone(), desk.folder.path_of(entry));
                if is_folder(entry) {
                    files.download_folder(path, Some(&picked.folder()));
                } else {
                    let name = entry.name.shown();
                    picked.file(&name, move |file| files.download(path, Some(&file)));
                }
            }
        });
    }

    /// Uploads what was dropped into this folder.
    pub(crate) fn upload_dropped(&self, data: &DataTransfer) {
        let desk = self.clone();
        self.local
            .dropped(data, move |path, file| desk.upload(&path, file));
    }

    /// Uploads what the person chooses now, in a dialog that gives handles.
    pub(crate) fn upload_by_handle(&self) {
        let desk = self.clone();
        self.local
            .choose(move |path, file| desk.upload(&path, file));
    }

    /// The same with a folder and all in it.
    pub(crate) fn upload_folder_by_handle(&self) {
        let desk = self.clone();
        self.local
            .choose_folder(move |path, file| desk.upload(&path, file));
    }

    /// Uploads what was chosen.
    pub(crate) fn upload_chosen(&self, files: &FileList) {
        let desk = self.clone();
        self.local
            .chosen(files, move |path, file| desk.upload(&path, file));
    }

    fn upload(&self, path: &str, file: web_sys::File) {
        // Nothing goes anywhere before the folder is known.
        if self.folder.path.bytes().is_empty() {
            return;
        }
        let target = self.folder.path.join(path.as_bytes());
        let id = self.files.upload(file, target.clone(), Conflict::Ask);
        if let Some(server) = &self.server {
            self.files.keep(server, &id, &target);
        }
    }
}
