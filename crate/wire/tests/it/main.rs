//! The protocol as its document describes it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "tests say what went wrong by panicking, and count small numbers"
)]

mod example;
mod flow;
mod property;
