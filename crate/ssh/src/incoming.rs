//! Channels that a server opens: refused, but for those that were asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use russh::ChannelWriteHalf;
use russh::client::Msg;
use tokio::sync::mpsc;

use crate::shared::lock;

/// Connections to one listener that wait to be taken; the server is told no beyond that. A browser
/// takes them as they come.
const BACKLOG: usize = 16;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Door {
    /// Connections to a port of the server ([RFC 4254 §7.1]). Port 0: one that the server has yet to
    /// name.
    ///
    /// [RFC 4254 §7.1]: https://www.rfc-editor.org/rfc/rfc4254#section-7.1
    Tcp { address: String, port: u32 },
    /// Connections to a socket in the server's file system (OpenSSH PROTOCOL §2.4).
    Unix(String),
    /// Programs on the server that want an agent (draft-ietf-sshm-ssh-agent §5).
    Agent,
}

/// A channel that the server opened and we accepted.
pub(crate) type Arrived = ChannelWriteHalf<Msg>;

/// The doors that are open, shared by the session's loop and the listeners.
#[derive(Clone, Default)]
pub(crate) struct Doors(Arc<Mutex<HashMap<Door, mpsc::Sender<Arrived>>>>);

impl Doors {
    /// Opens a door. `None` where it is open already.
    pub(crate) fn open(&self, door: Door) -> Option<mpsc::Receiver<Arrived>> {
        let mut doors = lock(&self.0);
        if doors.contains_key(&door) {
            return None;
        }
        let (sender, receiver) = mpsc::channel(BACKLOG);
        doors.insert(door, sender);
        Some(receiver)
    }

    /// Gives a door another name: the server has chosen the port.
    pub(crate) fn rename(&self, old: &Door, new: Door) {
        let mut doors = lock(&self.0);
        if let Some(sender) = doors.remove(old) {
            doors.insert(new, sender);
        }
    }

    pub(crate) fn close(&self, door: &Door) {
        lock(&self.0).remove(door);
    }

    /// Room behind the door for one more; `None` refuses.
    pub(crate) fn room(&self, door: &Door) -> Option<mpsc::OwnedPermit<Arrived>> {
        let sender = {
            let doors = lock(&self.0);
            let unnamed = match door {
                Door::Tcp { address, .. } => doors.get(&Door::Tcp {
                    address: address.clone(),
                    port: 0,
                }),
                Door::Unix(_) | Door::Agent => None,
            };
            doors.get(door).or(unnamed)?.clone()
        };
        sender.try_reserve_owned().ok()
    }
}
