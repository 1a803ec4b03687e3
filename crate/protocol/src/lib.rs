//! What the page and the engine say to each other.
//!
//! One engine serves one SSH connection; any number of pages may be attached to it. The page
//! sends [`Command`]s, the engine sends [`Event`]s. Where the engine cannot decide alone it asks
//! a [`Question`] and waits for the [`Answer`] with the same [`QuestionId`]; open questions are
//! told again to each page that attaches, so that a reload never loses one.
//!
//! Each message is one `postMessage` of a two-element array `[envelope, bytes]`: the envelope is
//! the value of this crate as a plain JavaScript object, `{name: fields}` or the name alone
//! (serde's internal tags would cost a tenth of both programs), `bytes` an optional `Uint8Array` whose
//! buffer is transferred. Terminal bytes travel only there, never inside the envelope, so they
//! are neither copied nor converted.
//!
//! This crate is pure data: it reaches neither a runtime nor the browser.
//!
//! # Change rule
//!
//! [`VERSION`] rises with every change that an older page or engine would misunderstand. A page
//! that meets an engine of another version says so and does not send commands to it.

mod ask;
mod command;
mod error;
mod event;
mod files;
mod host;
mod keys;
mod known_hosts;
mod link;
mod remote_path;
mod secret;
mod target;
mod trust;

pub use ask::{
    AgentDestination, AgentUse, AgentVerdict, Answer, Echo, HostKeyOffer, HostKeyVerdict,
    KeyProblem, KnownKey, Prompt, Question, Refusal,
};
pub use command::{Command, OUTPUT_WINDOW_BYTES, RelayMode, RelaySpec, TerminalSize};
pub use error::{ErrorCode, Failure};
pub use event::{Event, ExitStatus, LinkState, Phase, RelayNotice, SessionSummary, ShellSummary};
pub use files::{
    AskId, BATCH_ENTRIES, Conflict, DOWNLOADS_FOLDER, Direction, EntryKind, FileEntry, FileMark,
    FilesAnswer, FilesAsk, FilesCommand, FilesErrorCode, FilesEvent, FilesFailure, MAX_READ_BYTES,
    MAX_SIZE_BYTES, Transfer, TransferId, TransferState, WrittenInPlace,
};
pub use host::{Environment, SavedHost};
pub use keys::{
    BackupCommand, BackupOutcome, InstallProblem, KeyImport, KeyInstall, KeysCommand, KeysEvent,
    VaultCommand, VaultOutcome,
};
pub use known_hosts::KnownHostsImport;
pub use link::{ConnectLink, pinned_key};
pub use remote_path::RemotePath;
pub use secret::Secret;
pub use target::{ParseTargetError, Target};
pub use trust::{TrustPolicy, TrustRules};

/// Version of this protocol, told in [`Event::Hello`].
pub const VERSION: u32 = 1;

/// Names one shell for as long as its connection's engine lives; never used twice.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct ShellId(pub u32);

/// Names one question for as long as its connection's engine lives; never used twice.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct QuestionId(pub u32);
