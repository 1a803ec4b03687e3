//! The SSH client: connect, trust, authenticate, channels.
//!
//! Runs over any byte stream, natively and in the browser. It is the only client crate that names
//! russh, and nothing of russh shows in its interface: what russh does otherwise than we need
//! (release 0.65.1) is worked around here and written down where it is.
//!
//! The order of things is in the types. [`handshake`] gives a [`Login`] only after a
//! [`Trust`] accepted the host key; a [`Login`] gives a [`Connection`] only after the server
//! accepted a credential; a [`Connection`] opens a [`Shell`] or an [`Exec`].
//!
//! # Flow control
//!
//! russh opens channel windows again as soon as bytes arrive, not when they are used, so windows
//! hold nobody back. Output goes into a bounded spool for each channel; while one is above its
//! mark, the transport is not read at all (writing goes on), and the server is held back by TCP.
//! A consumer that stalls therefore stops the input of every channel of its connection, and
//! never their output: keystrokes still go out.
//!
//! # Time
//!
//! Every wait for the server has a deadline, measured by a [`Clock`] that the caller owns.

mod algorithm;
mod channel;
mod clock;
mod connection;
mod display;
mod error;
mod events;
mod exec;
mod handshake;
mod host_keys;
mod incoming;
mod keepalive;
mod link;
mod listener;
mod login;
mod options;
mod outbox;
mod rekey;
mod request;
mod shared;
mod shell;
mod signer;
mod spool;
mod stream;
mod subsystem;
mod trust;
mod tunnel;

pub use clock::{BoxFuture, Clock};
pub use connection::Connection;
pub use display::display_safe;
pub use error::{AlgorithmKind, ChannelError, CloseCause, ConnectError, Stage};
pub use exec::{Exec, ExecInput, ExecOutput};
pub use handshake::handshake;
pub use listener::Listener;
pub use login::{Login, Method, Methods, Outcome, Prompt, PromptRequest, Prompter};
pub use options::{Deadlines, KeepAlive, Options, StageObserver, WINDOW_BYTES, window_bytes};
pub use request::{ExitStatus, PtySize, ShellRequest, ZeroCells};
pub use shared::Negotiated;
pub use shell::{Shell, ShellEvent, ShellInput, ShellOutput};
pub use signer::KeySigner;
pub use stream::{ChannelInput, ChannelOutput};
pub use subsystem::Subsystem;
pub use trust::{Trust, Verdict};
pub use tunnel::Tunnel;
