//! A demo SSH server, so that a machine without sshd can try the product.
//!
//! It gives the invoking user a real login shell on a real pseudo-terminal, and asks for a random
//! password that lives as long as the program. It must never listen anywhere but on 127.0.0.1
//! ([`Loopback`] cannot be built otherwise), never log in anybody else, and is no part of a relay.
//! Unix only.

mod account;
mod channel;
mod environment;
mod host_key;
mod listener;
mod password;
mod process;
mod pump;
mod server;
mod session;
mod signal;
mod spawn;
mod terminal;

pub use account::{Account, UnknownUser};
pub use host_key::{HostKey, HostKeyError};
pub use listener::Loopback;
pub use password::{NoRandomness, Password};
pub use server::{Demo, serve};
