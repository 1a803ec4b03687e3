//! Folders of the machine that a person picked.

use core::cell::RefCell;
use std::collections::HashMap;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions,
};

use super::{LocalTarget, done, whole};
use crate::JsFailure;

/// Names that are tried for a new folder.
const MOST_NUMBERS: u32 = 1000;

/// A folder that a person picked, or one in it. Paths are lists of names; whoever gives them sees
/// to it that each is one name.
#[derive(Debug)]
pub struct LocalFolder {
    handle: FileSystemDirectoryHandle,
    /// Folders that were made, by their paths.
    made: RefCell<HashMap<String, FileSystemDirectoryHandle>>,
}

impl LocalFolder {
    /// Takes an object that came with a message; `None` if it is no handle of a folder.
    pub fn from_object(object: &JsValue) -> Option<Self> {
        let handle = object.dyn_ref::<FileSystemDirectoryHandle>()?;
        Some(Self::of(handle.clone()))
    }

    fn of(handle: FileSystemDirectoryHandle) -> Self {
        Self {
            handle,
            made: RefCell::default(),
        }
    }

    /// Makes a folder called `name`; `name (2)` and so on where there is something of this name.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] named `NotAllowedError` where the person took the leave away.
    pub async fn make_new(&self, name: &str) -> Result<Self, JsFailure> {
        let mut number = 1;
        let mut wanted = name.to_owned();
        while number < MOST_NUMBERS && self.has(&wanted).await? {
            number += 1;
            wanted = format!("{name} ({number})");
        }
        folder_in(&self.handle, &wanted).await.map(Self::of)
    }

    async fn has(&self, name: &str) -> Result<bool, JsFailure> {
        let found = done::<JsValue>(self.handle.get_file_handle(name)).await;
        let Err(failure) = found else {
            return Ok(true);
        };
        match failure.name.as_str() {
            "TypeMismatchError" => Ok(true),
            "NotFoundError" => Ok(false),
            _ => Err(failure),
        }
    }

    /// Makes the folder of a path whose parent was made. That it is there is fine.
    ///
    /// # Errors
    ///
    /// As [`Self::make_new`].
    pub async fn make(&self, path: &[String]) -> Result<(), JsFailure> {
        let Some((name, _)) = path.split_last() else {
            return Ok(());
        };
        let folder = folder_in(&self.parent(path), name).await?;
        self.made.borrow_mut().insert(path.join("/"), folder);
        Ok(())
    }

    /// Bytes of a file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// As [`Self::make_new`].
    pub async fn size(&self, path: &[String]) -> Result<Option<u64>, JsFailure> {
        let Some((name, _)) = path.split_last() else {
            return Ok(None);
        };
        let found = done::<FileSystemFileHandle>(self.parent(path).get_file_handle(name)).await;
        let file = match found {
            Ok(handle) => done::<File>(handle.get_file()).await?,
            Err(failure) if failure.name == "NotFoundError" => return Ok(None),
            Err(failure) => return Err(failure),
        };
        Ok(Some(whole(file.size())))
    }

    /// Makes a file.
    ///
    /// # Errors
    ///
    /// As [`Self::make_new`].
    pub async fn file(&self, path: &[String]) -> Result<LocalTarget, JsFailure> {
        let name = path.last().map(String::as_str).unwrap_or_default();
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let parent = self.parent(path);
        let handle = done(parent.get_file_handle_with_options(name, &options)).await?;
        Ok(LocalTarget::of(handle))
    }

    fn parent(&self, path: &[String]) -> FileSystemDirectoryHandle {
        let parent = path.split_last().map(|(_, parent)| parent.join("/"));
        let made = self.made.borrow();
        let parent = parent.and_then(|parent| made.get(&parent));
        parent.unwrap_or(&self.handle).clone()
    }
}

/// Makes a folder in another one, or finds it.
pub(super) async fn folder_in(
    parent: &FileSystemDirectoryHandle,
    name: &str,
) -> Result<FileSystemDirectoryHandle, JsFailure> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    done(parent.get_directory_handle_with_options(name, &options)).await
}
