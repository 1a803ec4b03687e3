//! Keys and known hosts, compared with `ssh-keygen`.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod agent;
mod backup;
mod corpus;
mod export;
mod hostile_key;
mod known_hosts;
mod known_hosts_edit;
mod passkey;
mod passphrase;
mod private;
mod public;
mod rotation;
mod signature;
mod user_certificate;
