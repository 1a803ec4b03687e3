//! Files of the machine: those that a person chose, and private storage of this origin (OPFS).
//!
//! Nothing here is read or written whole: memory holds a slice.

mod folder;
mod stream;

pub use folder::LocalFolder;
pub use stream::{LocalStream, StreamProblem};

use bytes::Bytes;
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FileSystemCreateWritableOptions, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetFileOptions, FileSystemWritableFileStream, StorageManager, WriteCommandType,
    WriteParams,
};

use crate::JsFailure;

/// A file that a person chose to be read.
#[derive(Clone, Debug)]
pub struct LocalFile(File);

impl LocalFile {
    /// Takes an object that came with a message; `None` if it is no file.
    pub fn from_object(object: &JsValue) -> Option<Self> {
        object.dyn_ref::<File>().cloned().map(Self)
    }

    /// Its name, without a folder.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its size in bytes when it was chosen.
    pub fn size(&self) -> u64 {
        whole(self.0.size())
    }

    /// Its last change when it was chosen, in milliseconds since 1970.
    pub fn modified_millis(&self) -> u64 {
        whole(self.0.last_modified())
    }

    /// Reads `length` bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] named `NotReadableError` where the file is not what it was when it was chosen.
    ///
    /// # Cancel safety
    ///
    /// A dropped call has no effect.
    pub async fn read(&self, offset: u64, length: usize) -> Result<Bytes, JsFailure> {
        read(&self.0, offset, length).await
    }
}

/// A file that is written, slice by slice. Its content appears when it is [`LocalTarget::close`]d.
#[derive(Debug)]
pub struct LocalTarget {
    handle: FileSystemFileHandle,
    stream: Option<FileSystemWritableFileStream>,
    /// Bytes that the stream holds.
    size: u64,
}

impl LocalTarget {
    /// Takes an object that came with a message; `None` if it is no handle of a file. What the
    /// file holds will be replaced.
    pub fn from_object(object: &JsValue) -> Option<Self> {
        let handle = object.dyn_ref::<FileSystemFileHandle>()?;
        Some(Self::of(handle.clone()))
    }

    fn of(handle: FileSystemFileHandle) -> Self {
        Self {
            handle,
            stream: None,
            size: 0,
        }
    }

    /// Makes a file in a folder of this origin's private storage.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser has or gives no such storage.
    pub async fn private(folder: &str, name: &str) -> Result<Self, JsFailure> {
        let folder = private_folder(folder).await?;
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle = done(folder.get_file_handle_with_options(name, &options)).await?;
        Ok(Self::of(handle))
    }

    /// Bytes that were written.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Writes `data` at `offset`.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] named `QuotaExceededError` where there is no room, `NotAllowedError` where the
    /// person took the leave away.
    ///
    /// # Cancel safety
    ///
    /// A dropped call may have written it.
    pub async fn write(&mut self, offset: u64, data: &[u8]) -> Result<(), JsFailure> {
        let bytes = Uint8Array::from(data);
        let params = WriteParams::new(WriteCommandType::Write);
        params.set_data(&bytes);
        params.set_position(Some(float(offset)));
        let stream = self.stream().await?;
        settled(stream.write_with_write_params(&params)?).await?;
        let end = offset.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        self.size = self.size.max(end);
        Ok(())
    }

    /// Reads what was written.
    ///
    /// # Errors
    ///
    /// [`JsFailure`].
    pub async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, JsFailure> {
        // What a stream has written shows only after it is closed.
        self.close().await?;
        let file: File = done(self.handle.get_file()).await?;
        read(&file, offset, length).await
    }

    /// Cuts it.
    ///
    /// # Errors
    ///
    /// As [`Self::write`].
    pub async fn truncate(&mut self, size: u64) -> Result<(), JsFailure> {
        let stream = self.stream().await?;
        settled(stream.truncate_with_f64(float(size))?).await?;
        self.size = size;
        Ok(())
    }

    /// Makes all that was written the file's content. More may be written afterwards.
    ///
    /// # Errors
    ///
    /// As [`Self::write`].
    pub async fn close(&mut self) -> Result<(), JsFailure> {
        match self.stream.take() {
            Some(stream) => settled(stream.close()).await,
            None => Ok(()),
        }
    }

    async fn stream(&mut self) -> Result<FileSystemWritableFileStream, JsFailure> {
        if let Some(stream) = &self.stream {
            return Ok(stream.clone());
        }
        let options = FileSystemCreateWritableOptions::new();
        options.set_keep_existing_data(self.size > 0);
        let opened = done(self.handle.create_writable_with_options(&options));
        let stream: FileSystemWritableFileStream = opened.await?;
        self.stream = Some(stream.clone());
        Ok(stream)
    }
}

/// Removes a file from this origin's private storage. That there is none is fine.
///
/// # Errors
///
/// [`JsFailure`].
pub async fn remove_private(folder: &str, name: &str) -> Result<(), JsFailure> {
    let folder = private_folder(folder).await?;
    match settled(folder.remove_entry(name)).await {
        Err(failure) if failure.name != "NotFoundError" => Err(failure),
        _ => Ok(()),
    }
}

async fn private_folder(name: &str) -> Result<FileSystemDirectoryHandle, JsFailure> {
    // The same in a page and in a worker, which have no type in common.
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let storage = Reflect::get(&navigator, &"storage".into())?;
    let storage: StorageManager = storage
        .dyn_into()
        .map_err(|_| JsFailure::missing("navigator.storage"))?;
    let root: FileSystemDirectoryHandle = done(storage.get_directory()).await?;
    folder::folder_in(&root, name).await
}

async fn read(blob: &Blob, offset: u64, length: usize) -> Result<Bytes, JsFailure> {
    let end = offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
    // A slice is a blob of its own, which the browser's process has to be told of.
    let entire = offset == 0 && end == whole(blob.size());
    let buffer = if entire {
        blob.array_buffer()
    } else {
        let slice = blob.slice_with_f64_and_f64(float(offset), float(end))?;
        slice.array_buffer()
    };
    let buffer = JsFuture::from(buffer).await?;
    let bytes = Uint8Array::new(&buffer);
    if usize::try_from(bytes.length()).is_ok_and(|read| read == length) {
        return Ok(bytes.to_vec().into());
    }
    Err(JsFailure {
        name: "NotReadableError".to_owned(),
        message: "the file is shorter than it was".to_owned(),
    })
}

/// Waits for an object of a type.
async fn done<T: JsCast>(promise: Promise) -> Result<T, JsFailure> {
    let object = JsFuture::from(promise).await?;
    object
        .dyn_into()
        .map_err(|_| JsFailure::missing("files of the browser"))
}

async fn settled(promise: Promise) -> Result<(), JsFailure> {
    JsFuture::from(promise).await?;
    Ok(())
}

/// A size as JavaScript has it; exact up to 2^53.
fn float(size: u64) -> f64 {
    let high = u32::try_from(size >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(size & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// A size of JavaScript; what is none becomes 0.
fn whole(size: f64) -> u64 {
    // The only conversion of a float in the library that cannot surprise: to a Duration.
    core::time::Duration::try_from_secs_f64(size)
        .unwrap_or_default()
        .as_secs()
}
