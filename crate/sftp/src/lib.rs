//! SFTP version 3: a codec without I/O, a client over any byte stream, transfers.
//!
//! [`Sftp::begin`] takes the two directions of a byte stream and gives a handle and a [`Driver`].
//! The driver is a future that moves the bytes; the handle may be cloned and used by any number of
//! tasks at once. Nothing here needs a runtime or knows a browser: time is a [`Clock`].
//!
//! # Flow control
//!
//! Data in flight counts against one window of each connection, in bytes, which adapts to the link
//! (512 KiB at first, 16 MiB at most). What a server sends beyond what was asked for ends the
//! connection, so the window also bounds what arrives and waits.
//!
//! # Cancellation
//!
//! Dropping a call cancels it. Requests that were sent are answered into the void; a handle that
//! an abandoned request opened is closed.

pub mod codec;

mod client;
mod clock;
mod display;
mod error;
mod extension;
mod glob;
mod link;
mod path;
mod safe_name;
mod shell;
mod transfer;
mod tree;

pub use client::{
    DirEntry, File, FileReader, FileWriter, Listing, MAX_ENTRIES, Open, Options, OwnerNames, Sftp,
};
pub use clock::Clock;
pub use codec::{Attributes, FileKind, OpenFlags, Status};
pub use display::display_bytes;
pub use error::{Operation, SftpError, Subject};
pub use extension::{Feature, Limits, Offer, StatVfs};
pub use glob::Pattern;
pub use link::Driver;
pub use path::{file_name, is_name, join, parent};
pub use safe_name::{SafeNames, safe_name};
pub use shell::{NoShell, Sha256, Shell, link_count, sha256, sha256_of_all};
pub use transfer::{
    Download, Downloaded, FolderDownload, FolderProgress, FolderReport, FolderUpload, InPlace,
    Lanes, LocalError, LocalProblem, LocalStep, LocalTree, Mark, NoLanes, Over, Place, Progress,
    Resumed, Sink, Source, ToDisk, TransferError, Upload, Uploaded, ZipDownload, discard_part,
    part_path,
};
pub use tree::{MAX_DEPTH, Skip, Step, TreeCount, Walk};
