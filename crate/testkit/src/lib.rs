//! Test doubles and a runner for the real OpenSSH server. Development only; native only.
//!
//! Everything listens on free loopback ports, lives in folders of its own, and ends when the
//! value that stands for it is dropped.

mod audit;
mod delay;
mod double;
mod dropbear;
mod fault;
mod hostile;
mod imposter;
mod issuer;
mod keygen;
mod liar;
mod listening;
mod noise;
pub mod oracle;
mod overflow;
mod packet;
mod proftpd;
mod python;
mod raw;
mod sftp_server;
mod sshd;
mod tap;

pub use audit::{Audit, ClientAudit};
pub use delay::DelayProxy;
pub use double::{Double, Script};
pub use dropbear::Dropbear;
pub use fault::{Fault, FaultProxy};
pub use hostile::{Hostile, Mode};
pub use imposter::Imposter;
pub use issuer::{Asked, Issue, Issuer};
pub use keygen::{KeyFile, known_hosts_finds, make_key, ssh_keygen};
pub use liar::{LYING_CONTENT, LYING_NAMES, Lie};
pub use noise::Noise;
pub use overflow::Overflow;
pub use proftpd::ProFtpd;
pub use python::{Library, PythonServer, python};
pub use sftp_server::SftpServer;
pub use sshd::{PASSWORD, Sshd, SshdOptions, USER};
pub use tap::Tap;
