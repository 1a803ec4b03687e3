//! The SSH client against Debian's OpenSSH server, against a scripted one, and against servers
//! that break the protocol.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of tests fail as tests do"
)]

mod audit;
mod display;
mod flow;
mod forward;
mod host_certificate;
mod host_keys;
mod hostile;
mod judge;
mod legacy;
mod life;
mod login;
mod program;
mod subsystem;
mod support;
mod trust;
mod trust_attack;
mod tunnel;
