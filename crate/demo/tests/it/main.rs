//! The demo server as a client and as the person who starts it see it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests"
)]

mod exec;
mod login;
mod program;
mod shell;
mod support;
