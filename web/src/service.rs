//! Live things behind handles: engines, storage, the document's surroundings.

pub(crate) mod backup;
pub(crate) mod clipboard;
pub(crate) mod download;
pub(crate) mod files;
pub(crate) mod forget;
pub(crate) mod hosts;
pub(crate) mod keeper;
pub(crate) mod kept;
pub(crate) mod key_export;
pub(crate) mod key_import;
pub(crate) mod keys;
pub(crate) mod known_hosts;
pub(crate) mod link;
pub(crate) mod local;
pub(crate) mod notify;
pub(crate) mod pane;
pub(crate) mod passkey;
pub(crate) mod place;
pub(crate) mod recordings;
pub(crate) mod screens;
pub(crate) mod sessions;
pub(crate) mod snippets;
pub(crate) mod soft_keys;
pub(crate) mod spare;
pub(crate) mod storage;
pub(crate) mod vault;
