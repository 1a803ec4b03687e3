//! Whether a server keeps its host key when keys are exchanged anew ([RFC 4253 §9]).
//!
//! russh 0.65.1 verifies that the key which a later exchange shows has signed it, but asks
//! [`check_server_key`](russh::client::Handler::check_server_key) in the first exchange only, and
//! [`kex_done`](russh::client::Handler::kex_done) is not told the key. It names the key in one place: a line
//! of its log, written before `kex_done` of the same exchange. So we read that line, and demand of each later
//! exchange that it was signed by the key of the first one. Should a later version of russh write it otherwise,
//! every later exchange is refused, and a test says so.
//!
//! Only who has the keys of the session can do this at all: its messages are encrypted. OpenSSH's client refuses
//! it as well.
//!
//! [RFC 4253 §9]: https://www.rfc-editor.org/rfc/rfc4253#section-9

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};
use transom_keys::PublicKey;

/// Where russh writes the line.
const TARGET: &str = "russh::client::kex";

/// How it begins; the key follows in quotes, as OpenSSH writes it.
const LINE: &str = "received server host key: ";

/// Keys that are kept at most, of all connections of this program together. Each is taken out again when its
/// exchange ends; what a connection that was cut in between left behind goes first.
const MAX_SEEN: usize = 256;

/// Keys that were shown in exchanges that have not ended.
static SEEN: Mutex<VecDeque<PublicKey>> = Mutex::new(VecDeque::new());

/// Reads the log of russh.
struct Listener;

static LISTENER: Listener = Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        if let Some(key) = key_of(&record.args().to_string()) {
            let mut seen = seen();
            if seen.len() >= MAX_SEEN {
                seen.pop_front();
            }
            seen.push_back(key);
        }
    }

    fn flush(&self) {}
}

/// Begins to listen, and tells whether that is possible: not where the program has a log of its own.
pub(crate) fn listen() -> bool {
    static LISTENS: OnceLock<bool> = OnceLock::new();
    *LISTENS.get_or_init(|| {
        let listens = log::set_logger(&LISTENER).is_ok();
        if listens {
            log::set_max_level(LevelFilter::Debug);
        }
        listens
    })
}

/// Whether an exchange that ends showed `key`. It takes that out.
pub(crate) fn showed(key: &PublicKey) -> bool {
    let mut seen = seen();
    let place = seen.iter().position(|shown| shown == key);
    place.is_some_and(|place| seen.remove(place).is_some())
}

fn seen() -> MutexGuard<'static, VecDeque<PublicKey>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The key that a line of the log names.
fn key_of(line: &str) -> Option<PublicKey> {
    let text = line.strip_prefix(LINE)?.split('"').nth(1)?;
    PublicKey::from_openssh(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_of_the_line_that_names_it_only() {
        let key = "ssh-ed25519 \
            AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
        let line = format!("received server host key: Ok(\"{key}\") (certificate: false)");
        assert_eq!(key_of(&line), PublicKey::from_openssh(key).ok());
        assert!(key_of(&line).is_some());
        for other in ["", "received server host key: Err(Crypto)", "kex done", key] {
            assert_eq!(key_of(other), None, "{other}");
        }
    }
}
