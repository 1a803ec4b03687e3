//! The protocol as its document describes it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what went wrong by panicking"
)]

mod example;
mod flow;
mod property;
mod refusal;
mod stream;
