//! The relay as its clients see it: real WebSockets in front, real TCP behind.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what went wrong by panicking"
)]

mod access;
mod attack;
mod bad_ticket;
mod bare;
mod certificate;
mod client;
mod config;
mod conform;
mod cut;
mod deploy;
mod flow;
mod front;
mod gate;
mod issuer;
mod jwks;
mod log;
mod operate;
mod plain;
mod policy;
mod resume;
mod rider;
mod session;
mod shutdown;
mod site;
mod ticket;
mod tls;
mod world;
