//! What a caller may choose about a connection.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use crate::Stage;

/// Told whenever a connection goes on to another stage; must return at once.
pub type StageObserver = Arc<dyn Fn(Stage) + Send + Sync>;

/// What a channel's window is by default, in bytes.
///
/// 512 KiB are what a terminal parses in 20 to 50 ms where it has to draw all of it, and a slow line
/// carries in a third of a second: Ctrl-C, and other channels of the connection, wait behind no more
/// than that. On a long way it is twice that ([`window_bytes`]). Nothing else holds so firmly: on the way from a server next door, queues of TCP take
/// 4 to 8 MB. It is opened again whenever half is used up, which allows 5 MB/s over a round trip of
/// 50 ms; moving files wants more. With 192 KiB the server of a shell on the same machine stood still
/// half of the time.
pub const WINDOW_BYTES: u32 = 512 * 1024;

/// What a channel's window is on a long way: whoever works there waits for round trips, whatever is
/// done, and files wait twice as long with the usual one. Half of what OpenSSH's client allows.
const FAR_WINDOW_BYTES: u32 = 2 * WINDOW_BYTES;

/// From this round trip on a way is a long one: another country's.
const FAR: Duration = Duration::from_millis(30);

/// What a channel's window should be where the way to the server takes `round_trip`, in bytes; see
/// [`Options::window_bytes`].
pub fn window_bytes(round_trip: Duration) -> u32 {
    if round_trip < FAR {
        WINDOW_BYTES
    } else {
        FAR_WINDOW_BYTES
    }
}

/// Choices for one connection. The default is what the product uses.
#[derive(Clone)]
pub struct Options {
    /// Key types that are known for this host (`ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`),
    /// as [`transom_keys::KnownHosts::algorithms_for`] gives them. They are asked for first, so
    /// that the server shows a key that can be checked. Unknown names are ignored.
    pub known_key_types: Vec<String>,
    /// Asks for a host certificate before a plain key: for hosts for which an authority is trusted
    /// ([`transom_keys::KnownHosts::has_authority`]).
    pub host_certificates: bool,
    /// Offers algorithms that are known to be weak as well, behind all others: for one server whose
    /// person chose it. What it agrees on may be read or changed by a strong attacker.
    pub legacy: bool,
    /// How long to wait for the server.
    pub deadlines: Deadlines,
    /// When to ask whether the server is still there.
    pub keep_alive: KeepAlive,
    /// Bytes that the server may send on a channel before it must wait for us, each channel;
    /// [`WINDOW_BYTES`] by default.
    pub window_bytes: u32,
    /// Told about every new [`Stage`].
    pub on_stage: Option<StageObserver>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            known_key_types: Vec::new(),
            host_certificates: false,
            legacy: false,
            deadlines: Deadlines::default(),
            keep_alive: KeepAlive::default(),
            window_bytes: WINDOW_BYTES,
            on_stage: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("known_key_types", &self.known_key_types)
            .field("host_certificates", &self.host_certificates)
            .field("legacy", &self.legacy)
            .field("deadlines", &self.deadlines)
            .field("keep_alive", &self.keep_alive)
            .field("window_bytes", &self.window_bytes)
            .finish_non_exhaustive()
    }
}

/// How long the server may take, for each kind of wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Until its identification is complete. 9 s, so that the person is told within 10.
    pub identify: Duration,
    /// For the key exchange, without the time that a [`crate::Trust`] takes. 9 s: the largest
    /// Diffie-Hellman group takes about 3 s of computing in a slow browser.
    pub key_exchange: Duration,
    /// For the answer to one credential. 30 s: a server may ask a directory far away, and delays
    /// refusals on purpose.
    pub authenticate: Duration,
    /// For the answer to a channel request. 9 s.
    pub channel: Duration,
    /// For an orderly end, before the stream is cut. 2 s.
    pub disconnect: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            identify: Duration::from_secs(9),
            key_exchange: Duration::from_secs(9),
            authenticate: Duration::from_secs(30),
            channel: Duration::from_secs(9),
            disconnect: Duration::from_secs(2),
        }
    }
}

/// When to ask whether the server is still there, and how long to wait for the answer.
///
/// A silent link is declared dead after at most `interval` + `patience`: 9 s by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepAlive {
    /// Between an answer and the next question.
    pub interval: Duration,
    /// How long the link may be silent after a question.
    pub patience: Duration,
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(4),
            patience: Duration::from_secs(5),
        }
    }
}
