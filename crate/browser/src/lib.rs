//! The browser's own parts, each wrapped once: the relay's WebSocket, message ports, time, tasks,
//! locks and storage.
//!
//! This is the only library that names web-sys. Nothing here knows SSH; what it gives to the SSH
//! client is a [`Pipe`], an ordinary `AsyncRead + AsyncWrite` that is `Send`, as russh demands on
//! every target, although the `WebSocket` behind it is not.

mod crypto;
mod failure;
mod file;
mod issuer;
mod lock;
mod pipe;
mod port;
mod relay;
mod socket;
mod subtle;
mod task;
mod time;
pub mod vault;
mod wake;
mod way;

pub use crypto::{HiddenKey, KeyKind};
pub use failure::JsFailure;
pub use file::{LocalFile, LocalFolder, LocalStream, LocalTarget, StreamProblem, remove_private};
pub use issuer::{IssuerProblem, certificates_offered};
pub use lock::{SessionLock, live_sessions, window_gone};
pub use pipe::{Outbound, Pipe, PipePeer, pipe};
pub use port::{Port, PortListener, PortMessage};
pub use relay::{
    Dialed, LinkEnd, LinkEvent, LinkNudger, LinkObserver, RelayAddress, RelayError, RelayLink, dial,
};

pub use socket::{Socket, SocketClosed};
pub use task::{TaskGuard, spawn};
pub use time::{monotonic, sleep, unix_millis};
pub use wake::OnlineListener;
pub use way::bytes_on_the_way;
