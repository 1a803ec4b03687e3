//! Uploads that are not done, kept in the browser so that they go on after a reload that ended the
//! engine. What is kept names the file and, where the browser gives one, holds its handle; never
//! what is in it.

use js_sys::{Array, Object, Reflect, Uint8Array};
use transom_protocol::{RemotePath, TransferId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::service::local::module;

/// An upload that was not done.
pub(crate) struct Kept {
    pub(crate) id: TransferId,
    pub(crate) path: RemotePath,
    /// The file, where the browser lets us have it unasked.
    pub(crate) file: Option<File>,
    /// There is a handle, which a person may allow again.
    pub(crate) handle: bool,
}

/// Where an upload goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// User, host, port and jump hosts, as a person types them.
    pub(crate) address: String,
    /// The connection that it goes over now.
    pub(crate) connection: String,
}

/// Keeps an upload until it is forgotten.
pub(crate) fn remember(server: &Server, id: &TransferId, path: &RemotePath, file: &File) {
    let row = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("id", id.0.as_str().into()),
        ("server", server.address.as_str().into()),
        ("connection", server.connection.as_str().into()),
        ("path", Uint8Array::from(path.bytes()).into()),
    ];
    for (name, value) in fields {
        // A fresh object takes any property.
        let _ = Reflect::set(&row, &name.into(), &value);
    }
    let file = file.clone();
    spawn_local(async move {
        if let Some(module) = module().await {
            module.remember(&row, &file);
        }
    });
}

/// Forgets an upload that is done or given up.
pub(crate) fn forget(id: &TransferId) {
    let id = id.0.clone();
    spawn_local(async move {
        if let Some(module) = module().await {
            module.forget(&id);
        }
    });
}

/// Gives the uploads to a server that no living connection carries, and takes them over.
pub(crate) fn recall(server: Server, on_kept: impl Fn(Kept) + 'static) {
    spawn_local(async move {
        let Some(module) = module().await else { return };
        let asked = module.recall(&server.address, &server.connection);
        // Without storage nothing was kept.
        let Ok(rows) = JsFuture::from(asked).await else {
            return;
        };
        for row in Array::from(&rows) {
            if let Some(kept) = read(&row) {
                on_kept(kept);
            }
        }
    });
}

/// Asks the person for leave to read the file of an upload again; must be called from a click.
pub(crate) fn reopen(id: &TransferId, on_file: impl FnOnce(File) + 'static) {
    let id = id.0.clone();
    spawn_local(async move {
        let Some(module) = module().await else { return };
        if let Ok(file) = JsFuture::from(module.reopen(&id)).await
            && let Ok(file) = file.dyn_into()
        {
            on_file(file);
        }
    });
}

fn read(row: &JsValue) -> Option<Kept> {
    let field = |name: &str| Reflect::get(row, &name.into()).ok();
    let path: Uint8Array = field("path")?.dyn_into().ok()?;
    Some(Kept {
        id: TransferId(field("id")?.as_string()?),
        path: RemotePath::new(path.to_vec()),
        file: field("file")?.dyn_into().ok(),
        handle: field("handle")?.is_object(),
    })
}
